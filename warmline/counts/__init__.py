"""How many called or wrote, how long they waited, and how many peers it takes.

Numbers are of nobody in particular: fewer than five never stand alone, and are told in something
larger. What is counted beyond that somebody called waits until they have gone. No count holds a
name, a number or what was said.

In reading order:

counting       what is counted, by day and by hour of the week
small_numbers  languages with so few calls that they are "other"
reports        the counts by month and language
typical_week   how many call in each hour of a week
erlang         callers who come, wait and leave, with so many peers
patience       how long callers wait before they leave
planner        how callers would fare with so many peers on
"""
