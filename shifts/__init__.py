"""The roster: who has which shift of a line, and everything that is done with shifts.

It knows lines, persons and places (a place is one seat on a shift). It never knows phones, the web
or the provider, and never asks for the time of day: that is an argument. Importing it chooses the
zone data that the process reads.

In reading order:

models           tables of lines, persons, times away and places
planning_models  tables of patterns, dated changes, history, hours and templates
instants         how an instant is kept: always UTC
local_time       what a local time means on the nights when clocks change
zone_data        which zone data this process reads: the newest there is
faults           what a person got wrong, in words
refusals         why a claim is refused, each reason by its name
places           places as rows: read, cut, joined
who_is_on        who is on at an instant, and who is next
place_listing    places as they go out: the pieces of a longer shift as one
hours            when the line is open, how many are wanted, who is lacking
history          every change of places, remembered so that it can be undone
claims           what persons do with their own shifts
overrides        changes for a time: replaced, taken off, a temporary roster, a holiday
patterns         rules that repeat, and become places ahead of time
editing          what a coordinator does with shifts
files            rosters that come in from files, and out as CSV
ical             calendar files, in and out
leaving          a person is erased from all of it
"""

from shifts import zone_data

# Before anything reads a zone: every module of both packages comes through here first.
zone_data.use_the_newer()
