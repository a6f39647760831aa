"""The English words of dates and times."""

from typing import Final

from warmline.plain_dates.lexicon import (
    FIRST,
    SECOND,
    Kind,
    Lexicon,
    Number,
    PartOfDay,
    all_of,
    hours,
    joined,
    listed,
    numbers,
)

MORNING: Final = PartOfDay("morning", hours(5, 12), hours(0, 12))
AFTERNOON: Final = PartOfDay("afternoon", hours(12, 18), hours(12, 18.99))
EVENING: Final = PartOfDay("evening", hours(16, 23), hours(16, 23.99))
NIGHT: Final = PartOfDay("night", hours(17, 29), hours(16, 29))

_PARTS = {"morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING, "night": NIGHT}

_WEEKDAYS = (
    *("mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday"),
    *("fri friday", "sat saturday", "sun sunday"),
)
_MONTHS = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
    *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
)

LEXICON: Final = Lexicon(
    words=joined(
        listed(Kind.WEEKDAY, _WEEKDAYS),
        listed(Kind.MONTH, _MONTHS, first=1),
        numbers("one two three four five six seven eight nine ten eleven twelve"),
        all_of(Kind.AHEAD, "today", "tday", means=0),
        all_of(Kind.AHEAD, "tomorrow", "tmrw", "tmw", "tomorow", "tommorow", "tmrrw", means=1),
        all_of(Kind.AHEAD, "day after tomorrow", "the day after tomorrow", means=2),
        *(all_of(Kind.PART, name, means=part) for name, part in _PARTS.items()),
        *(
            all_of(kind, f"in the {name}", "at night" if name == "night" else name, means=part)
            for name, part in _PARTS.items()
            for kind in (Kind.PART, Kind.LONE_PART, Kind.PART_AFTER)
        ),
        all_of(Kind.PART, "eve", "evenin", means=EVENING),
        all_of(Kind.PART, "nite", means=NIGHT),
        all_of(Kind.TONIGHT, "tonight", "tonite", means=NIGHT),
        all_of(Kind.THIS, "this", "coming", "this coming"),
        all_of(Kind.NEXT, "next"),
        all_of(Kind.WEEK, "week"),
        all_of(Kind.WEEKEND, "weekend", "wkend", "wknd"),
        all_of(Kind.A_MONTH, "month"),
        all_of(Kind.ALL_DAY, "all day"),
        all_of(Kind.MERIDIEM, "am", "a", means="am"),
        all_of(Kind.MERIDIEM, "pm", "p", means="pm"),
        all_of(Kind.O_CLOCK, "oclock"),
        all_of(Kind.NOON, "noon", "midday"),
        all_of(Kind.MIDNIGHT, "midnight"),
        all_of(Kind.PAST, "half past", means=30),
        all_of(Kind.PAST, "quarter past", "a quarter past", means=15),
        all_of(Kind.WHICH, "first time", means=FIRST),
        all_of(Kind.WHICH, "second time", means=SECOND),
        all_of(Kind.HOURS, "h", "hr", "hrs", "hour", "hours"),
        all_of(Kind.MINUTES, "m", "min", "mins", "minute", "minutes"),
        all_of(Kind.LENGTH, "half hour", "half an hour", "a half hour", means=30),
        all_of(Kind.LENGTH, "hour and a half", "an hour and a half", means=90),
        all_of(Kind.AND_HALF, "and a half"),
        all_of(Kind.COUNT, "a", "an", means=Number(1, "1")),
        all_of(Kind.FOR, "for"),
        all_of(Kind.FROM, "from"),
        all_of(Kind.TO, "to", "until", "till", "til", "through", "thru"),
        all_of(Kind.UNTIL, "until", "till", "til", "to"),
        all_of(Kind.BETWEEN, "between"),
        all_of(Kind.AND, "and"),
        all_of(Kind.ON, "on"),
        all_of(Kind.OF, "of", "in"),
        all_of(Kind.AT, "at"),
        all_of(Kind.THE, "the"),
        all_of(Kind.ARTICLE, "the"),
    ),
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    long_months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    parts={name: name for name in _PARTS} | {"early": "early morning"},
    occurrences=("first time", "second time"),
    days="{first} to {last}",
    years=(" {year}", " in {year}"),
    ordinals=("st", "nd", "rd", "th"),
    in_halves=True,
)
