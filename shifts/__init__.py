"""The roster: lines, persons and places, with no phones, no web and no provider."""
