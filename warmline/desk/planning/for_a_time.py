"""Changes for a time at the desk: those that stand, and one that ends; each is tried before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from shifts.claims.findings import Finding
from shifts.editing.editing import Wish, speaks_against
from shifts.faults import Fault
from shifts.history.history import Pair, remembered
from shifts.local_time import DAY, Span, local_day, start_of_day
from shifts.models import AGREED, DRAFT, OPEN
from shifts.overrides.ending import lift
from shifts.overrides.replacing import Done
from shifts.places import PlaceRow, within
from shifts.planning_models import ChangeKind, DatedChange, RosterChange
from warmline.desk.roster import shift_form, undo_redo, week
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.people import shifts_by_others

HERE: Final = "/desk/for-a-time"


@dataclass(frozen=True)
class Days:
    """The days of a form, as they were typed; their span (UTC), or what is wrong by field."""

    first: date | None
    last: date | None
    wrong: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """What a change for a time would do within it: whose places are new to them, what opens.

    `goes`: what is off the roster, or cut; `drafts`: how many change hands and stay drafts;
    `against`: what speaks against a place, in the reader's words.
    """

    theirs: list[PlaceRow]
    drafts: int
    opens: list[PlaceRow]
    goes: list[PlaceRow]
    against: list[tuple[PlaceRow, list[str]]]


class _Standing(NamedTuple):
    """A dated change that is not over: [starts_at, ends_at), UTC; `note` is a holiday's name."""

    id: int
    kind: ChangeKind
    duty: bool
    starts_at: datetime
    ends_at: datetime
    leaves_id: int | None
    comes_id: int | None
    note: str


_STANDING: Final = (
    *(DatedChange.id, DatedChange.kind, DatedChange.duty, DatedChange.starts_at),
    *(DatedChange.ends_at, DatedChange.leaves_id, DatedChange.comes_id, DatedChange.note),
)


def show(visit: Visit) -> Answer:
    """What holds for a time now or later."""
    query = (
        select(*_STANDING)
        .where(DatedChange.line_id == visit.line.line_id, DatedChange.ends_at > visit.now)
        .order_by(DatedChange.starts_at, DatedChange.id)
    )
    standing = [_Standing(*row) for row in visit.db.execute(query)]
    names = {one.person_id: one.name for one in week.everybody(visit)}
    return HtmlPage("for_a_time.html", {"standing": standing, "names": names})


def end(visit: Visit) -> Answer:
    """One of them holds no longer; a usual roster that was hidden is back from now on."""
    who, number = visit.visitor.person_id, visit.form.number("change") or 0
    try:
        with visit.db.begin_nested():
            lifted = lift(visit.db, visit.line.line_id, number, by_id=who, now=visit.now)
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": visit.telling.fault(fault), "to": HERE}
        return HtmlPage("cannot.html", values, 409)
    undo_redo.done(visit.db, who, lifted.change_id)
    return Away(f"{HERE}?done={'lifted_open' if lifted.findings else 'lifted'}&undo=1")


def days(visit: Visit) -> Days:
    """The first and the last day of a form; faults in the reader's words, by field."""
    first, last = (shift_form.day_of(visit.form[name]) for name in ("first", "last"))
    bad = visit.telling("patterns.bad_day")
    wrong = {name: bad for name, day in (("first", first), ("last", last)) if day is None}
    if first and last and last < max(first, local_day(visit.now, visit.line.zone)):
        wrong["last"] = visit.telling("for_a_time.bad_last")
    return Days(first, last, wrong)


def span(visit: Visit, first: date, last: date) -> Span:
    """Local days, both included, from now on at the earliest."""
    zone = visit.line.zone
    now = visit.now.replace(second=0, microsecond=0)
    return max(start_of_day(first, zone), now), start_of_day(last + DAY, zone)


def tried(visit: Visit, span: Span, do: Callable[[], Done]) -> Seen:
    """What a change would do to the places of a span.

    It is done and taken back, so that what is seen is what would be. Raises as `do`.
    """
    with visit.db.begin_nested() as trial:
        query = select(RosterChange.places).where(RosterChange.id == do().change_id)
        pairs = sorted(remembered(visit.db.execute(query).scalar_one()), key=_start)
        there = [
            one.after
            for one in pairs
            if one.after and within(one.after, *span) and _changes_hands(one)
        ]
        new = sorted(there, key=lambda one: (one.starts_at, one.ends_at))
        theirs = [one for one in new if one.person_id is not None]
        against = [(one, _against(visit, one)) for one in theirs]
        trial.rollback()
    cut = (one.before for one in pairs if one.before and not _is_as_long(one))
    return Seen(
        theirs=[one for one in theirs if one.state != DRAFT],
        drafts=sum(one.state == DRAFT for one in theirs),
        opens=[one for one in new if one.state == OPEN],
        goes=list(cut),
        against=[(one, shift_form.spoken(found, visit.telling)) for one, found in against if found],
    )


def page_values(visit: Visit, seen: Seen) -> dict[str, object]:
    """What its page is given; `pairs` are the form's fields, to be sent once more."""
    names = {one.person_id: one.name for one in week.everybody(visit)}
    return {"seen": seen, "names": names, "pairs": visit.form.pairs()}


def noted(visit: Visit, done: Done, *, agreed: bool) -> None:
    """The change can be undone at the desk; whose yes was told by others hears of it by text."""
    undo_redo.done(visit.db, visit.visitor.person_id, done.change_id)
    if agreed:
        shifts_by_others.note_change(visit.db, done.change_id, visit.now)


def _changes_hands(pair: Pair) -> bool:
    """Whether a place is new, or whose it is changes."""
    before, after = pair.before, pair.after
    return before is None or after is None or before.person_id != after.person_id


def _start(pair: Pair) -> datetime:
    return min(one.starts_at for one in (pair.before, pair.after) if one)


def _is_as_long(pair: Pair) -> bool:
    """Whether a place is still there with the same hours."""
    before, after = pair.before, pair.after
    if before is None or after is None:
        return False
    return (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at)


def _against(visit: Visit, place: PlaceRow) -> list[Finding]:
    wish = Wish(place.starts_at, place.ends_at, place.person_id, AGREED, place.duty)
    line = visit.line
    return speaks_against(visit.db, line.line_id, wish, line.zone, visit.now, {place.id})
