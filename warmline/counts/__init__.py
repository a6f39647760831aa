"""How many called or wrote, how long they waited, and how many peers it takes.

Of everybody there are three sums of a day. Hours, languages, waits and lengths are those of whoever
said yes, and whoever tells them says of how many of all they speak. Numbers are of nobody in
particular: fewer than five never stand alone, and are told in something larger. No count holds a
name, a number or what was said.

In reading order:

counting       the sums of a day, and what of a note is a number
small_numbers  what languages with few calls are told as
reports        the sums and the notes by month, and for how many these speak
typical_week   how many call in each hour of a week
erlang         callers who come, wait and leave, with so many peers
patience       how long callers wait before they leave
planner        how callers would fare with so many peers on
"""
