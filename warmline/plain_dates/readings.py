"""What a text about a date or a time may mean: one reading, several to choose from, or none."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

MOST_OPTIONS: Final = 4
"""A choice of more than this is a riddle, not a question."""


@dataclass(frozen=True)
class Moment:
    """One instant (UTC, whole minutes)."""

    at: datetime


@dataclass(frozen=True)
class Hours:
    """A stretch of time, half-open [starts_at, ends_at), UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Part:
    """A part of a local day, by its name ("morning", "afternoon", "evening", "night", "early").

    A shift is meant by it that starts in [starts_at, ends_at), UTC; a night goes past midnight.
    """

    day: date
    name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Days:
    """Local days from the first to the last, both included; the first may be over already."""

    first: date
    last: date


@dataclass(frozen=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


@dataclass(frozen=True)
class Daily:
    """The same local hours on every day; an end not after its start is on the next day."""

    starts: time
    ends: time


Reading = Moment | Hours | Part | Days | Month | Daily


@dataclass(frozen=True)
class Choice:
    """A doubt: two to MOST_OPTIONS readings, the soonest first."""

    options: tuple[Reading, ...]


class Why(StrEnum):
    """Why a text was not understood."""

    EMPTY = "empty"
    """Nothing was said."""
    UNKNOWN = "unknown"
    """A word, or where it stands, is not in the grammar."""
    IMPOSSIBLE = "impossible"
    """There is no such day or hour: 31 Feb, a Friday that is a Saturday, a skipped hour."""
    OVER = "over"
    """It can only mean what is past."""
    DOUBTFUL = "doubtful"
    """It could mean too many things to ask about."""


@dataclass(frozen=True)
class NotUnderstood:
    """A refusal. `words` is the first word that could not be explained, or all that was said.

    It is lower case without accents, and at most 30 characters long.
    """

    words: str
    why: Why


Answer = Reading | Choice | NotUnderstood
