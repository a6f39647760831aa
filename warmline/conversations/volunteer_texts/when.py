"""Dates and times in a volunteer's own words: which span is meant, and what to ask on a doubt.

SHIFTS and OPEN are answered here, also for a day or a month: SHIFTS DEC, OPEN SAT EVENING.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from shifts.claims.own_limits import local_days
from shifts.local_time import Span
from warmline.conversations.persons import Me
from warmline.conversations.shift_lists import Entry, mine, open_to, shown_mine, shown_open
from warmline.plain_dates import (
    Answer,
    Choice,
    Days,
    Hours,
    Moment,
    Month,
    NotUnderstood,
    Part,
    Reading,
    in_words,
    read_when,
)
from warmline.telephony.conversation import Turn

MOMENT = timedelta(minutes=1)


def when(turn: Turn, me: Me, rest: str) -> Answer:
    """What follows TAKE, AWAY, SHIFTS, OPEN, as it is understood."""
    return read_when(rest, turn.now, me.zone, me.language)


def readings(answer: Answer) -> tuple[Reading, ...]:
    """Everything it may mean; nothing where it was not understood."""
    if isinstance(answer, NotUnderstood):
        return ()
    return answer.options if isinstance(answer, Choice) else (answer,)


def among(me: Me, entries: Iterable[Entry], answer: Answer) -> list[Entry]:
    """The shifts that begin then, by one reading or another; one of exactly those hours, alone."""
    spans = [span for one in readings(answer) if (span := span_of(me, one))]
    entries = list(entries)
    exact = [entry for entry in entries if entry.span in spans]
    begin = [one for one in entries if any(begins <= one.span[0] < ends for begins, ends in spans)]
    return exact or begin


def span_of(me: Me, reading: Reading) -> Span | None:
    """The span, UTC, that is meant; of a moment, its minute; None for hours of every day."""
    match reading:
        case Hours(starts_at=starts, ends_at=ends) | Part(starts_at=starts, ends_at=ends):
            return starts, ends
        case Days(first, last):
            return local_days(first, last, me.zone)
        case Month(year, month):
            return local_days(date(year, month, 1), reading.last, me.zone)
        case Moment(at):
            return at, at + MOMENT
    return None


def which(turn: Turn, me: Me, word: str, choice: Choice) -> str:
    """On a doubt: what may be meant, each so that it can be texted back."""
    options = [in_words(one, turn.now, me.zone, me.language) for one in choice.options]
    return me.fitted(turn, "which_when", options, word=me.word(word))


def unclear(turn: Turn, me: Me, word: str, why: NotUnderstood) -> str:
    """What was not understood, and how it could be said."""
    key = f"example_{word.lower()}"
    example = me.prompt(turn, key)
    return me.text(turn, "unclear_when", words=why.words or "?", example=example)


def my_shifts(turn: Turn, me: Me, rest: str) -> list[str]:
    """SHIFTS: mine, and those asked of me, the next few; SHIFTS DEC: those of December."""
    return _listed(turn, me, "SHIFTS", rest, mine(turn, me), shown_mine)


def open_places(turn: Turn, me: Me, rest: str) -> list[str]:
    """OPEN: places that need someone who could be me; OPEN SAT: those of Saturday."""
    return _listed(turn, me, "OPEN", rest, open_to(turn, me), shown_open)


def _listed(
    turn: Turn,
    me: Me,
    word: str,
    rest: str,
    entries: list[Entry],
    show: Callable[[Turn, Me, Sequence[Entry]], list[str]],
) -> list[str]:
    if rest:
        answer = when(turn, me, rest)
        if isinstance(answer, NotUnderstood):
            return [unclear(turn, me, word, answer)]
        entries = among(me, entries, answer)
    none = f"{word.lower()}_none_then" if rest else f"{word.lower()}_none"
    return show(turn, me, entries) or [me.text(turn, none)]
