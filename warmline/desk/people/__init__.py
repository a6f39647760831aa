"""Pages about people: who is on the roster, what takes two yeses, what everybody decides.

Nobody is removed, given a role, or paused for longer than a day by one person alone. Votes are told
as how many, not whose.

In reading order:

people         who is on the roster, who would like to be
two_yeses      what two people decide about a third
pauses         pausing somebody else
boundaries     how many boundaries stand, and for how long
feedback       how it went: who reads it, and what came
promise_form   the promise as a form
promise_pages  the promise's versions, and what is proposed
proposals      deciding together, and one's own yes
retention      how long things are kept
open_books     exceptions used, promises broken, and what was changed
"""
