"""Dates as they are typed at the desk: days in plain words, and what is wanted on each."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from shifts import local_time
from shifts.hours.opening_hours import Hours, open_spans
from shifts.local_time import DAY, Span, local_day, start_of_day
from warmline import languages
from warmline.date_polls.polls import NewDay
from warmline.desk.roster import shift_form
from warmline.desk.visit import Form
from warmline.plain_dates import LEXICONS, Days, read_when
from warmline.plain_dates.lexicon import Kind, ordinal_in
from warmline.plain_dates.tokens import day_of_ordinal, plain

MOST_DAYS: Final = 20
MOST_WANTED: Final = 20
LONGEST_NAME: Final = 40
FIELDS: Final = ("day", "starts", "ends", "wanted", "name")
USUAL: Final = (time(18), time(22))
LONGEST_USUAL: Final = 12
"""Hours: where the line is open for longer at a time, its hours are no shift for anybody."""
_AND: Final = "|".join(languages.all_words("answers", "and"))
_BETWEEN: Final = re.compile(rf"[,;&+\n]|\b(?:{_AND})\b")
_THE: Final = "|".join(languages.all_words("date_polls", "the"))
_BARE: Final = re.compile(rf"(?:(?:{_THE}) )?({ordinal_in(LEXICONS.values())}|\d{{1,2}})")
Fields = dict[str, str]


class NoDay(Exception):
    """Words that name no day, or several; `words` are those."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass
class FilledForm:
    """The rows as they were typed, what is wrong with each field, and the days they mean."""

    rows: list[Fields]
    until: str
    wrong: list[dict[str, str]] = field(default_factory=list)
    wrong_until: str = ""
    days: list[NewDay] = field(default_factory=list)
    until_at: datetime | None = None

    @property
    def is_right(self) -> bool:
        """Whether people can be asked about these days."""
        return bool(self.days) and not any(self.wrong) and self.until_at is not None


def days_in(text: str, now: datetime, zone: ZoneInfo, language: str) -> list[date]:
    """The days of "24, 25 and 31 December", in order; raises NoDay. Never what is past."""
    pieces = [" ".join(plain(one).split()) for one in _BETWEEN.split(text.lower())]
    pieces = [one for one in pieces if one]
    found: set[date] = set()
    for at, piece in enumerate(pieces):
        bare = _BARE.fullmatch(piece)
        month = _month_of(pieces, at)
        said = f"{day_of_ordinal(bare[1])} {month}" if bare and month else piece
        found |= set(_days(said, now, zone, language))
    return sorted(found)


def rows_for(
    days: Sequence[date], opened: Hours, wanted: int, names: Mapping[date, str], zone: ZoneInfo
) -> list[Fields]:
    """A row for each day, with the line's opening hours, and a holiday's name."""
    rows = []
    for day in days:
        starts, ends = _usual(day, opened, zone)
        times = {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
        named = {"wanted": str(wanted), "name": names.get(day, "")[:LONGEST_NAME]}
        rows.append({"day": day.isoformat(), **times, **named})
    return rows


def read(form: Form, now: datetime, zone: ZoneInfo, taken: Collection[Span]) -> FilledForm:
    """The days of a form; `taken` are spans that people are being asked about already."""
    columns = [form.every(name) for name in FIELDS]
    rows = [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns, strict=False)]
    found = FilledForm([row for row in rows if row["day"]], form["until"])
    spans = set(taken)
    for at, row in enumerate(found.rows):
        wrong, day = _day(row, now, zone, spans) if at < MOST_DAYS else ({"day": "bad_many"}, None)
        found.wrong.append(wrong)
        if day is not None:
            found.days.append(day)
            spans.add(day.span)
    _read_until(found, now, zone)
    return found


def _read_until(found: FilledForm, now: datetime, zone: ZoneInfo) -> None:
    """Answers are wanted until the end of a local day, tomorrow or later."""
    day = shift_form.day_of(found.until)
    last = max((one.starts_at for one in found.days), default=None)
    soon = day is None or day <= local_day(now, zone)
    if day is None or soon or (last is not None and day > local_day(last, zone)):
        found.wrong_until = "bad_until"
    else:
        found.until_at = start_of_day(day + DAY, zone)


def _day(
    row: Fields, now: datetime, zone: ZoneInfo, taken: Collection[Span]
) -> tuple[dict[str, str], NewDay | None]:
    """What is wrong with a row by field, or the day that it means."""
    day, wanted = shift_form.day_of(row["day"]), row["wanted"]
    starts, ends = shift_form.time_of(row["starts"]), shift_form.time_of(row["ends"])
    few = wanted.isascii() and wanted.isdigit() and len(wanted) < 3
    bad = {
        "day": day is None,
        "starts": starts is None,
        "ends": ends is None,
        "wanted": not few or not 1 <= int(wanted) <= MOST_WANTED,
        "name": len(row["name"]) > LONGEST_NAME or not row["name"].isprintable(),
    }
    if any(bad.values()) or day is None or starts is None or ends is None:
        return {name: f"bad_{name}" for name, is_bad in bad.items() if is_bad}, None
    span = local_time.window(day, starts, ends, zone)
    if span is None or span[0] <= now:
        return {"day": "bad_past"}, None
    if span in taken:
        return {"day": "bad_twice"}, None
    return {}, NewDay(*span, int(wanted), " ".join(row["name"].split()))


def _usual(day: date, opened: Hours, zone: ZoneInfo) -> tuple[time, time]:
    begin, end = start_of_day(day, zone), start_of_day(day + DAY, zone)
    # A day more on both sides: what began the evening before is not of this day.
    for starts_at, ends_at in open_spans(opened, begin - DAY, end + DAY, zone):
        here = begin <= starts_at < end
        if here and (ends_at - starts_at).total_seconds() <= LONGEST_USUAL * 3600:
            return starts_at.astimezone(zone).time(), ends_at.astimezone(zone).time()
    return USUAL


def _month_of(pieces: Sequence[str], at: int) -> str:
    """The month that a bare number shares: December 24 and 25, or 24 and 25 December."""
    before = next(((one, _month_in(one)) for one in pieces[:at][::-1] if _month_in(one)), ("", ""))
    after = next(filter(None, map(_month_in, pieces[at:])), "")
    leads = bool(before[1]) and before[0].startswith(before[1])
    return before[1] if leads or not after else after


def _month_in(piece: str) -> str:
    words = (word for word in piece.split() if word.isalpha())
    return next((word for word in words if any(_is_month(word, code) for code in LEXICONS)), "")


def _is_month(word: str, language: str) -> bool:
    return Kind.MONTH in LEXICONS[language].words.get(word, {})


def _days(said: str, now: datetime, zone: ZoneInfo, language: str) -> Iterator[date]:
    """The days of one piece, in whichever of the languages it is one; raises NoDay."""
    for code in sorted(LEXICONS, key=lambda one: one != language):
        the, *_ = languages.of(code).words_for("date_polls", "the")
        for words in (said, f"{the} {said}"):
            found = read_when(words, now, zone, code)
            if isinstance(found, Days) and (found.last - found.first).days < MOST_DAYS:
                many = (found.last - found.first).days + 1
                yield from (found.first + number * DAY for number in range(many))
                return
    raise NoDay(said)
