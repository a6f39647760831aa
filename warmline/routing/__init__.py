"""Decides which volunteers to ring now, and which to ask by text; pure.

It is given who waits and who is on, and never reads a database, never rings and never knows what
time it is: that is an argument. Until fifty rings are known, eleven of twenty are taken as
accepted, so a first evening rings three phones for a caller.

In reading order:

peers        who waits, and who is on
not_rung     why somebody on shift is not rung
odds         how likely a ring is accepted, and so how many to ring
reasons      why the phone of somebody on shift does not ring for those who wait
search       whom to ring now
outlook      whether anybody is left to find, and which words are true
text_search  whom to ask about a talk by text
"""
