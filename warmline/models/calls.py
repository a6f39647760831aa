"""Tables of what is live by phone: calls, rings, third persons, and calls back that were promised.

Their rows go when the call is over; a number that somebody left to be called back goes once that
is done.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from shifts.instants import Instant
from shifts.models import Base
from warmline.database.fleeting import Fleeting

TOKEN = Fleeting(32)
PROVIDER_ID = Fleeting(128)
"""Provider ids are opaque text: other providers use other shapes than Twilio's."""


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
    proven: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the network vouched for the number of somebody of the roster; of others, no."""


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


class TriedPeer(Base):
    """How often a live call's search rang a volunteer, and whether they passed; goes with it."""

    __tablename__ = "tried_peer"

    call_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    rings: Mapped[int] = mapped_column(default=0, server_default="0")
    passed: Mapped[bool] = mapped_column(default=False, server_default=false())


class ThirdPerson(Base):
    """The search for somebody more in a live call, and who has come; goes with either.

    `purpose` is one of calls/third_person.py: to join the two, to take over from the peer, or to
    stand by the peer alone, in a room of their own whose name is `room`.

    `aloud`: the yes was spoken, as their peer says, so that the caller hears of it before anybody
    comes in. `ring_id` is who is rung or is in; `tried` the person ids rung before, with commas.
    `state` is one of calls/third_person.py; the search lapses at `until` (UTC).
    """

    __tablename__ = "third_person"

    call_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    state: Mapped[str] = mapped_column(String(12))
    purpose: Mapped[str] = mapped_column(String(12), default="join", server_default="join")
    room: Mapped[str | None] = mapped_column(TOKEN)
    aloud: Mapped[bool] = mapped_column(default=False, server_default=false())
    ring_id: Mapped[int | None] = mapped_column(unique=True)
    tried: Mapped[str] = mapped_column(Text, default="", server_default="")
    until: Mapped[datetime] = mapped_column(Instant)


class ThirdPersonRules(Base):
    """Whether a line takes a yes that a volunteer reports; without a row it does."""

    __tablename__ = "third_person_rules"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    spoken: Mapped[bool] = mapped_column(default=True, server_default=true())


class CallBack(Base):
    """Somebody asked to be rung between `starts_at` and `until` (UTC), and for nothing else.

    `key_and_number` is the key they chose and the number (E.164), sealed; `digest` is keyed, so
    that whoever rings from that phone can take it back. `state` is one of calls/call_backs.py.
    """

    __tablename__ = "call_back"
    __table_args__ = (Index("uq_call_back_digest", "line_id", "digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    token: Mapped[str] = mapped_column(TOKEN, unique=True)
    key_and_number: Mapped[str] = mapped_column(Fleeting(160))
    digest: Mapped[str] = mapped_column(Fleeting(64))
    language: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)
    state: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    provider_id: Mapped[str | None] = mapped_column(PROVIDER_ID, unique=True)
    heard_at: Mapped[datetime] = mapped_column(Instant)
