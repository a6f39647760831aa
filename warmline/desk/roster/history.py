"""History: who changed other people's things and when; one's own giving up is nobody's news."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from shifts.claims.claims import DROP, KEEP, NO, OFFER, SICK, TAKE, YES
from shifts.claims.swaps import SWAP
from shifts.faults import Fault
from shifts.history import forgetting, history
from shifts.history.history import UNDO, Pair, remembered, remembered_beside
from shifts.models import Person
from shifts.places import PlaceRow
from shifts.planning_models import RosterChange
from warmline.desk.roster import undo_redo
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.models.line import OwnWords
from warmline.prompts import load, own_words_store
from warmline.prompts.own_words_store import SAID
from warmline.sign_in.visitors import COORDINATOR

MOST: Final = 100
THEIR_OWN: Final = {
    **dict.fromkeys((DROP, SICK, NO), "opened"),
    **dict.fromkeys((TAKE, YES), "taken"),
    **dict.fromkeys((OFFER, KEEP), "offered"),
    SWAP: "swapped",
}
"""What people do with their own shifts: told without a name."""


@dataclass(frozen=True)
class ChangeLine:
    """One change in words; `who` is empty where it is nobody's business."""

    id: int
    at: datetime
    who: str
    words: str
    shifts: list[str]
    more: int
    undone: bool
    may_undo: bool
    sides: list[tuple[str, str]] = field(default_factory=list)
    """Of a list of one shift's or one's own: how each was, and how it is after it."""


class _Changed(NamedTuple):
    """A change as it is remembered: instants are UTC, `places` is JSON; `name` is who made it."""

    id: int
    made_at: datetime
    kind: str
    places: str
    undone: bool
    undo_until: datetime
    name: str | None


_CHANGED: Final = (
    *(RosterChange.id, RosterChange.made_at, RosterChange.kind, RosterChange.places),
    *(RosterChange.undone, RosterChange.undo_until, Person.name),
)


def show(visit: Visit) -> Answer:
    """The latest changes, and how many there were of each kind before."""
    return HtmlPage("history.html", {"changes": changes(visit), "before": _before(visit)})


def of_shift(visit: Visit) -> Answer:
    """What others did to one shift, before and after; what its people did is theirs."""
    place = int(visit.path["place"])
    found = _of(visit, RosterChange.places.contains(f'"id": {place}, '))

    def about(pair: Pair) -> bool:
        return place in {one.id for one in (pair.before, pair.after) if one}

    values = {"changes": _detailed(visit, found, about), "title": "of_shift", "words": "words"}
    return HtmlPage("history_of.html", values | {"back": "/desk/history"})


def of_mine(visit: Visit) -> Answer:
    """What others did to one's own shifts; nobody else sees this list."""
    me = visit.visitor.person_id
    by_others = or_(RosterChange.by_id != me, RosterChange.by_id.is_(None))
    found = _of(visit, RosterChange.places.contains(f'"person_id": {me}, '), by_others)

    def about(pair: Pair) -> bool:
        return me in {one.person_id for one in (pair.before, pair.after) if one}

    values = {"changes": _detailed(visit, found, about), "title": "of_mine"}
    return HtmlPage("history_of.html", values | {"words": "of_mine_words", "back": "/desk/mine"})


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
                own_words_store.settle(visit.db, visit.line.line_id, visit.now)
            newest = select(RosterChange.id).order_by(RosterChange.id.desc()).limit(1)
            undo_redo.done(visit.db, who, visit.db.scalar(newest))
    except Fault as fault:
        values = {
            "problem": "cannot_undo",
            "why": visit.telling.fault(fault),
            "to": "/desk/history",
        }
        return HtmlPage("cannot.html", values, 409)
    return Away("/desk/history?done=undone")


def changes(visit: Visit) -> list[ChangeLine]:
    """What is remembered, the latest first."""
    may = visit.visitor.may(COORDINATOR)
    return [_change_line(visit, row, may) for row in _of(visit)]


def _of(visit: Visit, *which: ColumnElement[bool]) -> list[_Changed]:
    query = (
        select(*_CHANGED)
        .join(Person, Person.id == RosterChange.by_id, isouter=True)
        .where(RosterChange.line_id == visit.line.line_id, RosterChange.forget_at > visit.now)
        .where(*which)
        .order_by(RosterChange.id.desc())
        .limit(MOST)
    )
    return [_Changed(*row) for row in visit.db.execute(query)]


def _detailed(
    visit: Visit, rows: list[_Changed], about: Callable[[Pair], bool]
) -> list[ChangeLine]:
    """Changes that others made, with both sides of the places that it is about."""
    people = select(Person.id, Person.name).where(Person.line_id == visit.line.line_id)
    names = {row.id: row.name for row in visit.db.execute(people)}
    may = visit.visitor.may(COORDINATOR)
    found = []
    for row in rows:
        pairs = [one for one in remembered(row.places) if about(one)]
        if pairs and row.kind not in THEIR_OWN:
            sides = [_sides(visit, one, names) for one in pairs]
            found.append(replace(_change_line(visit, row, may), shifts=[], more=0, sides=sides))
    return found


def _sides(visit: Visit, pair: Pair, names: Mapping[int, str]) -> tuple[str, str]:
    """A place before and after; whose it is, only where the change is about that."""
    before, after = pair.before, pair.after
    moved = not before or not after or before.person_id != after.person_id

    def said(one: PlaceRow | None, nothing: str) -> str:
        if one is None:
            return visit.telling(f"history.{nothing}")
        name = names.get(one.person_id or 0) or visit.telling("history.nobody")
        state = visit.telling(f"state.{one.state.replace(' ', '_')}")
        when = visit.telling.dated(one.starts_at, one.ends_at)
        return ", ".join([when, *([name] if moved else []), state])

    return said(before, "new"), said(after, "removed")


def _before(visit: Visit) -> list[tuple[date, list[tuple[str, int]]]]:
    """Months, the latest first, each with how many changes of each kind were made."""
    rows = forgetting.counts(visit.db, visit.line.line_id)
    months = groupby(rows, key=lambda one: one[0])
    return [(month, [(_words(visit, kind), n) for _, kind, n in of]) for month, of in months]


def _words(visit: Visit, kind: str) -> str:
    key = f"history.{kind}"
    return visit.telling(key if visit.telling.has(key) else "history.other")


def _change_line(visit: Visit, row: _Changed, may: bool) -> ChangeLine:
    kind, places = row.kind, remembered(row.places)
    own = THEIR_OWN.get(kind)
    words = _words(visit, own or kind)
    shifts = [] if own else [_shift(visit, one) for one in places]
    shifts += changed(visit, row.places)
    name = row.name
    return ChangeLine(
        row.id,
        row.made_at,
        "" if own else (name or visit.telling("history.command")),
        words,
        shifts[:3],
        max(0, len(shifts) - 3),
        row.undone,
        may and not own and not row.undone and kind != UNDO and row.undo_until > visit.now,
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


def changed(visit: Visit, places: str) -> list[str]:
    """Which prompts a change of the history was about: as they were made, else as they were."""
    rows = {
        (one.row["language"], one.row["prompt"]): one.row
        for one in remembered_beside(places)
        if one.table == OwnWords.__tablename__
    }
    return [
        _as_worded(visit, language, row["text"] or load().text(language, prompt), row["digest"])
        for (language, prompt), row in rows.items()
    ]


def _as_worded(visit: Visit, language: str, words: str, digest: str | None) -> str:
    recorded = f" ({visit.telling('heard.is_recorded')})" if digest else ""
    return f"{visit.telling.language_name(language)}: {words}{recorded}"
