"""Patterns become places ahead of time: each occurrence once, whoever runs it and how often."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, text, update

from shifts.models import Line, Person, Place
from shifts.overrides import override_rows
from shifts.patterns.pattern_rows import patterns_of, yes_to
from shifts.patterns.seats import Made, PatternRow, Seat, Taken, seats, settle
from shifts.places import PlaceRow, in_span
from shifts.planning_models import Pattern

AHEAD: Final = timedelta(weeks=8)
WRITTEN: Final = tuple(one.name for one in fields(PlaceRow) if one.name != "id")
FROM_ARRAYS: Final = text(
    "INSERT INTO place (line_id, starts_at, ends_at, person_id, state, duty, pattern_id, origin,"
    " version) SELECT * FROM unnest(CAST(:line_id AS integer[]),"
    " CAST(:starts_at AS timestamptz[]), CAST(:ends_at AS timestamptz[]),"
    " CAST(:person_id AS integer[]), CAST(:state AS text[]), CAST(:duty AS boolean[]),"
    " CAST(:pattern_id AS integer[]), CAST(:origin AS text[]), CAST(:version AS integer[]))"
)
"""PostgreSQL takes a year of places in one statement in half the time of one for each."""


def make_all_ahead(connection: Connection, now: datetime, ahead: timedelta = AHEAD) -> int:
    """Make what every line's patterns come to until `now + ahead`; how many places."""
    made = 0
    lines = connection.execute(select(Line.id, Line.time_zone).order_by(Line.id)).all()
    for line_id, zone in lines:
        made += len(make_ahead(connection, line_id, ZoneInfo(zone), now, now + ahead).places)
    return made


def make_ahead(
    connection: Connection, line_id: int, zone: ZoneInfo, now: datetime, until: datetime
) -> Made:
    """Make the places of the line's patterns that start before `until` and are not made yet.

    A shift that is under way when its pattern is new begins now: nobody is put on in the past.
    Two who do this at once share the work, each pattern is one's: it is claimed by UPDATE.
    """
    return make(connection, patterns_of(connection, line_id), zone, now, until)


def make(
    connection: Connection,
    patterns: Sequence[PatternRow],
    zone: ZoneInfo,
    now: datetime,
    until: datetime,
) -> Made:
    """As make_ahead, for some patterns of one line."""
    unmade = (one for one in patterns if one.made_until is None or one.made_until < until)
    claimed = [one for one in unmade if _claim(connection, one, until)]
    wanted = [seat for one in claimed for seat in unmade_seats(one, zone, now, until)]
    made = settled(connection, claimed, wanted, yes_to(connection, [one.id for one in claimed]))
    if made.places:
        _write(connection, made.places)
    override_rows.keep_hidden(connection, made.hidden)
    return made


def unmade_seats(pattern: PatternRow, zone: ZoneInfo, now: datetime, until: datetime) -> list[Seat]:
    """The seats of a pattern that are not places yet and start before `until`, not before now."""
    begin = pattern.made_until
    return [
        seat if seat.starts_at >= now else replace(seat, starts_at=now)
        for seat in seats(pattern, pattern.rule, zone, max(now, begin or now), until)
        if begin is None or seat.starts_at >= begin
    ]


def settled(
    connection: Connection,
    patterns: Sequence[PatternRow],
    wanted: Sequence[Seat],
    yes: set[tuple[int, int]],
    but: Collection[int | None] = (),
) -> Made:
    """The places for these seats of one line's patterns beside those there are; none is written.

    `yes` as for `settle`; places whose ids are in `but` do not count. The seat of somebody who
    has left the line is open.
    """
    if not wanted:
        return Made()
    line_id = patterns[0].line_id
    there = _there(connection, line_id, {seat.person_id for seat in wanted})
    wanted = [one if one.person_id in there else replace(one, person_id=None) for one in wanted]
    begin = min(seat.starts_at for seat in wanted)
    end = max(seat.ends_at for seat in wanted)
    held = (
        place for place in _places_in_span(connection, line_id, begin, end) if place.id not in but
    )
    changes = override_rows.in_span(connection, line_id, begin, end)
    return settle(wanted, patterns, yes, Taken(held), changes)


def _claim(connection: Connection, pattern: PatternRow, until: datetime) -> bool:
    """Whether the places up to `until` are ours to make: nobody made them, the rule is the same."""
    as_it_was = (
        Pattern.id == pattern.id,
        Pattern.version == pattern.version,
        Pattern.ended.is_(False),
        Pattern.made_until.is_not_distinct_from(pattern.made_until),
    )
    claimed = connection.execute(update(Pattern).where(*as_it_was).values(made_until=until))
    return claimed.rowcount == 1


def _there(connection: Connection, line_id: int, people: set[int | None]) -> set[int]:
    """Who of these is still of the line; locked, so that nobody takes a place meanwhile.

    Always in the same order; on SQLite the writing transaction does it.
    """
    query = select(Person.id).where(Person.line_id == line_id, Person.id.in_(people - {None}))
    return set(connection.scalars(query.order_by(Person.id).with_for_update()))


def _places_in_span(
    connection: Connection, line_id: int, begin: datetime, end: datetime
) -> list[PlaceRow]:
    """The line's places, of both kinds, that share an instant with [begin, end)."""
    kinds = (in_span(connection, line_id, begin, end, duty=duty) for duty in (False, True))
    return [place for places in kinds for place in places]


def _write(connection: Connection, places: Sequence[PlaceRow]) -> None:
    """New places by the thousand; dataclasses.asdict would copy every value of each."""
    if connection.dialect.name == "postgresql":
        columns = {name: [getattr(place, name) for place in places] for name in WRITTEN}
        connection.execute(FROM_ARRAYS, columns)
        return
    rows = [{name: getattr(place, name) for name in WRITTEN} for place in places]
    connection.execute(insert(Place), rows)
