"""Looks for a peer: reads who waits and who is on, asks for rings, and ends them.

Whom to ring is decided in `routing`, which is pure; here the decision is read for and carried out.
A ring counts as a try for the caller whom it serves; one that was never placed counts for nobody.
Who misses rings is never named to anybody else: they alone hear of it, at the second.

In reading order:

moving           where a leg goes that is being moved
ring_reasons     why a phone rang or did not, for its own volunteer
rings            the life of a ring: asked for, picked up, ended
missed_rings     rings that did not get through
whom_to_ring     one step of the search
"""
