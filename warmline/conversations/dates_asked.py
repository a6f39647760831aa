"""Who could take some dates: whom the question reaches, and each is texted it once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from shifts.local_time import Span
from warmline.conversations import cover_asked, texted_days, texting
from warmline.date_polls import candidates, polls
from warmline.date_polls.polls import NewDay
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.sending import texts
from warmline.telephony.conversation import Turn


@dataclass(frozen=True)
class Reached:
    """Whom the question reaches: persons who can be texted now, and after their quiet hours.

    `elsewhere`: how many are away, or on already, on all of the days; `without_yes`: of how many
    the line holds no yes to texts. Neither are texted.
    """

    now: tuple[int, ...]
    later: tuple[int, ...]
    elsewhere: int
    without_yes: int

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who is asked, sooner or later."""
        return self.now + self.later


def reached(db: Connection, line: TheLine, spans: Sequence[Span], now: datetime) -> Reached:
    """Whom a question about these spans (UTC) would reach at this moment."""
    rows = list(db.execute(cover_asked.agreed_people()))
    free = _could(db, [row.person_id for row in rows], spans)
    asked = [row for row in rows if row.person_id in free]
    quiet = [row.person_id for row in asked if cover_asked.is_quiet(row, now)]
    awake = [row.person_id for row in asked if row.person_id not in quiet]
    others = select(func.count()).where(
        Volunteer.line_id == line.line_id, Volunteer.person_id.not_in([r.person_id for r in rows])
    )
    return Reached(tuple(awake), tuple(quiet), len(rows) - len(asked), db.scalar(others) or 0)


def begin(turn: Turn, line: TheLine, days: Sequence[NewDay], until: datetime) -> int:
    """Ask about these days: whoever can be texted now is; the id of the asking."""
    people = reached(turn.db, line, [day.span for day in days], turn.now).people
    asking = polls.make(turn.db, line.line_id, days, until, people, turn.now)
    ask(turn)
    return asking


def are_due(db: Connection, now: datetime) -> bool:
    """Whether somebody is to be texted about dates now."""
    return bool(_due(db, now))


def ask(turn: Turn) -> int:
    """Text everybody for whom it is not quiet and who was not texted yet; how many were."""
    asked = 0
    for asking_id, person_id in _due(turn.db, turn.now):
        me = texting.by_person(turn, person_id)
        asking = polls.by_id(turn.db, me.line_id, asking_id) if me else None
        if me is None or asking is None:
            continue
        if not texted_days.days_of(turn, me, asking):
            # They are away by now, or have said yes to shifts on all of these days.
            polls.leave_out(turn.db, asking_id, person_id)
        elif polls.claim(turn.db, asking_id, person_id, turn.now):
            question = texted_days.question(turn, me, asking)
            texting.tell(turn, me, question, texts.ASK, asking.until - turn.now)
            asked += 1
    return asked


def _due(db: Connection, now: datetime) -> list[tuple[int, int]]:
    waiting = polls.waiting(db, now)
    if not waiting:
        return []
    agreed = cover_asked.agreed_people().where(
        Volunteer.person_id.in_({person for _, person in waiting})
    )
    awake = {row.person_id for row in db.execute(agreed) if not cover_asked.is_quiet(row, now)}
    return [one for one in waiting if one[1] in awake]


def _could(db: Connection, people: Collection[int], spans: Sequence[Span]) -> set[int]:
    """Who is free on one of the days at least."""
    if not people:
        return set()
    held = candidates.held(db, people, spans)
    return {one for one in people if any(held[one].is_free(span) for span in spans)}
