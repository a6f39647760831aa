"""The roster as a grid: a row for each person, a column for each day; pure, from places as rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from shifts.local_time import DAY, Span, local_day, start_of_day
from shifts.place_listing import ShownShift, joined
from shifts.places import PlaceRow

NOBODY = 0
"""The row of places that are nobody's."""


@dataclass(frozen=True)
class Chip:
    """A shift as it stands in one day's cell: whether it came from the day before or goes on."""

    shift: ShownShift
    from_before: bool
    goes_on: bool


@dataclass
class Row:
    """Somebody's days; `person_id` NOBODY is the row of places that need someone."""

    person_id: int
    name: str
    cells: list[list[Chip]]

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not any(self.cells)


@dataclass(frozen=True)
class Filters:
    """What is shown of a roster; nothing set: all of it."""

    person_id: int | None = None
    language: str = ""
    states: tuple[str, ...] = ()
    only_busy: bool = False
    find: str = ""
    """A part of a name, in small letters."""


@dataclass(frozen=True)
class Somebody:
    """A person of the roster as the grid needs them."""

    person_id: int
    name: str
    languages: tuple[str, ...]
    agreed: bool = True


@dataclass
class Grid:
    """Rows by name, the open places first; `days` are local days."""

    days: list[date]
    rows: list[Row] = field(default_factory=list)


def week_of(day: date) -> list[date]:
    """The days, Monday to Sunday, of a day's week."""
    monday = day - day.weekday() * DAY
    return [monday + one * DAY for one in range(7)]


def month_of(day: date) -> list[date]:
    """The days of the weeks that a day's month touches, Monday first."""
    first = day.replace(day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    monday = first - first.weekday() * DAY
    many = (last - monday).days // 7 * 7 + 7
    return [monday + one * DAY for one in range(many)]


def span_of(days: Sequence[date], zone: ZoneInfo) -> Span:
    """From the first instant of the first day to the end of the last, UTC."""
    return start_of_day(days[0], zone), start_of_day(days[-1] + DAY, zone)


def as_shifts(rows: Iterable[PlaceRow]) -> list[ShownShift]:
    """Places as they are shown: the pieces of a longer shift as one, by start."""
    ordered = sorted(
        ShownShift(r.starts_at, r.ends_at, r.id or 0, r.person_id, r.state, r.duty, r.version)
        for r in rows
    )
    return list(joined(ordered))


def grid(
    shifts: Iterable[ShownShift],
    people: Sequence[Somebody],
    days: Sequence[date],
    zone: ZoneInfo,
    filters: Filters | None = None,
) -> Grid:
    """Every person's days, and the places that are nobody's. A night shift stands on both days."""
    filters = filters or Filters()
    chips = _by_cell(_of_states(shifts, filters), days, zone)
    who = [Somebody(NOBODY, "", ()), *(one for one in people if _is_wanted(one, filters))]
    rows = [
        Row(one.person_id, one.name, [chips[one.person_id, day] for day in days]) for one in who
    ]
    if filters.only_busy:
        rows = [row for row in rows if row.person_id == NOBODY or not row.empty]
    return Grid(list(days), rows)


def by_day(found: Grid) -> list[list[tuple[str, Chip]]]:
    """The same day by day, for a small screen: whose and what, by start."""
    return [
        sorted(
            ((row.name, chip) for row in found.rows for chip in row.cells[number]),
            key=lambda one: (one[1].shift.starts_at, one[1].shift.ends_at, one[0]),
        )
        for number in range(len(found.days))
    ]


def _of_states(shifts: Iterable[ShownShift], filters: Filters) -> list[ShownShift]:
    return [one for one in shifts if not filters.states or one.state in filters.states]


def _is_wanted(one: Somebody, filters: Filters) -> bool:
    mine = filters.person_id in (None, one.person_id) and filters.find in one.name.casefold()
    return mine and (not filters.language or filters.language in one.languages)


def _by_cell(
    shifts: Iterable[ShownShift], days: Sequence[date], zone: ZoneInfo
) -> Mapping[tuple[int, date], list[Chip]]:
    wanted, found = set(days), defaultdict[tuple[int, date], list[Chip]](list)
    for shift in shifts:
        first = local_day(shift.starts_at, zone)
        last = local_day(shift.ends_at - timedelta(microseconds=1), zone)
        day = first
        while day <= last:
            if day in wanted:
                chip = Chip(shift, day > first, day < last)
                found[shift.person_id or NOBODY, day].append(chip)
            day += DAY
    return found


def hours_on(spans: Iterable[Span], day: date, zone: ZoneInfo) -> list[Span]:
    """The parts of spans that begin on a local day, or run into it from its midnight on."""
    begin, end = start_of_day(day, zone), start_of_day(day + DAY, zone)
    return [
        (max(starts, begin), ends)
        for starts, ends in spans
        if starts < end and ends > begin and (starts >= begin or ends > begin)
    ]
