"""Whether the service is up and can serve; for whoever runs it.

Figures show who is busy, so only whoever has the token may read them. Nothing here is about
anybody, and it never decides anything about a call.

In reading order:

instance   how a web shows that it is this line's own
figures    what one look at the figures tells
endpoints  up, ready, figures
heartbeat  a sign of life to an address elsewhere
"""
