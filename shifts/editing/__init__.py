"""What a coordinator does with shifts: added, changed, split, copied, drafted, published.

A draft is nobody's business before it is published. Publishing never makes up a yes: whoever stands
in a draft is asked. Every change of the roster is one step that can be undone.

In reading order:

editing     one shift: added, changed, removed
splitting   one shift made two
drafting    copies as drafts, and drafts published in one go
several     several shifts at once: copied, removed, opened, asked for
templates   a week kept by name, and put into another week
fair_draft  who of those who could gets which places, spread evenly
"""
