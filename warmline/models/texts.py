"""Tables of texts that come in and go out, of numbers shown in them, and of what was told once."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.models.calls import PROVIDER_ID, TOKEN

Purpose = Literal["reply", "shift", "duty", "ask", "cover", "invite"]
"""Why a text goes out to somebody of the roster; see TextOut."""


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
    rule of the guard lets it out (sending/guard.py): "reply" answers a text of theirs; "shift" is
    about a shift, a talk or a question of theirs in progress; "duty" is to whoever is on duty;
    "ask" and "cover" ask something new; "invite" is the one text to somebody who expects it and
    has not said yes yet. `valid_seconds` is how long it is of use from `made_at` on.
    """

    __tablename__ = "text_out"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('reply', 'shift', 'duty', 'ask', 'cover', 'invite')", name="purpose"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    body: Mapped[str | None] = mapped_column(Fleeting)
    valid_seconds: Mapped[int]
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ListNumber(Base):
    """A number that was shown to a person means that thing for them until `until`, UTC."""

    __tablename__ = "list_number"
    __table_args__ = (Index("ix_list_number_thing", "person_id", "kind", "thing_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    thing_id: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)


class OneTimeMark(Base):
    """Something that was said or done, not to be said or done again before `until`, UTC."""

    __tablename__ = "one_time_mark"

    what: Mapped[str] = mapped_column(String(80), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
