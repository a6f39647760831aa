"""What the line would ever do unasked, in which version, and how everybody changes it together.

A change is never one person's alone where there are others: where there are three it takes three, a
coordinator and two who are none. A yes to what is proposed is a yes to answer under it. Votes go
when it is over; only how many there were stays.

In reading order:

promise           the answers, how they are said, which version holds
first_part        what a caller hears of it before a talk
promise_answers   what an answer means
promise_file      a promise from a file
promise_versions  what each version said, and when
proposal_rules    whose yes a change takes, and what holds it
proposals         changes put to everyone, as rows
retention         how long things are kept, changed the same way
open_books        what was done, entered by any two people
"""
