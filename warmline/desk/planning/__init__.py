"""Pages for planning ahead: copies, templates, patterns, date polls, imports, publishing.

Nobody is asked for a draft before it is published, and a file or a pattern is looked at before it
changes anything.

In reading order:

copying         days and weeks copied forward; undo and redo
templates       a usual week kept by name
holidays        public holidays ahead, offered
pattern_form    a pattern's rule as it is typed
patterns        what repeats, looked at before it changes
for_a_time      what holds for some days only: tried before, listed, ended
stand_in        somebody is away, and another stands in
temporary       a temporary roster in place of the usual one
date_poll_form  dates as they are typed
date_polls      asking for dates, and a draft of the answers
import_faults   what is wrong with a file, in the reader's language
imports         a roster from a file
publish         drafts published: whom it asks, what opens
"""
