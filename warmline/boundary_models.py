"""Boundaries: phones from which a talk was ended, as salted digests that lapse; and their rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting


class Boundary(Base):
    """A line was crossed in a talk with this phone; until `until` (UTC) its calls wait longer.

    The phone is known by `digest` alone: keyed, of the number with a `salt` of this row's own, so
    that two rows of one phone have nothing in common. Both go when it lapses. `by_id` is the
    volunteer who can take it back; None once they have left.
    """

    __tablename__ = "boundary"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    salt: Mapped[str] = mapped_column(Fleeting(32))
    digest: Mapped[str] = mapped_column(Fleeting(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class BoundaryRules(Base):
    """For how many hours a line's boundaries hold, and which numbers never carry one.

    `shared_numbers` are E.164, with spaces between: phones of many, such as a relay service's.
    """

    __tablename__ = "boundary_rules"
    __table_args__ = (CheckConstraint("hours BETWEEN 1 AND 24", name="hours"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    hours: Mapped[int] = mapped_column(default=2, server_default="2")
    shared_numbers: Mapped[str] = mapped_column(Text, default="", server_default="")
