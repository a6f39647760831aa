"""Effects that must not be lost: written in the transaction that wants them, done after it.

It never sends anything itself: that is `sending`. A slot that is not used is gone: a burst after a
quiet minute would only wait in the provider's own queue.

In reading order:

outbox   hang up, move, ring, text, erase: wished for, taken, done
pacing   how fast calls and texts may go out
backlog  how much has not been done yet
"""
