"""Who has the turn when: hand-overs counted in wall-clock time from an anchor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from shifts.local_time import start_instant
from shifts.patterns.rule import Turns

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Turn:
    """One group's turn: half-open [starts_at, ends_at), UTC."""

    starts_at: datetime
    ends_at: datetime
    group: tuple[int, ...]


def turns_between(turns: Turns, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Turn]:
    """The turns by hour, day, week or month that share an instant with [begin, end), in order.

    Each ends where the next begins. One whose hours the clocks skip has no length and is left
    out; the order of the others stays.
    """
    number = _number_at(turns, zone, begin)
    starts_at = hand_over(turns, zone, number)
    while starts_at < end:
        ends_at = hand_over(turns, zone, number + 1)
        if starts_at < ends_at:
            yield Turn(starts_at, ends_at, group_of(turns, number))
        number, starts_at = number + 1, ends_at


def group_of(turns: Turns, number: int) -> tuple[int, ...]:
    """Whose turn the n-th is, the first from the anchor (or first day) being 0."""
    return turns.groups[number % len(turns.groups)]


def hand_over(turns: Turns, zone: ZoneInfo, number: int) -> datetime:
    """The instant (UTC) at which the n-th turn begins.

    A month is the anchor's day and time in another month, or that month's last day when it has
    no such day.
    """
    anchor = _anchor(turns)
    count = number * turns.every
    if turns.unit == "month":
        return start_instant(anchor + relativedelta(months=count), zone)
    return start_instant(anchor + count * STEPS[turns.unit], zone)


def _number_at(turns: Turns, zone: ZoneInfo, instant: datetime) -> int:
    """The turn an instant is in; a guess by the wall clock is off only where clocks change."""
    anchor, local = _anchor(turns), instant.astimezone(zone).replace(tzinfo=None)
    if turns.unit == "month":
        months = (local.year - anchor.year) * 12 + local.month - anchor.month
        number = months // turns.every
    else:
        number = (local - anchor) // (STEPS[turns.unit] * turns.every)
    while hand_over(turns, zone, number) > instant:
        number -= 1
    while hand_over(turns, zone, number + 1) <= instant:
        number += 1
    return number


def _anchor(turns: Turns) -> datetime:
    if turns.anchor is None:
        raise ValueError("turns by shift have no hand-overs of their own")
    return turns.anchor
