"""What the roster remembers of its planning: patterns, dated changes, history, hours."""

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base, PlaceState

NEVER_TWICE: Final = {"sqlite_autoincrement": True}
"""An id is never used twice: the history, or somebody's answer, names rows by it."""

ChangeKind = Literal["replace", "remove", "hide"]
"""What a dated change does."""
Channel = Literal["voice", "text"]
"""What somebody takes: calls, or texts."""


class Pattern(Base):
    """A rule in the line's local time that becomes places ahead; `rule` is JSON (rule_json.py).

    Its occurrences exist as places up to `made_until` (UTC): what starts before it is never made
    again, so that a place somebody gave up or moved stays so. An ended pattern makes no more.
    """

    __tablename__ = "pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    duty: Mapped[bool] = mapped_column(default=False, server_default=false())
    rule: Mapped[str] = mapped_column(Text)
    made_until: Mapped[datetime | None] = mapped_column(Instant)
    ended: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class PatternYes(Base):
    """One person's OK that covers a whole pattern until they say otherwise."""

    __tablename__ = "pattern_yes"

    pattern_id: Mapped[int] = mapped_column(ForeignKey("pattern.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    said_at: Mapped[datetime] = mapped_column(Instant)


class DatedChange(Base):
    """A change for an interval that also holds for places a pattern makes later; UTC, half-open.

    kind "replace": who leaves, who comes, whose yes the coordinator holds (`agreed`) or who is
    asked · "remove": who leaves · "hide": every place of the normal roster is hidden (a temporary
    roster, a holiday). Lifted ones are deleted.
    """

    __tablename__ = "dated_change"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("kind IN ('replace', 'remove', 'hide')", name="kind"),
        NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(String(8))
    duty: Mapped[bool] = mapped_column(default=False, server_default=false())
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    leaves_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    comes_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(String(80), default="", server_default="")


class HiddenPlace(Base):
    """A place of the normal roster while a temporary one hides it; lifting brings it back."""

    __tablename__ = "hidden_place"
    __table_args__ = NEVER_TWICE

    id: Mapped[int] = mapped_column(primary_key=True)
    dated_change_id: Mapped[int] = mapped_column(ForeignKey("dated_change.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[PlaceState] = mapped_column(String(16))
    duty: Mapped[bool] = mapped_column(default=False, server_default=false())
    pattern_id: Mapped[int | None]
    origin: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class RosterChange(Base):
    """One named change with what it did to each place (JSON, see history.py): for undo and show.

    `by_id` is who did it, None for the command line. Erased at `forget_at`, when only its kind's
    count goes on (where it is `counted`): nobody is to be counted by it.
    """

    __tablename__ = "roster_change"
    __table_args__ = (Index("ix_roster_change_by", "line_id", "by_id", "made_at"), NEVER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    places: Mapped[str] = mapped_column(Text)
    undone: Mapped[bool] = mapped_column(default=False, server_default=false())
    undo_until: Mapped[datetime] = mapped_column(Instant)
    forget_at: Mapped[datetime] = mapped_column(Instant, index=True)
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())


class ChangeCount(Base):
    """How many changes of a kind were made in a month (its first day), by nobody in particular."""

    __tablename__ = "change_count"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]


class RemovedPlace(Base):
    """A place that was taken off the roster, for subscribers of its calendar: CANCELLED there."""

    __tablename__ = "removed_place"
    __table_args__ = (Index("uq_removed_place_uid", "line_id", "uid", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    uid: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sequence: Mapped[int]
    removed_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Swap(Base):
    """One person asks another to change places; bound to both places as they were (versions)."""

    __tablename__ = "swap"
    __table_args__ = (
        Index("uq_swap_places", "asking_place_id", "asked_place_id", unique=True),
        NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    asking_place_id: Mapped[int]
    asking_version: Mapped[int]
    asking_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_place_id: Mapped[int]
    asked_version: Mapped[int]
    asked_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    lapses_at: Mapped[datetime] = mapped_column(Instant, index=True)


class OpeningHours(Base):
    """A weekly window in which the line wants to be there, in its local time.

    `weekdays` is digits, 0 Monday to 6 Sunday; times "HH:MM"; an end not after the start is on
    the next day, equal is 24 hours. A line without any row is always open.
    """

    __tablename__ = "opening_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    weekdays: Mapped[str] = mapped_column(String(7))
    starts: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))


class OpeningException(Base):
    """Other hours on one local day, or closed (both times None); two rows are two windows."""

    __tablename__ = "opening_exception"
    __table_args__ = NEVER_TWICE

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    day: Mapped[date]
    starts: Mapped[str | None] = mapped_column(String(5))
    ends: Mapped[str | None] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(String(80), default="", server_default="")


class NumberWanted(Base):
    """How many are wanted on while the line is open; the largest row that holds counts.

    `language` and `channel` ("voice", "text") narrow it to those who speak or take that; both
    None: anybody. `duty`: the coordinator on call. Weekdays and times narrow it to a weekly
    window as in OpeningHours; None: always.
    """

    __tablename__ = "number_wanted"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    number: Mapped[int]
    duty: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str | None] = mapped_column(String(8))
    channel: Mapped[Channel | None] = mapped_column(String(5))
    weekdays: Mapped[str | None] = mapped_column(String(7))
    starts: Mapped[str | None] = mapped_column(String(5))
    ends: Mapped[str | None] = mapped_column(String(5))


class RosterTemplate(Base):
    """A week as it usually is, by a name; `shifts` is JSON (templates.py), with people or without.

    Nothing comes of it by itself: it is put into a week as drafts.
    """

    __tablename__ = "roster_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    shifts: Mapped[str] = mapped_column(Text)


class HoursGiven(Base):
    """Hours that were given to a line in a month by people who have left; of no one in particular.

    `month` is its first day.
    """

    __tablename__ = "hours_given"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int]
