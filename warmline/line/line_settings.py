"""What the settings of a line may be, in the form in which they are kept; pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from zoneinfo import available_timezones

from shifts.faults import Fault
from warmline import phone_numbers
from warmline.line import line_hours
from warmline.line.line_hours import Hours
from warmline.prompts import LANGUAGES

LONGEST_NAME: Final = 80

OPTIONS: Final = {
    "languages": "language",
    "patience_seconds": "patience",
    "breather_minutes": "breather",
}
"""Options whose name is not that of the setting."""


class BadLineSetting(Fault):
    """Something asked for a line cannot be; one line for each."""


class LineSettings(Hours, total=False):
    """Settings of `TheLine` as they are kept, and its hours: some of them."""

    name: str
    time_zone: str
    number: str
    volunteer_number: str | None
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    patience_seconds: int
    breather_minutes: int
    ring_seconds: int
    phones_at_once: int
    coordinator_phone: str | None


def checked(wanted: Mapping[str, object], country: str) -> LineSettings:
    """Settings as they are kept; phones are read as people write them in `country`.

    Raises BadLineSetting with a line for each that cannot be.
    """
    # Here the type of each becomes known: by its check.
    kept: Any = {}
    faults: list[str] = []
    for name, value in wanted.items():
        check = CHECKS.get(name, partial(phone_numbers.parse, country=country))
        try:
            kept[name] = check(value)
        except (ValueError, Fault) as fault:
            faults.append(f"{option(name)}: {fault}")
    if faults:
        raise BadLineSetting(*faults)
    settings: LineSettings = kept
    return settings


def check_phones(settings: LineSettings) -> None:
    """Hold the phones of a whole line against each other and against its countries.

    Raises BadLineSetting.
    """
    if settings["volunteer_number"] == settings["number"]:
        raise BadLineSetting("--volunteer-number: the same as --number; leave it out")
    if settings["coordinator_phone"]:
        if settings["coordinator_phone"] in {settings["number"], settings["volunteer_number"]}:
            own = "--coordinator-phone: the line's own number; give the coordinator's"
            raise BadLineSetting(own)
        try:
            phone_numbers.may_be_dialled(settings["coordinator_phone"], settings["countries"])
        except phone_numbers.NotDialled as fault:
            raise BadLineSetting(f"--coordinator-phone: {fault}") from None


def option(name: str) -> str:
    """The command line option that sets a setting."""
    return "--" + OPTIONS.get(name, name).replace("_", "-")


def line_name(text: str) -> str:
    """A line's or a person's name on one line; raises ValueError when it is none."""
    name = " ".join(text.split())
    if not name:
        raise ValueError("may not stay blank")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"at most {LONGEST_NAME} characters that can be read out")
    return name


def time_zone(text: str) -> str:
    """A zone of the IANA database; raises ValueError when there is none of that name."""
    if text.strip() not in available_timezones():
        raise ValueError(f"{text[:40]!r} is no time zone; write it as America/New_York")
    return text.strip()


def languages(codes: Sequence[str]) -> tuple[str, ...]:
    """Languages the line has words in, each once; raises ValueError for another."""
    wanted = tuple(dict.fromkeys(code.casefold() for code in codes))
    unknown = [code for code in wanted if code not in LANGUAGES]
    if unknown or not wanted:
        raise ValueError(f"{', '.join(unknown)!r} is not one of {', '.join(LANGUAGES)}")
    return wanted


def _countries(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(text.upper().replace(",", " ").split()))
    unknown = [code for code in wanted if not phone_numbers.is_country(code)]
    if unknown or not wanted:
        raise ValueError(f"{', '.join(unknown)!r} is no list of countries; write it as US,CA")
    return wanted


def _within(least: int, most: int, unit: str) -> Callable[[int], int]:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"{value} is not from {least} to {most} {unit}")
        return value

    return check


CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": line_name,
    "time_zone": time_zone,
    "languages": languages,
    "countries": _countries,
    "patience_seconds": _within(30, 1800, "seconds"),
    "breather_minutes": _within(0, 60, "minutes"),
    "ring_seconds": _within(10, 40, "seconds"),
    "phones_at_once": _within(1, 10, "phones"),
    **line_hours.CHECKS,
}
