"""Tables of the promise: its versions, what is proposed, votes, and the open books.

The books say how often an exception was used or the promise broken, and what was changed since.
"""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base

ProposalKind = Literal["promise", "keeping"]
"""What a proposal would change; see Proposal."""
BookKind = Literal["exception", "broken", "changed"]
"""What a line of the books says; open_books.py has them."""


class Promise(Base):
    """One version of the line's promise in one language; `answers` is JSON, see promise.py.

    All languages of a version belong together: a language that lacks the current version
    is not offered to callers.
    """

    __tablename__ = "promise"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    answers: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    in_force_at: Mapped[datetime | None] = mapped_column(Instant)
    """None while it is only proposed."""


class Proposal(Base):
    """A change that nobody makes alone.

    Of kind "promise", its words are that version's rows; of kind "keeping", what it wants stands
    in ProposedRetention.

    It stands while `in_force_at` is None; a row that is taken back, or that nobody gathers for,
    goes with its words. `by_id` is who proposed it: None for the command line, for somebody who
    has left, and once it is in force. `yeses` and `objections` are how many there were at its end.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('promise', 'keeping')", name="kind"),
        Index("uq_proposal_version", "line_id", "kind", "version", unique=True),
        # The numbers that are shown to people name it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    in_force_at: Mapped[datetime | None] = mapped_column(Instant)
    yeses: Mapped[int | None]
    objections: Mapped[int | None]


class ProposedRetention(Base):
    """What a proposal of kind "keeping" wants: JSON (retention.py); it goes when that is over."""

    __tablename__ = "proposed_retention"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    wanted: Mapped[str] = mapped_column(Text)


class Vote(Base):
    """Somebody's yes to what is proposed, or their objection; theirs alone to see and to change.

    The row goes when the proposal is over: only how many there were stays.
    """

    __tablename__ = "vote"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    agrees: Mapped[bool]


class BookEntry(Base):
    """One line of the books, public once two people on the roster have entered it.

    `kind` is one of open_books.py; of whom it was there is nothing but the month. `by_id` is the
    first of the two and None once it is public; what nobody else has entered by `until` (UTC) goes.
    """

    __tablename__ = "book_entry"
    __table_args__ = (CheckConstraint("kind IN ('exception', 'broken', 'changed')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    kind: Mapped[str] = mapped_column(String(12))
    month: Mapped[date]
    words: Mapped[str] = mapped_column(String(300), default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None] = mapped_column(Instant)


class LineAbout(Base):
    """Who runs the machine on which a line lives, and where its software's source is."""

    __tablename__ = "line_about"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    runs_it: Mapped[str] = mapped_column(String(200), default="", server_default="")
    source: Mapped[str] = mapped_column(String(200), default="", server_default="")
