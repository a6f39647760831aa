"""Today: who is on, who is next, what is lacking, who waits; as counts, and of nobody's past."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select, union
from sqlalchemy.orm import InstrumentedAttribute

from shifts.claims.presence import come_on, go_off
from shifts.hours.cover import HandOver
from shifts.hours.resolver import changes_between
from shifts.models import Person
from shifts.who_is_on import WEEK, OnShift, who_is_on
from warmline.calls import calls, talks
from warmline.conversations.ringing import ring_reasons
from warmline.desk.line.getting_ready import getting_ready
from warmline.desk.roster.day_headers import Missing, gaps_in_words
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.line import opening
from warmline.line.opening import TheLine
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.people import gaps
from warmline.people.volunteers import who_may_be_rung

AHEAD: Final = timedelta(days=2)
ON_THE_WAY: Final = (*calls.WITH_A_PEER, calls.PARTED)
BEFORE: Final = (calls.HELLO, calls.PROMISE, calls.WAITING, calls.ASKED)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Somebody:
    """Who is on: by the name that fellow volunteers see, and whether they can be rung just now."""

    name: str
    until: datetime
    free: bool


@dataclass(frozen=True)
class Board:
    """What the page shows; nothing on it says who talks, or for how long."""

    on: list[Somebody]
    next_at: datetime | None
    next_names: list[str]
    duty: list[Somebody]
    duty_is_mine: bool
    missing: list[Missing]
    waiting: list[int]
    talking: int
    texts_waiting: int
    texts_open: int


def show(visit: Visit) -> Answer:
    """The page."""
    values = {"board": board(visit), "ready": getting_ready(visit), "reasons": _reasons(visit)}
    return HtmlPage("today.html", values)


def board(visit: Visit) -> Board:
    """How it stands now."""
    db, line, now = visit.db, visit.line, visit.now
    on = who_is_on(db, line.line_id, now, among=who_may_be_rung(line.line_id))
    away = _not_just_now(db, now)
    coming = _next(db, line, now)
    duty = who_is_on(db, line.line_id, now, duty=True)
    mine = visit.who is not None and any(one.person_id == visit.who.person_id for one in duty)
    lacks = gaps.gaps(db, line, now, now + AHEAD)
    return Board(
        on=[_somebody(one, away) for one in on],
        next_at=coming.at if coming else None,
        next_names=_names(db, coming.comes) if coming else [],
        duty=[_somebody(one, set()) for one in duty],
        duty_is_mine=mine,
        missing=gaps_in_words(lacks, line, visit.telling),
        waiting=_waits(db, now),
        talking=_count(db, Call.id, Call.state.in_(ON_THE_WAY)),
        texts_waiting=_count(db, Talk.id, Talk.state.in_((talks.LOOKING, talks.NOBODY))),
        texts_open=_count(db, Talk.id, Talk.state.in_((talks.TALKING, talks.CLOSING))),
    )


def open_line(visit: Visit) -> Answer:
    """The line is open: its promise can only be changed together from now on."""
    opened = opening.open_line(visit.db, visit.line.line_id, visit.now)
    return Away(f"/desk?done={'opened' if opened else 'not_opened'}")


def take_duty(visit: Visit) -> Answer:
    """Whoever asks is on duty, for as long as was said."""
    hours = min(max(visit.form.number("hours") or 8, 1), 12)
    until = visit.now + timedelta(hours=hours)
    who = visit.visitor.person_id
    come_on(visit.db, visit.line.line_id, who, visit.now, until, duty=True)
    return Away("/desk?done=duty_taken")


def leave_duty(visit: Visit) -> Answer:
    """The rest of it is open."""
    who = visit.visitor.person_id
    on = who_is_on(visit.db, visit.line.line_id, visit.now, duty=True)
    if any(one.person_id == who for one in on):
        go_off(visit.db, visit.line.line_id, who, visit.now, duty=True)
    return Away("/desk?done=duty_left")


def _reasons(visit: Visit) -> list[tuple[str, int]]:
    """For duty: how often phones rang or did not, by reason, of nobody."""
    return [
        (visit.telling(f"rung.{reason.replace(' ', '_')}"), many)
        for reason, many in ring_reasons.by_reason(visit.db, visit.line.line_id, visit.now)
    ]


def _somebody(one: OnShift, away: set[int]) -> Somebody:
    return Somebody(one.name, one.until, one.person_id not in away)


def _not_just_now(db: Connection, now: datetime) -> set[int]:
    """Who is in a pause, a breather, a rest or a talk: it is not told in which."""
    resting = (Volunteer.paused_until, Volunteer.breather_until, Volunteer.resting_until)
    away = (select(Volunteer.person_id).where(until > now) for until in resting)
    with_a_caller = select(Call.peer_id).where(Call.peer_id.is_not(None))
    texting = select(Talk.person_id).where(Talk.person_id.is_not(None))
    return set(db.scalars(union(*away, with_a_caller, texting)))


def _next(db: Connection, line: TheLine, now: datetime) -> HandOver | None:
    """The next instant at which somebody comes on who is not on just before."""
    among = set(db.scalars(who_may_be_rung(line.line_id)))
    later = now + timedelta(microseconds=1)
    moves = changes_between(db, line.line_id, later, now + WEEK, among)
    return next((one for one in moves if one.comes), None)


def _names(db: Connection, people: Collection[int]) -> list[str]:
    query = select(Person.name).where(Person.id.in_(people)).order_by(Person.name)
    return list(db.scalars(query))


def _waits(db: Connection, now: datetime) -> list[int]:
    """For how many whole minutes each caller has waited; the longest first."""
    since = func.coalesce(Call.waiting_since, Call.arrived_at)
    waiting = select(since).where(Call.state.in_(BEFORE), Call.volunteer_id.is_(None))
    return sorted(((now - at) // MINUTE for at in db.scalars(waiting)), reverse=True)


def _count(db: Connection, column: InstrumentedAttribute[int], *which: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count(column)).where(*which)) or 0
