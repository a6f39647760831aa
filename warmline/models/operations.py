"""Tables for whoever runs the line: job runs, sums of what was counted, backups, self-checks."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
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


class Erased(Base):
    """Something was erased because its person wished so: no backup may bring it back.

    `digest` is keyed, so that nobody else can tell what it was; `token` tells this row from all
    others, in whichever copy. It goes after `until`, when no backup is left that holds the thing.
    """

    __tablename__ = "erased"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    until: Mapped[date]


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
