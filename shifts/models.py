"""What the roster remembers: lines, persons, and places (one seat on one shift)."""

import secrets
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shifts.instants import Instant

PlaceState = Literal["draft", "open", "asked", "agreed", "cover wanted"]
DRAFT: Final[PlaceState] = "draft"
OPEN: Final[PlaceState] = "open"
ASKED: Final[PlaceState] = "asked"
AGREED: Final[PlaceState] = "agreed"
COVER_WANTED: Final[PlaceState] = "cover wanted"
PLACE_STATES: Final[tuple[PlaceState, ...]] = (DRAFT, OPEN, ASKED, AGREED, COVER_WANTED)
ON_STATES: Final[tuple[PlaceState, ...]] = (AGREED, COVER_WANTED)
"""Who holds a place in one of these is on shift; "cover wanted" is still theirs."""

LONGEST_PLACE_HOURS: Final = 25
"""One local day on the longest night; the bound that keeps "who is on" one short index range."""


class Base(DeclarativeBase):
    """The one registry of tables; it lives in the lower package so that both may use it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _calendar_key() -> str:
    return secrets.token_hex(8)


class Line(Base):
    """A line: its name and the zone (IANA) in which its local times are meant.

    `calendar_key` is random and tells this line's own calendar entries from all others.
    """

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    time_zone: Mapped[str] = mapped_column(String(64))
    calendar_key: Mapped[str] = mapped_column(String(16), default=_calendar_key, server_default="")


class Person(Base):
    """Somebody of a line's roster; what their phone is, the roster does not know.

    The three limits are their own, and only they set them: hours a week (Monday to Sunday, the
    line's time), hours of rest between two shifts, talks a shift. None: they named none.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    most_hours_a_week: Mapped[int | None]
    rest_hours: Mapped[int | None]
    most_talks_a_shift: Mapped[int | None]


class Away(Base):
    """A time a person cannot be on, in their own words: half-open [starts_at, ends_at), UTC."""

    __tablename__ = "away"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)


class Place(Base):
    """One seat on a shift: half-open [starts_at, ends_at) in UTC, at most 25 hours.

    A shift is the places with the same line, start and end. `duty` places are the coordinator's
    on call: never rung by a search. `origin` says which occurrence of a pattern or of an imported
    calendar's event the place is; it stays through every change, a split place's parts share it.
    `version` counts the changes to the row, so that two people editing one place cannot overwrite
    each other unseen.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "state IN ('draft', 'open', 'asked', 'agreed', 'cover wanted')", name="state"
        ),
        CheckConstraint(
            "(person_id IS NOT NULL) OR state IN ('draft', 'open')", name="held_by_somebody"
        ),
        Index("ix_place_on", "line_id", "duty", "starts_at", "ends_at", "state", "person_id"),
        Index("ix_place_person", "person_id", "starts_at"),
        # Without the line: with it, PostgreSQL took it for "who is on", and read the whole roster.
        Index("ix_place_origin", "origin"),
        # An id is never used twice: calendars, swaps and the history name places by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[PlaceState] = mapped_column(String(16))
    duty: Mapped[bool] = mapped_column(default=False, server_default=false())
    pattern_id: Mapped[int | None]
    origin: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
