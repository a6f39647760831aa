"""Calls back: a number that somebody left so that we ring it once a peer is free; then erased."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting
from warmline.models import PROVIDER_ID, TOKEN


class CallBack(Base):
    """Somebody asked to be rung between `starts_at` and `until` (UTC), and for nothing else.

    `asked` holds the number (E.164) and the key they chose, sealed; `digest` is keyed, so that
    whoever rings from that phone can take it back. `state` is one of keeping/call_backs.py.
    """

    __tablename__ = "call_back"
    __table_args__ = (Index("uq_call_back_digest", "line_id", "digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    asked: Mapped[str] = mapped_column(Fleeting(160))
    digest: Mapped[str] = mapped_column(Fleeting(64))
    language: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    state: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    heard_at: Mapped[datetime] = mapped_column(Instant)
