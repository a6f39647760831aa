"""Askings for dates as rows: made, answered, closed and forgotten; races settled by UPDATE."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from shifts.local_time import Span
from shifts.planning_models import RosterChange
from warmline.models.date_polls import DatePoll, DatePollChoice, DatePollDay, DatePollPerson
from warmline.models.people import Volunteer

KEPT_FOR: Final = timedelta(days=7)
"""How long after its last day an asking is forgotten, and all answers with it."""


@dataclass(frozen=True)
class NewDay:
    """A day as somebody wants it: half-open [starts_at, ends_at), UTC; how many are wanted."""

    starts_at: datetime
    ends_at: datetime
    wanted: int
    name: str = ""

    @property
    def span(self) -> Span:
        """When it is."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True)
class Day(NewDay):
    """A day of an asking."""

    id: int = 0


@dataclass(frozen=True)
class Asking:
    """An asking and its days by start; `drafted`: its days are on the roster, as drafts or since.

    Answers count while it is `open`: neither drafted nor closed.
    """

    id: int
    line_id: int
    made_at: datetime
    until: datetime
    closed_at: datetime | None
    drafted: bool
    days: tuple[Day, ...]

    @property
    def open(self) -> bool:
        """Whether an answer still counts."""
        return self.closed_at is None and not self.drafted

    @property
    def last_moment(self) -> datetime:
        """A moment of the last day on which answers are wanted: `until` is its very end."""
        return self.until - timedelta(seconds=1)


@dataclass(frozen=True)
class Tally:
    """What was answered about a day: whose can it is; of the rest only how many, never who."""

    day: Day
    can: tuple[int, ...]
    rather_not: int
    unanswered: int


def make(
    db: Connection,
    line_id: int,
    days: Sequence[NewDay],
    until: datetime,
    people: Iterable[int],
    now: datetime,
) -> int:
    """A new asking for these people, none of whom was texted yet; its id."""
    last = max(day.ends_at for day in days)
    row = {"line_id": line_id, "made_at": now, "until": until, "forget_at": last + KEPT_FOR}
    made = db.execute(insert(DatePoll).values(row).returning(DatePoll.id)).scalar_one()
    for day in sorted(days, key=lambda one: one.span):
        values = {"starts_at": day.starts_at, "ends_at": day.ends_at, "wanted": day.wanted}
        db.execute(insert(DatePollDay).values(**values, poll_id=made, name=day.name))
    asked = [{"poll_id": made, "person_id": person} for person in people]
    if asked:
        db.execute(insert(DatePollPerson), asked)
    return int(made)


def of_line(db: Connection, line_id: int) -> list[Asking]:
    """Every asking of a line, the newest first."""
    return _askings(db, DatePoll.line_id == line_id)


def by_id(db: Connection, line_id: int, poll_id: int) -> Asking | None:
    """One asking of a line; None when it is forgotten."""
    mine = (DatePoll.line_id == line_id, DatePoll.id == poll_id)
    return next(iter(_askings(db, *mine)), None)


def of_person(db: Connection, person_id: int, now: datetime) -> list[Asking]:
    """The askings somebody was texted about that have days to come, the newest first."""
    texted = select(DatePollPerson.poll_id).where(
        DatePollPerson.person_id == person_id, DatePollPerson.asked_at.is_not(None)
    )
    found = _askings(db, DatePoll.id.in_(texted))
    return [one for one in found if one.days[-1].starts_at > now]


def has_answered(db: Connection, poll_id: int, person_id: int) -> bool:
    """Whether somebody has answered, be it with none of the days."""
    mine = (DatePollPerson.poll_id == poll_id, DatePollPerson.person_id == person_id)
    return db.scalar(select(DatePollPerson.answered_at).where(*mine)) is not None


def can(db: Connection, asking: Asking, person_id: int) -> frozenset[int]:
    """The ids of the days that somebody could take."""
    mine = (DatePollChoice.person_id == person_id, DatePollChoice.day_id.in_(_ids(asking)))
    return frozenset(db.scalars(select(DatePollChoice.day_id).where(*mine)))


def claim(db: Connection, poll_id: int, person_id: int, now: datetime) -> bool:
    """Of several clocks, one texts them: whoever has changed the row."""
    mine = (DatePollPerson.poll_id == poll_id, DatePollPerson.person_id == person_id)
    unasked = update(DatePollPerson).where(*mine, DatePollPerson.asked_at.is_(None))
    return db.execute(unasked.values(asked_at=now)).rowcount == 1


def leave_out(db: Connection, poll_id: int, person_id: int) -> None:
    """Somebody is not asked after all."""
    mine = (DatePollPerson.poll_id == poll_id, DatePollPerson.person_id == person_id)
    db.execute(delete(DatePollPerson).where(*mine))


def waiting(db: Connection, now: datetime) -> list[tuple[int, int]]:
    """Which askings, open and waiting for answers, somebody is still to be texted about: ids."""
    query = (
        select(DatePollPerson.poll_id, DatePollPerson.person_id)
        .join(DatePoll, DatePoll.id == DatePollPerson.poll_id)
        .where(DatePollPerson.asked_at.is_(None), DatePoll.until > now, is_open())
    )
    ordered = query.order_by(DatePollPerson.poll_id, DatePollPerson.person_id)
    return [(row.poll_id, row.person_id) for row in db.execute(ordered)]


def answer(
    db: Connection, asking: Asking, person_id: int, day_ids: Collection[int], now: datetime
) -> bool:
    """These are the days that somebody could take, in place of what they said before.

    False, and nothing is changed, once it is drafted or closed, or when they were not asked.
    """
    mine = (DatePollPerson.poll_id == asking.id, DatePollPerson.person_id == person_id)
    still = exists().where(DatePoll.id == asking.id, is_open())
    answered = update(DatePollPerson).where(*mine, DatePollPerson.asked_at.is_not(None), still)
    if db.execute(answered.values(answered_at=now)).rowcount != 1:
        return False
    before = (DatePollChoice.person_id == person_id, DatePollChoice.day_id.in_(_ids(asking)))
    db.execute(delete(DatePollChoice).where(*before))
    rows = [{"day_id": day, "person_id": person_id} for day in _ids(asking) if day in day_ids]
    if rows:
        db.execute(insert(DatePollChoice), rows)
    return True


def offers(db: Connection, asking: Asking) -> dict[int, list[int]]:
    """By day, who could take it: only people whose yes to texts the line holds."""
    query = (
        select(DatePollChoice.day_id, DatePollChoice.person_id)
        .join(Volunteer, Volunteer.person_id == DatePollChoice.person_id)
        .where(DatePollChoice.day_id.in_(_ids(asking)), Volunteer.agreed == "yes")
    )
    found: dict[int, list[int]] = {day.id: [] for day in asking.days}
    for row in db.execute(query.order_by(DatePollChoice.person_id)):
        found[row.day_id].append(row.person_id)
    return found


def tally(db: Connection, asking: Asking) -> list[Tally]:
    """What was answered, day by day."""
    query = (
        select(DatePollPerson.answered_at)
        .join(Volunteer, Volunteer.person_id == DatePollPerson.person_id)
        .where(DatePollPerson.poll_id == asking.id, Volunteer.agreed == "yes")
    )
    asked = list(db.scalars(query))
    answered = sum(at is not None for at in asked)
    could = offers(db, asking)
    return [
        Tally(day, tuple(could[day.id]), answered - len(could[day.id]), len(asked) - answered)
        for day in asking.days
    ]


def close(db: Connection, line_id: int, poll_id: int, now: datetime) -> bool:
    """No answer counts any more and nobody else is asked; whether it was not closed before."""
    mine = (DatePoll.id == poll_id, DatePoll.line_id == line_id)
    closing = update(DatePoll).where(*mine, DatePoll.closed_at.is_(None))
    return db.execute(closing.values(closed_at=now)).rowcount == 1


def note_draft(db: Connection, poll_id: int, change_id: int) -> bool:
    """Its days are drafted by this change; False when somebody was faster."""
    undrafted = update(DatePoll).where(DatePoll.id == poll_id, ~_is_drafted())
    return db.execute(undrafted.values(change_id=change_id)).rowcount == 1


def forget(db: Connection, now: datetime) -> int:
    """Erase the askings whose last day is a week over, with every answer; how many."""
    over = select(DatePoll.id).where(DatePoll.forget_at <= now)
    days = select(DatePollDay.id).where(DatePollDay.poll_id.in_(over))
    db.execute(delete(DatePollChoice).where(DatePollChoice.day_id.in_(days)))
    db.execute(delete(DatePollPerson).where(DatePollPerson.poll_id.in_(over)))
    db.execute(delete(DatePollDay).where(DatePollDay.poll_id.in_(over)))
    return db.execute(delete(DatePoll).where(DatePoll.forget_at <= now)).rowcount


def is_open() -> ColumnElement[bool]:
    """Whether an asking's answers count."""
    return DatePoll.closed_at.is_(None) & ~_is_drafted()


def _is_drafted() -> ColumnElement[bool]:
    """A draft that was undone is none; one whose change is forgotten stays one."""
    undone = exists().where(RosterChange.id == DatePoll.change_id, RosterChange.undone.is_(True))
    return DatePoll.change_id.is_not(None) & ~undone


def _ids(asking: Asking) -> list[int]:
    return [day.id for day in asking.days]


def _askings(db: Connection, *which: ColumnElement[bool]) -> list[Asking]:
    query = select(DatePoll.__table__, _is_drafted().label("drafted")).where(*which)
    rows = db.execute(query.order_by(DatePoll.id.desc())).all()
    days = defaultdict[int, list[Day]](list)
    of_them = select(DatePollDay.__table__).where(DatePollDay.poll_id.in_([row.id for row in rows]))
    for one in db.execute(of_them.order_by(DatePollDay.starts_at, DatePollDay.id)):
        days[one.poll_id].append(Day(one.starts_at, one.ends_at, one.wanted, one.name, one.id))
    return [
        Asking(
            *(row.id, row.line_id, row.made_at, row.until, row.closed_at, row.drafted),
            tuple(days[row.id]),
        )
        for row in rows
    ]
