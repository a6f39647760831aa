"""Tables of counts: by day, and by month and hour of the week; of no one in particular."""

from datetime import date

from sqlalchemy import CheckConstraint, String
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


class WeekCount(Base):
    """How many called or wrote in an hour of the week, in a month; of no one in particular.

    `month` is its first day, `hour_of_week` 0 (Monday from midnight) to 167 in the line's time.
    """

    __tablename__ = "week_count"
    __table_args__ = (CheckConstraint("hour_of_week BETWEEN 0 AND 167", name="hour_of_week"),)

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    hour_of_week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(WHAT, primary_key=True)
    number: Mapped[int] = mapped_column(default=0, server_default="0")
