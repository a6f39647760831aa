"""Claims: take, offer, keep, yes, no, drop, sick; each one named change of somebody's own places.

A claim is bound to its shift and ends with the shift's first instant. Places on duty are claimed
like peers' places; somebody may hold one of each kind at once, never two of one kind.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.claims.claiming import (
    COME_ON,
    Claimed,
    asked,
    give_up,
    hold,
    refuse_begun,
    settled,
    theirs,
)
from shifts.claims.free import judge
from shifts.claims.own_limits import locked
from shifts.claims.presence import THEIRS
from shifts.history.history import Change
from shifts.history.whole_shift import WholeShift, whole_shift
from shifts.local_time import DAY, Span, local_day, start_instant
from shifts.models import AGREED, ASKED, COVER_WANTED, OPEN
from shifts.places import PlaceRow, of_person
from shifts.refusals import AnswerFirst, NotOffered, OfferedAlready, SomebodyElseHasIt, YourOwn

TAKE, OFFER, KEEP, YES, NO, DROP, SICK = "take", "offer", "keep", "yes", "no", "drop", "sick"


@dataclass(frozen=True)
class Sick:
    """What was given up, what had begun first, of all that begins before `until` (UTC)."""

    until: datetime
    given_up: tuple[Claimed, ...]


@settled
def take(
    connection: Connection,
    line_id: int,
    person_id: int,
    place_id: int,
    now: datetime,
    *,
    zone: ZoneInfo,
    part: Span | None = None,
) -> Claimed:
    """An open place, or one that somebody offers, is theirs and agreed; or a part of it.

    Of two who take one place at once, one has it. Raises NoSuchPlace, StillADraft,
    SomebodyElseHasIt, YourOwn, Begun, Over, NotPartOfIt, DoublePlace or NotInRoster.
    """
    limits = locked(connection, line_id, person_id)
    shift = whole_shift(connection, line_id, place_id)
    _refuse_taking(shift.first, person_id)
    refuse_begun(shift.span, now, COME_ON)
    span = shift.part(part)
    found = judge(connection, shift.as_one(span, person_id), limits, zone, now, shift.ids)
    taken = hold(connection, Change(line_id, TAKE, person_id, now), shift, span, AGREED)
    return replace(taken, findings=found)


@settled
def offer(
    connection: Connection,
    line_id: int,
    person_id: int,
    place_id: int,
    now: datetime,
    *,
    part: Span | None = None,
) -> Claimed:
    """Cover is wanted for a place of theirs, or a part; it is theirs until somebody takes it.

    Of a shift that has begun, a part that is still to come may be offered. Raises NoSuchPlace,
    StillADraft, SomebodyElseHasIt, NotYours, AnswerFirst, OfferedAlready, Begun, Over,
    NotPartOfIt or NotInRoster.
    """
    locked(connection, line_id, person_id)
    shift = theirs(connection, line_id, person_id, place_id, now)
    if shift.first.state == ASKED:
        raise AnswerFirst("You were asked for that shift; say OK or NO to it first.")
    if shift.first.state == COVER_WANTED:
        raise OfferedAlready("That shift is offered already, and yours until somebody takes it.")
    span = shift.part(part)
    refuse_begun(span, now, "That has begun; text OUT to leave it now.")
    return hold(connection, Change(line_id, OFFER, person_id, now), shift, span, COVER_WANTED)


@settled
def keep(
    connection: Connection, line_id: int, person_id: int, place_id: int, now: datetime
) -> Claimed:
    """They want no cover any more for a place that they had offered.

    Raises NoSuchPlace, StillADraft, SomebodyElseHasIt, NotYours, NotOffered, Begun, Over or
    NotInRoster.
    """
    locked(connection, line_id, person_id)
    shift = theirs(connection, line_id, person_id, place_id, now)
    if shift.first.state != COVER_WANTED:
        raise NotOffered("That shift is not offered; there is nothing to take back.")
    refuse_begun(shift.span, now, "That shift has begun and is yours; nobody can take it now.")
    return hold(connection, Change(line_id, KEEP, person_id, now), shift, shift.span, AGREED)


@settled
def say_yes(
    connection: Connection,
    line_id: int,
    person_id: int,
    place_id: int,
    now: datetime,
    *,
    zone: ZoneInfo,
) -> Claimed:
    """They agree to a place that they were asked for.

    Raises NoSuchPlace, StillADraft, SomebodyElseHasIt, NotYours, NothingAsked, Begun, Over,
    DoublePlace or NotInRoster.
    """
    limits = locked(connection, line_id, person_id)
    shift = asked(connection, line_id, person_id, place_id, now)
    wanted = shift.as_one(shift.span, person_id)
    found = judge(connection, wanted, limits, zone, now, shift.ids)
    change = Change(line_id, YES, person_id, now)
    return replace(hold(connection, change, shift, shift.span, AGREED), findings=found)


@settled
def say_no(
    connection: Connection, line_id: int, person_id: int, place_id: int, now: datetime
) -> Claimed:
    """A place that they were asked for is open; no reason is asked. Raises as `say_yes`."""
    locked(connection, line_id, person_id)
    shift = asked(connection, line_id, person_id, place_id, now)
    return give_up(connection, NO, person_id, [shift], now)[0]


@settled
def drop(
    connection: Connection, line_id: int, person_id: int, place_id: int, now: datetime
) -> Claimed:
    """A place of theirs, asked or agreed, is open at once; of one that has begun, the rest.

    No reason is asked and no tally kept: what undoing needs is forgotten when the shift begins.
    Raises NoSuchPlace, StillADraft, SomebodyElseHasIt, NotYours, Over or NotInRoster.
    """
    locked(connection, line_id, person_id)
    shift = theirs(connection, line_id, person_id, place_id, now)
    return give_up(connection, DROP, person_id, [shift], now)[0]


@settled
def sick(
    connection: Connection, line_id: int, person_id: int, now: datetime, *, zone: ZoneInfo
) -> Sick:
    """All of theirs, on duty too, that begins before tomorrow's noon in the zone is open at once.

    Of what has begun, the rest. Nothing is refused but who is not in the roster: NotInRoster.
    """
    locked(connection, line_id, person_id)
    until = start_instant(datetime.combine(local_day(now, zone) + DAY, time(12)), zone)
    shifts = _shifts(connection, line_id, person_id, (now, until))
    begun = [shift for shift in shifts if shift.span[0] <= now]
    coming = [shift for shift in shifts if shift.span[0] > now]
    # Two changes, the coming ones last: what has not begun can be undone.
    dropped = give_up(connection, SICK, person_id, begun, now)
    dropped += give_up(connection, SICK, person_id, coming, now)
    return Sick(until, tuple(dropped))


def _refuse_taking(place: PlaceRow, person_id: int) -> None:
    if place.person_id == person_id:
        asked = place.state == ASKED
        raise YourOwn(
            "You were asked for that shift: say OK to it." if asked else "That shift is yours."
        )
    if place.state not in {OPEN, COVER_WANTED}:
        raise SomebodyElseHasIt("Somebody else has that shift.")


def _shifts(connection: Connection, line_id: int, person_id: int, span: Span) -> list[WholeShift]:
    """A person's shifts, asked and agreed, of both kinds, that share an instant with a span."""
    found: dict[int | None, WholeShift] = {}
    for duty in (False, True):
        for place in of_person(connection, line_id, person_id, *span, duty=duty):
            if place.state in THEIRS and place.id is not None:
                shift = whole_shift(connection, line_id, place.id)
                found[shift.first.id] = shift
    return sorted(found.values(), key=lambda shift: shift.span)
