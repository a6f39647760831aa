"""What must be known for a backup to be of use: when one was made, and what was erased since."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


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
