"""Dates and times as volunteers text them, in English and Spanish."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from warmline.plain_dates import (
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
    in_words,
    read_daily,
    read_end,
    read_when,
)
from warmline.plain_dates.days import Here
from warmline.plain_dates.lexicon_en import LEXICON as ENGLISH
from warmline.plain_dates.lexicon_es import LEXICON as SPANISH
from warmline.plain_dates.meaning import is_over
from warmline.texting.lengths import in_gsm

NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
"""Wed 25 Nov 2026, ten in the morning."""
HALF_A_DAY = timedelta(hours=12)

Read = Callable[[str, datetime, ZoneInfo, str], Answer]


def told(answer: Answer, language: str, now: datetime = WEDNESDAY) -> str:
    """One reading in words; several with a bar between them; of a refusal why, and the words."""
    if isinstance(answer, NotUnderstood):
        return f"{answer.why}: {answer.words}"
    options = answer.options if isinstance(answer, Choice) else (answer,)
    return " | ".join(in_words(one, now, NEW_YORK, language) for one in options)


def when(text: str, language: str = "en", now: datetime = WEDNESDAY) -> str:
    return told(read_when(text, now, NEW_YORK, language), language, now)


def end(text: str, language: str = "en", now: datetime = WEDNESDAY) -> str:
    return told(read_end(text, now, NEW_YORK, language), language, now)


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, fold=fold, tzinfo=NEW_YORK).astimezone(UTC)  # type: ignore[arg-type, misc] # year, month, day, hour, minute


# The texts that every library misread


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("en", "sat 6-9pm", Hours(local(2026, 11, 28, 18), local(2026, 11, 28, 21))),
        (
            *("en", "tomorrow night"),
            Part(date(2026, 11, 26), "night", local(2026, 11, 26, 17), local(2026, 11, 27, 5)),
        ),
        ("en", "next tue 18:00", Moment(local(2026, 12, 1, 18))),
        (
            *("es", "sábado 6 a 9 de la tarde"),
            Hours(local(2026, 11, 28, 18), local(2026, 11, 28, 21)),
        ),
        (
            *("es", "mañana por la noche"),
            Part(date(2026, 11, 26), "night", local(2026, 11, 26, 18), local(2026, 11, 27, 5)),
        ),
        ("es", "el próximo martes a las 18", Moment(local(2026, 12, 1, 18))),
        ("en", "tonight 7-10", Hours(local(2026, 11, 25, 19), local(2026, 11, 25, 22))),
        (
            *("en", "12/5 6pm-9pm"),
            Choice(
                (
                    Hours(local(2026, 12, 5, 18), local(2026, 12, 5, 21)),
                    Hours(local(2027, 5, 12, 18), local(2027, 5, 12, 21)),
                )
            ),
        ),
    ],
)
def test_what_libraries_misread_is_read(language: str, text: str, read: Answer) -> None:
    assert read_when(text, WEDNESDAY, NEW_YORK, language) == read


# Days, hours, months in English

ENGLISH_TEXTS = {
    "today": "Wed 25 Nov",
    "Tomorrow!": "Thu 26 Nov",
    "the day after tomorrow": "Fri 27 Nov",
    "SAT": "Sat 28 Nov",
    "on sat.": "Sat 28 Nov",
    "sat all day": "Sat 28 Nov",
    "sat, please 🙏": "Sat 28 Nov",
    "this fri": "Fri 27 Nov",
    "next tue": "Tue 1 Dec",
    "next fri": "Fri 27 Nov | Fri 4 Dec",
    "next sun": "Sun 29 Nov | Sun 6 Dec",
    "wed": "Wed 25 Nov | Wed 2 Dec",
    "this wed": "Wed 25 Nov",
    "next wed": "Wed 2 Dec",
    "5 dec": "Sat 5 Dec",
    "dec 5": "Sat 5 Dec",
    "Dec. 5th": "Sat 5 Dec",
    "the 5th of december": "Sat 5 Dec",
    "sat 5 dec": "Sat 5 Dec",
    "fri 5 dec": "impossible: fri 5 dec",
    "sun 28 nov": "impossible: sun 28 nov",
    "5th": "Sat 5 Dec",
    "the 5": "Sat 5 Dec",
    "sat the 5th": "Sat 5 Dec",
    "sat 5": "Sat 28 Nov 5 AM | Sat 28 Nov 5 PM | Sat 5 Dec",
    "tue 5": "Tue 1 Dec 5 AM | Tue 1 Dec 5 PM | Tue 5 Jan",
    "sat 31": "impossible: sat 31",
    "24 nov": "Wed 24 Nov 2027",
    "24 nov 2026": "over: 24 nov 2026",
    "3 jan": "Sun 3 Jan",
    "29 feb": "Tue 29 Feb 2028",
    "29 feb 2027": "impossible: 29 feb 2027",
    "31 feb": "impossible: 31 feb",
    "5 dec 2027": "Sun 5 Dec 2027",
    "5 dec 2030": "impossible: 5 dec 2030",
    "5 dec 2035": "impossible: 5 dec 2035",
    "5 dec 1830": "Sat 5 Dec 6:30 PM",
    "5 dec 2028-6 dec 2028": "Tue 5 Dec 2028 to Wed 6 Dec 2028",
    "2026-12-05": "Sat 5 Dec",
    "12/5": "Sat 5 Dec | Wed 12 May",
    "12/5/26": "Sat 5 Dec",
    "12/25": "Fri 25 Dec",
    "25/12": "Fri 25 Dec",
    "24-12": "Thu 24 Dec",
    "5/5": "Wed 5 May",
    "sat 12/5": "Sat 5 Dec",
    "12-5": "Wed 25 Nov noon-5 PM | Thu 26 Nov 00:00-5 AM | Sat 5 Dec",
    "6-9": "Wed 25 Nov 6-9 PM | Thu 26 Nov 6-9 AM",
    # parts of days
    "sat evening": "Sat 28 Nov evening",
    "sat in the evening": "Sat 28 Nov evening",
    "on the evening of the 5th": "Sat 5 Dec evening",
    "evening of 5 dec": "Sat 5 Dec evening",
    "tonight": "Wed 25 Nov night",
    "tomorrow morning": "Thu 26 Nov morning",
    "this afternoon": "Wed 25 Nov afternoon",
    "morning": "Wed 25 Nov morning | Thu 26 Nov morning",
    "afternoon": "Wed 25 Nov afternoon",
    # ranges of days
    "20 dec to 3 jan": "Sun 20 Dec to Sun 3 Jan",
    "from 20 December until January 3rd": "Sun 20 Dec to Sun 3 Jan",
    "20 nov to 3 dec": "Fri 20 Nov to Thu 3 Dec",
    "20-27 dec": "Sun 20 Dec to Sun 27 Dec",
    "dec 20-27": "Sun 20 Dec to Sun 27 Dec",
    "the 20th to 3 jan": "Sun 20 Dec to Sun 3 Jan",
    "the 5th to the 7th": "Sat 5 Dec to Mon 7 Dec",
    "12/20-1/3": "Sun 20 Dec to Sun 3 Jan",
    "12/5 to 12/8": "Sat 5 Dec to Tue 8 Dec | Wed 12 May 2027 to Thu 12 Aug 2027",
    "20 dec to 3 jan 2028": "Mon 20 Dec 2027 to Mon 3 Jan 2028",
    "26 nov to 24 nov": "impossible: 26 nov to 24 nov",
    "mon to fri": "Mon 30 Nov to Fri 4 Dec",
    "tomorrow to sunday": "Thu 26 Nov to Sun 29 Nov",
    "wed-fri": "Wed 25 Nov to Fri 27 Nov | Wed 2 Dec to Fri 4 Dec",
    "sat to sat": "Sat 28 Nov to Sat 5 Dec",
    "until fri": "Wed 25 Nov to Thu 26 Nov | Wed 25 Nov to Fri 27 Nov",
    "this weekend": "Sat 28 Nov to Sun 29 Nov",
    "next weekend": "Sat 28 Nov to Sun 29 Nov | Sat 5 Dec to Sun 6 Dec",
    "this week": "Wed 25 Nov to Sat 28 Nov | Wed 25 Nov to Sun 29 Nov",
    "next week": "Sun 29 Nov to Sat 5 Dec | Mon 30 Nov to Sun 6 Dec",
    # months
    "dec": "December 2026",
    "NOVEMBER": "November 2026",
    "oct": "October 2027",
    "dec 2027": "December 2027",
    "next month": "December 2026",
    # hours
    "sat 6-9": "Sat 28 Nov 6-9 AM | Sat 28 Nov 6-9 PM",
    "sat, 6 \u2013 9 P.M.": "Sat 28 Nov 6-9 PM",
    "6-9pm sat": "Sat 28 Nov 6-9 PM",
    "sat from six to nine pm": "Sat 28 Nov 6-9 PM",
    "between 6 and 9pm on sat": "Sat 28 Nov 6-9 PM",
    "sat evening 6-9": "Sat 28 Nov 6-9 PM",
    "sat morning 6-9pm": "impossible: sat morning 6-9pm",
    "sat 6 to 9 in the evening": "Sat 28 Nov 6-9 PM",
    "tomorrow 18-21": "Thu 26 Nov 6-9 PM",
    "tomorrow 1830-2100": "Thu 26 Nov 6:30-9 PM",
    "tomorrow 06:00-09:00": "Thu 26 Nov 6-9 AM",
    "tomorrow 6:00-20:00": "Thu 26 Nov 6 AM-8 PM",
    "tomorrow 10-2": "Thu 26 Nov 10 AM-2 PM | Thu 26 Nov 10 PM-2 AM",
    "tomorrow 10-2pm": "Thu 26 Nov 10 AM-2 PM",
    "tomorrow 9am-5": "Thu 26 Nov 9 AM-5 PM",
    "tomorrow 09-11pm": "Thu 26 Nov 9-11 PM",
    "tomorrow 22-6": "Thu 26 Nov 10 PM-6 AM",
    "tomorrow 18-9": "Thu 26 Nov 6-9 PM | Thu 26 Nov 6 PM-9 AM",
    "tomorrow noon-3": "Thu 26 Nov noon-3 PM",
    "sat 9pm to midnight": "Sat 28 Nov 9 PM-midnight",
    "sat 7pm-7pm": "Sat 28 Nov 7 PM-7 PM",
    "sat 18-24": "Sat 28 Nov 6 PM-midnight",
    "tonight 5-7": "Wed 25 Nov 5-7 PM | Thu 26 Nov 5-7 AM",
    "mon 9-12 in the morning": "Mon 30 Nov 9 AM-noon | Mon 30 Nov 9 PM-midnight",
    "sat 9.30-11.30am": "Sat 28 Nov 9:30-11:30 AM",
    "sat 9.12-11.30am": "unknown: -",
    "sat night 1-3": "Sun 29 Nov 1-3 AM",
    "9am-11am": "Wed 25 Nov 9-11 AM | Thu 26 Nov 9-11 AM",
    "today 6-9": "Wed 25 Nov 6-9 PM",
    "today 6-9am": "over: today 6-9am",
    "wed 9-10am": "Wed 2 Dec 9-10 AM",
    "sat 9pm to sun 6am": "Sat 28 Nov 9 PM-6 AM",
    "sat 9 to sun 6": (
        "Sat 28 Nov 9 AM-6 AM | Sat 28 Nov 9 AM-Sun 29 Nov 6 PM"
        " | Sat 28 Nov 9 PM-6 AM | Sat 28 Nov 9 PM-6 PM"
    ),
    "fri 5pm - sun 8pm": "Fri 27 Nov 5 PM-Sun 29 Nov 8 PM",
    # moments
    "9pm": "Wed 25 Nov 9 PM",
    "9": "Wed 25 Nov 9 PM | Thu 26 Nov 9 AM",
    "sat 9": "Sat 28 Nov 9 AM | Sat 28 Nov 9 PM",
    "dec 5 at 8": "Sat 5 Dec 8 AM | Sat 5 Dec 8 PM",
    "half past 8 tomorrow night": "Thu 26 Nov 8:30 PM",
    "tonight at 1": "Thu 26 Nov 1 AM",
    "7 at night": "Wed 25 Nov 7 PM",
    "sat midnight": "Sat 28 Nov 00:00 | Sun 29 Nov 00:00",
    "sat 12am": "Sat 28 Nov 00:00 | Sun 29 Nov 00:00",
    "sat 12": "Sat 28 Nov 00:00 | Sat 28 Nov noon | Sun 29 Nov 00:00 | Sat 12 Dec",
    # what cannot be explained
    "": "empty: ",
    " ?! ": "empty: ",
    "please": "empty: ",
    "purple": "unknown: purple",
    "sat purple rain": "unknown: purple",
    "not sat": "unknown: not",
    "sat sat": "unknown: sat",
    "20 dec to": "unknown: to",
    "sat ❌": "unknown: ❌",
    "sat 6-9pm 7": "unknown: 7",
    "sat 6-9-12": "impossible: sat 6-9-12",
    "sat 99": "impossible: sat 99",
    "sat 9:75": "unknown: 9:75",
    "sat 18am": "unknown: am",
    "week": "unknown: week",
    "every sat": "unknown: every",
    "sats": "unknown: sats",
    "quarter to 6": "unknown: quarter",
    "413 555 0111": "unknown: 555",
    "8½": "unknown: ½",
    "sat 6²": "unknown: ²",
    "sun, mon": "unknown: mon",
    "sáb": "unknown: sab",
    "wed 9 to fri 6": "doubtful: wed 9 to fri 6",
}

SPANISH_TEXTS = {
    "hoy": "mié 25 nov",
    "mañana": "jue 26 nov",
    "MANANA": "jue 26 nov",
    "pasado mañana": "vie 27 nov",
    "sábado": "sáb 28 nov",
    "sabado": "sáb 28 nov",
    "¡El sábado, por favor!": "sáb 28 nov",
    "este viernes": "vie 27 nov",
    "el viernes que viene": "vie 27 nov | vie 4 dic",
    "mañana jueves": "jue 26 nov",
    "mañana sábado": "impossible: manana sabado",
    "24 diciembre": "jue 24 dic",
    "24 de diciembre de 2026": "jue 24 dic",
    "jueves 24 de diciembre": "jue 24 dic",
    "1º de enero": "vie 1 ene",
    "el 2do de enero": "sáb 2 ene",
    "el primero de enero": "vie 1 ene",
    "el 5": "sáb 5 dic",
    "el día 5": "sáb 5 dic",
    "12/5": "sáb 5 dic | mié 12 may",
    "mar 3": "mar 1 dic 03:00 | mar 1 dic 15:00 | mié 3 mar",
    "29 de febrero": "mar 29 feb de 2028",
    # partes del día
    "esta tarde": "mié 25 nov por la tarde",
    "esta noche": "mié 25 nov por la noche",
    "mañana por la mañana": "jue 26 nov por la mañana",
    "sábado en la noche": "sáb 28 nov por la noche",
    "sábado noche": "sáb 28 nov por la noche",
    "la noche del sábado": "sáb 28 nov por la noche",
    "viernes de madrugada": "vie 27 nov de madrugada",
    # días
    "del 20 dic al 3 ene": "del dom 20 dic al dom 3 ene",
    "del 20 de diciembre al 3 de enero": "del dom 20 dic al dom 3 ene",
    "desde el 20 hasta el 27 de diciembre": "del dom 20 dic al dom 27 dic",
    "del 5 al 7": "del sáb 5 dic al lun 7 dic",
    "lunes a viernes": "del lun 30 nov al vie 4 dic",
    "hasta el 3 de enero": "del mié 25 nov al sáb 2 ene | del mié 25 nov al dom 3 ene",
    "fin de semana": "del sáb 28 nov al dom 29 nov",
    "la semana que viene": "del dom 29 nov al sáb 5 dic | del lun 30 nov al dom 6 dic",
    "diciembre": "diciembre de 2026",
    "el próximo mes": "diciembre de 2026",
    # horas
    "sábado de 6 a 9 de la tarde": "sáb 28 nov 18:00-21:00",
    "sábado de 6 a 9": "sáb 28 nov 06:00-09:00 | sáb 28 nov 18:00-21:00",
    "sábado de las 6 a las 9 de la noche": "sáb 28 nov 18:00-21:00",
    "de 6 a 9 de la noche el sábado": "sáb 28 nov 18:00-21:00",
    "entre las 6 y las 9 de la noche hoy": "mié 25 nov 18:00-21:00",
    "mañana de 11 a 2 de la tarde": "jue 26 nov 11:00-14:00",
    "mañana de 9 a 6 de la tarde": "jue 26 nov 09:00-18:00",
    "mañana 18-21": "jue 26 nov 18:00-21:00",
    "mañana 10-11 h": "jue 26 nov 10:00-11:00 h",
    "mañana 10:00-11:00 h": "jue 26 nov 10:00-11:00 h",
    "mañana de 18.30 a 20.30": "jue 26 nov 18:30-20:30",
    "mañana 18h30-21h": "jue 26 nov 18:30-21:00",
    "mañana de 9 p. m. a medianoche": "jue 26 nov 21:00-00:00",
    "esta noche 7-10": "mié 25 nov 19:00-22:00",
    "hoy a las 8": "mié 25 nov 20:00",
    "a las 6 de la tarde del sábado": "sáb 28 nov 18:00",
    "a las 9 y media de la mañana": "jue 26 nov 09:30",
    "mañana al mediodía": "jue 26 nov 12:00 h",
    "sábado a las 12 de la noche": "sáb 28 nov 00:00 | dom 29 nov 00:00",
    # lo que no se explica
    "sábado morado": "unknown: morado",
    "no el sábado": "unknown: no",
    "los sábados": "unknown: los",
    "del 20 dic al": "unknown: al",
    "saturday": "unknown: saturday",
}


@pytest.mark.parametrize(("text", "read"), ENGLISH_TEXTS.items())
def test_an_english_text_is_read(text: str, read: str) -> None:
    assert when(text) == read


@pytest.mark.parametrize(("text", "read"), SPANISH_TEXTS.items())
def test_a_spanish_text_is_read(text: str, read: str) -> None:
    assert when(text, "es") == read


def test_a_month_is_a_month_and_days_are_dates() -> None:
    assert read_when("dec", WEDNESDAY, NEW_YORK, "en") == Month(2026, 12)
    assert read_when("20 dec to 3 jan", WEDNESDAY, NEW_YORK, "en") == Days(
        date(2026, 12, 20), date(2027, 1, 3)
    )
    assert Month(2028, 2).last == date(2028, 2, 29)


# Ends

ENGLISH_ENDS = {
    "until 9": "Wed 25 Nov 9 PM | Thu 26 Nov 9 AM",
    # An hour of the clock, or so many hours.
    "9": "Wed 25 Nov 7 PM | Wed 25 Nov 9 PM | Thu 26 Nov 9 AM",
    "9pm": "Wed 25 Nov 9 PM",
    "9p": "Wed 25 Nov 9 PM",
    "21:00": "Wed 25 Nov 9 PM",
    "until 930": "Wed 25 Nov 9:30 PM | Thu 26 Nov 9:30 AM",
    "930": "unknown: 930",
    "until 9.30pm": "Wed 25 Nov 9:30 PM",
    "4h": "Wed 25 Nov 2 PM",
    "for 4 hours": "Wed 25 Nov 2 PM",
    "1.5h": "Wed 25 Nov 11:30 AM",
    "1h30": "Wed 25 Nov 11:30 AM",
    "1 hour and 20 minutes": "Wed 25 Nov 11:20 AM",
    "an hour and a half": "Wed 25 Nov 11:30 AM",
    "half an hour": "Wed 25 Nov 10:30 AM",
    "20 min": "Wed 25 Nov 10:20 AM",
    "midnight": "Thu 26 Nov 00:00",
    "noon": "Wed 25 Nov noon",
    "until 2am tomorrow": "Thu 26 Nov 2 AM",
    "until tomorrow": "unknown: tomorrow",
    "0h": "impossible: 0h",
    "999h": "impossible: 999h",
    "99999h": "unknown: 99999",
    "24": "Thu 26 Nov 00:00 | Thu 26 Nov 10 AM",
    "4 days": "unknown: days",
}
SPANISH_ENDS = {
    "hasta las 9": "mié 25 nov 21:00 | jue 26 nov 09:00",
    "hasta la una": "mié 25 nov 13:00 | jue 26 nov 01:00",
    "hasta las 9 y media de la noche": "mié 25 nov 21:30",
    "hasta las 21:00": "mié 25 nov 21:00",
    "hasta las 21 horas": "mié 25 nov 21:00",
    "21h": "mié 25 nov 21:00 | jue 26 nov 07:00",
    "4h": "mié 25 nov 14:00 | jue 26 nov 04:00",
    "2 horas y media": "mié 25 nov 12:30 h",
    "hora y media": "mié 25 nov 11:30 h",
    "media hora": "mié 25 nov 10:30 h",
    "1,5 h": "mié 25 nov 11:30 h",
    "20 minutos": "mié 25 nov 10:20 h",
    "medianoche": "jue 26 nov 00:00",
    "hasta el mediodía": "mié 25 nov 12:00 h",
}


@pytest.mark.parametrize(("text", "read"), ENGLISH_ENDS.items())
def test_an_english_end_is_read(text: str, read: str) -> None:
    assert end(text) == read


@pytest.mark.parametrize(("text", "read"), SPANISH_ENDS.items())
def test_a_spanish_end_is_read(text: str, read: str) -> None:
    assert end(text, "es") == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("until 9", "Wed 25 Nov 9 PM"),
        ("until 10", "Wed 25 Nov 10 PM"),
        ("9", "Wed 25 Nov 7 PM | Wed 25 Nov 9 PM"),
        # All of it is too late: it stays, and whoever asked can say what is the most.
        ("until 11pm", "Wed 25 Nov 11 PM"),
    ],
)
def test_within_half_a_day_an_hour_comes_once(text: str, read: str) -> None:
    assert told(read_end(text, WEDNESDAY, NEW_YORK, "en", within=HALF_A_DAY), "en") == read


def test_a_length_ends_on_a_whole_minute_and_is_never_cut_short() -> None:
    now = datetime(2026, 11, 25, 10, 0, 1, tzinfo=NEW_YORK)
    assert read_end("20 min", now, NEW_YORK, "en") == Moment(local(2026, 11, 25, 10, 21))


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("en", "9pm-9am", Daily(time(21), time(9))),
        ("en", "from 10pm to 8", Daily(time(22), time(8))),
        ("es", "de 22 a 7", Daily(time(22), time(7))),
        ("en", "9-9", Choice((Daily(time(9), time(21)), Daily(time(21), time(9))))),
        ("en", "sat 9-10pm", NotUnderstood("sat", Why.UNKNOWN)),
    ],
)
def test_quiet_hours_are_the_same_every_day(language: str, text: str, read: Answer) -> None:
    assert read_daily(text, WEDNESDAY, NEW_YORK, language) == read


# The small hours, new year, and the nights on which clocks change


@pytest.mark.parametrize(
    ("now", "text", "read"),
    [
        # Half past midnight: is tomorrow after the next sleep, or after midnight?
        (local(2026, 11, 26, 0, 30), "tomorrow", "Thu 26 Nov | Fri 27 Nov"),
        (local(2026, 11, 26, 0, 30), "tonight", "Wed 25 Nov night | Thu 26 Nov night"),
        (local(2026, 11, 26, 0, 30), "tonight at 1", "Thu 26 Nov 1 AM | Fri 27 Nov 1 AM"),
        (local(2026, 11, 26, 0, 30), "tonight 7-10", "Thu 26 Nov 7-10 PM"),
        (
            *(local(2026, 11, 26, 2), "10pm-6am"),
            "Wed 25 Nov 10 PM-6 AM | Thu 26 Nov 10 PM-6 AM",
        ),
        (local(2026, 11, 25, 21), "today 10pm-6am", "Wed 25 Nov 10 PM-6 AM"),
        (local(2026, 11, 28, 10), "weekend", "Sat 28 Nov to Sun 29 Nov | Sat 5 Dec to Sun 6 Dec"),
        (local(2026, 11, 29, 10), "this weekend", "Sun 29 Nov"),
        # New year
        (local(2026, 12, 31, 22), "tomorrow", "Fri 1 Jan"),
        (local(2026, 12, 31, 22), "until 2am", "unknown: am"),
        (local(2026, 12, 31, 22), "tonight 11-2", "Thu 31 Dec 11 PM-2 AM"),
        (local(2026, 12, 31, 22), "dec", "December 2026"),
        (local(2027, 1, 1, 9), "dec", "December 2027"),
        (local(2027, 1, 1, 9), "20 dec to 3 jan", "Sun 20 Dec to Sun 3 Jan"),
        (local(2027, 1, 4, 9), "20 dec to 3 jan", "Mon 20 Dec 2027 to Mon 3 Jan 2028"),
        # 29 February
        (local(2028, 2, 28, 9), "tomorrow", "Tue 29 Feb 2028"),
        (local(2028, 2, 28, 9), "29 feb", "Tue 29 Feb 2028"),
        (local(2028, 3, 1, 9), "29 feb", "Sun 29 Feb 2032"),
        # Clocks go back on 1 Nov 2026 at two: from one to two comes twice.
        (local(2026, 10, 31, 9), "sun 1-3am", "Sun 1 Nov 1 AM first time-3 AM"),
        (local(2026, 10, 31, 9), "sun 1:30am", "Sun 1 Nov 1:30 AM first time"),
        (local(2026, 10, 31, 9), "sun 1:30am second time", "Sun 1 Nov 1:30 AM second time"),
        (local(2026, 10, 31, 9), "sun 3am second time", "impossible: sun 3am second time"),
        # Clocks go forward on 14 Mar 2027 at two: from two to three never comes.
        (local(2027, 3, 13, 9), "sun 2:30am", "Sun 14 Mar 3 AM"),
        (local(2027, 3, 13, 9), "sun 1-2:30am", "Sun 14 Mar 1-3 AM"),
        (local(2027, 3, 13, 9), "sun 2-3am", "impossible: sun 2-3am"),
        (local(2027, 3, 13, 9), "tonight 10-6", "Sat 13 Mar 10 PM-6 AM"),
    ],
)
def test_a_text_is_read_around_midnights_new_years_and_changes_of_the_clock(
    now: datetime, text: str, read: str
) -> None:
    assert when(text, now=now) == read


def test_an_hour_that_comes_twice_begins_at_its_first_and_ends_at_its_last() -> None:
    now = local(2026, 10, 31, 20)
    first, last = local(2026, 11, 1, 1, 30), local(2026, 11, 1, 1, 30, fold=1)
    assert last - first == timedelta(hours=1)
    assert read_when("sun 1:30am", now, NEW_YORK, "en") == Moment(first)
    assert read_end("until 1:30am", now, NEW_YORK, "en") == Moment(last)
    assert read_when("tonight 9-1:30", now, NEW_YORK, "en") == Hours(local(2026, 10, 31, 21), last)
    at_one = datetime(2026, 11, 1, 0, 45, tzinfo=NEW_YORK)
    assert end("45 min", now=at_one) == "Sun 1 Nov 1:30 AM first time"
    assert end("105 min", "es", now=at_one) == "dom 1 nov 01:30 segunda vez"


def test_the_next_time_counts_in_the_zone_of_whoever_writes() -> None:
    late_in_tokyo = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert read_when("today", late_in_tokyo, tokyo, "en") == Days(
        date(2026, 11, 25), date(2026, 11, 25)
    )
    assert read_when("9am", late_in_tokyo, tokyo, "en") == Moment(
        datetime(2026, 11, 26, tzinfo=UTC)
    )


# Whatever comes in

ZONES = ("America/New_York", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "UTC")
WORDS = sorted({*ENGLISH.words, *SPANISH.words})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.integers(0, 2100).map(str),
    st.integers(0, 31).map(str),
    st.sampled_from(["-", "6pm", "21:30", "12/5", "1º", "9am", "5th", "10", "2028", "to", "a"]),
)
NEW_2025 = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.one_of(
    st.integers(0, 15 * 366 * 24 * 60).map(lambda minutes: NEW_2025 + timedelta(minutes=minutes)),
    st.sampled_from(
        [
            local(2026, 11, 1, 0, 50),
            local(2026, 10, 31, 23),
            local(2027, 3, 14, 1, 10),
            local(2026, 12, 31, 23, 59) + timedelta(seconds=59.5),
            local(2028, 2, 29),
        ]
    ),
)
ANY_READ: tuple[Read, ...] = (read_when, read_end, read_daily)
languages = st.sampled_from(["en", "es"])
zones = st.sampled_from(ZONES).map(ZoneInfo)


def readings(answer: Answer) -> tuple[Reading, ...]:
    if isinstance(answer, NotUnderstood):
        return ()
    return answer.options if isinstance(answer, Choice) else (answer,)


@examples(150)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=6).map(" ".join)), languages)
@example("٣", "en")
@example("9" * 1600, "en")
def test_no_text_raises(text: str, language: str) -> None:
    for read in ANY_READ:
        answer = read(text, WEDNESDAY, NEW_YORK, language)
        if isinstance(answer, NotUnderstood):
            assert len(answer.words) <= 30


PHRASES = [*ENGLISH_TEXTS, *ENGLISH_ENDS, *SPANISH_TEXTS, *SPANISH_ENDS]


@examples(300)
@given(
    st.one_of(st.sampled_from(PHRASES), st.lists(PIECES, max_size=5).map(" ".join)),
    *(MOMENTS, zones, languages, st.sampled_from(ANY_READ)),
)
def test_a_reading_is_never_past_and_read_back_is_the_same(
    text: str, now: datetime, zone: ZoneInfo, language: str, read: Read
) -> None:
    for one in readings(read(text, now, zone, language)):
        assert not is_over(one, Here(now, zone))
        words = in_words(one, now, zone, language)
        again = (
            read_end
            if isinstance(one, Moment)
            else read_daily
            if isinstance(one, Daily)
            else read_when
        )
        assert again(words, now, zone, language) == one, words


@pytest.mark.parametrize("text", ENGLISH_TEXTS)
def test_english_is_told_in_the_letters_of_a_plain_text_message(text: str) -> None:
    told_back = [
        in_words(one, WEDNESDAY, NEW_YORK, "en")
        for one in readings(read_when(text, WEDNESDAY, NEW_YORK, "en"))
    ]
    assert all(in_gsm(words) == words for words in told_back)
    assert all(len(words) <= 40 for words in told_back)
