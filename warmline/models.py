"""What the line remembers: its rules, its promise, its volunteers, and whatever is live."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.fleeting import Fleeting
from warmline.sealed_columns import Sealed, index_beside

TOKEN = Fleeting(32)
PROVIDER_ID = Fleeting(128)
"""Provider ids are opaque text: other providers use other shapes than Twilio's."""
WHAT = String(24)
"""What a count counts: one of counts.py."""


class LineRules(Base):
    """How one line answers: its numbers (E.164), languages, patience, breather, own words."""

    __tablename__ = "line_rules"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    volunteer_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    languages: Mapped[str] = mapped_column(String(40), default="en", server_default="en")
    countries: Mapped[str] = mapped_column(String(80), default="US", server_default="US")
    patience_seconds: Mapped[int] = mapped_column(default=180, server_default="180")
    breather_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    ring_seconds: Mapped[int] = mapped_column(default=15, server_default="15")
    phones_at_once: Mapped[int] = mapped_column(default=4, server_default="4")
    coordinator_phone: Mapped[str | None] = mapped_column(Sealed("line_rules.coordinator_phone"))
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    words_version: Mapped[int] = mapped_column(default=0, server_default="0")


class Promise(Base):
    """One version of the line's promise in one language; `answers` is JSON, see promise.py.

    All languages of a version belong together: a language that lacks the current version
    is not offered to callers.
    """

    __tablename__ = "promise"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    answers: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    in_force_at: Mapped[datetime | None] = mapped_column(Instant)
    """None while it is only proposed."""


class OtherPlace(Base):
    """Another place to call, with its own word on police, in one language."""

    __tablename__ = "other_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(40))
    on_police: Mapped[str] = mapped_column(String(160))
    checked_on: Mapped[date | None]


class Volunteer(Base):
    """The telephone side of a person of the roster.

    `agreed` is "yes" (their own yes to rings and texts is held), "ask" (one asking text may
    go out), "held" (yes, but others paused them: hold_models.py) or "" (nothing is sent). Only a
    "yes" is ever rung. `agreed_at` is when they last said
    yes, or no before any yes; `agreed_wording` is which opt-in words they said OK to by text. What
    they wish is theirs alone to set: quiet hours (minutes of the day in their zone; None: the
    usual), `remind` ("day", "hour", "off"), `asked_at_night` for cover, `rung_last`,
    `ring_seconds`, `often` (1 more, -1 less).
    The four instants are the only things known of their present evening; they say when, never
    how often. `missed` counts rings that did not get through since they were last heard, so that
    they are told at the second; `cover_asked_at` is when they were last asked for cover.
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


class Call(Base):
    """A live call, known by its ids alone; the row goes when the call ends.

    `volunteer_id` is set only when the caller is somebody of the roster. `state` moves by
    the table in calls.py. `room` is the name of the room they are in or being led to;
    `saying` and `saying_until` hold what is being said now, so that a request that arrives
    twice gets the same words. `menu_thing` is the shift that a volunteer hears of in their menu,
    `menu_after` the start of the one before it; for a caller `menu_thing` is what a key of theirs
    is about. A boundary holds the search to `slow_until`.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_line_state", "line_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    provider_id: Mapped[str] = mapped_column(PROVIDER_ID, unique=True)
    volunteer_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    arrived_at: Mapped[datetime] = mapped_column(Instant)
    heard_at: Mapped[datetime] = mapped_column(Instant)
    waiting_since: Mapped[datetime | None] = mapped_column(Instant)
    patience_until: Mapped[datetime | None] = mapped_column(Instant)
    first_in_line: Mapped[bool] = mapped_column(default=False, server_default=false())
    in_queue: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked: Mapped[str | None] = mapped_column(String(16))
    saying: Mapped[str | None] = mapped_column(String(32))
    saying_until: Mapped[datetime | None] = mapped_column(Instant)
    menu_thing: Mapped[int | None]
    menu_after: Mapped[datetime | None] = mapped_column(Instant)
    round_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_round: Mapped[bool] = mapped_column(default=False, server_default=false())
    consent: Mapped[str | None] = mapped_column(String(8))
    ring_id: Mapped[int | None]
    peer_id: Mapped[int | None]
    bound_to: Mapped[int | None]
    room: Mapped[str | None] = mapped_column(TOKEN)
    peer_in_room: Mapped[bool] = mapped_column(default=False, server_default=false())
    talking_since: Mapped[datetime | None] = mapped_column(Instant)
    together: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they have talked with `peer_id`, or only been won by them."""
    warned: Mapped[bool] = mapped_column(default=False, server_default=false())
    slow_until: Mapped[datetime | None] = mapped_column(Instant)
    call_back_id: Mapped[int | None]


class Ring(Base):
    """One try at one volunteer: their leg, from being asked for until their phone is free again.

    The row goes with the leg. At most one lives per volunteer (a unique key): no phone is rung
    twice at once. `call_id` is whom it serves; `bound` rings serve only that call, `third` ones
    bring a third person into its talk.
    """

    __tablename__ = "ring"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    call_id: Mapped[int | None] = mapped_column(index=True)
    bound: Mapped[bool] = mapped_column(default=False, server_default=false())
    third: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ringing_at: Mapped[datetime | None] = mapped_column(Instant)
    picked_up_at: Mapped[datetime | None] = mapped_column(Instant)
    early: Mapped[bool] = mapped_column(default=False, server_default=false())
    heard_at: Mapped[datetime] = mapped_column(Instant)


class Tried(Base):
    """How often a live call's search rang a volunteer, and whether they passed; goes with it."""

    __tablename__ = "tried"

    call_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    rings: Mapped[int] = mapped_column(default=0, server_default="0")
    passed: Mapped[bool] = mapped_column(default=False, server_default=false())


class Effect(Base):
    """The outbox: something to be done in the world, written with the change that wants it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_kind_subject", "kind", "subject", unique=True),
        Index("ix_outbox_due", "due_at", "urgency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Fleeting(160))
    url_path: Mapped[str | None] = mapped_column(Fleeting(120))
    urgency: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    taken_until: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    unknown_since: Mapped[datetime | None] = mapped_column(Instant)


class Pace(Base):
    """When the line may place its next call or text; by UPDATE. `what`: one of phone/pacing.py."""

    __tablename__ = "pace"

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Instant)


class DayCount(Base):
    """How many calls and talks of a day were what counts.py counts; of no one in particular."""

    __tablename__ = "day_count"

    line_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(WHAT, primary_key=True)
    number: Mapped[int] = mapped_column(default=0, server_default="0")


class Note(Base):
    """What a caller let us keep: the hour, the language and about how long; never who or what.

    `channel` is "voice" or "text". `receipt` is the keyed digest of the eight-digit number with
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
    receipt: Mapped[str | None] = mapped_column(String(64))


class JobRun(Base):
    """When a timed job ran last, whichever clock ran it; noted once a minute at most."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(Instant)
