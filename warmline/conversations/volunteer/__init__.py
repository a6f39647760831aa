"""A phone call from the volunteer's side: offered, in the talk, and when they ring the line.

Nobody is connected without pressing a key, and before that key nothing is said that a voicemail or
a household could not hear, with one exception: a peer who is rung back after a cut hears among
their choices that a line was crossed. Passing costs nothing: no rest, no mark.

In reading order:

offer         their phone rings: what is said, and their key
leg           what every leg of theirs can come to
talk          in a talk: `*`, and what follows the room
third_person  as a third person in a talk of two
stand_by      one of us beside a peer, without the caller
menu          the menu when they ring the line
pin           their PIN first, where the number may be forged
calls_in      they ring the line: to talk, or for their shifts
menu_shifts   their shifts by key: asked, open, given back, away
"""
