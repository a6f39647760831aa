"""LEAVE: asked first, with the letter of hours; said again, a volunteer is erased."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shifts.hours.opening_hours import merged
from shifts.models import Line
from shifts.places import of_person
from warmline.calls.records import LineFacts
from warmline.conversations.notices import duty, unproven
from warmline.conversations.persons import Me
from warmline.conversations.text_talks import peer
from warmline.conversations.text_talks.messages import answer_once
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.people import leaving
from warmline.telephony.conversation import Turn

SURE_WITHIN: Final = timedelta(minutes=10)
HOUR: Final = timedelta(hours=1)
SINCE_EVER: Final = timedelta(days=366 * 20)


def leave(turn: Turn, me: Me, line: LineFacts) -> list[str]:
    """LEAVE: what it does, and the hours they gave; a second one within ten minutes does it.

    The one word of goodbye goes to the number that has just texted; here nothing is left of it.
    """
    if leaving.is_in_a_call(turn.db, me.person_id):
        return [me.text(turn, "leave_later")]
    what = f"leave:{me.person_id}"
    asked = select(OneTimeMark.what).where(OneTimeMark.what == what, OneTimeMark.until > turn.now)
    if turn.db.execute(asked).first() is None:
        one_time.first(turn.db, what, turn.now, turn.now + SURE_WITHIN)
        return [me.text(turn, "leave_sure", hours=_given(turn, me))]
    number = turn.sender
    peer.gone(turn, me)
    in_zone = select(Line.time_zone).where(Line.id == me.line_id)
    zone = ZoneInfo(turn.db.execute(in_zone).scalar_one())
    told = duty.on_duty(turn, me.line_id) or duty.coordinator(turn, me.line_id)
    spans = leaving.erase(turn.db, turn.seal, me.line_id, me.person_id, zone, turn.now)
    duty.tell_opened(turn, [one for one in told if one.person_id != me.person_id], spans)
    unproven.count(turn, me)
    unproven.forget(turn, me.person_id)
    answer_once(turn, line, number, me.language, "left")
    return []


def _given(turn: Turn, me: Me) -> str:
    """The hours they gave, in words: one is no "1 hours"."""
    hours = _hours_given(turn, me)
    return me.prompt(turn, "hours_one" if hours == "1" else "hours_many", number=hours)


def _hours_given(turn: Turn, me: Me) -> str:
    """All hours they said yes to and that are over, to the half hour."""
    begin: datetime = turn.now - SINCE_EVER
    spans = [
        (place.starts_at, min(place.ends_at, turn.now))
        for on_call in (False, True)
        for place in of_person(turn.db, me.line_id, me.person_id, begin, turn.now, duty=on_call)
        if place.on
    ]
    length = sum(((end - start) for start, end in merged(spans)), timedelta())
    return f"{round(length / HOUR * 2) / 2:.1f}".rstrip("0").rstrip(".")
