"""Brings places in from a file, compared with the roster, and gives them out as CSV.

A file comes in whole or not at all, and the same file again changes nothing. Reading a file never
keeps a writer waiting: the roster is locked only once the whole file has been read.

In reading order:

csv_rows    rows of a CSV file with their line numbers
csv_places  a row is a place, in and out
staging     where a file's places wait to be compared
comparing   which places are there already, which get a yes, which are new
importing   refused where it cannot be, then written whole
"""
