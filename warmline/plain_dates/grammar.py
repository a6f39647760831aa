"""The grammar: every way in which volunteers may say a date or a time, and none besides.

First times of the clock (9, 9:30 pm, half past 8, a las 21 h, 6 to 9), then days (sat, next tue,
5 dec, 12/5, the 5th, mañana sábado), then both together.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from warmline.plain_dates import meaning
from warmline.plain_dates import times as clocks
from warmline.plain_dates.combinators import Rule, each, either, maybe, perhaps, seq, token_of, word
from warmline.plain_dates.days import NEXT, THIS, Agreeing, Ahead, Dated, Here, Numbered, Weekday
from warmline.plain_dates.lexicon import Kind, Number, PartOfDay
from warmline.plain_dates.readings import Reading
from warmline.plain_dates.tokens import numeric


def at_most(digits: int) -> Callable[[Number], Number | None]:
    """Lets pass the numbers of so many digits or fewer."""
    return lambda number: number if len(number.written) <= digits else None


NUMBER: Final = word(Kind.NUMBER)
SMALL: Final = seq(at_most(2), NUMBER)
"""One or two digits."""


def _marked(
    time: clocks.Clock | None, mark: str | PartOfDay | None, which: int | None
) -> clocks.Clock | None:
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
HOUR_SIGN: Final = token_of(Kind.HOUR_MARK)

NAMED: Final = either(
    seq(lambda _: clocks.Clock(12, mark="pm"), word(Kind.NOON)),
    seq(lambda _: clocks.Clock(12, mark="am", midnight=True), word(Kind.MIDNIGHT)),
)
CLOCK: Final = either(
    seq(_marked, perhaps(Kind.AT), HOUR, perhaps(Kind.O_CLOCK), maybe(MARK), WHICH),
    seq(_marked, perhaps(Kind.AT), either(THREE_DIGITS, DOTTED), MARK, WHICH),
    seq(_marked, token_of(Kind.AT), either(THREE_DIGITS, DOTTED), maybe(MARK), WHICH),
    seq(_marked, NO_DATE, maybe(MARK), WHICH),
    seq(clocks.perhaps_a_year, FOUR_DIGITS),
    seq(_marked, token_of(Kind.AT), FOUR_DIGITS, maybe(MARK), WHICH),
    seq(_marked, FOUR_DIGITS, MARK, WHICH),
    seq(clocks.exactly, perhaps(Kind.AT), HOUR, HOUR_SIGN),
    seq(_later, perhaps(Kind.AT), SMALL, HOUR_SIGN, seq(lambda n: n.value, SMALL)),
    seq(lambda time: time, perhaps(Kind.AT, Kind.AT_NOON), NAMED),
)
TOLD_CLOCK: Final = either(CLOCK, seq(_marked, either(THREE_DIGITS, DOTTED), maybe(MARK), WHICH))
"""A time after a word that says that one comes."""
SPAN: Final = either(
    seq(clocks.alike, perhaps(Kind.FROM), CLOCK, token_of(Kind.TO, Kind.DASH), CLOCK),
    seq(clocks.alike, token_of(Kind.BETWEEN), CLOCK, token_of(Kind.AND), CLOCK),
)


YEAR: Final = seq(
    lambda number: number.value if number.value >= 2000 and number.value % 5 else None, NUMBER
)
"""2028, never 2030: that is rather half past eight."""
STATED_YEAR: Final = seq(
    lambda number: number.value if number.value >= 2000 else None, token_of(Kind.OF), NUMBER
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
    each(seq(_dashed, SMALL, token_of(Kind.DASH), SMALL)),
)
NUMBERED: Final = either(
    seq(Numbered, perhaps(Kind.THE), word(Kind.ORDINAL)),
    seq(lambda n: Numbered(n.value), token_of(Kind.THE), SMALL),
    seq(lambda n: Numbered(n.value), perhaps(Kind.THE), token_of(Kind.DAY_WORD), SMALL),
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


Phrase = Callable[[Here], Iterator[Reading]]
"""What was said: from now and here to the readings it may have."""


def _phrase(
    means: Callable[..., Iterator[Reading]], *rules: Rule[object], **options: object
) -> Rule[Phrase]:
    """A rule whose meaning waits for now and here."""
    return seq(lambda *values: lambda here: means(*values, here, **options), *rules)


def _unpacked(
    means: Callable[..., Iterator[Reading]], values: Iterable[object], here: Here
) -> Iterator[Reading]:
    return means(*values, here)


PART: Final = word(Kind.PART)
LONE_PART: Final = word(Kind.LONE_PART)
TONIGHT: Final = either(
    seq(lambda part: (Ahead(0), part), word(Kind.TONIGHT)),
    seq(lambda part: (Ahead(0), part), token_of(Kind.THIS), PART),
)
DAY_AND_PART: Final = either(
    seq(lambda day, part: (day, part), DAY, maybe(PART)),
    seq(
        lambda part, day: (day, part),
        *(perhaps(Kind.ON), perhaps(Kind.ARTICLE), PART, token_of(Kind.OF), DAY),
    ),
    TONIGHT,
)
PLACED: Final = either(
    DAY_AND_PART,
    seq(lambda part: (None, part), LONE_PART),
    seq(lambda: (None, None)),
)
"""The day and the part of it, where they are said."""


def _both_orders(
    means: Callable[..., Iterator[Reading]], said_of_it: Rule[object], **how: object
) -> Rule[Phrase]:
    """sat 6-9pm, and 6-9pm sat."""
    return either(
        _phrase(partial(_spread, means), PLACED, said_of_it, **how),
        _phrase(
            lambda said, where, here, **how: _spread(means, where, said, here, **how),
            *(said_of_it, perhaps(Kind.OF), DAY_AND_PART),
            **how,
        ),
    )


def _spread(
    means: Callable[..., Iterator[Reading]],
    where: tuple[object, object],
    said: object,
    here: Here,
    **how: object,
) -> Iterator[Reading]:
    return means(*where, said, here, **how)


MOMENT: Final = _both_orders(meaning.moment, CLOCK, ends=False)
END: Final = _both_orders(meaning.moment, CLOCK, ends=True)
HOURS: Final = _both_orders(meaning.hours, SPAN)

PLACED_CLOCK: Final = seq(lambda where, time: (*where, time), DAY_AND_PART, CLOCK)
CROSSING: Final = _phrase(
    meaning.crossing,
    *(perhaps(Kind.FROM), PLACED_CLOCK, token_of(Kind.TO, Kind.DASH), PLACED_CLOCK),
)

# Ranges of days, months, weeks


def _within_month(
    first: int | Number, last: int | Number, month: int, year: int | None
) -> tuple[Dated, Dated]:
    return dated(first, month, year), dated(last, month, year)


FROM: Final = perhaps(Kind.FROM, Kind.DAYS_FROM)
TO: Final = token_of(Kind.TO, Kind.DAYS_TO, Kind.DASH)
IN_A_MONTH: Final = either(
    seq(
        _within_month,
        *(FROM, perhaps(Kind.THE), DAY_OF_MONTH, TO, perhaps(Kind.THE), DAY_OF_MONTH),
        *(perhaps(Kind.OF), word(Kind.MONTH), OF_YEAR),
    ),
    seq(
        lambda month, first, last, year: _within_month(first, last, month, year),
        *(FROM, word(Kind.MONTH), DAY_OF_MONTH, TO, DAY_OF_MONTH, OF_YEAR),
    ),
)
NUMBERED_RANGE: Final = seq(
    lambda first, last: (Numbered(first.value), Numbered(last.value)),
    *(token_of(Kind.DAYS_FROM), SMALL, token_of(Kind.DAYS_TO), SMALL),
)
FROM_DAY_TO: Final = seq(lambda *pair: pair, FROM, DAY, TO, DAY)
RANGE: Final = _phrase(
    partial(_unpacked, meaning.day_range),
    either(FROM_DAY_TO, IN_A_MONTH, NUMBERED_RANGE),
)
UNTIL_DAY: Final = _phrase(meaning.until_day, token_of(Kind.UNTIL), DAY)


def _near(kind: Kind, means: Callable[..., Iterator[Reading]], which: Rule[object]) -> Rule[Phrase]:
    """this week, next week, la semana que viene."""
    the = perhaps(Kind.ARTICLE)
    return either(
        _phrase(means, the, which, token_of(kind)),
        _phrase(means, the, token_of(kind), seq(lambda _: NEXT, word(Kind.NEXT))),
    )


MONTH: Final = either(
    _phrase(meaning.month, word(Kind.MONTH), OF_YEAR),
    _near(Kind.A_MONTH, meaning.near_month, WHICH_ONE),
)
WEEK: Final = _near(Kind.WEEK, meaning.week, WHICH_ONE)
WEEKEND: Final = _near(Kind.WEEKEND, meaning.weekend, maybe(WHICH_ONE))
WHOLE_DAY: Final = _phrase(meaning.one_day, DAY)
WHOLE_PART: Final = either(
    _phrase(
        partial(_unpacked, meaning.part_of_day),
        seq(lambda where: where if where[1] else None, DAY_AND_PART),
    ),
    _phrase(partial(meaning.part_of_day, None), LONE_PART),
)

# Lengths


def _length(count: Number | float, minutes: Number | None = None) -> float:
    hours = count.value if isinstance(count, Number) else count
    return hours * 60 + (minutes.value if minutes else 0)


COUNT: Final = either(seq(at_most(3), NUMBER), word(Kind.COUNT))
A_UNIT: Final = token_of(Kind.HOURS)
LENGTH: Final = either(
    word(Kind.LENGTH),
    seq(lambda count: float(count.value), COUNT, token_of(Kind.MINUTES)),
    seq(_length, either(COUNT, word(Kind.DECIMAL)), A_UNIT),
    seq(_length, COUNT, A_UNIT, SMALL),
    seq(_length, COUNT, A_UNIT, perhaps(Kind.AND), SMALL, token_of(Kind.MINUTES)),
    seq(lambda count: _length(count) + 30, COUNT, A_UNIT, token_of(Kind.AND_HALF)),
    seq(lambda count: _length(count) + 30, COUNT, token_of(Kind.AND_HALF), A_UNIT),
)
LASTING: Final = _phrase(meaning.lasting, perhaps(Kind.FOR), LENGTH)
SO_MANY_HOURS: Final = _phrase(
    meaning.lasting, seq(lambda n: n.value * 60 if n.value <= 24 else None, SMALL)
)

# What a text may be, as a whole

UNTIL: Final = seq(
    lambda phrase: phrase,
    token_of(Kind.UNTIL),
    _both_orders(meaning.moment, TOLD_CLOCK, ends=True),
)
WHEN: Final = either(
    *(WHOLE_DAY, WHOLE_PART, HOURS, MOMENT, CROSSING, RANGE, UNTIL_DAY, MONTH, WEEK, WEEKEND),
)
END_OR_HOURS: Final = either(END, UNTIL, LASTING, SO_MANY_HOURS)
EVERY_DAY: Final = seq(lambda span: lambda _: meaning.daily(span), SPAN)
