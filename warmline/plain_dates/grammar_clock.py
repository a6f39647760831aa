"""The grammar of times of the clock: 9, 9:30 pm, half past 8, a las 21 h, 6 to 9."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from warmline.plain_dates import clock as clocks
from warmline.plain_dates.lexicon import Kind, Number
from warmline.plain_dates.parsing import either, maybe, perhaps, said, seq, word


def at_most(digits: int) -> Callable[[Number], Number | None]:
    """Lets pass the numbers of so many digits or fewer."""
    return lambda number: number if len(number.written) <= digits else None


NUMBER: Final = word(Kind.NUMBER)
SMALL: Final = seq(at_most(2), NUMBER)
"""One or two digits."""


def _marked(time: clocks.Clock | None, mark: Any, which: int | None) -> clocks.Clock | None:
    return clocks.marked(time, mark, which) if time else None


def _later(number: Number, minute: int) -> clocks.Clock | None:
    return clocks.clock(number, Number(minute, str(minute)))


def _run_together(digits: int, number: Number) -> clocks.Clock | None:
    return clocks.clock(number) if len(number.written) == digits else None


HOUR: Final = either(
    seq(clocks.clock, SMALL),
    seq(lambda pair: clocks.clock(*pair), word(Kind.COLON)),
    seq(lambda minute, number: _later(number, minute), word(Kind.PAST), SMALL),
    seq(_later, SMALL, word(Kind.AFTER)),
)
FOUR_DIGITS: Final = seq(partial(_run_together, 4), NUMBER)
THREE_DIGITS: Final = seq(partial(_run_together, 3), NUMBER)
DOTTED: Final = seq(lambda pair: clocks.clock(*pair), word(Kind.DOT))
NO_DATE: Final = seq(
    lambda pair: clocks.clock(*pair) if not 1 <= pair[1].value <= 12 else None, word(Kind.DOT)
)
"""9.30, where 9.12 may be a date."""
MARK: Final = either(word(Kind.MERIDIEM), word(Kind.PART_AFTER))
WHICH: Final = maybe(word(Kind.WHICH))
HOUR_SIGN: Final = said(Kind.HOUR_MARK)

NAMED: Final = either(
    seq(lambda _: clocks.Clock(12, mark="pm"), word(Kind.NOON)),
    seq(lambda _: clocks.Clock(12, mark="am", midnight=True), word(Kind.MIDNIGHT)),
)
CLOCK: Final = either(
    seq(_marked, perhaps(Kind.AT), HOUR, perhaps(Kind.O_CLOCK), maybe(MARK), WHICH),
    seq(_marked, perhaps(Kind.AT), either(THREE_DIGITS, DOTTED), MARK, WHICH),
    seq(_marked, said(Kind.AT), either(THREE_DIGITS, DOTTED), maybe(MARK), WHICH),
    seq(_marked, NO_DATE, maybe(MARK), WHICH),
    seq(clocks.perhaps_a_year, FOUR_DIGITS),
    seq(_marked, said(Kind.AT), FOUR_DIGITS, maybe(MARK), WHICH),
    seq(_marked, FOUR_DIGITS, MARK, WHICH),
    seq(clocks.exactly, perhaps(Kind.AT), HOUR, HOUR_SIGN),
    seq(_later, perhaps(Kind.AT), SMALL, HOUR_SIGN, seq(lambda n: n.value, SMALL)),
    seq(lambda time: time, perhaps(Kind.AT, Kind.AT_NOON), NAMED),
)
TOLD_CLOCK: Final = either(CLOCK, seq(_marked, either(THREE_DIGITS, DOTTED), maybe(MARK), WHICH))
"""A time after a word that says that one comes."""
SPAN: Final = either(
    seq(clocks.alike, perhaps(Kind.FROM), CLOCK, said(Kind.TO, Kind.DASH), CLOCK),
    seq(clocks.alike, said(Kind.BETWEEN), CLOCK, said(Kind.AND), CLOCK),
)
