"""What the line remembers of its own words: prompts said otherwise than ours, and recordings."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from shifts.planning import NEVER_TWICE
from warmline.desk_models import DIGEST


class Recording(Base):
    """A recording of one prompt in one language; `digest` is of all three, and its address.

    `kind` is "wav" or "mp3", `name` what a person who keeps it finds it under. It is deleted a day
    after `replaced_at`, unless it has come back: a call under way may still be told its address.
    """

    __tablename__ = "recording"

    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(3))
    seconds: Mapped[float] = mapped_column(Float)
    sound: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


class OwnWords(Base):
    """How the line says one prompt in one language; `text` is None where it is said as we do.

    Each change is a new row, so that undo finds the one it means. `said` is what the words were,
    the line's name filled in, when the recording was made.
    """

    __tablename__ = "own_words"
    __table_args__ = (
        Index("uq_own_words_prompt", "line_id", "language", "prompt", unique=True),
        NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    language: Mapped[str] = mapped_column(String(8))
    prompt: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(ForeignKey("recording.digest"), index=True)
    said: Mapped[str | None] = mapped_column(Text)
