"""Gaps ahead, waits too long, cover that falls: whoever is on duty hears of it in time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from shifts.hours.resolver import Lack, cover_between
from shifts.hours.wanted import LINE
from shifts.who_is_on import next_on
from warmline import languages
from warmline.calls import calls, talks
from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.conversations.persons import Me
from warmline.line import opening
from warmline.line.opening import TheLine
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.people import gaps, quiet_hours
from warmline.people.volunteers import who_counts
from warmline.sending import texts
from warmline.telephony.conversation import Turn

DISTANCES: Final = (timedelta(hours=2), timedelta(days=1), timedelta(days=7))
"""How long before it begins a gap is told of; the nearest is told at night too."""
TO_ITS_END: Final = timedelta(days=1)
"""Looked further, so that a gap is shown to its end."""
WAITS: Final = timedelta(days=1)
"""So long a gap that is told of waits for whoever is next on duty, rather than wake anybody."""
IN_TIME: Final = timedelta(minutes=30)
OF_USE: Final = timedelta(hours=12)
LATELY: Final = timedelta(minutes=10)
LONG_WAIT: Final = timedelta(minutes=2)
SECOND: Final = timedelta(seconds=1)
FALLEN: Final = "cover_fallen"
Near = tuple[Lack, timedelta]
"""A gap, and the distance that it has reached."""


def are_untold(db: Connection, now: datetime) -> bool:
    """Whether a gap has come nearer than somebody was told."""
    line = opening.find_line(db)
    return line is not None and bool(_untold(db, line, now))


def tell(turn: Turn) -> int:
    """Tell whoever is on duty of gaps that are near; how many texts.

    With nobody on duty it waits for who is next, if that is in time; else the coordinator hears
    of it. With nobody to tell, nothing is marked as told.
    """
    line = opening.find_line(turn.db)
    if line is None:
        return 0
    on = duty.on_duty(turn, line.line_id)
    people = on or duty.coordinator(turn, line.line_id)
    near = _untold(turn.db, line, turn.now) if people else []
    if not on:
        near = _without_those_that_wait(turn, line, near)
    if not near:
        return 0
    for lack, distance in near:
        one_time.first(turn.db, _key(line, lack, distance), turn.now, lack.gap.end)
    urgent = min(distance for _, distance in near) == DISTANCES[0]
    useful = min(OF_USE, near[0][0].gap.start - turn.now)
    told = 0
    for me in people:
        # Whoever has just heard that this very place opened is not told the same once more.
        fresh = [lack for lack, _ in near if not duty.knows_of(turn, me, lack.gap.start)]
        if fresh:
            said = me.fitted(turn, "gaps_ahead", [_words(turn, me, lack) for lack in fresh])
            persons.tell(turn, me, [said], texts.DUTY if urgent else texts.ASK, useful)
            told += 1
    return told


def _without_those_that_wait(turn: Turn, line: TheLine, near: list[Near]) -> list[Near]:
    """What the next on duty will not hear of in time, within the day or before it begins."""
    comes = next_on(turn.db, line.line_id, turn.now, WAITS, duty=True) if near else None
    return [
        (lack, distance)
        for lack, distance in near
        if comes is None or comes > lack.gap.start - IN_TIME
    ]


def _untold(db: Connection, line: TheLine, now: datetime) -> list[Near]:
    """Gaps to come, each with the nearest distance that it has reached and was not told at."""
    found = [
        (lack, distance)
        for lack in gaps.gaps(db, line, now, now + DISTANCES[-1] + TO_ITS_END)
        for distance in reached(lack.gap.start, now)
    ]
    keys = [_key(line, lack, distance) for lack, distance in found]
    known = (
        set(db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(keys))))
        if keys
        else set()
    )
    return [one for one, key in zip(found, keys, strict=True) if key not in known]


def reached(begins: datetime, now: datetime) -> list[timedelta]:
    """The nearest distance that a gap has reached; none when it has begun, or is far away."""
    near = [one for one in DISTANCES if begins - now <= one]
    return near[:1] if begins > now else []


def _key(line: TheLine, lack: Lack, distance: timedelta) -> str:
    subject = lack.subject
    what = "duty" if subject.duty else subject.language or subject.channel or "line"
    begins = int(lack.gap.start.timestamp()) // 60
    return f"gap:{line.line_id}:{what}:{begins}:{int(distance.total_seconds())}"


def _words(turn: Turn, me: Me, lack: Lack) -> str:
    """When, and who is lacking."""
    subject = lack.subject
    spoken = "language" if subject.language else None
    what = "duty" if subject.duty else spoken or subject.channel or "line"
    key = f"text.lacks_{what}" if lack.gap.on == 0 else "text.lacks_some"
    named = languages.name_in(subject.language, me.language) if subject.language else ""
    facts = {"on": lack.gap.on, "wanted": lack.gap.wanted, "language": named}
    span = me.span(lack.gap.start, lack.gap.end)
    return f"{span} ({turn.prompts.text(me.language, key, **facts)})"


def has_fallen(db: Connection, now: datetime) -> bool:
    """Whether fewer are on than a while ago, and fewer than wanted."""
    line = opening.find_line(db)
    if line is None:
        return False
    persons = frozenset(db.scalars(who_counts(line.line_id)))
    pieces = cover_between(db, line.line_id, now - LATELY, now + SECOND, persons)
    if not pieces or pieces[-1].number >= max(piece.number for piece in pieces):
        return False
    lacking = gaps.gaps(db, line, now, now + SECOND)
    return any(lack.subject == LINE for lack in lacking)


def tell_fallen(turn: Turn) -> int:
    """Duty is told at once that cover has fallen below what is wanted."""
    line_id = opening.the_line(turn.db).line_id
    told = duty.alert(turn, line_id, FALLEN)
    for me in _who_hears(turn, line_id) if told else ():
        one_time.first(turn.db, _short(me), turn.now, turn.now + duty.ONCE_AN_HOUR)
    return told


def hears_as_duty(turn: Turn, me: Me) -> bool:
    """Whether somebody hears as duty that fewer are on than wanted, or has within the hour."""
    if one_time.stands(turn.db, _short(me), turn.now):
        return True
    if duty.was_alerted(turn, me.line_id, FALLEN) or not has_fallen(turn.db, turn.now):
        return False
    return any(one.person_id == me.person_id for one in _who_hears(turn, me.line_id))


def _who_hears(turn: Turn, line_id: int) -> list[Me]:
    """Whoever is on duty; else the coordinator, unless it is a quiet hour of theirs."""
    on = duty.on_duty(turn, line_id)
    return on or [me for me in duty.coordinator(turn, line_id) if not _is_quiet(turn, me)]


def _is_quiet(turn: Turn, me: Me) -> bool:
    theirs = select(Volunteer.quiet_from, Volunteer.quiet_until)
    hours = turn.db.execute(theirs.where(Volunteer.person_id == me.person_id)).one()
    return quiet_hours.until(turn.now, me.zone, *hours) is not None


def _short(me: Me) -> str:
    return f"short:{me.person_id}"


_LONG_CALLS: Final = select(func.count()).where(
    Call.state.in_(calls.LOOKING), Call.waiting_since <= bindparam("since")
)
_LONG_TALKS: Final = select(func.count()).where(
    Talk.state.in_(talks.WITHOUT_A_PEER), Talk.waiting_since <= bindparam("since")
)


def wait_long(db: Connection, now: datetime) -> bool:
    """Whether two or more have waited longer than two minutes, by phone or by text."""
    since = {"since": now - LONG_WAIT}
    return sum(db.execute(one, since).scalar_one() for one in (_LONG_CALLS, _LONG_TALKS)) > 1


def tell_waits(turn: Turn) -> int:
    """Duty is told at once that several wait."""
    return duty.alert(turn, opening.the_line(turn.db).line_id, "waits_long")
