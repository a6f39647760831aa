"""Which schema a database has, which one this version needs, and the way between them.

It never changes a database but by its migrations, and a migration that fails leaves the database as
it was.

In reading order:

revisions         the number of the schema, and migrating
differences       tables and columns that are lacking
migration_faults  which migration failed, in words
migrating         brought up to date, and looked at after
"""
