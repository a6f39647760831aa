"""History: who changed other people's things and when; one's own giving up is nobody's news."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select

from shifts import history
from shifts.claims import DROP, KEEP, NO, OFFER, SICK, TAKE, YES
from shifts.faults import Fault
from shifts.history import UNDO, Pair, remembered
from shifts.models import Person
from shifts.planning import RosterChange
from shifts.swaps import SWAP
from warmline import line_words
from warmline.desk import steps, words_page
from warmline.desk.visit import COORDINATOR, Answer, Away, Shown, Visit
from warmline.line_words import SAID

MOST: Final = 100
THEIR_OWN: Final = {
    **dict.fromkeys((DROP, SICK, NO), "opened"),
    **dict.fromkeys((TAKE, YES), "taken"),
    **dict.fromkeys((OFFER, KEEP), "offered"),
    SWAP: "swapped",
}
"""What people do with their own shifts: told without a name."""


@dataclass(frozen=True)
class Told:
    """One change in words; `who` is empty where it is nobody's business."""

    id: int
    at: datetime
    who: str
    words: str
    shifts: list[str]
    more: int
    undone: bool
    may_undo: bool


def show(visit: Visit) -> Answer:
    """The latest changes."""
    return Shown("history.html", {"changes": changes(visit)})


def undo(visit: Visit) -> Answer:
    """One change is as if it had not been; whoever undoes it stands in the history too."""
    number = visit.form.number("change") or 0
    who = visit.visitor.person_id
    found = next((one for one in changes(visit) if one.id == number and one.may_undo), None)
    try:
        if found is None:
            raise history.NothingToUndo("no such change")
        with visit.db.begin_nested():
            kind = history.undo(visit.db, visit.line.line_id, number, who, visit.now)
            if kind == SAID:
                line_words.settle(visit.db, visit.line.line_id, visit.now)
            newest = select(RosterChange.id).order_by(RosterChange.id.desc()).limit(1)
            steps.done(visit.db, who, visit.db.scalar(newest))
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": str(fault), "to": "/desk/history"}
        return Shown("cannot.html", values, 409)
    return Away("/desk/history?done=undone")


def changes(visit: Visit) -> list[Told]:
    """What is remembered, the latest first."""
    query = (
        select(RosterChange.__table__, Person.name)
        .join(Person, Person.id == RosterChange.by_id, isouter=True)
        .where(RosterChange.line_id == visit.line.line_id, RosterChange.forget_at > visit.now)
        .order_by(RosterChange.id.desc())
        .limit(MOST)
    )
    may = visit.visitor.may(COORDINATOR)
    return [_told(visit, row, may) for row in visit.db.execute(query)]


def _told(visit: Visit, row: Row[Any], may: bool) -> Told:
    kind, places = str(row.kind), remembered(row.places)
    own = THEIR_OWN.get(kind)
    key = f"history.{own or kind}"
    words = visit.telling(key if visit.telling.has(key) else "history.other")
    shifts = [] if own else [_shift(visit, one) for one in places]
    shifts += words_page.changed(visit, row.places)
    name = row.name
    return Told(
        row.id,
        row.made_at,
        "" if own else (name or visit.telling("history.command")),
        words,
        shifts[:3],
        max(0, len(shifts) - 3),
        row.undone,
        may and not own and not row.undone and kind != UNDO,
    )


def _shift(visit: Visit, pair: Pair) -> str:
    before, after = pair.before, pair.after
    one = after or before
    if one is None:
        return ""
    when = visit.telling.dated(one.starts_at, one.ends_at)
    moved = before and after and (before.starts_at, before.ends_at) != (one.starts_at, one.ends_at)
    if before and moved:
        return (
            f"{visit.telling.dated(before.starts_at, before.ends_at)} \N{RIGHTWARDS ARROW} {when}"
        )
    return when
