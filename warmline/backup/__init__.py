"""Backup and restore: the whole line in one sealed file, and back, on either kind of database.

It never holds what is short-lived (a call, a text, a way to sign in), never the secret key, and
never brings back who has left or what was erased since.

In reading order:

tables       what is kept, table by table, and what is short-lived
rows         how a row is written
sealed_file  how a file is sealed, piece by piece
writing      a backup is made, at one instant, while the line goes on
reading      a backup is read again
in_use       whether anything uses a database: then it is not written to
applying     what was erased since a backup is erased anew
restoring    a new database from a backup, whole or not at all
"""
