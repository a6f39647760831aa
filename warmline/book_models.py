"""Open books: how often an exception was used or the promise broken, and what was changed since."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class BookEntry(Base):
    """One line of the books, public once two people on the roster have entered it.

    `kind` is one of books.py; of whom it was there is nothing but the month. `by_id` is the first
    of the two and None once it is public; what nobody else has entered by `until` (UTC) goes.
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
