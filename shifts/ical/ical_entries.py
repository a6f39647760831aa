"""An entry of a calendar file read property by property, every fault named by its line."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeVar
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from shifts.faults import BadLine, BadLines
from shifts.ical.ical_events import LONGEST_SHIFT, Attendee, Event, Heading
from shifts.ical.ical_lines import Component, Property, read_property
from shifts.ical.ical_rules import read_rule
from shifts.ical.ical_times import Length, Moment, is_date, read_date, read_duration, read_moment
from shifts.ical.ical_zones import Zones
from shifts.local_time import end_instant

T = TypeVar("T")
ALL_DAY: Final = "an all-day event names no hours; give it a start and an end time"
SEQUENCE: Final = re.compile(r"\d{1,9}")
LONGEST_UID: Final = 1000
SHOWN: Final = 60
DUTY: Final = "DUTY"


class Entry:
    """One VEVENT while it is read; floating times are meant in the line's zone."""

    def __init__(
        self, component: Component, zones: Zones, line_zone: ZoneInfo, bad: BadLines
    ) -> None:
        self._component, self._zones, self._line_zone = component, zones, line_zone
        self._bad, self._sound = bad, True
        self._held: dict[str, list[Property]] = {}
        for number, line in component.lines:
            self._hold(number, line)
        self._uid = self._value("UID")

    def heading(self) -> Heading | None:
        """Which event this is about; None, and a line for each fault, where that is not said."""
        if not 0 < len(self._uid) <= LONGEST_UID:
            self.complain(self._component.line, "an event has no UID; every calendar gives one")
        sequence = self._value("SEQUENCE")
        stands_for = self._one("RECURRENCE-ID", self._original)
        heading = Heading(
            self._component.line,
            self._uid,
            int(sequence) if SEQUENCE.fullmatch(sequence) else 0,
            self._component.cancelling or self._value("STATUS").upper() == "CANCELLED",
            stands_for,
        )
        return heading if self._sound else None

    def event(self) -> Event | None:
        """What takes place; None, and a line for each fault, where it cannot be."""
        for prop in self._held.get("EXRULE", ()):
            self.complain(prop.line, "EXRULE is no longer part of calendars; use EXDATE")
        start = self._one("DTSTART", self._moment, needed=True)
        length = self._length(start) if start is not None else None
        rule = self._one("RRULE", lambda prop: read_rule(prop.value))
        further = self._each("RDATE", self._further)
        left_out = self._each("EXDATE", self._left_out)
        attendees = self._each("ATTENDEE", _attendees)
        if start is None or length is None or not self._sound:
            return None
        about_one = "RECURRENCE-ID" in self._held
        return Event(
            start=start,
            length=length,
            rule=None if about_one else rule,
            further=() if about_one else further,
            left_out=frozenset(one for one in left_out if isinstance(one, datetime)),
            days_left_out=frozenset(one for one in left_out if not isinstance(one, datetime)),
            attendees=attendees,
            duty=any(DUTY in prop.value.upper().split(",") for prop in self._all("CATEGORIES")),
        )

    def complain(self, line: int, why: str) -> None:
        """One more fault of this entry."""
        self._sound = False
        self._bad.append(BadLine(line, "", why))

    def of_this(self, prop: str) -> str:
        """A property of this event, in words."""
        uid = self._uid if self._uid.isprintable() else ascii(self._uid)
        return f"{prop} of {uid[:SHOWN]!r}" if prop else f"{uid[:SHOWN]!r}"

    def _hold(self, number: int, line: bytes) -> None:
        try:
            prop = read_property(number, line)
        except ValueError as fault:
            self.complain(number, str(fault))
        else:
            self._held.setdefault(prop.name, []).append(prop)

    def _all(self, name: str) -> list[Property]:
        return self._held.get(name, [])

    def _value(self, name: str) -> str:
        return next((prop.value for prop in self._all(name)), "")

    def _one(
        self, name: str, meaning: Callable[[Property], T], *, needed: bool = False
    ) -> T | None:
        held = self._all(name)
        if needed and not held:
            self.complain(self._component.line, f"{self.of_this('')} has no {name}")
        if len(held) > 1:
            self.complain(held[1].line, f"{self.of_this(name)} is there more than once")
        return self._tried(held[0], meaning) if held else None

    def _each(self, name: str, meaning: Callable[[Property], Iterator[T]]) -> tuple[T, ...]:
        found: list[T] = []
        for prop in self._all(name):
            found += self._tried(prop, lambda one: list(meaning(one))) or []
        return tuple(found)

    def _tried(self, prop: Property, meaning: Callable[[Property], T]) -> T | None:
        try:
            return meaning(prop)
        except ValueError as fault:
            self.complain(prop.line, f"{self.of_this(prop.name)}: {fault}")
            return None

    def _zone(self, prop: Property) -> ZoneInfo:
        name = prop.parameters.get("TZID")
        return self._zones.find(name, self._component.calendar) if name else self._line_zone

    def _moment(self, prop: Property) -> Moment:
        if is_date(prop.value) or prop.parameters.get("VALUE", "").upper() == "DATE":
            raise ValueError(ALL_DAY)
        return read_moment(prop.value, self._zone(prop))

    def _original(self, prop: Property) -> datetime:
        if prop.parameters.get("RANGE"):
            raise ValueError("RANGE (this and all that follow) is not understood; end the event")
        return self._moment(prop).instant

    def _length(self, start: Moment) -> Length | None:
        name = "DTEND" if self._all("DTEND") else "DURATION"
        if name == "DTEND":
            return self._one(name, lambda prop: _checked(wall_length(start, self._moment(prop))))
        return self._one(name, lambda prop: _checked(read_duration(prop.value)), needed=True)

    def _further(self, prop: Property) -> Iterator[tuple[Moment, Length | None]]:
        """RDATE: dates, or periods with an end or a length of their own (section 3.8.5.2)."""
        for text in prop.value.split(","):
            begins, slash, ends = text.partition("/")
            start = self._moment(replace(prop, value=begins))
            if not slash:
                yield start, None
            elif ends.lstrip("+").startswith("P"):
                yield start, _checked(read_duration(ends))
            else:
                yield start, _checked(wall_length(start, read_moment(ends, self._zone(prop))))

    def _left_out(self, prop: Property) -> Iterator[datetime | date]:
        for text in prop.value.split(","):
            if is_date(text):
                yield read_date(text)
            else:
                yield read_moment(text, self._zone(prop)).instant


def wall_length(start: Moment, end: Moment) -> Length:
    """Wall time where both are read from one clock, so that a shift ends at its hour on any night.

    Exact time where the clocks differ, or where only the second of two equal hours makes it an
    end. Raises ValueError when it is none.
    """
    if start.zone == end.zone and start.local < end.local:
        wall = end.local - start.local
        return Length(wall, wall * 0)
    exact = end_instant(end.local, end.zone) - start.instant
    if exact <= exact * 0:
        raise ValueError("is not after DTSTART")
    return Length(exact * 0, exact)


def _checked(length: Length) -> Length:
    if length.wall + length.exact > LONGEST_SHIFT:
        raise ValueError("is more than a year after DTSTART")
    return length


def _attendees(prop: Property) -> Iterator[Attendee]:
    """Whoever has a phone; others, with an address only, are none of the roster's."""
    scheme, _, number = prop.value.partition(":")
    if scheme.casefold() == "tel":
        answer = prop.parameters.get("PARTSTAT", "").upper()
        phone = unquote(number.partition(";")[0]).strip()
        name = prop.parameters.get("CN", "")
        yield Attendee(prop.line, phone, name, answer == "ACCEPTED", answer == "DECLINED")
