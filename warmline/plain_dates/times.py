"""Times of the clock as they are said: which minutes of a day 9, 9pm or 21:00 may mean."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.local_time import end_instant, start_instant
from warmline.plain_dates.lexicon import FIRST, SECOND, Number, PartOfDay

DAY: Final = 24 * 60
HALF_DAY: Final = 12 * 60


@dataclass(frozen=True)
class Clock:
    """A time as it was said; `exact` where the writer used the 24-hour clock beyond doubt."""

    hour: int
    minute: int = 0
    exact: bool = False
    with_minutes: bool = False
    mark: str | PartOfDay | None = None
    """ "am", "pm", or a part of the day: 9 in the evening."""
    which: int | None = None
    midnight: bool = False
    """The midnight before a day or the one after it: people mean either."""
    may_be_year: bool = False
    """Four digits that, after a date, are rather its year."""

    @property
    def literal(self) -> int:
        """The minute of the day on the 24-hour clock."""
        return self.hour * 60 + self.minute


def clock(hour: Number, minute: Number | None = None) -> Clock | None:
    """9, 09, 21, 9:30, 2100; None where there is no such time."""
    if len(hour.written) > 2:
        return _four_digits(hour.written) if minute is None else None
    minutes = minute.value if minute else 0
    if minutes > 59 or hour.value * 60 + minutes > DAY:
        return None
    return Clock(hour.value, minutes, is_exact(hour), with_minutes=minute is not None)


def is_exact(hour: Number) -> bool:
    """Whether an hour is of the 24-hour clock as it stands: 0, 09, 18."""
    return hour.value == 0 or hour.value > 12 or hour.written.startswith("0")


def _four_digits(written: str) -> Clock | None:
    hour, minute = written[:-2], written[-2:]
    return clock(Number(int(hour), hour), Number(int(minute), minute))


def marked(said: Clock, mark: str | PartOfDay | None, which: int | None = None) -> Clock | None:
    """A time with am, pm or a part of the day after it; None where they contradict each other."""
    both = replace(said, mark=mark, which=which)
    if mark == "am" and both.literal == HALF_DAY:
        both = replace(both, midnight=True)
    return both if minutes(both) else None


def exactly(said: Clock) -> Clock:
    """A time with the sign of the 24-hour clock after it (Spanish "10 h")."""
    return replace(said, exact=True)


def perhaps_a_year(said: Clock) -> Clock:
    """A time of four digits with no word that says it is one."""
    return replace(said, may_be_year=said.hour == 20)


def minutes(said: Clock) -> list[int]:
    """The minutes of the day, 0 to 1440, that a time may mean."""
    if said.mark in {"am", "pm"}:
        return _with_meridiem(said)
    if said.exact or not 1 <= said.hour <= 12:
        found = [said.literal]
    else:
        found = [said.literal % HALF_DAY, said.literal % HALF_DAY + HALF_DAY]
    if isinstance(said.mark, PartOfDay):
        return [minute for minute in found if inside(minute, said.mark.clock)]
    return found


def _with_meridiem(said: Clock) -> list[int]:
    if said.hour > 12 or said.hour == 0:
        right = said.hour == 0 if said.mark == "am" else 12 < said.hour < 24
        return [said.literal] if right else []
    return [said.literal % HALF_DAY + (HALF_DAY if said.mark == "pm" else 0)]


def inside(minute: int, window: tuple[int, int]) -> bool:
    """Whether a minute of the day, or the same one of the next, is in a part's clock window."""
    return any(window[0] <= one <= window[1] for one in (minute, minute + DAY))


def on_a_day(said: Clock, part: PartOfDay | None) -> list[int]:
    """The minutes from the midnight that begins a named day; 1440 and more are on the next."""
    if part:
        first = min(part.starts[0], part.clock[0])
        last = max(part.starts[1], part.clock[1])
        both = (one for minute in minutes(said) for one in (minute, minute + DAY))
        return [one for one in both if first <= one <= last]
    return [one for minute in minutes(said) for one in (minute, *_next_day(said, minute))]


def _next_day(said: Clock, minute: int) -> Iterator[int]:
    """The small hours after a night that is named by its day, and the midnight that ends it."""
    bare_midnight = said.midnight or (said.mark is None and said.hour == 12 and not said.exact)
    if minute == 0 and bare_midnight:
        yield DAY
    elif isinstance(said.mark, PartOfDay) and minute + DAY <= said.mark.clock[1]:
        yield minute + DAY


def alike(starts: Clock, ends: Clock) -> tuple[Clock, Clock] | None:
    """The two times of a span, read on the same clock: beside am or pm a 09 is a 9.

    None where it would begin at 24:00, which is only an end.
    """
    if starts.literal == DAY:
        return None
    if {starts.mark, ends.mark}.isdisjoint({"am", "pm"}):
        return starts, ends
    return _not_exact(starts), _not_exact(ends)


def _not_exact(said: Clock) -> Clock:
    return replace(said, exact=said.exact and not 1 <= said.hour <= 12)


def spans(starts: Clock, ends: Clock) -> list[tuple[int, int]]:
    """What "6 to 9" may mean, in minutes from midnight; past 1440 is the next day.

    On the 12-hour clock a shift of more than twelve hours is not meant: 6-9pm begins at 18:00.
    Where one of the two times is of the 24-hour clock, so may be the other (18-9).
    """
    same_night = (starts.which, ends.which) == (FIRST, SECOND)
    pairs = [
        (one, other if other > one or same_night else other + DAY)
        for one in minutes(starts)
        for other in minutes(ends)
    ]
    short = [pair for pair in pairs if pair[1] - pair[0] <= HALF_DAY]
    if len(pairs) == 1:
        return pairs
    if not (starts.exact or ends.exact):
        return short
    literal = [pair for pair in pairs if (pair[0], pair[1] % DAY) == _literal(starts, ends)]
    if literal and starts.with_minutes and ends.with_minutes:
        return literal
    return literal + [pair for pair in short if pair not in literal]


def _literal(starts: Clock, ends: Clock) -> tuple[int, int]:
    return starts.literal, ends.literal % DAY


def instant(
    day: date, minute: int, zone: ZoneInfo, *, which: int | None = None, ends: bool = False
) -> datetime | None:
    """The instant (UTC) of a minute counted from a day's midnight.

    A time that comes twice is its first for a start and its last for an end, unless `which`
    says so; None where that says it of a time that comes once.
    """
    local = datetime.combine(day, time.min) + timedelta(minutes=minute)
    if which is not None:
        there = local.replace(tzinfo=zone, fold=which).astimezone(UTC)
        return there if comes_twice(there, zone) else None
    return end_instant(local, zone) if ends else start_instant(local, zone)


def comes_twice(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks on the wall show this instant's time twice."""
    local = at.astimezone(zone)
    both = [local.replace(fold=fold).astimezone(UTC) for fold in (FIRST, SECOND)]
    return both[0] < both[1]
