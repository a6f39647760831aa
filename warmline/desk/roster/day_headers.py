"""What stands over the days of a roster: clocks, hours, who is lacking, thin hours, a note.

Gaps are told in people's words: when, and who is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from shifts.hours import opening_hours, weekly
from shifts.hours.resolver import Lack
from shifts.hours.wanted import LINE, VOICE, Wish
from shifts.local_time import Span, local_day
from warmline.counts.planner import CannotPlan
from warmline.desk.roster import grid, short_hours
from warmline.desk.roster.short_hours import Band
from warmline.desk.roster.view import RosterView
from warmline.desk.visit import Visit
from warmline.desk.wording import Telling
from warmline.line import day_notes
from warmline.line.opening import TheLine
from warmline.people import gaps

SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Missing:
    """A gap: [starts_at, ends_at) in UTC, and in words who is missing."""

    starts_at: datetime
    ends_at: datetime
    words: str
    nobody: bool
    duty: bool


@dataclass(frozen=True)
class Day:
    """A day's head: what happens to the clocks, when the line is open, what is lacking.

    `why` is the note of a day whose hours are others; `note` is what the desk wrote for it.
    """

    day: date
    clocks: str
    open_at: list[Span]
    missing: list[Missing]
    why: str
    note: str
    bands: list[Band] = field(default_factory=list)


def headers(visit: Visit, seen: RosterView, begin: datetime, end: datetime) -> list[Day]:
    """What stands over each day that is seen."""
    line, zone = visit.line, seen.zone
    since = max(begin, min(visit.now, end - SECOND)).replace(microsecond=0)
    lacks = gaps.gaps(visit.db, line, since, end) if end > visit.now else []
    missing = gaps_in_words(lacks, line, visit.telling)
    opened = opening_hours.read(visit.db, line.line_id)
    spans = opening_hours.open_spans(opened, begin, end, line.zone)
    notes = day_notes.read(visit.db, line.line_id, seen.days[0], seen.days[-1])
    bands = thin_bands(visit, seen)
    return [
        Day(
            day,
            visit.telling.clocks(day),
            grid.hours_on(spans, day, zone),
            [one for one in missing if local_day(one.starts_at, zone) == day],
            opened.days[day].note if day in opened.days else "",
            notes.get(day, ""),
            bands.get(day, []),
        )
        for day in seen.days
    ]


def thin_bands(visit: Visit, seen: RosterView) -> Mapping[date, list[Band]]:
    """The thin hours of each day, where the address asks for them; on the line's own clock."""
    if not seen.thin or seen.elsewhere:
        return {}
    known = short_hours.known(visit)
    try:
        comes = short_hours.expected_calls(visit, short_hours.planner_numbers(visit.query, known))
    except (CannotPlan, ValueError):
        return {}
    found: dict[date, list[Band]] = {}
    for monday in sorted({grid.week_of(day)[0] for day in seen.days}):
        for band in short_hours.of_week(visit, monday, known, comes):
            found.setdefault(band.day, []).append(band)
    return found


def wished(wishes: Sequence[Wish], telling: Telling) -> list[str]:
    """The wanted numbers in people's words: Spanish: 1 (Fri and Sat 18:00-23:00)."""
    return [_wish(one, telling) for one in wishes]


def _wish(one: Wish, telling: Telling) -> str:
    subject, window = one.subject, one.window
    name = telling.language_name(subject.language) if subject.language else ""
    kind = "duty" if subject.duty else subject.channel or "line"
    said = telling(f"wanted.{kind}", n=one.number) if not name else f"{name}: {one.number}"
    if window is None:
        return said
    days = telling.listed([telling(f"weekday.{day}") for day in sorted(window.weekdays)])
    return f"{said} ({days} {weekly.times_in_words(window.starts, window.ends)})"


def gaps_in_words(lacks: Iterable[Lack], line: TheLine, telling: Telling) -> list[Missing]:
    """Each gap in words, by start."""
    return [_one(lack, telling) for lack in lacks]


def _one(lack: Lack, telling: Telling) -> Missing:
    subject, gap = lack.subject, lack.gap
    speaks = telling.language_name(subject.language) if subject.language else ""
    if subject.duty:
        kind = "duty"
    elif subject == LINE:
        kind = "line"
    elif subject.language is not None:
        kind = "language"
    else:
        kind = "voice" if subject == VOICE else "text"
    key = f"gap.{kind}" if gap.on == 0 else f"gap.{kind}_few"
    words = telling(key, on=gap.on, wanted=gap.wanted, language=speaks)
    return Missing(gap.start, gap.end, words, gap.on == 0, subject.duty)
