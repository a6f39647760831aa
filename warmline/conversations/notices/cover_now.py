"""One place that needs someone: who could be asked now, and asking them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shifts.places import PlaceRow
from warmline.conversations.notices import cover, cover_rules
from warmline.conversations.notices.cover import AgreedPerson, is_quiet, not_lately, somebodies
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.telephony.conversation import Turn


@dataclass(frozen=True)
class Reached:
    """Whom asking for a place would reach, as counts; `now` are their persons.

    `quiet`: it is a quiet hour of theirs; `asked`: they were asked for something within a day, or
    as often this week as their shifts leave room for.
    """

    now: tuple[int, ...]
    quiet: int
    asked: int


def reached(turn: Turn, line: TheLine, place: PlaceRow) -> Reached:
    """Of those who could take it, who can be asked now, and why others cannot."""
    rows = _could(turn, line, place)
    quiet = [row for row in rows if is_quiet(row, turn.now) and not row.asked_at_night]
    lately = {row.person_id for row in rows} - _not_lately(turn)
    lately |= _with_a_full_week(turn, rows)
    awake = [row.person_id for row in rows if row not in quiet]
    now = tuple(person for person in awake if person not in lately)
    return Reached(now, len(quiet), len(awake) - len(now))


def ask(turn: Turn, line: TheLine, place: PlaceRow) -> int:
    """Ask everybody who can be asked now; how many were."""
    return sum(cover.ask(turn, person, [place]) for person in reached(turn, line, place).now)


def _could(turn: Turn, line: TheLine, place: PlaceRow) -> list[AgreedPerson]:
    """Everybody who has agreed, and against whose taking it nothing of theirs speaks."""
    rows = cover.agreed_people(turn.db)
    known = {one.person_id: one for one in somebodies(turn.db, rows, turn.now)}
    return [
        row
        for row in rows
        if cover_rules.could_take(known[row.person_id], place, line.zone, turn.now)
    ]


def _with_a_full_week(turn: Turn, rows: Sequence[AgreedPerson]) -> set[int]:
    """Whoever has no room left in their week for being asked."""
    found = somebodies(turn.db, rows, turn.now)
    return {one.person_id for one in found if not cover_rules.may_be_asked(one, turn.now)}


def _not_lately(turn: Turn) -> set[int]:
    return set(turn.db.scalars(select(Volunteer.person_id).where(not_lately(turn.now))))
