"""Since when a number is the line's: what the provider keeps of it from before is not ours."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base


class NumberSince(Base):
    """A number (E.164) of the open line, and the instant from which its calls are the line's."""

    __tablename__ = "number_since"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
