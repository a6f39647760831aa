"""Backup and restore: the whole line in one sealed file, and back, on either kind of database.

It never holds what is short-lived (a call, a text, a way to sign in), never the secret key, and
never brings back who has left or what was erased since. In reading order:

tables: what is kept, table by table, and what is short-lived
rows, sealed_file: how a row is written, and how a file is sealed piece by piece
writing: a backup is made, at one instant, while the line goes on
reading: a backup is read again
in_use: a database that is in use is never written to
restoring, applying: a new database from a backup, without what was erased since
made: when the latest backup was made
"""
