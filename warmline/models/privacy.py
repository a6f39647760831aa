"""Tables of what may stay after a talk, and of proofs that the rest went.

Notes and their tallies, boundaries, how it went; what was erased, and the checks of each day.

A boundary is a salted digest of a phone that lapses. How it went is told unnamed, for two people
to read, answered, then erased. RetentionRules says for how long a line keeps both.
"""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.models.counts import WHAT

Channel = Literal["voice", "text"]
"""How a talk was."""
FeedbackKind = Literal["heard", "not_heard", "pressed", "promise", "words"]
"""What was said of it; see privacy/feedback.py."""


class Note(Base):
    """What a caller let us keep: when, in which language, about how long; never who or what.

    `channel` is "voice" or "text"; `wait` and `length` are bands (counts/counting.py), `wait`
    empty where it is not known. `receipt` is the keyed digest of the eight-digit number with
    which whoever has it erases the note; None where none was given.
    """

    __tablename__ = "note"
    __table_args__ = (Index("uq_note_receipt", "line_id", "receipt", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    day: Mapped[date]
    hour: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    length: Mapped[str] = mapped_column(String(16))
    answered: Mapped[bool]
    promise_version: Mapped[int]
    channel: Mapped[str] = mapped_column(String(8), default="voice", server_default="voice")
    wait: Mapped[str] = mapped_column(String(16), default="", server_default="")
    receipt: Mapped[str | None] = mapped_column(String(64))


class NoteTally(Base):
    """Notes of a month, folded: how many were what (counting.of_note), and no note any more."""

    __tablename__ = "note_tally"

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(WHAT, primary_key=True)
    number: Mapped[int]


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


class RecentTalk(Base):
    """A volunteer's last talk by phone, until ten minutes after it (UTC).

    So long they can say that a line was crossed in it; `crossed`: they have. While the caller's
    call goes on, `call_id` is it; once they have gone, `digest` and `salt` are of their number as
    a boundary's are, None where it was withheld.
    """

    __tablename__ = "recent_talk"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    call_id: Mapped[int | None] = mapped_column(index=True)
    salt: Mapped[str | None] = mapped_column(Fleeting(32))
    digest: Mapped[str | None] = mapped_column(Fleeting(64))
    crossed: Mapped[bool] = mapped_column(default=False, server_default=false())
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


class RetentionRules(Base):
    """Months until notes fold to tallies, and days until how it went is erased.

    Without a row it is as long as a line may: 13 months, 90 days.
    """

    __tablename__ = "retention_rules"
    __table_args__ = (
        CheckConstraint("notes_months BETWEEN 1 AND 13", name="notes_months"),
        CheckConstraint("feedback_days BETWEEN 1 AND 90", name="feedback_days"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    notes_months: Mapped[int]
    feedback_days: Mapped[int]


class Feedback(Base):
    """What somebody has said of a talk or of the line; of whoever said it there is nothing.

    `kind` is one of FeedbackKind. `words` and `answer` are sealed, and so is `about`:
    the person id of the peer, where whoever said it wished that it be known. `receipt` is the keyed
    digest of the eight-digit number with which the answer is read.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index("uq_feedback_receipt", "line_id", "receipt", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    receipt: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")


class FeedbackLink(Base):
    """For an hour: which peer a talk was with, for whoever has the number (a keyed digest of it).

    Made by the caller's own key, in the talk or just after it; of the caller there is nothing.
    """

    __tablename__ = "feedback_link"

    number: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    about: Mapped[str] = mapped_column(Fleeting(160))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class ExpectedFeedback(Base):
    """Somebody has texted SAY: their next text, for half an hour, is how it went.

    The texter is known by the keyed digest of their number alone; `about` is as in Feedback, of
    the talk that has just ended, or empty.
    """

    __tablename__ = "expected_feedback"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number_digest: Mapped[str] = mapped_column(Fleeting(64), primary_key=True)
    about: Mapped[str] = mapped_column(Fleeting(160))
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class FeedbackReader(Base):
    """Somebody who is willing to read how it went, by their own yes; `named` by the line."""

    __tablename__ = "feedback_reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    named: Mapped[bool] = mapped_column(default=False, server_default=false())


class Erased(Base):
    """Something was erased because its person wished so: no backup may bring it back.

    `digest` is keyed, so that nobody else can tell what it was; `token` tells this row from all
    others, in whichever copy. It goes after `until`, when no backup is left that holds the thing.
    """

    __tablename__ = "erased"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    until: Mapped[date]


class SelfCheck(Base):
    """The last check of a day: how many files and bytes were searched, and traces found.

    `unreached` counts what could not be searched from where it ran.
    """

    __tablename__ = "self_check"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    files: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[int]
    unreached: Mapped[int]
