"""A third person in a talk: whom the caller's own yes admits, one of them, once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class Third(Base):
    """The search for a third person in a live call, and the one who has come; goes with either.

    `aloud`: the yes was spoken, as their peer says, so that the caller hears of it before anybody
    comes in. `ring_id` is who is rung or is in; `tried` the person ids rung before, with commas.
    `state` is one of thirds.py; the search lapses at `until` (UTC).
    """

    __tablename__ = "third"

    call_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    state: Mapped[str] = mapped_column(String(12))
    aloud: Mapped[bool] = mapped_column(default=False, server_default=false())
    ring_id: Mapped[int | None] = mapped_column(unique=True)
    tried: Mapped[str] = mapped_column(Text, default="", server_default="")
    until: Mapped[datetime] = mapped_column(Instant)


class ThirdRules(Base):
    """Whether a line takes a yes that a volunteer reports; without a row it does."""

    __tablename__ = "third_rules"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    spoken: Mapped[bool] = mapped_column(default=True, server_default=true())
