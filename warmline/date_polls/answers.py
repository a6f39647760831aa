"""Which of the days they were asked about somebody could take, in their own words; pure.

"1 3", "24 and 31", "the 25th", "all but 2", "rather not": every word must be explained, else the
answer is unclear and is asked about. A number that was shown means what it was shown for.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from warmline.date_polls import answer_words as words_of
from warmline.date_polls.answer_words import Mark, Token


class NoAnswer(StrEnum):
    """Why a message says none of the days."""

    UNCLEAR = "unclear"
    """It is about them, and may mean several things or none."""
    ELSEWHERE = "elsewhere"
    """Nothing in it is about days."""


@dataclass(frozen=True)
class AskedDay:
    """A day somebody is asked about: its id, the local date, and the name it may have."""

    id: int
    day: date
    name: str = ""


Numbers = Mapping[int, int | None]
"""What numbers mean to them: one of the days by its id, or (None) something else."""
Answer = frozenset[int] | NoAnswer


def read(text: str, days: Sequence[AskedDay], numbers: Numbers, most: Collection[int]) -> Answer:
    """The ids of the days that somebody says they could take; none: they would rather not.

    `days` are those they are asked about, `most` are the ids of those that ALL means.
    """
    tokens = words_of.tokens(text, _names(days))
    said = {token.text for token in tokens}
    everything = frozenset(most)
    if words_of.is_none(said):
        return frozenset()
    if words_of.is_all(said) or (words_of.is_both(said) and len(everything) == 2):
        return everything or NoAnswer.UNCLEAR
    found = _all_but(tokens, days, numbers, everything) or _named(tokens, days, numbers)
    if found:
        return found
    about = any(token.mark in words_of.OF_DAYS for token in tokens)
    waits = bool(said) and all(token.mark for token in tokens)
    return NoAnswer.UNCLEAR if about or waits else NoAnswer.ELSEWHERE


def _names(days: Sequence[AskedDay]) -> dict[str, int]:
    """The names that only one of the days has."""
    many = Counter(one.name for one in days)
    return {one.name: one.id for one in days if many[one.name] == 1}


def _all_but(
    tokens: Sequence[Token], days: Sequence[AskedDay], numbers: Numbers, everything: frozenset[int]
) -> frozenset[int] | None:
    """All but 25."""
    at = next((n for n, token in enumerate(tokens) if token.mark is Mark.BUT), None)
    if at is None or not words_of.is_all({token.text for token in tokens[:at]}):
        return None
    without = _named(tokens[at + 1 :], days, numbers)
    return everything - without if without else None


def _named(
    tokens: Sequence[Token], days: Sequence[AskedDay], numbers: Numbers
) -> frozenset[int] | None:
    """The days that are named by number, date, weekday or name; None unless each is just one."""
    marks = {token.mark for token in tokens}
    if not marks or not marks <= words_of.OF_DAYS | {Mark.THE}:
        return None
    said = [token for token in tokens if token.mark is not Mark.THE]
    by_date = _by_date(said, days)
    if marks & words_of.DATES:
        return by_date
    values = [token.value for token in said]
    shown = [numbers.get(value) for value in values]
    by_number = frozenset(one for one in shown if one) if said and all(shown) else None
    if Mark.THE in marks:
        return by_date or by_number
    means_another = any(value in numbers and numbers[value] is None for value in values)
    return by_number or (None if means_another else by_date)


def _by_date(said: Sequence[Token], days: Sequence[AskedDay]) -> frozenset[int] | None:
    """Every number a day of a month; weekdays, months and years must agree with the days."""
    found: list[AskedDay] = []
    months: set[int] = set()
    for token, following in zip(said, [*said[1:], None], strict=True):
        named = words_of.is_number(following) and _of_month(following, days)
        if token.mark is Mark.WEEKDAY and named:
            if named[0].day.weekday() != token.value:
                return None
        elif token.mark is Mark.MONTH:
            months.add(token.value)
        elif token.mark is Mark.YEAR:
            if all(one.day.year != token.value for one in days):
                return None
        else:
            one = _one_of(token, days)
            if one is None:
                return None
            found.append(one)
    if months and months != {one.day.month for one in found}:
        return None
    return frozenset(one.id for one in found) or None


def _one_of(token: Token, days: Sequence[AskedDay]) -> AskedDay | None:
    """The only day that a token can mean."""
    match token.mark:
        case Mark.NAME:
            could = [one for one in days if one.id == token.value]
        case Mark.WEEKDAY:
            could = [one for one in days if one.day.weekday() == token.value]
        case Mark.DATE:
            could = [one for one in days if (one.day.month, one.day.day) in token.dates]
        case _:
            could = _of_month(token, days)
    return could[0] if len(could) == 1 else None


def _of_month(token: Token | None, days: Sequence[AskedDay]) -> list[AskedDay]:
    return [one for one in days if token is not None and one.day.day == token.value]
