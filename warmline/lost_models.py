"""Talks by text that a crash of the database has lost: remembered until both sides know."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class LostTalk(Base):
    """A talk whose number and words nobody can read any more; the row goes within the hour.

    `person_id` is the peer until they are told, `name` how they knew the texter. The texter is
    known by nothing: whoever writes within that hour is told what happened.
    """

    __tablename__ = "lost_talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int]
    person_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(24))
    until: Mapped[datetime | None] = mapped_column(Instant)
    """None until the clock has seen it, for what loses it has no clock."""
