"""For how long a line keeps what callers let it keep."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shifts.models import Base


class LineKeeps(Base):
    """Months until notes fold to tallies, and days until how it went is erased.

    Without a row it is as long as a line may: 13 months, 90 days.
    """

    __tablename__ = "line_keeps"
    __table_args__ = (
        CheckConstraint("notes_months BETWEEN 1 AND 13", name="notes_months"),
        CheckConstraint("how_days BETWEEN 1 AND 90", name="how_days"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    notes_months: Mapped[int]
    how_days: Mapped[int]
