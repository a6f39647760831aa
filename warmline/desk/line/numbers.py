"""Numbers: how many came, and how those fared who let us note it. And the same for funders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from shifts.files.csv_rows import written
from shifts.local_time import local_day
from warmline.counts import reports, small_numbers, typical_week
from warmline.counts.counting import (
    ANSWERED,
    BARE_SUMS,
    BY_TEXT,
    LENGTHS,
    NOT_REACHED,
    OFFERED,
    of_length,
)
from warmline.counts.reports import Period, months_after
from warmline.desk.charts import Bar, bars
from warmline.desk.visit import Answer, HtmlPage, Plain, Visit

MONTHS: Final = 12
WAITS: Final = ("waited 30 s", "waited 2 min", "waited longer")
LEFT: Final = ("left early", "left later")
SUMS: Final = BARE_SUMS
NOTED: Final = (ANSWERED, NOT_REACHED, BY_TEXT, *WAITS, *LEFT, *map(of_length, LENGTHS))
FEW: Final = "fewer than 5"
HEAT: Final = (0.001, 0.25, 0.5, 1.0)
"""Callers an hour who reach nobody, from which on an hour of the week is marked more strongly."""


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("numbers.html", values(visit))


def funders(visit: Visit) -> Answer:
    """One page to print."""
    return HtmlPage("funders.html", values(visit))


def funders_csv(visit: Visit) -> Answer:
    """The same as a file: the sums of everybody; what notes say; the hours given."""
    begin, end = _last_months(visit)
    noted = _noted(visit, begin, end)
    rows: list[Sequence[object]] = [
        ["from", "until", *_columns(SUMS)],
        *([one.first, one.end, *_row(one, SUMS)] for one in _periods(visit, begin, end)),
        [],
        ["from", "until", "speaks_for", "of", *_columns(NOTED)],
        *([one.first, one.end, *_speaks(visit, one), *_row(one, NOTED)] for one in noted),
        [],
        ["month", "hours_given"],
        *([month, f"{hours:.1f}"] for month, hours in _hours(visit, begin, end)),
    ]
    lines = "".join(written(row) for row in rows)
    return Plain(lines, "text/csv; charset=utf-8", "numbers.csv")


def values(visit: Visit) -> dict[str, object]:
    """Everything that the pages show, of the last twelve months."""
    begin, end = _last_months(visit)
    periods = _periods(visit, begin, end)
    hours = _hours(visit, begin, end)
    sums = reports.together(periods)
    return {
        "periods": periods,
        "chart": bars(visit.telling("numbers.chart"), [_as_bar(visit, one) for one in periods]),
        "label": lambda one: label(visit, one),
        "hours": hours,
        "all_hours": sum(number for _, number in hours),
        **{what.replace(" ", "_"): sums[what] for what in SUMS},
        "begin": begin,
        "end": end,
        **_of_notes(visit, begin, end),
    }


def _of_notes(visit: Visit, begin: date, end: date) -> dict[str, object]:
    """What notes say, and for how many of all they speak."""
    line = visit.line
    noted = reports.read_noted(visit.db, line.line_id, begin, end)
    speaks_for = reports.speaks_for(visit.db, line.line_id, noted)
    today = local_day(visit.now, line.zone)
    week = typical_week.read(visit.db, line.line_id, noted, speaks_for.all, today)
    counts = reports.together(noted)
    return {
        "speaks_for": speaks_for,
        "few_noted": any(one.few for one in noted),
        "waits": [(key, counts[key]) for key in (*WAITS, *LEFT)],
        "lengths": [(length, counts[of_length(length)]) for length in LENGTHS],
        "languages": _languages(visit, counts),
        "missed": typical_week.by_day(week.missed_an_hour()),
        "any_missed": any(week.missed_an_hour()),
        "heat": heat,
    }


def _last_months(visit: Visit) -> tuple[date, date]:
    """The first days of the months at both ends of the last twelve."""
    end = months_after(local_day(visit.now, visit.line.zone).replace(day=1), 1)
    return months_after(end, -MONTHS), end


def _periods(visit: Visit, begin: date, end: date) -> list[Period]:
    found = reports.read(visit.db, visit.line.line_id, begin, end)
    return [one for one in found if _counts(one)]


def _noted(visit: Visit, begin: date, end: date) -> list[Period]:
    found = reports.read_noted(visit.db, visit.line.line_id, begin, end)
    return [one for one in found if _counts(one)]


def _speaks(visit: Visit, one: Period) -> tuple[object, object]:
    told = reports.speaks_for(visit.db, visit.line.line_id, [one])
    return (FEW if one.few else told.noted, told.all)


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


def heat(number: float) -> int:
    """How strongly an hour is marked: 0 to 4."""
    return sum(number >= step for step in HEAT)


def _counts(one: Period) -> bool:
    return one.few or any(one.counts.values())


def _as_bar(visit: Visit, one: Period) -> Bar:
    answered, not_reached = (one.counts.get(what, 0) for what in (ANSWERED, NOT_REACHED))
    rest = max(0, one.offered - answered - not_reached)
    return Bar(label(visit, one), (answered, not_reached, rest))


def _languages(visit: Visit, counts: Mapping[str, int]) -> list[tuple[str, int, int]]:
    return [
        (
            visit.telling("numbers.other")
            if code == small_numbers.OTHER
            else visit.telling.language_name(code),
            spoken.answered,
            spoken.not_reached,
        )
        for code, spoken in reports.languages(counts).items()
    ]


def _columns(told: Sequence[str]) -> list[str]:
    return [what.replace(" ", "_") for what in told]


def _row(one: Period, told: Sequence[str]) -> list[object]:
    """Of a few nothing is told: their columns are empty, but for a first one that says so."""
    if one.few:
        return [FEW if what == OFFERED else "" for what in told]
    return [one.counts.get(what, 0) for what in told]
