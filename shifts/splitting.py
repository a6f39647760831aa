"""One place made two, two made one, and a place at another time; each can be undone."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from shifts import history, places
from shifts.dated_rows import check_span, in_words, lock_people
from shifts.faults import Fault
from shifts.history import Change, ChangedMeanwhile, pairs_of
from shifts.models import ASKED, ON_STATES
from shifts.places import PlaceRow, cut
from shifts.refusals import NoSuchPlace
from shifts.replacing import check_free
from shifts.roster import LONGEST_PLACE, pieces


class SplitOutside(Fault):
    """A place can be split only where both parts last."""


class NotAdjoining(Fault):
    """Two places can be joined only where one ends as the other begins."""


class NotAlike(Fault):
    """Two places can be joined only when they are one person's, in one state and of one kind."""


class TooLongTogether(Fault):
    """Two places together would be longer than one place can be."""


def split(
    connection: Connection,
    line_id: int,
    place_id: int,
    at: datetime,
    *,
    by_id: int | None,
    now: datetime,
) -> int:
    """Two places of one, the second from `at` (UTC) on; the id of the change.

    Both keep person, state, pattern and origin. Raises NoSuchPlace, SplitOutside or
    ChangedMeanwhile.
    """
    place = _place(connection, line_id, place_id)
    if not place.starts_at < at < place.ends_at:
        starts, ends = (in_words(connection, line_id, one) for one in _span(place))
        raise SplitOutside(f"That shift is from {starts} to {ends}; split it between the two.")
    pairs = pairs_of([place], list(cut(place, at, place.ends_at)))
    return history.write(connection, Change(line_id, "split", by_id, now), pairs)


def join(
    connection: Connection,
    line_id: int,
    first_id: int,
    second_id: int,
    *,
    by_id: int | None,
    now: datetime,
) -> int:
    """One place of two that adjoin; the earlier one stays, with its pattern and origin.

    The id of the change. Raises NoSuchPlace, NotAdjoining, NotAlike, TooLongTogether (25 hours
    at most) or ChangedMeanwhile.
    """
    both = (_place(connection, line_id, one) for one in (first_id, second_id))
    first, second = sorted(both, key=lambda one: one.starts_at)
    _check_joined(connection, line_id, first, second)
    joined = replace(first, ends_at=second.ends_at)
    pairs = pairs_of([first, second], [joined])
    return history.write(connection, Change(line_id, "join", by_id, now), pairs)


def move(
    connection: Connection,
    line_id: int,
    place_id: int,
    version: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by_id: int | None,
    now: datetime,
    agreed: bool = False,
) -> int:
    """A place at another time, or longer or shorter: [starts_at, ends_at), UTC.

    Its person's yes was to the time it had: for what lies outside it they are asked again,
    unless the coordinator holds their yes (`agreed`). Over 25 hours become adjoining pieces.
    `version` is the place's as the coordinator saw it. The id of the change. Raises NoSuchPlace,
    EndsBeforeStart, LongerThanAYear, DoublePlace or ChangedMeanwhile.
    """
    place = _place(connection, line_id, place_id)
    if place.version != version:
        raise ChangedMeanwhile("Somebody has changed that shift meanwhile; look again.")
    check_span(connection, line_id, starts_at, ends_at)
    lock_people(connection, line_id, (place.person_id,))
    own = frozenset({place_id})
    check_free(
        *(connection, line_id, starts_at, ends_at, place.person_id), duty=place.duty, but=own
    )
    within = place.starts_at <= starts_at and ends_at <= place.ends_at
    asked = place.state in ON_STATES and not within and not agreed
    moved = replace(place, state=ASKED if asked else place.state)
    pairs = pairs_of([place], _at(moved, starts_at, ends_at))
    return history.write(connection, Change(line_id, "move", by_id, now), pairs)


def _at(place: PlaceRow, starts_at: datetime, ends_at: datetime) -> list[PlaceRow]:
    """The place at another time, in pieces of at most 25 hours; the first is the place itself."""
    first, *more = (
        replace(place, starts_at=begin, ends_at=end) for begin, end in pieces(starts_at, ends_at)
    )
    return [first, *(replace(one, id=None, version=1) for one in more)]


def _check_joined(connection: Connection, line_id: int, first: PlaceRow, second: PlaceRow) -> None:
    if first.ends_at != second.starts_at:
        ends, starts = (
            in_words(connection, line_id, at) for at in (first.ends_at, second.starts_at)
        )
        raise NotAdjoining(
            f"The first shift ends {ends}, the second begins {starts}; join two that adjoin."
        )
    if _kind(first) != _kind(second):
        raise NotAlike(
            "The two shifts differ in whose they are or what was agreed; make them alike first."
        )
    if second.ends_at - first.starts_at > LONGEST_PLACE:
        raise TooLongTogether("Together they are more than 25 hours; leave them two.")


def _place(connection: Connection, line_id: int, place_id: int) -> PlaceRow:
    place = places.by_ids(connection, line_id, [place_id]).get(place_id)
    if place is None:
        raise NoSuchPlace("That shift is not on this line's roster, or not any more.")
    return place


def _span(place: PlaceRow) -> tuple[datetime, datetime]:
    return place.starts_at, place.ends_at


def _kind(place: PlaceRow) -> tuple[object, ...]:
    return place.person_id, place.state, place.duty
