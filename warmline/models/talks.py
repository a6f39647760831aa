"""Tables of talks by text: live ones, who was asked to take them, texts on their way, lost ones.

A talk that a crash of the database has lost is remembered until both sides know.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.models.calls import PROVIDER_ID, TOKEN

TalkSide = Literal["caller", "peer", "asked"]
"""To whom a text of a talk goes; see TalkText."""


class Talk(Base):
    """A live talk by text; the row, and with it the number, goes when the talk ends.

    `number` (E.164) is sealed, bound to the token; `number_digest` is keyed and finds it again.
    `name` is how the peer knows the texter. `state` moves by the table in talks.py; `due_at` is
    when the clock looks at it next. `held` is a sealed message of the peer's that may have been
    meant for the line. `quiet`: nothing goes to the texter until they write. `volunteer_id` is set
    only when the texter is somebody of the roster; `own_held` is then a message of theirs like
    `held`. `talking_since` is when their first peer came; `help_told` and `shift_end_told` say
    that something was said once; a boundary holds the search to `slow_until`. `pictured`: they
    sent a picture while nobody was there yet whom it could be told. `lost_to_caller` and
    `lost_to_peer`: a text to that side did not arrive, its writer knows, and none has arrived there
    since.
    """

    __tablename__ = "talk"
    __table_args__ = (
        Index("uq_talk_number", "line_id", "number_digest", unique=True),
        Index("uq_talk_name", "line_id", "name", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    number_digest: Mapped[str] = mapped_column(Fleeting(64))
    number: Mapped[str] = mapped_column(Fleeting)
    name: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    waiting_since: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    heard_at: Mapped[datetime] = mapped_column(Instant)
    still_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered: Mapped[bool] = mapped_column(default=False, server_default=false())
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    held: Mapped[str | None] = mapped_column(Fleeting)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    own_held: Mapped[str | None] = mapped_column(Fleeting)
    talking_since: Mapped[datetime | None] = mapped_column(Instant)
    help_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    shift_end_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    slow_until: Mapped[datetime | None] = mapped_column(Instant)
    pictured: Mapped[bool] = mapped_column(default=False, server_default=false())
    lost_to_caller: Mapped[bool] = mapped_column(default=False, server_default=false())
    lost_to_peer: Mapped[bool] = mapped_column(default=False, server_default=false())


class CountQuestion(Base):
    """A talk by text that is over: whether it may be counted was asked, and KEEP says yes.

    The texter is known by the keyed digest of their number alone. What the note would say lies
    sealed in `facts` until they say yes: nobody reads or counts it before. `about`, sealed, is who
    the peer was, should they wish to say how it went. The row goes with their next text, whatever
    that is, or at `until`.
    """

    __tablename__ = "count_question"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number_digest: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    facts: Mapped[str] = mapped_column(Fleeting)
    about: Mapped[str] = mapped_column(Fleeting(160), default="", server_default="")


class AskedPeer(Base):
    """Whom a live talk's search has asked, how often, when last, and who has passed."""

    __tablename__ = "asked_peer"

    talk_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    times: Mapped[int] = mapped_column(default=1, server_default="1")
    passed: Mapped[bool] = mapped_column(default=False, server_default=false())


class TalkText(Base):
    """A text of a talk on its way to one of the two, or to somebody asked to take it.

    `talk` is the talk's token: the last words go out when the talk itself is gone. `side` is to
    whom: "caller" (the `number`, sealed), "peer" (`person_id`, None while nobody has taken the
    talk: it waits), "asked". Number and body are None once the network has the text.
    `written`: one of the two wrote it, and hears if it does not arrive; else it is the line's own.
    """

    __tablename__ = "talk_text"
    __table_args__ = (
        CheckConstraint("side IN ('caller', 'peer', 'asked')", name="side"),
        Index("ix_talk_text_talk", "talk", "side", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    talk: Mapped[str] = mapped_column(TOKEN)
    side: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str | None] = mapped_column(Fleeting)
    body: Mapped[str | None] = mapped_column(Fleeting)
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sent_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    written: Mapped[bool] = mapped_column(default=False, server_default=false())


class LostTalk(Base):
    """A talk whose number and words nobody can read any more; the row goes within the hour.

    `person_id` is the peer until they are told, `name` how they knew the texter. The texter is
    known by nothing: whoever writes within that hour is told what happened.
    """

    __tablename__ = "lost_talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int]
    person_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(24))
    until: Mapped[datetime | None] = mapped_column(Instant)
    """None until the clock has seen it, for what loses it has no clock."""
