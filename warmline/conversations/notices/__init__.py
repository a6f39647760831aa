"""What the line texts first, and to whom: open places, shifts that begin, gaps, a new promise.

None says who gave a place up, or why. What asks something new never comes in somebody's quiet
hours, unless they chose LATE. A place is put to somebody once, and again in its last day. A gap
waits for whoever is on duty next, if that is soon enough; else the coordinator hears of it, but not
at night.

In reading order:

duty         whoever is on duty, or the coordinator, is told
cover_rules  for which open places somebody may be asked
cover        everybody who could take an open place is asked
cover_now    one place: who could be asked now, and asking them
gaps         gaps ahead, long waits, cover that falls
reminders    shifts that begin soon
unproven     what was done in somebody's name, told to them and, of several, to duty
new_promise  a promise comes into force, and everybody is asked
feedback     something came about how it went
"""
