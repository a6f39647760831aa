"""Tables of the desk: roles, codes, sessions, passkeys, calendar addresses, and what was tried.

Attempts are counted so that guesses, and codes asked for, are limited; each goes when it no longer
counts.
"""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.models.calls import TOKEN

DIGEST = String(64)
"""A keyed digest (HMAC-SHA-256) in hexadecimal digits; the thing itself only its holder has."""


Role = Literal["coordinator", "duty", "viewer"]
"""What somebody may do at the desk; see DeskRole."""
COORDINATOR: Final[Role] = "coordinator"


class DeskRole(Base):
    """What a person of the roster may do at the desk: "coordinator", "duty" or "viewer".

    Whoever has no row sees their own page alone.
    """

    __tablename__ = "desk_role"
    __table_args__ = (CheckConstraint("role IN ('coordinator', 'duty', 'viewer')", name="role"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    role: Mapped[str] = mapped_column(String(12))


class SignInCode(Base):
    """A six-digit code on its way to somebody who would like to come in; ten minutes, five tries.

    `slip` is the digest of what their browser holds: the code is good in that browser alone.
    A number that is not on the roster gets a row too, without a person: nobody can tell by the
    answer who is on it. `code` is sealed, bound to the token, for as long as a call is to read it;
    an empty one is a test ring, which only says that it came through.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    slip: Mapped[str] = mapped_column(DIGEST, unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    spoken: Mapped[bool] = mapped_column(default=False, server_default=false())


class DeskSession(Base):
    """Somebody is signed in, on one browser; `key` is the digest of what its cookie holds.

    It ends at `until`, after a week without a visit, or when its person ends it. `browser` is a
    word or two by which they know it, such as "Firefox on Android".
    """

    __tablename__ = "desk_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    key: Mapped[str] = mapped_column(DIGEST, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    browser: Mapped[str] = mapped_column(String(60), default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class RecoveryCode(Base):
    """One of ten printed codes, by its digest; the row goes when it is used."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)


class Pin(Base):
    """The PIN that somebody has chosen for their menu by phone, by its digest."""

    __tablename__ = "pin"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST)


class Passkey(Base):
    """A passkey (WebAuthn) of somebody's; only its public half is here."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)


class Feed(Base):
    """A private calendar address, by the digest of its key; of one person, or (None) of the line.

    Making a new one ends the old one.
    """

    __tablename__ = "feed"
    __table_args__ = (Index("uq_feed_whose", "line_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(DIGEST, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


class DeskStep(Base):
    """A change of the roster made at the desk, so that undo and redo know their order.

    `kind` is "do", "undo" or "redo"; of the last two, `of_id` is the change they turned back.
    """

    __tablename__ = "desk_step"
    __table_args__ = (CheckConstraint("kind IN ('do', 'undo', 'redo')", name="kind"),)

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    of_id: Mapped[int | None]


KINDS = "kind IN ('welcome', 'role', 'remove', 'pause', 'resume')"


class DeskWish(Base):
    """Something about another person that takes two yeses: the first is `by_id`'s, until `until`.

    `kind` is "welcome" (about a wish to join, by its id), "role", "remove", "pause" or
    "resume" (about a person); `words` is what is to be: a name, a role, or for how many days and
    why.
    """

    __tablename__ = "desk_wish"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        Index("uq_desk_wish_about", "line_id", "kind", "about_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    kind: Mapped[str] = mapped_column(String(8))
    about_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class Attempt(Base):
    """Something was tried once; the row counts until `until` (UTC), and goes then.

    `what` is a keyed digest of what was tried and of whom or by whom: no number, no address and
    no name can be read from it.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_what", "what", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(Fleeting(64))
    until: Mapped[datetime] = mapped_column(Instant, index=True)
