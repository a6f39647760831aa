"""Changes of the roster for a time: somebody replaced or taken off; a holiday.

Places are cut exactly at the borders of the time, and what patterns make there later is changed
too. The patterns themselves are never changed, and lifting a change brings back what it hid.

In reading order:

override_rules   what replacing, removing and hiding do to places
override_rows    dated changes as they are kept
replacing        somebody is replaced, or taken off
holidays         a temporary roster, and days with other hours
restored_places  places that come back after they were hidden
ending           a dated change ends
"""
