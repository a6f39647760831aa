"""Warmline: a call-routing telephony service for lines on which peers talk with whoever calls.

People call or text one number; the line says what it promises, finds a peer who is on shift, rings
that peer's own phone and connects the two. It never shows either one's number to the other, and
keeps no caller's number after the call or talk unless they ask for that. The roster itself is the
package `shifts`, which knows nothing of this one.

In reading order:

telephony      the way to the telephone network: webhooks in, calls and texts out
conversations  what callers and volunteers hear and read, step by step
without_database  a caller and a peer are joined while the database is away
routing        which volunteers to ring or ask now
calls          the life of calls, talks by text, third persons and calls back
promise        what the line promises, and how that is changed together
prompts        everything the line says, and a line's own words
texting        the words people text, and how long texts are
plain_dates    dates and times as volunteers text them
people         volunteers: who may be rung, files, joining, leaving
line           the line itself: set up, changed, opened
date_polls     who could take which dates
outbox         effects that must not be lost
sending        everything that goes out, past one guard
privacy        what may be kept, until when, and the search for what was not erased
counts         how many called, as numbers of nobody, and the planner
sign_in        who is signed in at the desk, and how they came in
desk           the pages of coordinators, volunteers and the public
practice       practice talks with a scripted partner
models         every table but the roster's
database       the engine, its transactions, and sealed columns
schema         which schema a database has, and the way to the newest
languages      which languages there are, and what each has of its own
settings       what a deployment decides, read once
phone_numbers  what is a phone number, and which may be rung
desk_routes    every address of the desk
jobs           the timed jobs that text, and that keep the roster
parts          every part of the service, put together once
app            the web app: which address is what
connections    limits on the web server's connections
sockets        the sockets on which the web listens
serving        one web process, run until a signal ends it
workers        a parent that holds the sockets, and workers behind it
operations     the clock, logs, metrics and limits
health         whether the service is up, and its figures
doctor         what is well with an installation, and what to do
backup         the whole line in one sealed file, and back
cli            the commands
simulator      a telephone network in memory
selfcheck      proof that what was erased is gone
demo           the whole line on one machine, with phones on a page
"""

import shifts  # noqa: F401 - chooses the zone data, before anything reads a zone

__version__ = "0.1.0"
