"""The rows of a volunteers' file, each cell checked; pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shifts.faults import BadFile, BadLine
from shifts.files.csv_rows import CsvRow, read_rows
from warmline import phone_numbers
from warmline.line import line_settings

COLUMNS = ("name", "phone", "languages", "tags", "voice", "text", "agreed")
ZONE_COLUMN = "time_zone"
LONGEST_TAG = 40
AGREED = ("yes", "ask", "")
YES_OR_NO = {"yes": True, "no": False, "": True}


@dataclass(frozen=True)
class VolunteerRow:
    """A row that reads well. `phone` is E.164; `agreed` "yes", "ask" or ""; `time_zone` IANA.

    An empty cell means: languages, the line's first; voice and text, yes; time_zone, the line's
    or what the person has chosen since.
    """

    line: int
    name: str
    phone: str
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    voice: bool
    text: bool
    agreed: str
    time_zone: str | None


@dataclass(frozen=True)
class Sheet:
    """What a line's file is read by: its countries, its first language, its own numbers (E.164)."""

    countries: Sequence[str]
    first_language: str
    own_numbers: Collection[str | None]

    def rows(self, data: bytes) -> list[VolunteerRow]:
        """The rows of a file; raises BadFile, which names every bad line."""
        bad: list[BadLine] = []
        found: list[VolunteerRow] = []
        seen: dict[str, int] = {}
        for row in read_rows(data, COLUMNS, [ZONE_COLUMN]):
            volunteer = self._volunteer(row, bad)
            if volunteer is None:
                continue
            first = seen.setdefault(volunteer.phone, row.line)
            if first != row.line:
                bad.append(BadLine(row.line, "phone", f"the same phone as in line {first}"))
            found.append(volunteer)
        if bad:
            raise BadFile(bad)
        return found

    def _volunteer(self, row: CsvRow, bad: list[BadLine]) -> VolunteerRow | None:
        name = row.read("name", line_settings.line_name, bad)
        phone = row.read("phone", self._phone, bad)
        languages = row.read("languages", self._languages, bad)
        tags = row.read("tags", _tags, bad)
        voice = row.read("voice", _yes_or_no, bad)
        text = row.read("text", _yes_or_no, bad)
        agreed = row.read("agreed", _agreed, bad)
        zone = row.read(ZONE_COLUMN, _zone, bad)
        if name is None or phone is None or languages is None or tags is None:
            return None
        if voice is None or text is None or agreed is None:
            return None
        return VolunteerRow(row.line, name, phone, languages, tags, voice, text, agreed, zone)

    def _phone(self, text: str) -> str:
        phone = phone_numbers.parse(text, self.countries[0])
        phone_numbers.may_be_dialled(phone, self.countries)
        if phone in self.own_numbers:
            raise ValueError("the line's own number; give the volunteer's")
        return phone

    def _languages(self, text: str) -> tuple[str, ...]:
        codes = re.split(r"[\s;,]+", text) if text else [self.first_language]
        return line_settings.languages([code for code in codes if code])


def _tags(text: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in re.split(r"[;,]", text))
    tags = {word.casefold(): word for word in words if word}
    for tag in tags.values():
        if len(tag) > LONGEST_TAG or not tag.isprintable():
            raise ValueError(f"{tag[:LONGEST_TAG]!r}: at most {LONGEST_TAG} characters a tag")
    return tuple(tags.values())


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES_OR_NO:
        raise ValueError(f"{text[:40]!r} is neither yes nor no")
    return YES_OR_NO[text.casefold()]


def _agreed(text: str) -> str:
    if text.casefold() not in AGREED:
        raise ValueError(f"{text[:40]!r} is not yes, ask or empty")
    return text.casefold()


def _zone(text: str) -> str | None:
    return line_settings.time_zone(text) if text else None
