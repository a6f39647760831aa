"""How it went, as somebody has told it unnamed: for two people to read, answered, then erased."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting


class HowItWent(Base):
    """What somebody has said of a talk or of the line; of whoever said it there is nothing.

    `kind` is one of keeping/how_it_went.py. `words` and `answer` are sealed, and so is `about`:
    the person id of the peer, where whoever said it wished that it be known. `receipt` is the keyed
    digest of the eight-digit number with which the answer is read.
    """

    __tablename__ = "how_it_went"
    __table_args__ = (Index("uq_how_it_went_receipt", "line_id", "receipt", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    receipt: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")


class HowLink(Base):
    """For an hour: which peer a talk was with, for whoever has the number (a keyed digest of it).

    Made by the caller's own key, in the talk or just after it; of the caller there is nothing.
    """

    __tablename__ = "how_link"

    number: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    about: Mapped[str] = mapped_column(Fleeting(160))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class HowAsked(Base):
    """Somebody has texted SAY: their next text, for half an hour, is how it went.

    The texter is known by the keyed digest of their number alone; `about` is as in HowItWent, of
    the talk that has just ended, or empty.
    """

    __tablename__ = "how_asked"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number_digest: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    about: Mapped[str] = mapped_column(Fleeting(160))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class HowReader(Base):
    """Somebody who is willing to read how it went, by their own yes; `named` by the line."""

    __tablename__ = "how_reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
