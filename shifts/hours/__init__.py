"""When a line is open, how many are wanted on, and where somebody is lacking.

Opening hours decide about gaps and words and never whether a call is answered: that is decided by
who is on. A day's other hours replace what begins on that day; what began the evening before runs
on. A gap is said once: where nobody at all is on, no language or channel is missed there as well.

In reading order:

weekly         weekly windows in local time, as written and as instants
opening_hours  when the line is open, and the days that differ
closing        hours in which a line is closed because nobody can cover them
wanted         how many are wanted on, and of whom
cover          how many are on, who comes and goes, where somebody is lacking
resolver       the same questions, asked of the database
"""
