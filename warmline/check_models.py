"""What is remembered of the line's checks of itself: when, and what they found."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base


class SelfCheck(Base):
    """The last check of a day: how many files and bytes were searched, and traces found.

    `unreached` counts what could not be searched from where it ran.
    """

    __tablename__ = "self_check"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    files: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[int]
    unreached: Mapped[int]
