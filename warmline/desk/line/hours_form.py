"""Opening hours and wanted numbers as rows of a form: days to tick, times, and of whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from shifts.hours import wanted
from shifts.hours.wanted import MOST_WANTED, Wish
from shifts.hours.weekly import EVERY_DAY, Window, clock
from warmline.desk.visit import Form

HOURS, WANTED = "hours", "wanted"
SPARE: Final = 1
"""How many empty rows stand below those that are filled in."""
MOST: Final = 400
"""Rows that are read: more than can be kept, so that none is lost unseen."""


@dataclass
class TypedRow:
    """One row as it is or was typed: `days` 0 (Monday) to 6; `wrong` names its fault, or is ""."""

    days: tuple[str, ...] = ()
    starts: str = ""
    ends: str = ""
    who: str = ""
    number: str = ""
    wrong: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not (self.days or self.starts or self.ends or self.who or self.number)


@dataclass
class Rows:
    """Every row that was sent, and what they mean together."""

    rows: list[TypedRow] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """Whether a row cannot be."""
        return any(row.wrong for row in self.rows)


def of_hours(windows: Iterable[Window]) -> list[TypedRow]:
    """Opening hours as rows, with some to fill in."""
    return _with_spare([_row(one) for one in windows])


def of_wanted(wishes: Iterable[Wish]) -> list[TypedRow]:
    """Wanted numbers as rows, with some to fill in."""
    rows = []
    for one in wishes:
        row = _row(one.window) if one.window else TypedRow()
        row.who, row.number = str(one.subject), str(one.number)
        rows.append(row)
    return _with_spare(rows)


def read_hours(form: Form) -> Rows:
    """The windows of a form, as `--hours` would say them; a row that cannot be names its fault."""
    found = Rows([row for row in _typed_rows(form, HOURS) if not row.empty])
    for row in found.rows:
        if not (row.starts and row.ends and _is_time(row.starts) and _is_time(row.ends)):
            row.wrong = "line.bad_times"
        else:
            found.texts.append(_window(row))
    found.rows = _with_spare(found.rows)
    return found


def read_wanted(form: Form, languages: Sequence[str]) -> Rows:
    """The numbers of a form, as `--wanted` would say them; a row that cannot be names its fault."""
    known = [str(one) for one in wanted.usual_numbers(languages)]
    found = Rows([row for row in _typed_rows(form, WANTED) if not row.empty])
    for row in found.rows:
        row.wrong = _wrong_wish(row, known)
        if not row.wrong:
            when = f" {_window(row)}" if row.starts else ""
            found.texts.append(f"{row.who}={row.number}{when}")
    found.rows = _with_spare(found.rows)
    return found


def _wrong_wish(row: TypedRow, known: Sequence[str]) -> str:
    number = row.number
    if row.who not in known:
        return "line.bad_who"
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return "line.bad_wanted"
    if int(number) > MOST_WANTED:
        return "line.bad_wanted"
    both = bool(row.starts) == bool(row.ends) and (row.starts or not row.days)
    times = all(_is_time(one) for one in (row.starts, row.ends) if one)
    return "" if both and times else "line.bad_times"


def _typed_rows(form: Form, what: str) -> list[TypedRow]:
    names = {name for name, _ in form.pairs() if name.startswith(f"{what}-")}
    numbers = {name.split("-")[1] for name in names}
    known = sorted(int(one) for one in numbers if one.isascii() and one.isdigit())
    return [_one(form, f"{what}-{n}") for n in known[:MOST]]


def _one(form: Form, name: str) -> TypedRow:
    days = tuple(one for one in form.every(f"{name}-days") if one in set("0123456"))
    return TypedRow(
        days,
        form[f"{name}-from"],
        form[f"{name}-to"],
        form[f"{name}-who"],
        form[f"{name}-number"],
    )


def _row(window: Window) -> TypedRow:
    return TypedRow(tuple(window.digits), clock(window.starts), clock(window.ends))


def _with_spare(rows: list[TypedRow]) -> list[TypedRow]:
    return [*rows, *(TypedRow() for _ in range(SPARE))]


def _window(row: TypedRow) -> str:
    days = frozenset(map(int, row.days)) or EVERY_DAY
    return str(Window(days, time.fromisoformat(row.starts), time.fromisoformat(row.ends)))


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
