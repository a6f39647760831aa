"""Tables of effects that wait to be done, and of how fast calls and texts may go out."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting

EffectKind = Literal["hang up", "move", "ring", "text", "talk", "code", "back", "erase"]
"""What is to be done; outbox.py says what each means."""
Paced = Literal["calls", "texts", "volunteers"]
"""What is paced apart; pacing.py says what each means."""


class Effect(Base):
    """The outbox: something to be done in the world, written with the change that wants it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_kind_subject", "kind", "subject", unique=True),
        Index("ix_outbox_due", "due_at", "urgency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Fleeting(160))
    url_path: Mapped[str | None] = mapped_column(Fleeting(120))
    urgency: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    taken_until: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    unknown_since: Mapped[datetime | None] = mapped_column(Instant)


class Pace(Base):
    """When the line may place its next call or text; by UPDATE. `what`: one of Paced."""

    __tablename__ = "pace"

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[Paced] = mapped_column(String(12), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Instant)
