"""The line still connects while its database is away: peers are rung from what is remembered.

A new caller waits in a queue of the provider with a random name; peers who were on shift when the
roster was last read are rung by REST; a key takes the front of that queue, and the provider settles
who was first. Nothing is written, no number is in an address, and no talk is cut. What must be
known from one request to the next lies sealed in the addresses that we hand out, for another
process may be asked next; what only spares a phone a second ring is this process's own memory.

In reading order:

roster       who is on shift, as last read: sealed, and in memory only
addresses    what a waiting call and a ring know, sealed into their addresses
phones       which phones ring now, and how the others are told that somebody was faster
short_words  what callers and peers hear meanwhile
breath       a call without a database, step by step
"""
