"""Pages of the roster: by week, day, month and hour; one shift; cover; undo and history.

Pages show whose shift is whose, and never why somebody gave one up: that is nobody's news. Undo and
redo are everybody's own.

In reading order:

view        which days, of whom, in whose time
grid        a row for each person, a column for each day
by_hour     how many are wanted and on, hour by hour
short_hours  hours in which many callers would leave
day_headers  what stands over the days
week        the page with all of it
shift_form  a shift as it was typed
shift_page  one shift: added, changed, split, removed
moving      a shift moved with one tap, and many at once
cover       a place that needs someone: whom asking reaches
history     who changed other people's things, and when
undo_redo   undo and redo, everybody's own
"""
