"""What persons do with their own shifts: take, offer, drop, swap, say yes or no, come on, go off.

Each claim is one named change, and a race for a place has one winner. A person's last claim can be
undone while nothing has changed since, but for a swap. Nobody's shift is ever changed here by
somebody else: a swap takes both yeses, and a no costs nothing.

In reading order:

claiming    what all claims have in common: look, change in one write, look again
findings    what speaks against a place: what forbids it, what only warns
own_limits  times somebody is away, and their own limits
free        whether somebody is free for a place
claims      take, offer, keep, yes, no, drop, sick
presence    coming on now, and going off
swaps       two persons change places
undoing     a person's last claim is as if it had not been
"""
