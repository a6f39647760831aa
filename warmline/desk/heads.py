"""What stands over the days of a roster: clocks, hours, who is lacking, thin hours, a note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from shifts import hours, weekly
from shifts.calendar import Span, local_day
from shifts.wanted import Wish
from warmline import day_notes, gaps
from warmline.desk import grid, lacking, thin
from warmline.desk.lacking import Missing
from warmline.desk.sought import Sought
from warmline.desk.telling import Telling
from warmline.desk.thin import Band
from warmline.desk.visit import Visit
from warmline.planner import CannotPlan

SECOND: Final = timedelta(seconds=1)


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


def heads(visit: Visit, seen: Sought, begin: datetime, end: datetime) -> list[Day]:
    """What stands over each day that is seen."""
    line, zone = visit.line, seen.zone
    since = max(begin, min(visit.now, end - SECOND)).replace(microsecond=0)
    lacks = gaps.gaps(visit.db, line, since, end) if end > visit.now else []
    missing = lacking.told(lacks, line, visit.telling)
    opened = hours.read(visit.db, line.line_id)
    spans = hours.open_spans(opened, begin, end, line.zone)
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


def thin_bands(visit: Visit, seen: Sought) -> Mapping[date, list[Band]]:
    """The thin hours of each day, where the address asks for them; on the line's own clock."""
    if not seen.thin or seen.elsewhere:
        return {}
    known = thin.known(visit)
    try:
        comes = thin.demand(visit, thin.typed(visit.query, known))
    except (CannotPlan, ValueError):
        return {}
    found: dict[date, list[Band]] = {}
    for monday in sorted({grid.week_of(day)[0] for day in seen.days}):
        for band in thin.of_week(visit, monday, known, comes):
            found.setdefault(band.day, []).append(band)
    return found


def wished(wishes: Sequence[Wish], telling: Telling) -> list[str]:
    """The wanted numbers in people's words: Spanish: 1 (Fri and Sat 18:00-23:00)."""
    return [_wish(one, telling) for one in wishes]


def _wish(one: Wish, telling: Telling) -> str:
    subject, window = one.subject, one.window
    name = lacking.language_name(subject.language, telling) if subject.language else ""
    kind = "duty" if subject.duty else subject.channel or "line"
    said = telling(f"wanted.{kind}", n=one.number) if not name else f"{name}: {one.number}"
    if window is None:
        return said
    days = telling.listed([telling(f"weekday.{day}") for day in sorted(window.weekdays)])
    return f"{said} ({days} {weekly.times_in_words(window.starts, window.ends)})"
