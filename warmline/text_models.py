"""What the line remembers of texts: only what is under way, and what numbers mean to whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting
from warmline.models import PROVIDER_ID, TOKEN


class TextIn(Base):
    """A message that came in, by the provider's id alone: delivered again, it is not read again.

    Erased after fifteen minutes.
    """

    __tablename__ = "text_in"

    message_id: Mapped[str] = mapped_column(PROVIDER_ID, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    came_at: Mapped[datetime] = mapped_column(Instant, index=True)


class TextOut(Base):
    """A text to somebody of the roster until its fate is known; then the row goes.

    `body` is sealed, bound to the token, and None once the provider has it. `purpose` says which
    rule of the guard lets it out (phone/dial.py): "reply" answers a text of theirs; "shift" is
    about a shift, a talk or a question of theirs in progress; "duty" is to whoever is on duty;
    "ask" and "cover" ask something new; "invite" is the one text to somebody who expects it and
    has not said yes yet. `valid_seconds` is how long it is of use from `made_at` on.
    """

    __tablename__ = "text_out"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('reply', 'shift', 'duty', 'ask', 'cover', 'invite')", name="purpose"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    body: Mapped[str | None] = mapped_column(Fleeting)
    valid_seconds: Mapped[int]
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Shown(Base):
    """A number that was shown to a person means that thing for them until `until`, UTC."""

    __tablename__ = "shown"
    __table_args__ = (Index("ix_shown_thing", "person_id", "kind", "thing_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    thing_id: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)


class Talk(Base):
    """A live talk by text; the row, and with it the number, goes when the talk ends.

    `number` (E.164) is sealed, bound to the token; `number_digest` is keyed and finds it again.
    `name` is how the peer knows the texter. `state` moves by the table in talks.py; `due_at` is
    when the clock looks at it next. `held` is a sealed message of the peer's that may have been
    meant for the line. `quiet`: nothing goes to the texter until they write. `volunteer_id` is set
    only when the texter is somebody of the roster; `own_held` is then a message of theirs like
    `held`. `talking_since` is when their first peer came; `help_told` and `shift_end_told` say
    that something was said once; a boundary holds the search to `slow_until`.
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


class CountAsked(Base):
    """A talk by text that is over: whether it may be counted was asked, and KEEP says yes.

    The texter is known by the keyed digest of their number alone; the rest is what the note would
    say, and who the peer was (`about`, sealed), should they wish to say how it went. The row goes
    with their next text, whatever that is, or at `until`.
    """

    __tablename__ = "count_asked"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number_digest: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    day: Mapped[date]
    hour: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    length: Mapped[str] = mapped_column(String(16))
    answered: Mapped[bool]
    promise_version: Mapped[int]
    about: Mapped[str] = mapped_column(Fleeting(160), default="", server_default="")


class TalkAsked(Base):
    """Whom a live talk's search has asked, how often, when last, and who has passed."""

    __tablename__ = "talk_asked"

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


class Told(Base):
    """Something that was said or done, not to be said or done again before `until`, UTC."""

    __tablename__ = "told"

    what: Mapped[str] = mapped_column(String(80), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class Entered(Base):
    """A shift that somebody else entered as agreed; the row goes once its person was told."""

    __tablename__ = "entered"

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
