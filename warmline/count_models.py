"""What the line counts for its typical week: by month and hour of the week, never by date."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base
from warmline.models import WHAT


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
