"""Undo and redo at the desk: everybody's own, in the order in which they made their changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from shifts.faults import Fault
from shifts.history import history
from shifts.history.history import NothingToUndo
from shifts.planning_models import RosterChange
from warmline.models.sign_in import DeskStep

DO, UNDO, REDO = "do", "undo", "redo"
MOST: Final = 200


class NothingToRedo(Fault):
    """Nothing of theirs was undone last."""


class Step(NamedTuple):
    """A change by its id; of an undo or redo, which change it turned back."""

    change_id: int
    kind: str
    of_id: int | None


@dataclass
class Stacks:
    """Changes that can be undone, and undoings that can be redone; the last is next."""

    undo: list[int] = field(default_factory=list)
    redo: list[int] = field(default_factory=list)


def stacks(steps: Iterable[Step]) -> Stacks:
    """How it stands after these steps; pure. Whoever does something new redoes nothing."""
    now = Stacks()
    for step in steps:
        if step.kind == UNDO:
            now.undo = [one for one in now.undo if one != step.of_id]
            now.redo.append(step.change_id)
        elif step.kind == REDO:
            now.redo = [one for one in now.redo if one != step.of_id]
            now.undo.append(step.change_id)
        else:
            now.undo.append(step.change_id)
            now.redo.clear()
    return now


def done(db: Connection, person_id: int, change_id: int | None) -> None:
    """Somebody has made a change (None: nothing was to do)."""
    if change_id is not None:
        _note(db, person_id, Step(change_id, DO, None))


def of(db: Connection, line_id: int, person_id: int, now: datetime) -> Stacks:
    """What somebody can undo and redo, of what is still remembered."""
    still = (RosterChange.line_id == line_id, RosterChange.undo_until > now)
    query = (
        select(DeskStep.change_id, DeskStep.kind, DeskStep.of_id)
        .join(RosterChange, RosterChange.id == DeskStep.change_id)
        .where(DeskStep.person_id == person_id, *still)
        .order_by(DeskStep.change_id.desc())
        .limit(MOST)
    )
    return stacks([Step(*row) for row in db.execute(query)][::-1])


def undo(db: Connection, line_id: int, person_id: int, now: datetime) -> None:
    """Undo somebody's last change.

    Raises NothingToUndo, or what history.undo raises when somebody has changed it since.
    """
    last = of(db, line_id, person_id, now).undo
    if not last:
        raise NothingToUndo("There is nothing of yours to undo.")
    _turn_back(db, line_id, person_id, last[-1], UNDO, now)


def redo(db: Connection, line_id: int, person_id: int, now: datetime) -> None:
    """Do again what somebody has undone last; raises NothingToRedo, and as `undo`."""
    last = of(db, line_id, person_id, now).redo
    if not last:
        raise NothingToRedo("There is nothing of yours to do again.")
    _turn_back(db, line_id, person_id, last[-1], REDO, now)


def forget(db: Connection, _now: datetime) -> int:
    """Erase the steps whose changes are forgotten: nobody's work is kept for longer; how many."""
    gone = DeskStep.change_id.not_in(select(RosterChange.id))
    return db.execute(delete(DeskStep).where(gone)).rowcount


def _turn_back(
    db: Connection, line_id: int, person_id: int, change_id: int, kind: str, now: datetime
) -> None:
    with db.begin_nested():
        history.undo(db, line_id, change_id, person_id, now)
        newest = select(RosterChange.id).where(RosterChange.line_id == line_id)
        made = db.scalar(newest.order_by(RosterChange.id.desc()).limit(1))
        _note(db, person_id, Step(made or 0, kind, change_id))


def _note(db: Connection, person_id: int, step: Step) -> None:
    db.execute(insert(DeskStep).values(person_id=person_id, **step._asdict()))
