"""What stays of notes that have folded: of a month so many, of no one in particular."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base


class NoteTally(Base):
    """How many notes of a month there were, by channel, language and whether it was answered."""

    __tablename__ = "note_tally"

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    answered: Mapped[bool] = mapped_column(primary_key=True)
    number: Mapped[int]
