"""Backup and restore: the whole line in one sealed file, and back, on either kind of database.

It never holds what is short-lived (a call, a text, a way to sign in), never the secret key, and
never brings back who has left or what was erased since. In reading order:

tables: what is kept, table by table, and what is short-lived
made: when the latest backup was made
"""
