"""Talks by text: a caller who texts, the peer who takes it, and what the line says between them.

The two never see each other's number, and a peer is in one talk at a time. In a talk, YES and START
are passed on: they are mostly answers to the peer. After the goodbye only a keyed digest of the
number stays, until the question whether the talk may be counted has lapsed.

In reading order:

messages             what the line says to the two, and how a talk ends
caller               somebody texts who is not of the roster
caller_words         the words of a texter, and what each does
search               who is asked to take a talk
peer                 the peer's side: takes it, writes, hands it on, ends it
nobody_on            nobody is on: they hear so at once, and when somebody is
own_talk             TALK: a volunteer who would like to talk with somebody
clock                what comes due: still looking, quiet, goodbye
afterwards           whether a talk may be counted, and how that is erased
feedback             SAY: how it went
lost_talks           talks that a crash of the database has lost
not_arrived          a text that did not arrive is told to its writer
refused_by_provider  rings, texts and erasures that the provider refuses
"""
