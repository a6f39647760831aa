"""One place made two, two made one, and a place at another time; each can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, repeat

from sqlalchemy import Connection

from shifts import places
from shifts.faults import Fault
from shifts.history import history
from shifts.history.history import Change, ChangedMeanwhile, Pair, pairs_of
from shifts.history.whole_shift import WholeShift, with_its_pieces
from shifts.local_time import Span
from shifts.models import ASKED, ON_STATES
from shifts.overrides.override_rows import check_span, in_words, lock_people
from shifts.overrides.replacing import check_free
from shifts.places import PlaceRow
from shifts.refusals import NoSuchPlace
from shifts.who_is_on import LONGEST_PLACE, pieces


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
    """Two shifts of one, the second from `at` (UTC) on; the id of the change.

    Both keep person, state, pattern and origin; one of more than 25 hours is split as the one
    that it is shown as. Raises NoSuchPlace, SplitOutside or ChangedMeanwhile.
    """
    shift = _shift(connection, line_id, place_id)
    starts_at, ends_at = shift.span
    if not starts_at < at < ends_at:
        starts, ends = (in_words(connection, line_id, one) for one in shift.span)
        raise SplitOutside(f"That shift is from {starts} to {ends}; split it between the two.")
    if not (at - starts_at) % LONGEST_PLACE:
        # After exactly so long the two would be shown as one again (see who_is_on.whole).
        raise SplitOutside(
            "A shift cannot be split exactly 25 hours after it begins; choose a minute beside that."
        )
    pairs = _put(shift, shift.first, [*pieces(starts_at, at), *pieces(at, ends_at)])
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
    """A shift at another time, or longer or shorter: [starts_at, ends_at), UTC.

    Its person's yes was to the time it had: for what lies outside it they are asked again,
    unless the coordinator holds their yes (`agreed`). Over 25 hours become adjoining pieces, and
    those are moved as one. `version` is the place's as the coordinator saw it. The id of the
    change. Raises NoSuchPlace, EndsBeforeStart, LongerThanAYear, DoublePlace or ChangedMeanwhile.
    """
    place = _place(connection, line_id, place_id)
    if place.version != version:
        raise ChangedMeanwhile("Somebody has changed that shift meanwhile; look again.")
    check_span(connection, line_id, starts_at, ends_at)
    lock_people(connection, line_id, (place.person_id,))
    shift = with_its_pieces(connection, place)
    check_free(
        *(connection, line_id, starts_at, ends_at, place.person_id), duty=place.duty, but=shift.ids
    )
    within = shift.span[0] <= starts_at and ends_at <= shift.span[1]
    asked = place.state in ON_STATES and not within and not agreed
    moved = replace(place, state=ASKED if asked else place.state)
    pairs = _put(shift, moved, pieces(starts_at, ends_at))
    return history.write(connection, Change(line_id, "move", by_id, now), pairs)


def _put(shift: WholeShift, like: PlaceRow, spans: Sequence[Span]) -> list[Pair]:
    """The shift's places put on other spans, in order; its state and person are those of `like`.

    What is one place more is new, what is left over goes.
    """
    named = chain(((piece.id, piece.version) for piece in shift.pieces), repeat((None, 1)))
    after = [
        replace(like, starts_at=begin, ends_at=end, id=number, version=version)
        for (begin, end), (number, version) in zip(spans, named, strict=False)
    ]
    return pairs_of(shift.pieces, after)


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


def _shift(connection: Connection, line_id: int, place_id: int) -> WholeShift:
    return with_its_pieces(connection, _place(connection, line_id, place_id))


def _kind(place: PlaceRow) -> tuple[object, ...]:
    return place.person_id, place.state, place.duty
