"""Who texts, and how the line's answers are written to them: instants, names, and how long.

Also why a word changed nothing, in the volunteer's own language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import Row, bindparam, select

from shifts.faults import Fault
from shifts.hours.opening_hours import merged
from shifts.local_time import Span
from shifts.models import Line, Person
from warmline import languages
from warmline.database.sealed_columns import indexes
from warmline.models.people import Volunteer
from warmline.models.texts import Purpose
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import lengths
from warmline.texting.lengths import fits, shortened
from warmline.texting.volunteer_words import word_in


class Thread(Enum):
    """Where a volunteer has written: to the line's only number, or to which of its two.

    With two, shift words live at the volunteers' number and talks at the line's own.
    """

    ONLY = "only"
    TALKS = "talks"
    SHIFTS = "shifts"


@dataclass(frozen=True)
class Me:
    """The volunteer who texts: on which line, in which language, in whose own zone."""

    line_id: int
    line_name: str
    person_id: int
    name: str
    language: str
    zone: ZoneInfo
    agreed: bool
    held: bool = False
    """They have agreed, and others have paused them (people/paused_by_others.py)."""

    def text(self, turn: Turn, key: str, **values: object) -> str:
        """A message to them, from the line by its name (as much of it as leaves room)."""
        line = shortened(self.line_name, lengths.LINE_NAME)
        body = turn.prompts.text(self.language, _full(key), line=line, **values)
        return lengths.written(body, self.language)

    def text_of(self, turn: Turn, key: str, spans: Iterable[Span], **values: object) -> str:
        """A message about shifts: adjoining ones as one, as many as leave it within its length."""
        return self.fitted(turn, key, [self.span(*one) for one in merged(spans)], **values)

    def fitted(self, turn: Turn, key: str, items: Sequence[str], **values: object) -> str:
        """A message that names several things, as many as leave it within its length."""
        for many in range(len(items), 0, -1):
            more = f" (+{len(items) - many})" if many < len(items) else ""
            body = self.text(turn, key, when=", ".join(items[:many]) + more, **values)
            if many == 1 or fits(body, lengths.ANSWER):
                return body
        return self.text(turn, key, when="-", **values)

    def word(self, name: str) -> str:
        """One of the words they may text, in their language."""
        return word_in(self.language, name)

    def prompt(self, turn: Turn, key: str, **values: object) -> str:
        """A piece of a message."""
        return turn.prompts.text(self.language, _full(key), **values)

    def day(self, instant: datetime) -> str:
        """An instant's day, short: Sat 28 Nov."""
        return self.in_words(instant, "EEE d MMM")

    def in_words(self, instant: datetime, pattern: str) -> str:
        """An instant by a pattern of the Unicode locale data (UTS 35): EEE is Sat, MMM is Nov."""
        return _plain(format_date(instant.astimezone(self.zone), pattern, locale=self.language))

    def time(self, instant: datetime) -> str:
        """An instant's time: 6 PM, or 18:00 where the clock has 24 hours."""
        return languages.time_in_texts(instant.astimezone(self.zone), self.language)

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """A shift as it is written: its day, its hours; a long one's last day too."""
        long = ends_at - starts_at > timedelta(hours=24)
        last = f"{self.day(ends_at)} " if long else ""
        return f"{self.day(starts_at)} {self.time(starts_at)}-{last}{self.time(ends_at)}"


_VOLUNTEER: Final = (
    select(
        Volunteer.__table__,
        Person.name,
        Line.name.label("line_name"),
        Line.time_zone.label("of_line"),
    )
    .join(Person, Person.id == Volunteer.person_id)
    .join(Line, Line.id == Volunteer.line_id)
)
_BY_PHONE: Final = _VOLUNTEER.where(
    Volunteer.line_id == bindparam("line_id"),
    Volunteer.phone_index.in_(bindparam("phones", expanding=True)),
)
_BY_PERSON: Final = _VOLUNTEER.where(Volunteer.person_id == bindparam("person_id"))


def by_phone(turn: Turn, line_id: int, phone: str) -> Me | None:
    """The volunteer of a line whose phone (E.164) this is, if it is one's."""
    row = turn.db.execute(_BY_PHONE, {"line_id": line_id, "phones": indexes(phone)}).first()
    return None if row is None else _me(turn, row)


def by_person(turn: Turn, person_id: int) -> Me | None:
    """A volunteer as the line texts them; None when they have left."""
    row = turn.db.execute(_BY_PERSON, {"person_id": person_id}).first()
    return None if row is None else _me(turn, row)


def tell(turn: Turn, me: Me, bodies: Sequence[str], purpose: Purpose, useful: timedelta) -> None:
    """Text somebody of the line's own accord, by the guard's rule for `purpose` (sending/texts.py).

    What has not gone out when `useful` is over never does.
    """
    seconds = useful.total_seconds()
    texts.tell(turn.db, turn.seal, me.line_id, me.person_id, bodies, turn.now, purpose, seconds)


def _me(turn: Turn, row: Row[Any]) -> Me:
    offered = turn.offered(row.line_id) or (languages.FIRST,)
    own = next((code for code in row.languages.split(",") if code in offered), offered[0])
    zone = ZoneInfo(row.time_zone or row.of_line)
    agreed, held = row.agreed == "yes", row.agreed == "held"
    return Me(row.line_id, row.line_name, row.person_id, row.name, own, zone, agreed, held)


def how_many_fit(
    turn: Turn, me: Me, key: str, entries: Sequence[str], most: int, **values: object
) -> int:
    """How many entries of a list one message may hold; at least one, when there is one."""
    more = me.prompt(turn, "next")
    for many in range(min(most, len(entries)), 1, -1):
        body = me.text(turn, key, shifts=", ".join(entries[:many]), **values)
        if fits(f"{body} {more}", lengths.LIST):
            return many
    return min(1, len(entries))


def _full(key: str) -> str:
    return key if "." in key else f"text.{key}"


def _plain(text: str) -> str:
    """The locale data's narrow spaces would make a message twice as long on its way."""
    return " ".join(text.replace(".", "").split())


def why_not(turn: Turn, me: Me, fault: Fault) -> str:
    """A refusal's own words by its name; the rule's own sentence only where it has none."""
    key = f"refused.{type(fault).__name__}"
    if key in turn.prompts.keys(me.language):
        return me.text(turn, key)
    return me.text(turn, "refused", why=fault.lines[0])
