"""Reads rosters from calendar files (RFC 5545), and writes the roster as one.

It reads files and never fetches anything from the network. A place that was changed both here and
in the file stays as it is here, and that is said. Whatever a file's rules ask for, the work is
bounded.

In reading order:

ical_lines        a file as a stream of lines and events
ical_times        moments, durations and offsets
ical_zones        the time zones that a file means
ical_rules        recurrence rules as local times
ical_entries      one entry, property by property
ical_events       when an event is, how it repeats, who is asked
ical_places       a place for each person and occurrence
comparing_events  a file's events beside the roster
merging           one occurrence, as the file has it and as the roster has it
merging_rows      the occurrences that both say differently
ical_writing      the roster as a calendar
"""
