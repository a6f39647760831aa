"""Tables of date polls: which days people are asked about, who was asked, who could take which."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class DatePoll(Base):
    """One question to everybody: which of these days could you take?

    Answers are wanted by `until`. `change_id` is the roster's change that drafted its days; while
    that one is not undone, or once somebody has closed the asking, answers change nothing. Erased
    with all that hangs on it at `forget_at`, a week after its last day.
    """

    __tablename__ = "date_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    change_id: Mapped[int | None]
    forget_at: Mapped[datetime] = mapped_column(Instant, index=True)


class DatePollDay(Base):
    """A day of a date poll: half-open [starts_at, ends_at) in UTC, and how many are wanted."""

    __tablename__ = "date_poll_day"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # An id is never used twice: a number that was shown means it for seven days and more.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    wanted: Mapped[int]
    name: Mapped[str] = mapped_column(String(40), default="", server_default="")


class DatePollPerson(Base):
    """Somebody whom a date poll asks: when they were texted (None: not yet), when they answered."""

    __tablename__ = "date_poll_person"
    __table_args__ = (Index("ix_date_poll_person_person", "person_id"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class DatePollChoice(Base):
    """Somebody could take a day. That is no yes to a shift: they are asked for it as usual."""

    __tablename__ = "date_poll_choice"
    __table_args__ = (Index("ix_date_poll_choice_person", "person_id"),)

    day_id: Mapped[int] = mapped_column(ForeignKey("date_poll_day.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
