"""Everybody's own pages: my shifts, limits and wishes, my phone, my calendar, leaving.

Limits and wishes are never set by anybody but their owner. A private calendar never holds phone
numbers.

In reading order:

mine            my shifts, limits, hours, browsers, leaving
standing_yes    my one yes to a whole pattern
phone           my phone and my names
calendar_feeds  private calendar addresses
line_calendar   the line's own calendar address
passkeys        my passkeys
keys            single keys of the desk, on or off
"""
