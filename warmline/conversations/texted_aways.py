"""AWAY: times one cannot be on; what falls into them is named, and never given up by itself."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from shifts.claims import own_limits
from shifts.claims.own_limits import AwayTime
from shifts.local_time import Span, local_day, start_of_day
from warmline.conversations.texted_dates import span_of, unclear, when, which
from warmline.conversations.texted_shifts import MY_LIST, page, stretches
from warmline.conversations.texting import Me
from warmline.plain_dates import Choice, Moment, NotUnderstood, Why
from warmline.telephony.conversation import Turn
from warmline.texting import shown_numbers

AWAY: Final = "away"
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
    [number] = shown_numbers.numbers(turn.db, me.person_id, AWAY, [told.away.id], turn.now)
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
    numbers = shown_numbers.numbers(
        turn.db, me.person_id, AWAY, [one.id for one in times], turn.now
    )
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
