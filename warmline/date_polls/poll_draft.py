"""A draft from the answers: places on the roster of those who could, the rest of nobody's."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.editing import drafting
from shifts.editing.drafting import Done
from shifts.editing.fair_draft import fair
from shifts.faults import Fault
from shifts.history.history import Change, Pair
from shifts.models import DRAFT
from shifts.places import PlaceRow, in_span
from warmline.date_polls import candidates, polls
from warmline.date_polls.polls import Asking, Day

DATES: Final = "dates"


class DraftedAlready(Fault):
    """The days of an asking are on the roster as drafts already, or somebody was faster."""


def make(db: Connection, asking: Asking, by_id: int | None, now: datetime, zone: ZoneInfo) -> Done:
    """Draft the days to come: whoever could, evenly; what is left over of nobody's.

    Seats of the very same hours that are on the roster count among those wanted. A draft is
    nobody's business yet: publishing asks each person as usual. Raises DraftedAlready.
    """
    if asking.drafted:
        raise DraftedAlready("These days are drafted already; look at the week.")
    days = [day for day in asking.days if day.starts_at > now]
    wanted = {day.id: max(0, day.wanted - _seats(db, asking.line_id, day)) for day in days}
    chosen = _chosen(db, asking, days, wanted, now, zone)
    rows = [
        PlaceRow(None, asking.line_id, *day.span, person, DRAFT)
        for day in days
        for person in [*sorted(chosen[day.id]), *[None] * (wanted[day.id] - len(chosen[day.id]))]
    ]
    change = Change(asking.line_id, DATES, by_id, now)
    done = drafting.written(db, change, [Pair(None, row) for row in rows], [])
    if done.change_id is not None and not polls.note_draft(db, asking.id, done.change_id):
        raise DraftedAlready("These days are drafted already; look at the week.")
    return done


def _chosen(
    db: Connection,
    asking: Asking,
    days: list[Day],
    wanted: dict[int, int],
    now: datetime,
    zone: ZoneInfo,
) -> dict[int, set[int]]:
    """By day, who is drafted: what each has already is looked at, with all they get besides."""
    offers = polls.offers(db, asking)
    spans = {day.id: day.span for day in days}
    people = {person for persons in offers.values() for person in persons}
    if not spans or not people:
        return {day.id: set() for day in days}
    held = candidates.commitments(db, people, list(spans.values()))
    known: dict[tuple[int, frozenset[int]], bool] = {}

    def fits(person: int, ids: Collection[int]) -> bool:
        key = (person, frozenset(ids))
        if key not in known:
            known[key] = held[person].fits([spans[one] for one in ids], zone, now)
        return known[key]

    return fair(wanted, offers, fits, lambda day, person: _lot(asking.id, day, person))


def _seats(db: Connection, line_id: int, day: Day) -> int:
    there = in_span(db, line_id, *day.span)
    return sum((one.starts_at, one.ends_at) == day.span for one in there)


def _lot(*of: int) -> bytes:
    """Lots, drawn the same whenever they are looked at: nobody is always first by their id."""
    return hashlib.sha256(repr(of).encode()).digest()
