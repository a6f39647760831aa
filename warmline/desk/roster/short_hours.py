"""Thin hours of a week: when, by what comes as a rule and by its roster, many would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shifts.local_time import DAY, local_day
from warmline.counts import patience, planner, reports, typical_week
from warmline.counts.planner import ExpectedCalls, ThinHour
from warmline.counts.reports import Period, SpeaksFor, months_after
from warmline.counts.typical_week import TypicalWeek
from warmline.desk.visit import Form, Visit

USUAL: Final = {"callers": "4", "talk": "25", "patience": "4", "answered": "55"}
"""What is put in until somebody writes their own: callers an hour, minutes, minutes, per cent."""
MONTHS: Final = 12
ENOUGH: Final = 20
"""Notes, from which on hours of a week are told apart; fewer tell of chance alone."""
HOURS_OF_A_DAY: Final = 24


@dataclass(frozen=True)
class Known:
    """What notes of the last twelve months say: a typical week, and patience in minutes.

    `rests_on` is of how many of all that is known.
    """

    week: TypicalWeek
    patience: float | None
    rests_on: SpeaksFor

    @property
    def tells_hours(self) -> bool:
        """Whether there are enough notes to say which hours are thin."""
        return self.rests_on.noted >= ENOUGH


@dataclass(frozen=True)
class Band:
    """Thin hours of a day in a row, [first, end) on the wall's clock, with so many on.

    `leave` is how many of 100 callers would leave in the worst of them; `enough` what would do.
    """

    day: date
    first: int
    end: int
    peers: int
    leave: int
    enough: int | None


def known(visit: Visit) -> Known:
    """What the line has counted, of the months that are told."""
    today = local_day(visit.now, visit.line.zone)
    end = months_after(today.replace(day=1), 1)
    begin = months_after(end, -MONTHS)
    noted = reports.read_noted(visit.db, visit.line.line_id, begin, end)
    rests_on = reports.speaks_for(visit.db, visit.line.line_id, noted)
    week = typical_week.read(visit.db, visit.line.line_id, noted, rests_on.all, today)
    return Known(week, _patience(noted), rests_on)


def planner_numbers(query: Form, found: Known) -> dict[str, str]:
    """The planner's numbers as they were typed, from the counts, or the usual."""
    counted = {} if found.patience is None else {"patience": f"{found.patience:.1f}"}
    return {name: query[name] or counted.get(name, usual) for name, usual in USUAL.items()}


def expected_calls(visit: Visit, numbers: Mapping[str, str]) -> ExpectedCalls:
    """What comes, by the planner's numbers. Raises ValueError or CannotPlan."""
    read = {name: float(text.replace(",", ".")) for name, text in numbers.items()}
    return ExpectedCalls(
        callers_an_hour=read["callers"],
        talk_minutes=read["talk"],
        breather_minutes=visit.line.breather_minutes,
        patience_seconds=read["patience"] * 60,
        rings_answered=read["answered"] / 100,
        ring_seconds=float(visit.line.ring_seconds),
    )


def of_week(visit: Visit, monday: date, found: Known, comes: ExpectedCalls) -> list[Band]:
    """The thin hours of the local week from `monday` on, those in a row as one."""
    if not found.tells_hours:
        return []
    on = typical_week.peers_on(visit.db, visit.line.line_id, monday, visit.line.zone)
    return bands(monday, planner.thin_hours(comes, found.week.callers_an_hour(), on))


def bands(monday: date, hours: Sequence[ThinHour]) -> list[Band]:
    """Hours of a week as bands of days; hours in a row with as many on are one."""
    made: list[Band] = []
    for one in hours:
        here = _alone(monday, one)
        last = made[-1] if made else None
        if last and (last.day, last.end, last.peers) == (here.day, here.first, here.peers):
            enough = None if None in (last.enough, here.enough) else _most(last, here)
            worst = max(last.leave, here.leave)
            made[-1] = Band(last.day, last.first, here.end, last.peers, worst, enough)
        else:
            made.append(here)
    return made


def _alone(monday: date, one: ThinHour) -> Band:
    days, hour = divmod(one.hour, HOURS_OF_A_DAY)
    leave = round(one.leave * 100)
    return Band(monday + days * DAY, hour, hour + 1, one.peers, leave, one.enough)


def _most(one: Band, other: Band) -> int:
    return max(one.enough or 0, other.enough or 0)


def _patience(noted: Sequence[Period]) -> float | None:
    """Minutes a caller waits on average before they leave, where enough is noted to tell."""
    counts = reports.together(noted)
    seconds = patience.seconds(
        counts["waited 2 min"], counts["waited longer"], counts["left later"]
    )
    return None if seconds is None else seconds / 60
