"""Where the processes of a line add up what each of them has counted."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class MetricSums(Base):
    """The one row of sums: sealed JSON, begun anew after a day; no backup needs it."""

    __tablename__ = "metric_sums"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime] = mapped_column(Instant)
    sums: Mapped[str] = mapped_column(Text)
