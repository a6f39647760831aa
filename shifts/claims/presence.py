"""Coming on adds an agreed place from now; going off gives up the rest of the present one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from shifts.faults import Fault, NotInRoster
from shifts.models import AGREED, ASKED, ON_STATES, OPEN, Person, Place, PlaceState
from shifts.who_is_on import LONGEST_PLACE, held_by, pieces, seamless_until

USUAL_PRESENCE = timedelta(hours=2)
LONGEST_PRESENCE = timedelta(hours=12)
THEIRS = (ASKED, *ON_STATES)
"""Places that are somebody's own, said yes to or not."""


class TooLong(Fault):
    """Somebody wanted to come on for longer than one presence may be."""


class AlreadyOver(Fault):
    """Somebody wanted to come on until an instant that has passed."""


class NotOn(Fault):
    """Somebody who is not on wanted to go off."""


@dataclass(frozen=True)
class Presence:
    """Somebody is on, seamlessly `until` (UTC); `already` when nothing had to change."""

    until: datetime
    already: bool


@dataclass(frozen=True)
class Off:
    """Whoever went off: `next_at` is the start (UTC) of their next own shift, untouched, if any.

    `given_up` is how long the rest of their present shift was.
    """

    next_at: datetime | None
    given_up: timedelta


@dataclass(frozen=True)
class HeldPlace:
    """A place of the roster as a change needs it; instants in UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime
    state: PlaceState
    pattern_id: int | None


@dataclass(frozen=True)
class _Whose:
    """Whose places, and of which kind, a change is about."""

    line_id: int
    person_id: int
    duty: bool


def come_on(
    connection: Connection,
    line_id: int,
    person_id: int,
    now: datetime,
    until: datetime | None = None,
    *,
    duty: bool = False,
) -> Presence:
    """Somebody is on from `now`: 2 hours unless said, cut at the start of their next own place.

    `duty`: on call as the coordinator, which is a place beside a peer's.

    Who is on already stays so; who was only asked for the present place says yes by coming.
    Raises AlreadyOver, TooLong (over 12 hours) or NotInRoster.
    """
    end = _wanted_end(now, until)
    _lock_person(connection, line_id, person_id)
    whose = _Whose(line_id, person_id, duty)
    present = _present(connection, whose, now, THEIRS)
    if present is None:
        end = min(end, _next_start(connection, whose, now, THEIRS) or end)
        _add(connection, whose, AGREED, [(now, end)])
    elif present.state == ASKED:
        _agree(connection, present)
    end = end if present is None else present.ends_at
    already = present is not None and present.state in ON_STATES
    return Presence(seamless_until(connection, line_id, person_id, end, duty=duty), already)


def go_off(
    connection: Connection, line_id: int, person_id: int, now: datetime, *, duty: bool = False
) -> Off:
    """Somebody gives up the rest of their present shift: it is open from `now`, a gap.

    The pieces of a shift of more than 25 hours are given up with it; a next shift of their
    own, even one that adjoins, stays theirs. Raises NotOn or NotInRoster.
    """
    _lock_person(connection, line_id, person_id)
    whose = _Whose(line_id, person_id, duty)
    present = _present(connection, whose, now, ON_STATES)
    if present is None:
        raise NotOn("You are not on now.")
    rest = _later_pieces(connection, whose, present)
    end = rest[-1].ends_at if rest else present.ends_at
    _cut(connection, present, now)
    _remove(connection, rest)
    _add(connection, whose, OPEN, pieces(now, end), present.pattern_id)
    return Off(_next_start(connection, whose, now, ON_STATES), end - now)


def _wanted_end(now: datetime, until: datetime | None) -> datetime:
    end = now + USUAL_PRESENCE if until is None else until
    if end <= now:
        raise AlreadyOver("That time has passed.")
    if end - now > LONGEST_PRESENCE:
        raise TooLong("12 hours at a time is the most.")
    return end


def _lock_person(connection: Connection, line_id: int, person_id: int) -> None:
    """One change of a person's places at a time; on SQLite the writing transaction does it."""
    query = select(Person.id).where(Person.id == person_id, Person.line_id == line_id)
    if connection.scalar(query.with_for_update()) is None:
        raise NotInRoster("Nobody of this line's roster.")


def _present(
    connection: Connection, whose: _Whose, now: datetime, states: Collection[PlaceState]
) -> HeldPlace | None:
    found = connection.execute(
        select(Place.id, Place.starts_at, Place.ends_at, Place.state, Place.pattern_id).where(
            Place.line_id == whose.line_id,
            Place.duty.is_(whose.duty),
            Place.person_id == whose.person_id,
            Place.starts_at > now - LONGEST_PLACE,
            Place.starts_at <= now,
            Place.ends_at > now,
            Place.state.in_(states),
        )
    ).first()
    return None if found is None else HeldPlace(*found)


def _next_start(
    connection: Connection, whose: _Whose, now: datetime, states: Collection[PlaceState]
) -> datetime | None:
    return connection.scalar(
        select(Place.starts_at)
        .where(
            *held_by(whose.line_id, whose.person_id),
            Place.duty.is_(whose.duty),
            Place.starts_at > now,
            Place.state.in_(states),
        )
        .order_by(Place.starts_at)
        .limit(1)
    )


def _later_pieces(connection: Connection, whose: _Whose, present: HeldPlace) -> list[HeldPlace]:
    """The pieces that continue a shift of more than 25 hours, in order."""
    found: list[HeldPlace] = []
    last: HeldPlace | None = present
    while last is not None and last.ends_at - last.starts_at == LONGEST_PLACE:
        following = _present(connection, whose, last.ends_at, {present.state})
        last = following if following and following.starts_at == last.ends_at else None
        found += [last] if last else []
    return found


def _add(
    connection: Connection,
    whose: _Whose,
    state: PlaceState,
    spans: Sequence[tuple[datetime, datetime]],
    pattern_id: int | None = None,
) -> None:
    rows = [
        {
            "line_id": whose.line_id,
            "starts_at": start,
            "ends_at": end,
            "person_id": None if state == OPEN else whose.person_id,
            "duty": whose.duty,
            "state": state,
            "pattern_id": pattern_id,
            "version": 1,
        }
        for start, end in spans
    ]
    connection.execute(insert(Place), rows)


def _agree(connection: Connection, place: HeldPlace) -> None:
    connection.execute(
        update(Place).where(Place.id == place.id).values(state=AGREED, version=Place.version + 1)
    )


def _cut(connection: Connection, place: HeldPlace, now: datetime) -> None:
    """End a place at `now`; one that begins only then has never been held."""
    if place.starts_at == now:
        _remove(connection, [place])
        return
    connection.execute(
        update(Place).where(Place.id == place.id).values(ends_at=now, version=Place.version + 1)
    )


def _remove(connection: Connection, places: Sequence[HeldPlace]) -> None:
    connection.execute(delete(Place).where(Place.id.in_([place.id for place in places])))
