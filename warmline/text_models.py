"""What the line remembers of texts: only what is under way, and what numbers mean to whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.models import PROVIDER_ID, TOKEN


class TextIn(Base):
    """A message that came in, by the provider's id alone: delivered again, it is not read again.

    Erased after fifteen minutes.
    """

    __tablename__ = "text_in"

    message_id: Mapped[str] = mapped_column(PROVIDER_ID, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    came_at: Mapped[datetime] = mapped_column(Instant, index=True)


class TextOut(Base):
    """A text to somebody of the roster until its fate is known; then the row goes.

    `body` is sealed, bound to the token, and None once the provider has it. `purpose` says which
    rule of the guard lets it out: "reply" answers a text of theirs. `valid_seconds` is how long it
    is of use.
    """

    __tablename__ = "text_out"
    __table_args__ = (CheckConstraint("purpose IN ('reply')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    body: Mapped[str | None] = mapped_column(Text)
    valid_seconds: Mapped[int]
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Shown(Base):
    """A number that was shown to a person means that thing for them until `until`, UTC."""

    __tablename__ = "shown"
    __table_args__ = (Index("ix_shown_thing", "person_id", "kind", "thing_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    thing_id: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)
