"""Tables of the line: rules and numbers, other places to call, own words, recordings, day notes.

They say how the line answers; a day's note is of nobody, it says not whose.
"""

from datetime import date, datetime

from sqlalchemy import (
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from shifts.planning_models import NEVER_TWICE
from warmline.database.sealed_columns import Sealed
from warmline.languages import FIRST
from warmline.models.sign_in import DIGEST


class LineRules(Base):
    """How one line answers: its numbers (E.164), languages, patience, breather, own words."""

    __tablename__ = "line_rules"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    volunteer_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    languages: Mapped[str] = mapped_column(String(40), default=FIRST, server_default=FIRST)
    countries: Mapped[str] = mapped_column(String(80), default="US", server_default="US")
    patience_seconds: Mapped[int] = mapped_column(default=180, server_default="180")
    breather_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    ring_seconds: Mapped[int] = mapped_column(default=15, server_default="15")
    phones_at_once: Mapped[int] = mapped_column(default=4, server_default="4")
    coordinator_phone: Mapped[str | None] = mapped_column(Sealed("line_rules.coordinator_phone"))
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    words_version: Mapped[int] = mapped_column(default=0, server_default="0")


class OtherPlace(Base):
    """Another place to call, with its own word on police, in one language."""

    __tablename__ = "other_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(40))
    on_police: Mapped[str] = mapped_column(String(160))
    checked_on: Mapped[date | None]


class DayNote(Base):
    """A note for one local day, seen in the roster and in print; of nobody, it says not whose.

    It goes when the day is over.
    """

    __tablename__ = "day_note"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200))


class Recording(Base):
    """A recording of one prompt in one language; `digest` is of all three, and its address.

    `kind` is "wav" or "mp3", `name` what a person who keeps it finds it under. It is deleted a day
    after `replaced_at`, unless it has come back: a call under way may still be told its address.
    """

    __tablename__ = "recording"

    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(3))
    seconds: Mapped[float] = mapped_column(Float)
    sound: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


class OwnWords(Base):
    """How the line says one prompt in one language; `text` is None where it is said as we do.

    Each change is a new row, so that undo finds the one it means. `said` is what the words were,
    the line's name filled in, when the recording was made.
    """

    __tablename__ = "own_words"
    __table_args__ = (
        Index("uq_own_words_prompt", "line_id", "language", "prompt", unique=True),
        NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    language: Mapped[str] = mapped_column(String(8))
    prompt: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(ForeignKey("recording.digest"), index=True)
    said: Mapped[str | None] = mapped_column(Text)


class NumberSince(Base):
    """A number (E.164) of the open line, and the instant from which its calls are the line's."""

    __tablename__ = "number_since"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
