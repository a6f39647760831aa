"""A temporary roster that hides the normal one, and holidays: other hours, nobody planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts import places
from shifts.faults import Fault
from shifts.history import history, related_rows
from shifts.history.history import Change, Pair, pairs_of
from shifts.history.related_rows import RelatedRow
from shifts.hours import opening_hours
from shifts.hours.opening_hours import OtherDay, Times
from shifts.local_time import DAY, start_of_day
from shifts.overrides import override_rows, override_rules
from shifts.overrides.override_rows import (
    LONGEST_CHANGE,
    EndsBeforeStart,
    LongerThanAYear,
    check_span,
    in_words,
    lock_people,
    name_of,
)
from shifts.overrides.override_rules import HIDE, DatedRow
from shifts.overrides.replacing import Done, state_of
from shifts.places import PlaceRow
from shifts.planning_models import OpeningException
from shifts.refusals import DoublePlace
from shifts.who_is_on import pieces


class OutsideTheTime(Fault):
    """A temporary place does not lie within the time of its temporary roster."""


@dataclass(frozen=True)
class TemporarySeat:
    """A place of a temporary roster: [starts_at, ends_at), UTC; nobody's (None) is open.

    Its person is asked, unless the coordinator holds their yes (`agreed`).
    """

    starts_at: datetime
    ends_at: datetime
    person_id: int | None = None
    agreed: bool = False


def temporary(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    seats: Sequence[TemporarySeat],
    *,
    by_id: int | None,
    now: datetime,
    duty: bool = False,
) -> Done:
    """Hide every place on [begin, end), UTC, and put these in; lifting.lift brings them back.

    What patterns make there later is hidden too. Raises EndsBeforeStart, LongerThanAYear,
    NotInRoster, OutsideTheTime, DoublePlace or ChangedMeanwhile.
    """
    check_span(connection, line_id, begin, end)
    lock_people(connection, line_id, (seat.person_id for seat in seats))
    _check_seats(connection, line_id, begin, end, seats)
    change, done, pairs = _hide(connection, line_id, begin, end, duty=duty)
    new = [Pair(None, row) for seat in seats for row in _rows(line_id, seat, change)]
    written = history.write(
        connection, Change(line_id, "temporary", by_id, now), [*pairs, *new], done
    )
    return Done(written, change.id)


def holiday(
    connection: Connection,
    line_id: int,
    first: date,
    last: date,
    zone: ZoneInfo,
    times: Sequence[Times] = (),
    *,
    by_id: int | None,
    now: datetime,
    hide: bool = False,
    note: str = "",
) -> Done:
    """Other opening hours from one local day to another, both included; no times: closed.

    `hide`: nobody is on these days either; the peers' places are hidden until that is lifted.
    Raises EndsBeforeStart, LongerThanAYear, TooManyWindows, BadNote or ChangedMeanwhile.
    """
    if last < first:
        raise EndsBeforeStart(f"The last day, {last}, is before the first, {first}.")
    if last - first >= LONGEST_CHANGE:
        raise LongerThanAYear(f"A holiday from {first} on may last a year at most.")
    done = _other_hours(connection, line_id, first, last, OtherDay(tuple(times), note))
    begin, end = start_of_day(first, zone), start_of_day(last + DAY, zone)
    dated_id, pairs = None, list[Pair]()
    if hide and begin < end:
        change, hidden, pairs = _hide(connection, line_id, begin, end, duty=False, note=note)
        dated_id, done = change.id, [*done, *hidden]
    written = history.write(connection, Change(line_id, "holiday", by_id, now), pairs, done)
    return Done(written, dated_id)


def origin(dated_id: int) -> str:
    """What the places of a temporary roster have as their origin."""
    return f"temporary:{dated_id}"


def _hide(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    *,
    duty: bool,
    note: str = "",
) -> tuple[DatedRow, list[RelatedRow], list[Pair]]:
    """The new change, the rows it has made, and what it does to the places there are."""
    new = DatedRow(0, HIDE, duty, begin, end)
    change, kept = override_rows.store(connection, line_id, new, note)
    there = places.in_span(connection, line_id, begin, end, duty=duty)
    applied = override_rules.apply(there, [change])
    hidden = override_rows.keep_hidden(connection, applied.hidden)
    return change, [kept, *hidden], pairs_of(there, applied.places)


def _other_hours(
    connection: Connection, line_id: int, first: date, last: date, other: OtherDay
) -> list[RelatedRow]:
    day = OpeningException.day
    there = (OpeningException.line_id == line_id, day >= first, day <= last)
    taken = related_rows.take(connection, OpeningException, *there)
    for number in range((last - first).days + 1):
        opening_hours.set_day(connection, line_id, first + number * DAY, other)
    return [*taken, *related_rows.standing(connection, OpeningException, *there)]


def _rows(line_id: int, seat: TemporarySeat, change: DatedRow) -> list[PlaceRow]:
    state = state_of(seat.person_id, seat.agreed)
    return [
        PlaceRow(
            *(None, line_id, *span, seat.person_id, state, change.duty),
            origin=origin(change.id),
        )
        for span in pieces(seat.starts_at, seat.ends_at)
    ]


def _check_seats(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    seats: Sequence[TemporarySeat],
) -> None:
    for seat in seats:
        check_span(connection, line_id, seat.starts_at, seat.ends_at)
        if not begin <= seat.starts_at < seat.ends_at <= end:
            starts = in_words(connection, line_id, seat.starts_at)
            whole = " to ".join(in_words(connection, line_id, at) for at in (begin, end))
            raise OutsideTheTime(f"The place from {starts} on is not within {whole}.")
    for one, other in combinations(seats, 2):
        if one.person_id is not None and one.person_id == other.person_id and _meet(one, other):
            name = name_of(connection, one.person_id)
            starts = in_words(connection, line_id, max(one.starts_at, other.starts_at))
            raise DoublePlace(f"{name} has two places from {starts} on; leave them one.")


def _meet(one: TemporarySeat, other: TemporarySeat) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
