"""The engine and its transactions; columns that lie sealed, or are to be forgotten.

Whatever writes takes turns on SQLite. On PostgreSQL a step that changes its own call or ring alone
locks that row and runs beside all others; what reaches further takes turns (turns.py). The secret
key is never in the database. After a crash of PostgreSQL what was live cannot be read, and goes.

In reading order:

private_files   files that are nobody else's
line_file       the file of a line on SQLite: is it there, will it stay
error_words     what databases say when something is lacking
postgres        PostgreSQL behind a pooler, with bounded waits
sealing         texts sealed with a secret key
sealed_columns  columns of numbers that lie sealed
fleeting        columns that must not outlive a call
records         rows as records, with names and types that are checked
writers_queue   on SQLite, writers wait in the order in which they came
breaker         a database that cannot be had is not waited for
turns           how far a transaction reaches, and so beside whom it may write
engine          the engine, and its reading and writing transactions
in_time         work that needs the database, within a time limit
"""
