"""Volunteers: who may be rung, files of them, quiet hours, pauses, joining and leaving.

Only those whose own yes is held are ever rung, and an import never overrides a person's own later
choice. Whoever leaves takes their history along.

In reading order:

quiet_hours       when somebody is not to be asked anything new
volunteers        whose own yes is held, and who counts for what
paused_by_others  a pause that others ask for
joining           who would like to join
volunteer_rows    rows of a volunteers' file, checked
volunteer_files   volunteers in and out as CSV
roster_file       a roster file: persons found by their phones
shifts_by_others  shifts that somebody else entered as agreed
gaps              who is lacking within the opening hours
leaving           a volunteer is erased
"""
