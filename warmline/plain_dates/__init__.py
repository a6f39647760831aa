"""Dates and times as volunteers text them: a small closed grammar, a lexicon a language.

No library reads such texts without being, at times, confidently wrong. Here every word must be
explained: the answer is one reading, a choice of several where there is a doubt, or a refusal that
names the first word it could not explain. What is past is never meant: it is the next time it
comes. `in_words` reads a reading back, and reads the same when it is texted again.

In reading order:

readings     what a text may mean
lexicon      the kinds of words, in whatever language
lexicon_xx   the words of a language, a module for each by its code
tokens       a text cut into tokens
combinators  rules that find every way to read the tokens
times        times of the clock as they are said
days         days as they are said
meaning      from what was said to its readings, now and here
grammar      every way to say a date or a time
read_back    a reading in words
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Final
from zoneinfo import ZoneInfo

from warmline.languages import CODES
from warmline.plain_dates import grammar
from warmline.plain_dates.combinators import Rule, Sentence, whole
from warmline.plain_dates.days import Here
from warmline.plain_dates.grammar import Phrase
from warmline.plain_dates.lexicon import Lexicon
from warmline.plain_dates.meaning import is_over
from warmline.plain_dates.read_back import reading_in_words
from warmline.plain_dates.readings import (
    MOST_OPTIONS,
    Answer,
    Choice,
    Daily,
    Days,
    Hours,
    Moment,
    Month,
    NotUnderstood,
    Part,
    Reading,
    Why,
)
from warmline.plain_dates.tokens import plain, tokens

__all__ = [
    "Answer",
    "Choice",
    "Daily",
    "Days",
    "Hours",
    "Moment",
    "Month",
    "NotUnderstood",
    "Part",
    "Reading",
    "Why",
    "in_words",
    "read_daily",
    "read_end",
    "read_when",
]

LEXICONS: Final[Mapping[str, Lexicon]] = {
    code: import_module(f"warmline.plain_dates.lexicon_{code}").LEXICON for code in CODES
}
"""Each language's words, from the module that is named after it."""
_SHOWN: Final = 30


def read_when(text: str, now: datetime, zone: ZoneInfo, language: str) -> Answer:
    """A day, a part of one, days, hours, a moment, a month: what follows TAKE, AWAY, SHIFTS.

    `now` is aware; `language` is one of CODES. Never raises on a text.
    """
    return _read(grammar.WHEN, text, Here(now.astimezone(UTC), zone), LEXICONS[language])


def read_end(
    text: str, now: datetime, zone: ZoneInfo, language: str, within: timedelta | None = None
) -> Answer:
    """When something ends that begins now, a Moment: what follows IN ("9", "until 9", "4h").

    A bare number may be an hour of the clock or so many hours. Of several readings only those
    not later than `within` from now count, where there are any.
    """
    answer = _read(grammar.END_OR_HOURS, text, Here(now.astimezone(UTC), zone), LEXICONS[language])
    return _soon(answer, now + within) if within else answer


def read_daily(text: str, now: datetime, zone: ZoneInfo, language: str) -> Answer:
    """The same hours on every day, a Daily: what follows QUIET ("9pm-9am")."""
    return _read(grammar.EVERY_DAY, text, Here(now.astimezone(UTC), zone), LEXICONS[language])


def in_words(reading: Reading, now: datetime, zone: ZoneInfo, language: str) -> str:
    """A reading in words: "Sat 28 Nov 6-9 PM", "sáb 28 nov 18:00-21:00".

    It keeps its accents. The language is that in which it was read.
    """
    return reading_in_words(reading, Here(now.astimezone(UTC), zone), LEXICONS[language])


def _read(rule: Rule[Phrase], text: str, here: Here, lexicon: Lexicon) -> Answer:
    clean = plain(text)
    sentence = Sentence(tokens(clean, lexicon))
    strange = next((token.text for token in sentence.tokens if not token.kinds), None)
    if strange is not None:
        return NotUnderstood(strange[:_SHOWN], Why.UNKNOWN)
    if not sentence.tokens:
        return NotUnderstood("", Why.EMPTY)
    phrases = whole(rule, sentence)
    if not phrases:
        return NotUnderstood(sentence.stumbled_at[:_SHOWN], Why.UNKNOWN)
    found = [reading for phrase in phrases for reading in phrase(here)]
    answer = _answer([reading for reading in found if not is_over(reading, here)])
    why = answer or (Why.OVER if found else Why.IMPOSSIBLE)
    return NotUnderstood(" ".join(clean.split())[:_SHOWN], why) if isinstance(why, Why) else why


def _answer(found: Iterable[Reading]) -> Reading | Choice | Why | None:
    """One reading, a choice of several, too many to ask about, or none."""
    options = sorted(dict.fromkeys(found), key=_begins)
    if len(options) > MOST_OPTIONS:
        return Why.DOUBTFUL
    return Choice(tuple(options)) if len(options) > 1 else next(iter(options), None)


def _soon(answer: Answer, latest: datetime) -> Answer:
    """The readings of a choice that are not later than an instant, where there are any."""
    if not isinstance(answer, Choice):
        return answer
    soon = (one for one in answer.options if isinstance(one, Moment) and one.at <= latest)
    narrowed = _answer(soon)
    return answer if narrowed is None or isinstance(narrowed, Why) else narrowed


def _begins(reading: Reading) -> tuple[str, str]:
    """A key by which readings of all kinds stand in the order of time."""
    match reading:
        case Moment(at):
            return at.isoformat(), ""
        case Hours(begins, ends) | Part(starts_at=begins, ends_at=ends):
            return begins.isoformat(), ends.isoformat()
        case Days(first, last):
            return first.isoformat(), last.isoformat()
        case Month():
            return reading.last.replace(day=1).isoformat(), reading.last.isoformat()
        case Daily(starts, ends):
            return starts.isoformat(), ends.isoformat()
