"""What may be kept of a talk and for how long, and the search for what should be gone.

It never keeps who called, and words only where somebody chose to say how it went. Everything kept
has an end; what stays is tallies, of no one in particular. A receipt is eight digits, kept only as
a keyed digest. A boundary slows a phone and never shuts it out.

In reading order:

notes             what may be counted of a talk, and its receipt
note_tallies      notes folded into tallies
boundaries        phones from which a talk was ended wait longer
recent_talks      for ten minutes a line may be said to have been crossed
feedback          how it went, unnamed
feedback_readers  the two who read it
erased            what people had erased, so that no backup brings it back
resealing         sealing anew with the first key
spellings         every way in which a secret could be written
byte_search       whether any byte of any file holds it
searched_files    which files are searched
self_checks       the line's checks of itself, remembered
"""
