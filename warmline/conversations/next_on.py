"""When somebody is next on, as it is said to a caller."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.hours.wanted import VOICE, Subject
from shifts.who_is_on import next_on, who_is_on
from warmline.calls.records import LiveCall, LiveTalk
from warmline.conversations.spoken_instants import spoken_instant
from warmline.models.people import Volunteer
from warmline.people.volunteers import who_counts
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Say

THE_SAME_CLOCK: Final = timedelta(hours=12)
"""An end further ahead than this is said with its day."""


def words(turn: Turn, call: LiveCall) -> Say:
    """Until when somebody is on now; else the weekday and the line's own time of the next.

    With none within seven days: we cannot say yet. Of somebody who takes calls, other than the
    caller; and of somebody who speaks the caller's language, where that is not the same: who comes
    sooner may be talked with all the same.
    """
    there = _on_until(turn, call)
    if there is not None:
        return there
    anybody = _next_on(turn, call, VOICE)
    said = _next_on_words("next_on", anybody, turn, call)
    speaker = _next_on(turn, call, Subject(turn.language, "voice"))
    if speaker == anybody:
        return said
    more = _next_on_words("next_speaker", speaker, turn, call)
    return Say(f"{said.text} {more.text}", said.language)


def _on_until(turn: Turn, call: LiveCall) -> Say | None:
    """The end of the present shift, where somebody other than the caller is on; None: nobody is."""
    others = who_counts(call.line_id, VOICE)
    if call.volunteer_id is not None:
        others = others.where(Volunteer.person_id != call.volunteer_id)
    on = who_is_on(turn.db, call.line_id, turn.now, among=others)
    if not on:
        return None
    until = max(one.until for one in on)
    when = spoken_instant(until, turn.now, call.zone, turn.language)
    later = "_later" if until - turn.now > THE_SAME_CLOCK else ""
    return turn.say(f"ask.on_until{later}", **when)


def texted(turn: Turn, talk: LiveTalk) -> str:
    """The weekday and the line's own time when somebody who takes texts is next on."""
    takers = who_counts(talk.line_id, Subject(channel="text"))
    if talk.volunteer_id is not None:
        takers = takers.where(Volunteer.person_id != talk.volunteer_id)
    return _next_on_words(
        "next_on", next_on(turn.db, talk.line_id, turn.now, among=takers), turn, talk
    ).text


def _next_on(turn: Turn, call: LiveCall, subject: Subject) -> datetime | None:
    others = who_counts(call.line_id, subject)
    if call.volunteer_id is not None:
        others = others.where(Volunteer.person_id != call.volunteer_id)
    return next_on(turn.db, call.line_id, turn.now, among=others)


def _next_on_words(key: str, instant: datetime | None, turn: Turn, of: LiveCall | LiveTalk) -> Say:
    if instant is None:
        return turn.say(f"ask.{key}_unknown")
    zone = of.zone
    when = spoken_instant(instant, turn.now, zone, turn.language)
    return turn.say(f"ask.{key}_{_day(instant, turn.now, zone)}", **when)


def _day(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    then, today = instant.astimezone(zone).date(), now.astimezone(zone).date()
    if then == today:
        return "today"
    return "tomorrow" if then - today == timedelta(days=1) else "weekday"
