"""Who has been paused by others: by one for a day, by two for longer; with the reason given."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class Hold(Base):
    """Somebody is neither rung nor texted of the line's own accord until `until` (UTC).

    `by_id` asked for it (None once they have left), `alone` where nobody else said so too; `why`
    is what its person was told. The row goes when it is over, and with its person.
    """

    __tablename__ = "hold"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    alone: Mapped[bool]
    why: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(Instant, index=True)
