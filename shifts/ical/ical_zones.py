"""Time zones of calendar files: IANA's names, Windows', and those that a file describes itself."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from shifts.ical.ical_lines import Component, Property, read_property
from shifts.ical.ical_rules import LAST_YEAR, Patience, local_starts, read_rule
from shifts.ical.ical_times import UTC_ZONE, read_local, read_offset

Described = Mapping[tuple[int, str], Component]
"""The VTIMEZONEs of a file by calendar (from 1) and name."""
FOREVER: Final = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
MOST_ONSETS: Final = 2000
"""Changes of a clock; two a year since 1601, where Outlook begins, are 1200."""


class Zones:
    """Finds the zone that a TZID of a file means.

    A name that is known means the zone that is known, whatever the file says of it: files carry
    shortened descriptions. `described` is asked for only when a name is not known.
    """

    def __init__(self, described: Callable[[], Described]) -> None:
        self._described = described
        self._found: dict[tuple[int, str], ZoneInfo] = {}

    def find(self, name: str, calendar: int) -> ZoneInfo:
        """The zone; raises ValueError, saying what is wrong."""
        key = (calendar, name)
        if key not in self._found:
            self._found[key] = known(name) or self._from_file(key)
        return self._found[key]

    def _from_file(self, key: tuple[int, str]) -> ZoneInfo:
        described = self._described().get(key)
        if described is None:
            raise ValueError(f"the time zone {key[1][:60]!r} is not known, nor does the file say")
        try:
            return _alias(described) or built(described)
        except ValueError as fault:
            where = f"line {described.line}"
            raise ValueError(f"the time zone {key[1][:60]!r} of {where}: {fault}") from None


def known(name: str) -> ZoneInfo | None:
    """The zone with an IANA or Windows name, also behind a maker's prefix; None: not known."""
    parts = name.strip("/").split("/")
    endings = ("/".join(parts[at:]) for at in range(max(0, len(parts) - 3), len(parts)))
    candidates = [WINDOWS_TO_OLSON.get(name, name), *endings]
    found = next((one for one in candidates if one in _names()), None)
    return ZoneInfo(found) if found else None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def described_in(components: Iterator[Component]) -> Described:
    """The time zones of a file; of two with one name in one calendar, the last."""
    zones = (one for one in components if one.kind == "VTIMEZONE")
    return {(zone.calendar, name): zone for zone in zones if (name := _text(zone, "TZID"))}


def _text(component: Component, name: str) -> str:
    found = (prop.value for prop in _properties(component) if prop.name == name)
    return next(found, "")


def _properties(component: Component) -> Iterator[Property]:
    return (read_property(number, line) for number, line in component.lines)


def _alias(described: Component) -> ZoneInfo | None:
    """Some files name the zone they mean beside their own name for it."""
    return known(_text(described, "X-LIC-LOCATION"))


@dataclass(frozen=True, slots=True, order=True)
class Onset:
    """An instant (UTC) from which on another offset holds."""

    at: datetime
    offset: timedelta
    before: timedelta
    daylight: bool


def built(described: Component) -> ZoneInfo:
    """The zone that a VTIMEZONE describes, to the year 2199; raises ValueError."""
    onsets = sorted(onset for part in described.parts for onset in _onsets(part))
    if not onsets:
        raise ValueError("is described without a single offset")
    return ZoneInfo.from_file(BytesIO(_tzif(onsets)), key=_text(described, "TZID"))


def _onsets(part: Component) -> Iterator[Onset]:
    """When a STANDARD or DAYLIGHT begins to hold: its start, its rule, its further dates."""
    held = {prop.name: prop for prop in _properties(part)}
    missing = [name for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO") if name not in held]
    if missing:
        raise ValueError(f"{part.kind} of line {part.line} has no {missing[0]}")
    before = read_offset(held["TZOFFSETFROM"].value)
    after = read_offset(held["TZOFFSETTO"].value)
    for number, local in enumerate(_local_onsets(held, before)):
        if number == MOST_ONSETS:
            raise ValueError("changes its clocks too often")
        if local.year >= 1900:
            at = (local - before).replace(tzinfo=UTC)
            yield Onset(at, after, before, part.kind == "DAYLIGHT")


def _local_onsets(held: Mapping[str, Property], before: timedelta) -> Iterator[datetime]:
    first = _naive(held["DTSTART"].value)
    if "RRULE" not in held:
        yield first
    else:
        rule = read_rule(held["RRULE"].value)
        if rule.until is not None and rule.until.tzinfo is not None:
            # UNTIL is in UTC here, onsets are local (section 3.6.5).
            rule = replace(rule, until=(rule.until + before).replace(tzinfo=None))
        yield from local_starts(rule, first, UTC_ZONE, FOREVER, Patience())
    if "RDATE" in held:
        yield from (_naive(one) for one in held["RDATE"].value.split(","))


def _naive(text: str) -> datetime:
    return read_local(text).replace(tzinfo=None)


def _tzif(onsets: list[Onset]) -> bytes:
    """The file format in which zones are kept (RFC 8536, version 2), so that a zone is made of it.

    Without a footer the last offset holds on; the version 1 block is left empty.
    """
    kinds = [(onsets[0].before, False), *((one.offset, one.daylight) for one in onsets)]
    types = list(dict.fromkeys(kinds))
    empty = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 0, 0)
    counts = (0, 0, 0, len(onsets), len(types), 4)
    head = struct.pack(">4sc15x6l", b"TZif", b"2", *counts)
    times = b"".join(struct.pack(">q", int(one.at.timestamp())) for one in onsets)
    which = bytes(types.index((one.offset, one.daylight)) for one in onsets)
    infos = b"".join(
        struct.pack(">lBB", int(offset.total_seconds()), daylight, 0) for offset, daylight in types
    )
    return empty + head + times + which + infos + b"LOC\0" + b"\n\n"
