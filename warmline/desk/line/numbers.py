"""Numbers: how many called, how they fared and when; of nobody in particular. And for funders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from shifts.files.csv_rows import written
from shifts.local_time import local_day
from warmline.counts import reports, small_numbers, typical_week
from warmline.counts.counting import ANSWERED, CHANNELS, NOT_REACHED, OFFERED
from warmline.counts.reports import Period, months_after
from warmline.desk.charts import Bar, bars
from warmline.desk.visit import Answer, HtmlPage, Plain, Visit

MONTHS: Final = 12
WAITS: Final = ("waited 30 s", "waited 2 min", "waited longer")
LEFT: Final = ("left early", "left later")
HEAT: Final = (0.001, 0.25, 0.5, 1.0)
"""Callers an hour who reach nobody, from which on an hour of the week is marked more strongly."""


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("numbers.html", values(visit))


def funders(visit: Visit) -> Answer:
    """One page to print."""
    return HtmlPage("funders.html", values(visit))


def funders_csv(visit: Visit) -> Answer:
    """The same as a file."""
    begin, end = _last_months(visit)
    rows: list[Sequence[object]] = [
        ["from", "until", "offered", "answered", "not_reached", *_columns()],
        *([one.first, one.end, *_row(one)] for one in _periods(visit, begin, end)),
        [],
        ["month", "hours_given"],
        *([month, f"{hours:.1f}"] for month, hours in _hours(visit, begin, end)),
    ]
    lines = "".join(written(row) for row in rows)
    return Plain(lines, "text/csv; charset=utf-8", "numbers.csv")


def values(visit: Visit) -> dict[str, object]:
    """Everything that the pages show, of the last twelve months."""
    line = visit.line
    today = local_day(visit.now, line.zone)
    begin, end = _last_months(visit)
    periods = _periods(visit, begin, end)
    stretch = reports.stretch(periods) if periods else (begin, end)
    week = typical_week.read(visit.db, line.line_id, *stretch, today)
    hours = _hours(visit, begin, end)
    return {
        "periods": periods,
        "chart": bars(visit.telling("numbers.chart"), [_as_bar(visit, one) for one in periods]),
        "label": lambda one: label(visit, one),
        "total": lambda one, what: of_channels(one.counts, what),
        "waits": [(key, _sum(periods, key)) for key in WAITS],
        "left": [(key, _sum(periods, key)) for key in LEFT],
        "languages": _languages(visit, periods),
        "few": week.few,
        "missed": [] if week.few else typical_week.by_day(week.missed_an_hour()),
        "any_missed": any(week.missed_an_hour()) and not week.few,
        "heat": heat,
        "hours": hours,
        "all_hours": sum(number for _, number in hours),
        "answered": sum(of_channels(one.counts, ANSWERED) for one in periods),
        "offered": sum(one.offered for one in periods),
        "not_reached": sum(of_channels(one.counts, NOT_REACHED) for one in periods),
        "columns": (*WAITS, *LEFT),
        "begin": begin,
        "end": end,
    }


def _last_months(visit: Visit) -> tuple[date, date]:
    """The first days of the months at both ends of the last twelve."""
    end = months_after(local_day(visit.now, visit.line.zone).replace(day=1), 1)
    return months_after(end, -MONTHS), end


def _periods(visit: Visit, begin: date, end: date) -> list[Period]:
    found = reports.read(visit.db, visit.line.line_id, begin, end)
    return [one for one in found if _counts(one)]


def _hours(visit: Visit, begin: date, end: date) -> list[tuple[date, float]]:
    """The hours that were given in each month in which there were any."""
    line = visit.line
    minutes = reports.minutes_given(visit.db, line.line_id, begin, end, line.zone, visit.now)
    return [(month, number / 60) for month, number in sorted(minutes.items()) if number]


def label(visit: Visit, one: Period) -> str:
    """What a period is called: a month by its name, more months by the first and last."""
    first = visit.telling.day(one.first, "LLL y" if one.months == 1 else "LLL")
    if one.months == 1:
        return first
    return f"{first} \N{EN DASH} {visit.telling.day(months_after(one.end, -1), 'LLL y')}"


def of_channels(counts: Mapping[str, int], what: str) -> int:
    """Calls and talks by text together."""
    return sum(counts.get(channel + what, 0) for channel in CHANNELS)


def heat(number: float) -> int:
    """How strongly an hour is marked: 0 to 4."""
    return sum(number >= step for step in HEAT)


def _counts(one: Period) -> bool:
    return one.few or any(one.counts.values())


def _as_bar(visit: Visit, one: Period) -> Bar:
    answered = of_channels(one.counts, ANSWERED)
    not_reached = of_channels(one.counts, NOT_REACHED)
    rest = max(0, one.offered - answered - not_reached)
    return Bar(label(visit, one), (answered, not_reached, rest))


def _sum(periods: Sequence[Period], what: str) -> int:
    return sum(of_channels(one.counts, what) for one in periods)


def _languages(visit: Visit, periods: Sequence[Period]) -> list[tuple[str, int, int]]:
    together: dict[str, int] = {}
    for one in periods:
        for key, number in one.counts.items():
            together[key] = together.get(key, 0) + number
    return [
        (
            visit.telling("numbers.other")
            if code == small_numbers.OTHER
            else visit.telling.language_name(code),
            spoken.answered,
            spoken.not_reached,
        )
        for code, spoken in reports.languages(together).items()
    ]


def _columns() -> list[str]:
    return [key.replace(" ", "_") for key in (*WAITS, *LEFT)]


def _row(one: Period) -> list[object]:
    if one.few:
        return ["fewer than 5", *([""] * (2 + len(WAITS) + len(LEFT)))]
    told = (OFFERED, ANSWERED, NOT_REACHED, *WAITS, *LEFT)
    return [of_channels(one.counts, what) for what in told]
