"""A promise comes into force at a good moment; whoever has not agreed to it is asked, not rung."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Connection, select

from shifts.who_is_on import who_is_on
from warmline.conversations import persons
from warmline.conversations.persons import Me
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.line import opening
from warmline.line.opening import TheLine
from warmline.models.calls import Call, Ring
from warmline.models.people import Volunteer
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.people import quiet_hours
from warmline.people.volunteers import who_may_be_rung
from warmline.promise import promise, proposal_rules, proposals
from warmline.promise.promise import in_force, texted
from warmline.promise.proposal_rules import State
from warmline.promise.proposals import Standing
from warmline.sending import texts
from warmline.telephony.conversation import Turn

OF_USE: Final = timedelta(days=3)
ONLY_ONCE: Final = timedelta(days=3660)
WAITS: Final = timedelta(days=1)
"""So long what is due waits for a good moment; then it takes effect at any."""


def are_due(db: Connection, now: datetime) -> bool:
    """Whether something that is proposed may take effect now, or is over."""
    return bool(_due(db, now))


def take_effect(turn: Turn) -> int:
    """Put in force what is due, and end what nobody gathers for; how many of both."""
    done = 0
    for one in _due(turn.db, turn.now):
        # Another that was due a moment ago may have gone with the first.
        for still in proposals.standing(turn.db, one.line_id, one.id):
            done += _end(turn, still)
    return done


def _due(db: Connection, now: datetime) -> list[Standing]:
    line = opening.find_line(db) if proposals.are_any(db) else None
    if line is None:
        return []
    roster = proposals.roster(db, line.line_id)
    found = []
    for one in proposals.standing(db, line.line_id):
        state = proposal_rules.state(one.rules, roster, now)
        since = proposal_rules.starts_at(one.rules, roster)
        late = now >= since + WAITS
        if state == State.OVER or (
            state == State.DUE and (late or _is_good_moment(db, line, one, now))
        ):
            found.append(one)
    return found


def _is_good_moment(db: Connection, line: TheLine, proposal: Standing, now: datetime) -> bool:
    """Whether it costs no caller an answer.

    By day, so that everybody can be asked at once; while nobody calls, for they heard other words;
    and not while it would leave those on shift without anybody who may be rung.
    """
    if proposal.kind == proposals.KEEPING:
        return True
    if quiet_hours.until(now, line.zone) is not None:
        return False
    if db.execute(select(Call.id).where(Call.line_id == line.line_id).limit(1)).first():
        return False
    on = who_is_on(db, line.line_id, now, among=who_may_be_rung(line.line_id))
    return not on or any(one.person_id in proposal.rules.yeses for one in on)


def _end(turn: Turn, proposal: Standing) -> int:
    roster = proposals.roster(turn.db, proposal.line_id)
    if proposal_rules.state(proposal.rules, roster, turn.now) == State.OVER:
        proposals.take_back(turn.db, proposal)
        return 1
    overtaken = proposals.put_in_force(turn.db, proposal, turn.now)
    if overtaken is None:
        return 0
    turn.promise_is_new()
    for other in overtaken:
        me = persons.by_person(turn, other.by_id) if other.by_id else None
        if me is not None and me.agreed:
            persons.tell(turn, me, [me.text(turn, "overtaken")], texts.ASK, OF_USE)
    end_rings(turn, proposal.line_id)
    return 1


def end_rings(turn: Turn, line_id: int) -> None:
    """No phone goes on ringing whose owner has not agreed to the promise that holds now."""
    may = who_may_be_rung(line_id)
    rung = select(Ring.person_id).where(Ring.line_id == line_id, Ring.person_id.not_in(may))
    for person_id in turn.db.scalars(rung).all():
        rings.end_of(turn.db, line_id, person_id, turn.now)
    whom_to_ring.decide_now(turn, line_id)


def are_unasked(db: Connection, _now: datetime) -> bool:
    """Whether somebody has not agreed to the promise in force, and was not asked."""
    return bool(_unasked(db))


def ask(turn: Turn) -> int:
    """Text each of them that promise, once; how many were."""
    asked = 0
    for person_id, version in _unasked(turn.db):
        me = persons.by_person(turn, person_id)
        what = _key(person_id, version)
        if me is not None and one_time.first(turn.db, what, turn.now, turn.now + ONLY_ONCE):
            bodies = [me.text(turn, "promise_asked", number=version), _words(turn, me)]
            persons.tell(turn, me, bodies, texts.ASK, OF_USE)
            asked += 1
    return asked


def agree_first(turn: Turn, me: Me) -> list[str]:
    """To whoever comes on without having agreed to the promise in force: it, and how to agree."""
    found = select(promise.held_version(me.line_id)).where(*_without_yes(me.line_id))
    version = turn.db.scalar(found.where(Volunteer.person_id == me.person_id))
    if version is None:
        return []
    return [me.text(turn, "promise_asked", number=version), _words(turn, me)]


def _unasked(db: Connection) -> list[tuple[int, int]]:
    """Persons who said yes to rings but not to the promise in force, with its version."""
    held = promise.held_version(Volunteer.line_id).label("version")
    missing = select(Volunteer.person_id, held).where(*_without_yes(Volunteer.line_id))
    found = db.execute(missing.order_by(Volunteer.person_id))
    rows = [(who, version) for who, version in found if version is not None]
    names = [_key(*row) for row in rows]
    known = (
        set(db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(names))))
        if names
        else set()
    )
    return [row for row, name in zip(rows, names, strict=True) if name not in known]


def _without_yes(
    line_id: int | ColumnExpressionArgument[int],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Volunteer.agreed == promise.YES, ~promise.has_agreed(line_id)


def _key(person_id: int, version: int) -> str:
    return f"promise:{person_id}:{version}"


def _words(turn: Turn, me: Me) -> str:
    promised = in_force(turn.db, me.line_id)
    mine = promised.get(me.language) or next(iter(promised.values()))
    return texted(mine, me.line_name)[0]
