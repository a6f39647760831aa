"""Tables of volunteers: phones, yes and wishes, why they were rung, words, joining, pauses.

A pause by others (PauseByOthers) is by one for a day, by two for longer, with the reason given.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.sealed_columns import Sealed, index_beside


class Volunteer(Base):
    """The telephone side of a person of the roster.

    `agreed` is "yes" (their own yes to rings and texts is held), "ask" (one asking text may
    go out), "held" (yes, but others paused them: PauseByOthers) or "" (nothing is sent). Only a
    "yes" is ever rung. `agreed_at` is when they last said
    yes, or no before any yes; `agreed_wording` is which opt-in words they said OK to by text. What
    they wish is theirs alone to set: quiet hours (minutes of the day in their zone; None: the
    usual), `remind` ("day", "hour", "off"), `asked_at_night` for cover, `rung_last`,
    `ring_seconds`, `often` (1 more, -1 less).
    The four instants are the only things known of their present evening; they say when, never
    how often. `missed` counts rings that did not get through since they were last heard, so that
    they are told at the second; `cover_asked_at` is when they were last asked for cover.
    `stands_by`: while on shift they may be rung to be beside a peer in a talk, with no caller.
    `named`: their name may stand in the line's calendar; `caller_name` is what a caller hears of
    them, None for nothing.
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        CheckConstraint("agreed IN ('yes', 'ask', 'held', '')", name="agreed"),
        Index("uq_volunteer_phone", "line_id", "phone_index", unique=True),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    phone: Mapped[str] = mapped_column(Sealed("volunteer.phone"))
    phone_index: Mapped[str] = mapped_column(String(64), default=index_beside("phone"))
    languages: Mapped[str] = mapped_column(String(40))
    voice: Mapped[bool] = mapped_column(default=True, server_default=true())
    text: Mapped[bool] = mapped_column(default=True, server_default=true())
    agreed: Mapped[str] = mapped_column(String(4), default="", server_default="")
    agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    agreed_promise: Mapped[int | None]
    agreed_wording: Mapped[str | None] = mapped_column(String(16))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    breather_minutes: Mapped[int | None]
    idle_since: Mapped[datetime | None] = mapped_column(Instant)
    resting_until: Mapped[datetime | None] = mapped_column(Instant)
    breather_until: Mapped[datetime | None] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    remind: Mapped[str] = mapped_column(String(8), default="day", server_default="day")
    asked_at_night: Mapped[bool] = mapped_column(default=False, server_default=false())
    rung_last: Mapped[bool] = mapped_column(default=False, server_default=false())
    ring_seconds: Mapped[int | None]
    often: Mapped[int] = mapped_column(default=0, server_default="0")
    missed: Mapped[int] = mapped_column(default=0, server_default="0")
    cover_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    caller_name: Mapped[str | None] = mapped_column(String(40))
    stands_by: Mapped[bool] = mapped_column(default=False, server_default=false())


class RingReason(Base):
    """Why a volunteer's phone rang, or did not while somebody waited: theirs alone, for two days.

    `at` (UTC) is the minute, no nearer, so that it tells of no call; `reason` is one of
    routing/reasons.py, `until` (UTC) how long it holds where that is known, `code` the provider's.
    """

    __tablename__ = "ring_reason"
    __table_args__ = (Index("ix_ring_reason_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    reason: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime | None] = mapped_column(Instant)
    code: Mapped[int] = mapped_column(default=0, server_default="0")


class SharedWord(Base):
    """A word that a volunteer has chosen to share; theirs to give and to take back."""

    __tablename__ = "shared_word"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class ImportedTag(Base):
    """A word somebody else entered about a volunteer: stored unoffered until they are asked."""

    __tablename__ = "imported_tag"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class ShiftByOthers(Base):
    """A shift that somebody else entered as agreed; the row goes once its person was told."""

    __tablename__ = "shift_by_others"

    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Joining(Base):
    """Somebody who would like to join: their number sealed, found by its digest, until `until`."""

    __tablename__ = "joining"
    __table_args__ = (Index("uq_joining_number", "line_id", "number_digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    number_digest: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class PauseByOthers(Base):
    """Somebody is neither rung nor texted of the line's own accord until `until` (UTC).

    `by_id` asked for it (None once they have left), `alone` where nobody else said so too; `why`
    is what its person was told. The row goes when it is over, and with its person.
    """

    __tablename__ = "pause_by_others"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    alone: Mapped[bool]
    why: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(Instant, index=True)
