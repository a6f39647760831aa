"""The Spanish words of dates and times, written without their accents."""

from typing import Final

from warmline.plain_dates.lexicon import (
    FIRST,
    SECOND,
    Kind,
    Lexicon,
    PartOfDay,
    all_of,
    hours,
    joined,
    listed,
    numbers,
)

EARLY: Final = PartOfDay("early", hours(0, 6), hours(0, 6.99))
MORNING: Final = PartOfDay("morning", hours(5, 13), hours(0, 12))
MIDDAY: Final = PartOfDay("midday", hours(11, 16), hours(12, 15.99))
AFTERNOON: Final = PartOfDay("afternoon", hours(12, 21), hours(12, 21.99))
NIGHT: Final = PartOfDay("night", hours(18, 29), hours(16, 29))

_PARTS = {"manana": MORNING, "tarde": AFTERNOON, "noche": NIGHT, "madrugada": EARLY}

_WEEKDAYS = (
    *("lun lunes", "mar martes", "mie mier miercoles", "jue juev jueves"),
    *("vie vier viernes", "sab sabado", "dom domingo"),
)
_MONTHS = (
    *("ene enero", "feb febrero", "mar marzo", "abr abril", "may mayo", "jun junio", "jul julio"),
    *("ago agosto", "sep sept set septiembre setiembre", "oct octubre", "nov noviembre"),
    "dic diciembre",
)

LEXICON: Final = Lexicon(
    words=joined(
        listed(Kind.WEEKDAY, _WEEKDAYS),
        listed(Kind.MONTH, _MONTHS, first=1),
        numbers("una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
        numbers("uno"),
        all_of(Kind.ORDINAL, "primero", means=1),
        all_of(Kind.AHEAD, "hoy", means=0),
        all_of(Kind.AHEAD, "manana", means=1),
        all_of(Kind.AHEAD, "pasado manana", means=2),
        *(
            all_of(kind, name, *(f"{how} la {name}" for how in ("por", "en", "a")), means=part)
            for kind in (Kind.PART, Kind.LONE_PART)
            for name, part in _PARTS.items()
            # By itself it is tomorrow, not the morning.
            if (kind, name) != (Kind.LONE_PART, "manana")
        ),
        *(
            all_of(
                Kind.PART_AFTER, *(f"{how} la {name}" for how in ("de", "por", "en")), means=part
            )
            for name, part in _PARTS.items()
        ),
        all_of(Kind.PART, "de madrugada", means=EARLY),
        all_of(Kind.PART_AFTER, "de madrugada", means=EARLY),
        all_of(Kind.PART_AFTER, "del dia", "del mediodia", means=MIDDAY),
        all_of(Kind.THIS, "este", "esta"),
        all_of(Kind.NEXT, "proximo", "proxima", "que viene", "que entra"),
        all_of(Kind.WEEK, "semana"),
        all_of(Kind.WEEKEND, "fin de semana", "finde"),
        all_of(Kind.A_MONTH, "mes"),
        all_of(Kind.ALL_DAY, "todo el dia"),
        all_of(Kind.MERIDIEM, "am", means="am"),
        all_of(Kind.MERIDIEM, "pm", means="pm"),
        all_of(Kind.O_CLOCK, "en punto"),
        all_of(Kind.HOUR_MARK, "h", "hs", "hrs", "horas"),
        all_of(Kind.NOON, "mediodia"),
        all_of(Kind.MIDNIGHT, "medianoche"),
        all_of(Kind.AFTER, "y media", means=30),
        all_of(Kind.AFTER, "y cuarto", means=15),
        all_of(Kind.WHICH, "primera vez", means=FIRST),
        all_of(Kind.WHICH, "segunda vez", means=SECOND),
        all_of(Kind.HOURS, "h", "hs", "hr", "hrs", "hora", "horas"),
        all_of(Kind.MINUTES, "m", "min", "mins", "minuto", "minutos"),
        all_of(Kind.LENGTH, "media hora", means=30),
        all_of(Kind.LENGTH, "hora y media", "una hora y media", means=90),
        all_of(Kind.AND_HALF, "y media"),
        all_of(Kind.FOR, "por", "durante"),
        all_of(Kind.FROM, "de", "desde"),
        all_of(Kind.TO, "a", "hasta", "a las", "a la"),
        all_of(Kind.UNTIL, "hasta"),
        all_of(Kind.BETWEEN, "entre"),
        all_of(Kind.AND, "y"),
        all_of(Kind.DAYS_FROM, "del"),
        all_of(Kind.DAYS_TO, "al"),
        all_of(Kind.ON, "para", "en"),
        all_of(Kind.OF, "de", "del"),
        all_of(Kind.AT, "a las", "a la", "las", "la"),
        all_of(Kind.AT_NOON, "a", "al", "el"),
        all_of(Kind.THE, "el"),
        all_of(Kind.ARTICLE, "el", "la"),
        all_of(Kind.DAY_WORD, "dia"),
    ),
    weekdays=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    long_months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
        *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    parts={
        "early": "de madrugada",
        "morning": "por la mañana",
        "afternoon": "por la tarde",
        "evening": "por la noche",
        "night": "por la noche",
    },
    occurrences=("primera vez", "segunda vez"),
    days="del {first} al {last}",
    years=(" de {year}", " de {year}"),
    ordinals=("ro", "er", "ra", "do", "to", "mo", "vo", "no"),
)
