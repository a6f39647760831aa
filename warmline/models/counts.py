"""The table of counts: bare sums of a day, of no one in particular."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base

WHAT = String(24)
"""What a count counts: one of counts/counting.py."""


class DayCount(Base):
    """How many calls and talks of a day were what counting.py counts; of no one in particular."""

    __tablename__ = "day_count"

    line_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(WHAT, primary_key=True)
    number: Mapped[int] = mapped_column(default=0, server_default="0")
