"""The line itself: set up, changed, opened; its settings, hours and numbers.

A database holds one line. Once it has opened, setting it up again never changes it: what it says of
the promise is only proposed.

In reading order:

line_settings  what the settings may be, checked
line_hours     opening hours and numbers wanted, as options give them
opening        the line is set up, changed, opened
numbers_since  since when each number is the line's
day_notes      short notes for days of the roster
"""
