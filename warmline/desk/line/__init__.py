"""Pages about the line: today, its settings and hours, its words, its numbers.

Nothing on them ever says who called or who talks with whom; numbers are of nobody in particular.

In reading order:

today          who is on, who waits, what is lacking
getting_ready  what is left before a new line opens
line           name, hours, numbers wanted, patience, other places
hours_form     opening hours as rows of a form
own_words      what callers hear, in the line's own words
recordings     where a recording is found
numbers        how many called, and for funders
planner        how long callers would wait with so many on
"""
