"""What the desk writes beside a day of the roster: a short note of the line's."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base


class DayNote(Base):
    """A note for one local day, seen in the roster and in print; of nobody, it says not whose.

    It goes when the day is over.
    """

    __tablename__ = "day_note"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200))
