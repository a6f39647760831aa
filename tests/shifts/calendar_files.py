"""Calendar files for tests: events in a few words, and what is read of them."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from shifts.faults import BadFile, BadLines
from shifts.files.staging import FileEvent, FilePlace
from shifts.ical.ical_places import Reading, read_calendar
from tests.shifts.rosters import ANA, BO, CHI

HERE = Path(__file__).parent / "calendars"
PHONES = {ANA: "+14135550111", BO: "+14135550112", CHI: "+14135550113"}
NAMES = {ANA: "Ana", BO: "Bo", CHI: "Chi", None: "open"}
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "0123456789abcdef"
EVENING = ("DTSTART;TZID=America/New_York:20260302T180000", "DURATION:PT4H")
"""Monday, 2 March 2026, from 6 to 10 in the evening; in UTC from 23:00."""


def event(*lines: str, uid: str = "evening@example.org") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    whole = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""])
    return whole.encode()


def person_of(phone: str, name: str = "") -> int:
    plain = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
    found = [person for person, own in PHONES.items() if own == plain]
    if not found:
        raise ValueError(f"no volunteer has {phone!r}")
    return found[0]


def staged(
    data: bytes, now: datetime = NOW, *, all_agreed: bool = False
) -> list[FileEvent | FilePlace]:
    """What a file holds; raises BadFile as an import does."""
    bad = BadLines()
    reading = Reading(ZONE, KEY, person_of, now, bad, all_agreed)
    found = list(read_calendar(BytesIO(data), reading))
    bad.refuse()
    return found


def read(data: bytes, now: datetime = NOW) -> list[FilePlace]:
    return [one for one in staged(data, now) if isinstance(one, FilePlace)]


def told(data: bytes, now: datetime = NOW) -> list[str]:
    """The places of a file, each in a few words, in UTC."""
    return [in_words(place) for place in read(data, now)]


def in_words(place: FilePlace) -> str:
    ends = f"{place.ends_at:%H:%M}" if place.ends_at.second == 0 else f"{place.ends_at:%H:%M:%S}"
    return f"{place.starts_at:%Y-%m-%d %H:%M}-{ends} {NAMES[place.person_id]} {place.state}"


def faults(data: bytes, now: datetime = NOW) -> list[str]:
    try:
        staged(data, now)
    except BadFile as fault:
        return list(fault.lines)
    return []
