"""Tables for whoever runs the line: when jobs ran, sums of what was counted, the last backup."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class JobRun(Base):
    """When a timed job ran last, whichever clock ran it; noted once a minute at most."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(Instant)


class MetricSums(Base):
    """The one row of sums: sealed JSON, begun anew after a day; no backup needs it."""

    __tablename__ = "metric_sums"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime] = mapped_column(Instant)
    sums: Mapped[str] = mapped_column(Text)


class BackupMade(Base):
    """The one row that says of which instant (UTC) the latest backup is."""

    __tablename__ = "backup_made"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
