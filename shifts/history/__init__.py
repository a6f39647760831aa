"""Writes every change of places, and remembers it so that it can be undone.

A row is changed only while it is as the change saw it, and never overwritten unseen. Of what is
over only the count of each kind of change in its month stays.

In reading order:

history       the one way a change is written, and undone
whole_shift   a place with the pieces that belong to it
related_rows  rows of other tables that a change makes or takes away
undo_rules    what stands in the way of an undo
pattern_undo  what stands in the way of undoing a pattern's change
forgetting    what is over is erased
"""
