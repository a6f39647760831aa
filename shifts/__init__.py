"""The roster: lines, persons and places, with no phones, no web and no provider."""

from shifts import zone_data

# Before anything reads a zone: every module of both packages comes through here first.
zone_data.use_the_newer()
