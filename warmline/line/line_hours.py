"""A line's opening hours and the numbers wanted on: as options give them, as they are told."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypedDict

from sqlalchemy import Connection

from shifts.faults import Fault
from shifts.files.csv_places import YEARS
from shifts.hours import opening_hours, wanted, weekly
from shifts.hours.opening_hours import OtherDay
from shifts.hours.wanted import Subject, Wish
from shifts.hours.weekly import Window
from warmline.prompts import LANGUAGES

ALWAYS: Final = "always"
OF_A_DAY: Final = {wanted.USUAL: None, "closed": OtherDay()}
"""What may be said of a day in place of times."""
_DAY: Final = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:\s+(.*))?", re.ASCII | re.DOTALL)


class BadHours(Fault):
    """Opening hours, another day's hours or a number wanted that cannot be."""


class Hours(TypedDict, total=False):
    """What the options mean: no weekly hours are always; None is a day as usual; see CHECKS."""

    hours: tuple[Window, ...]
    closed: dict[date, OtherDay]
    hours_on: dict[date, OtherDay | None]
    wanted: dict[Subject, list[Wish]]


class HoursInWords(TypedDict):
    """The same for machines, in the words of the options; days are ISO 8601."""

    hours: list[str]
    days: dict[str, str]
    wanted: list[str]


def weekly_hours(texts: Sequence[str]) -> tuple[Window, ...]:
    """The windows of `--hours`, none for "always"; raises a Fault."""
    if [text.strip().casefold() for text in texts] == [ALWAYS]:
        return ()
    return tuple(weekly.window(text) for text in texts)


def closed_days(texts: Sequence[str]) -> dict[date, OtherDay]:
    """The days of `--closed`, each with a note where one follows; raises a Fault."""
    days = {}
    for text in texts:
        day, note = _day(text)
        days[day] = OtherDay(note=" ".join(note.split()))
    return days


def other_days(texts: Sequence[str]) -> dict[date, OtherDay | None]:
    """The days of `--hours-on`, their windows together; None for "usual"; raises a Fault."""
    days: dict[date, OtherDay | None] = {}
    for text in texts:
        day, said = _day(text)
        days[day] = _with_hours(days.get(day), said.strip())
    return days


def wishes(texts: Sequence[str]) -> dict[Subject, list[Wish]]:
    """The numbers of `--wanted` by whom they are about, none for "usual"; raises a Fault."""
    found: dict[Subject, list[Wish]] = {}
    for text in texts:
        subject, wish = wanted.wish(text, LANGUAGES)
        found.setdefault(subject, []).extend([wish] if wish else [])
    return found


CHECKS: Final = {
    "hours": weekly_hours,
    "closed": closed_days,
    "hours_on": other_days,
    "wanted": wishes,
}
"""What each option of the command means; the options are settings of no column."""


def write(connection: Connection, line_id: int, kept: Hours) -> None:
    """Keep what the options mean. Raises BadHours for a day that is both closed and open."""
    days: dict[date, OtherDay | None] = {**kept.get("closed", {}), **kept.get("hours_on", {})}
    for day in sorted(kept.get("closed", {}).keys() & kept.get("hours_on", {}).keys()):
        raise BadHours(f"--closed: {day} has other hours in --hours-on too; give one of them")
    if "hours" in kept:
        opening_hours.set_weekly(connection, line_id, kept["hours"])
    for day, other in days.items():
        opening_hours.set_day(connection, line_id, day, other)
    for subject, of_subject in kept.get("wanted", {}).items():
        wanted.set_wishes(connection, line_id, subject, of_subject)


def in_plain_words(connection: Connection, line_id: int, languages: Sequence[str]) -> Iterator[str]:
    """The opening hours and the numbers wanted, a sentence each."""
    opened = opening_hours.read(connection, line_id)
    shown = ", ".join(str(one) for one in opened.weekly)
    yield f"opening hours: {shown or ALWAYS} (--hours)"
    for day, other in opened.days.items():
        yield f"opening hours on {day:%a %Y-%m-%d}: {other} (--hours-on)"
    yield f"wanted on while open: {'; '.join(_numbers(connection, line_id, languages))} (--wanted)"


def as_row(connection: Connection, line_id: int, languages: Sequence[str]) -> HoursInWords:
    """The same for machines, in the words of the options; no weekly hours: always open."""
    opened = opening_hours.read(connection, line_id)
    return {
        "hours": [str(one) for one in opened.weekly],
        "days": {day.isoformat(): str(other) for day, other in opened.days.items()},
        "wanted": list(_numbers(connection, line_id, languages)),
    }


def _numbers(connection: Connection, line_id: int, languages: Sequence[str]) -> Iterator[str]:
    """What is wanted of each subject: the number that is usual, unless a wish always holds."""
    said = wanted.read(connection, line_id)
    for subject, usual in wanted.usual_numbers(languages, LANGUAGES).items():
        own = [wish for wish in said if wish.subject == subject]
        foreign = subject.language is not None and not usual
        if not foreign and all(wish.window for wish in own):
            yield str(Wish(subject, usual))
        yield from map(str, own)


def _with_hours(day: OtherDay | None, said: str) -> OtherDay | None:
    """A day with one more window, or as in every week again, or closed."""
    if said.casefold() in OF_A_DAY:
        return OF_A_DAY[said.casefold()]
    return OtherDay((*(day.times if day else ()), weekly.times(said)))


def _day(text: str) -> tuple[date, str]:
    """The date at the beginning of a text, and what follows it."""
    found = _DAY.fullmatch(text)
    try:
        day = date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise BadHours(
            f"{text[:40]!r} does not begin with a date; write it as 2026-12-24"
        ) from None
    if day.year not in YEARS:
        raise BadHours(f"the year {day.year} is not one of this roster's")
    return day, (found and found[2]) or ""
