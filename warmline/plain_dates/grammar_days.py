"""The grammar of days: sat, next tue, 5 dec, 12/5, the 5th, mañana sábado."""

from typing import Final

from warmline.plain_dates.days import NEXT, THIS, Agreeing, Ahead, Dated, Numbered, Weekday
from warmline.plain_dates.grammar_clock import NUMBER, SMALL
from warmline.plain_dates.lexicon import Kind, Number
from warmline.plain_dates.parsing import each, either, maybe, perhaps, said, seq, word
from warmline.plain_dates.tokens import numeric

YEAR: Final = seq(
    lambda number: number.value if number.value >= 2000 and number.value % 5 else None, NUMBER
)
"""2028, never 2030: that is rather half past eight."""
STATED_YEAR: Final = seq(
    lambda number: number.value if number.value >= 2000 else None, said(Kind.OF), NUMBER
)
OF_YEAR: Final = either(maybe(YEAR), STATED_YEAR)


def dated(day: int | Number, month: int, year: int | None = None) -> Dated:
    """A date of a month's day and number."""
    return Dated(day.value if isinstance(day, Number) else day, month, year)


def _named(which: str | None, index: int, after: str | None) -> Weekday | None:
    return Weekday(index, which or after) if not (which and after) else None


def _dashed(first: Number, second: Number) -> tuple[Dated, ...]:
    either_order = numeric(first.value, second.value)
    hours = max(first.value, second.value) <= 24
    return tuple(Dated(one.day, one.month, None, one.order, hours) for one in either_order)


WHICH_ONE: Final = either(
    seq(lambda _: THIS, word(Kind.THIS)), seq(lambda _: NEXT, word(Kind.NEXT))
)
AFTERWARDS: Final = maybe(seq(lambda _: NEXT, word(Kind.NEXT)))
WEEKDAY: Final = seq(_named, maybe(WHICH_ONE), word(Kind.WEEKDAY), AFTERWARDS)
AHEAD: Final = seq(Ahead, word(Kind.AHEAD))
DAY_OF_MONTH: Final = either(SMALL, word(Kind.ORDINAL))
DATE: Final = either(
    seq(dated, DAY_OF_MONTH, perhaps(Kind.OF), word(Kind.MONTH), OF_YEAR),
    seq(
        lambda month, day, year: dated(day, month, year),
        *(word(Kind.MONTH), perhaps(Kind.THE), DAY_OF_MONTH, OF_YEAR),
    ),
    each(word(Kind.DATE)),
    each(seq(_dashed, SMALL, said(Kind.DASH), SMALL)),
)
NUMBERED: Final = either(
    seq(Numbered, perhaps(Kind.THE), word(Kind.ORDINAL)),
    seq(lambda n: Numbered(n.value), said(Kind.THE), SMALL),
    seq(lambda n: Numbered(n.value), perhaps(Kind.THE), said(Kind.DAY_WORD), SMALL),
)
BARE_DAY: Final = seq(lambda n: Numbered(n.value), SMALL)
PLAIN_DAY: Final = either(
    WEEKDAY,
    AHEAD,
    DATE,
    NUMBERED,
    seq(
        lambda also, main: Agreeing(main, also),
        *(either(WEEKDAY, AHEAD), perhaps(Kind.THE), either(DATE, NUMBERED, BARE_DAY)),
    ),
    seq(Agreeing, AHEAD, WEEKDAY),
    seq(lambda also, main: Agreeing(main, also), WEEKDAY, AHEAD),
)
DAY: Final = seq(
    lambda day: day, perhaps(Kind.ON), perhaps(Kind.THE), PLAIN_DAY, perhaps(Kind.ALL_DAY)
)
