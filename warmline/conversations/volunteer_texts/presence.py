"""IN, OUT, DUTY, PAUSE, BACK, WHO, AWAY: being there now by text, and times one cannot be.

What falls into a time away is named, and never given up by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from shifts.claims import own_limits
from shifts.claims.own_limits import AwayTime
from shifts.claims.presence import LONGEST_PRESENCE, NotOn, come_on, go_off
from shifts.local_time import Span, local_day, start_of_day
from shifts.who_is_on import who_is_on
from warmline import languages
from warmline.conversations.notices import unproven
from warmline.conversations.persons import Me
from warmline.conversations.ringing import rings
from warmline.conversations.shift_lists import AWAY, MY_LIST, page, stretches
from warmline.conversations.volunteer_texts.when import span_of, unclear, when, which
from warmline.models.people import Volunteer
from warmline.people.volunteers import who_counts
from warmline.plain_dates import Choice, Moment, NotUnderstood, Why, read_end
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers
from warmline.texting.lengths import PERSON_NAME, shortened
from warmline.texting.spelling import plain
from warmline.texting.whole_words import minutes

USUAL_PAUSE: Final = 20
LONGEST_PAUSE: Final = 240
OFF: Final = frozenset(languages.all_words("answers", "off"))
A_LONG_PAUSE: Final = timedelta(hours=1)
A_REST: Final = timedelta(minutes=30)
"""Whoever goes so late goes home: at the end of a shift several do at once."""
_HOURS: Final = languages.number_with_unit("hours_begin", r"\d{1,2}")


def come_on_now(turn: Turn, me: Me, rest: str) -> list[str]:
    """IN: on from now for two hours, or IN 4H, IN UNTIL 9; who is on already stays so."""
    end = until(turn, me, rest) if rest else None
    if isinstance(end, Choice):
        return [which(turn, me, "IN", end)]
    if rest and end is None:
        return [me.text(turn, "until_when")]
    _set_pause(turn, me, None)
    rings.may_be_rung_anew(turn.db, me.person_id)
    presence = come_on(turn.db, me.line_id, me.person_id, turn.now, end)
    key = "on_already" if presence.already else "on"
    return [me.text(turn, key, until=me.time(presence.until))]


def go_off_now(turn: Turn, me: Me, _rest: str) -> list[str]:
    """OUT: the rest of the present shift is given up."""
    try:
        off = go_off(turn.db, me.line_id, me.person_id, turn.now)
    except NotOn:
        return [me.text(turn, "off_already")]
    if off.given_up >= A_REST:
        unproven.count(turn, me)
    return [me.text(turn, "off")]


def duty(turn: Turn, me: Me, rest: str) -> list[str]:
    """DUTY: on call as the coordinator from now, as long as IN; DUTY OFF: not any more."""
    if plain(rest) in OFF:
        try:
            go_off(turn.db, me.line_id, me.person_id, turn.now, duty=True)
        except NotOn:
            return [me.text(turn, "duty_off_already")]
        unproven.count(turn, me)
        return [me.text(turn, "duty_off")]
    end = until(turn, me, rest) if rest else None
    if isinstance(end, Choice):
        return [which(turn, me, "DUTY", end)]
    if rest and end is None:
        return [me.text(turn, "duty_until_when")]
    presence = come_on(turn.db, me.line_id, me.person_id, turn.now, end, duty=True)
    return [me.text(turn, "duty_on", until=me.time(presence.until))]


def pause(turn: Turn, me: Me, rest: str) -> list[str]:
    """PAUSE, PAUSE 45: not just now, for 20 minutes unless said; the roster stays as it is."""
    wanted = minutes(rest) or USUAL_PAUSE
    ends = turn.now + timedelta(minutes=max(1, min(wanted, LONGEST_PAUSE)))
    _set_pause(turn, me, ends - turn.now)
    if ends - turn.now > A_LONG_PAUSE:
        unproven.count(turn, me)
    return [me.text(turn, "paused", until=me.time(ends))]


def back(turn: Turn, me: Me, _rest: str) -> list[str]:
    """BACK: a pause, a breather, and the rest after rings that were missed, are over."""
    _set_pause(turn, me, None)
    rings.may_be_rung_anew(turn.db, me.person_id)
    mine = update(Volunteer).where(Volunteer.person_id == me.person_id)
    turn.db.execute(mine.values(breather_until=None))
    return [me.text(turn, "back")]


def who(turn: Turn, me: Me, _rest: str) -> list[str]:
    """WHO: who is on now."""
    on = who_is_on(turn.db, me.line_id, turn.now, among=who_counts(me.line_id))
    if not on:
        return [me.text(turn, "who_nobody")]
    return [me.fitted(turn, "who", [shortened(one.name, PERSON_NAME) for one in on])]


def until(turn: Turn, me: Me, rest: str) -> datetime | Choice | None:
    """When they want to be on until; a choice on a doubt, None when it was not understood."""
    hours = _HOURS.fullmatch(rest)
    if hours is not None and hours[2]:
        return turn.now + timedelta(hours=int(hours[1]))
    answer = read_end(rest, turn.now, me.zone, me.language, within=LONGEST_PRESENCE)
    if isinstance(answer, Choice):
        return answer
    return answer.at if isinstance(answer, Moment) else None


def _set_pause(turn: Turn, me: Me, length: timedelta | None) -> None:
    mine = update(Volunteer).where(Volunteer.person_id == me.person_id)
    until = None if length is None else turn.now + length
    turn.db.execute(mine.values(paused_until=until, resting_until=None))


AT_ONCE: Final = 4


def away(turn: Turn, me: Me, rest: str) -> list[str]:
    """AWAY 20 DEC TO 3 JAN: not then, and which of mine that concerns; AWAY: when I am away."""
    if not rest:
        return [_listed(turn, me)]
    answer = when(turn, me, rest)
    if isinstance(answer, Choice):
        return [which(turn, me, "AWAY", answer)]
    if isinstance(answer, NotUnderstood):
        return [unclear(turn, me, "AWAY", answer)]
    span = span_of(me, answer)
    if span is None or isinstance(answer, Moment):
        return [unclear(turn, me, "AWAY", NotUnderstood(rest[:30], Why.UNKNOWN))]
    return _added(turn, me, span)


def still_away(turn: Turn, me: Me, _away_ids: Sequence[int]) -> list[str]:
    """OK 3, where 3 is a time away: so it is."""
    return [_listed(turn, me)]


def not_away(turn: Turn, me: Me, away_ids: Sequence[int]) -> list[str]:
    """NO 3, where 3 is a time away: there after all."""
    gone = [own_limits.remove_away(turn.db, me.line_id, me.person_id, one) for one in away_ids]
    return [me.fitted(turn, "not_away", [_words(me, one) for one in gone])]


def _added(turn: Turn, me: Me, span: Span) -> list[str]:
    told = own_limits.add_away(turn.db, me.line_id, me.person_id, span, turn.now)
    unproven.count(turn, me)
    [number] = list_numbers.numbers(turn.db, me.person_id, AWAY, [told.away.id], turn.now)
    values = {"when": _words(me, told.away), "number": number}
    entries = stretches(place for place in told.places if place.starts_at > turn.now)
    if not entries:
        return [me.text(turn, "away", **values)]
    return page(turn, me, "away_shifts", MY_LIST, entries, **values)


def _listed(turn: Turn, me: Me) -> str:
    """Their times away, the next few, each with a number."""
    times = own_limits.aways(turn.db, me.line_id, me.person_id, turn.now)[:AT_ONCE]
    if not times:
        return me.text(turn, "aways_none")
    numbers = list_numbers.numbers(turn.db, me.person_id, AWAY, [one.id for one in times], turn.now)
    said = [f"{number} {_words(me, one)}" for number, one in zip(numbers, times, strict=True)]
    return me.fitted(turn, "aways", said)


def _words(me: Me, time: AwayTime) -> str:
    """Whole days by their first and last, other times by their hours."""
    first, last = local_day(time.starts_at, me.zone), local_day(time.ends_at, me.zone)
    whole = [start_of_day(first, me.zone), start_of_day(last, me.zone)]
    if whole != [time.starts_at, time.ends_at]:
        return me.span(time.starts_at, time.ends_at)
    days = dict.fromkeys((me.day(time.starts_at), me.day(time.ends_at - timedelta(minutes=1))))
    return "-".join(days)
