"""What was tried of late: by which guesses, and codes asked for, are limited."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting


class Attempt(Base):
    """Something was tried once; the row counts until `until` (UTC), and goes then.

    `what` is a keyed digest of what was tried and of whom or by whom: no number, no address and
    no name can be read from it.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_what", "what", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(Fleeting(64))
    until: Mapped[datetime] = mapped_column(Instant, index=True)
