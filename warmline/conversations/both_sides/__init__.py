"""What the caller's and the volunteer's side of a call share: rooms, parting, boundaries.

A caller is either in the queue or in a room with somebody, never left alone in a room. A peer who
dropped out belongs to their caller until the call is over or another has taken it, and is rung for
nobody else meanwhile. A third person is looked for one phone at a time, and only with more peers
free than callers wait.

In reading order:

rooms           how long a room lasts, and the way back into the queue
boundaries      a line was crossed: the volunteer rests, that phone waits longer
parting         how caller and peer are brought apart, whoever leaves first
third_search    somebody more is looked for, beside the search
who_stands_by   whom to ring for a peer who would like one of us beside them
"""
