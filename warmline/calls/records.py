"""Live calls, rings and talks as records, their states, and what may be changed of each.

A NamedTuple takes no fields over from another, so what a call or ring has in common with its row
and its line is written twice; tests/database/test_records.py holds both to one order.
"""

from datetime import datetime
from typing import Literal, NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

CallState = Literal[
    "hello",
    "promise",
    "waiting",
    "asked",
    "claimed",
    "joining",
    "talking",
    "peer away",
    "caller away",
    "parted",
    "goodbye",
]
"""What a call is in the middle of; which may follow which, MOVES says."""

RingState = Literal["asked for", "placed", "picked up", "in talk", "leaving", "ending"]
"""What a ring is in the middle of (ringing/rings.py)."""


class CallRow(NamedTuple):
    """A live call as its table has it; what each field means, models/calls.py says.

    Instants are UTC.
    """

    id: int
    line_id: int
    token: str
    provider_id: str
    volunteer_id: int | None
    language: str
    state: CallState
    arrived_at: datetime
    heard_at: datetime
    waiting_since: datetime | None
    patience_until: datetime | None
    first_in_line: bool
    in_queue: bool
    asked: str | None
    saying: str | None
    saying_until: datetime | None
    menu_thing: int | None
    menu_after: datetime | None
    round_told: bool
    last_round: bool
    consent: str | None
    ring_id: int | None
    peer_id: int | None
    bound_to: int | None
    room: str | None
    peer_in_room: bool
    talking_since: datetime | None
    together: bool
    warned: bool
    slow_until: datetime | None
    call_back_id: int | None
    proven: bool


class LiveCall(NamedTuple):
    """A live call with the rules of its line: the fields of CallRow, then those of LineFacts.

    Numbers are E.164, seconds and minutes whole; `line_languages` and `line_countries` hold codes
    with commas between them.
    """

    id: int
    line_id: int
    token: str
    provider_id: str
    volunteer_id: int | None
    language: str
    state: CallState
    arrived_at: datetime
    heard_at: datetime
    waiting_since: datetime | None
    patience_until: datetime | None
    first_in_line: bool
    in_queue: bool
    asked: str | None
    saying: str | None
    saying_until: datetime | None
    menu_thing: int | None
    menu_after: datetime | None
    round_told: bool
    last_round: bool
    consent: str | None
    ring_id: int | None
    peer_id: int | None
    bound_to: int | None
    room: str | None
    peer_in_room: bool
    talking_since: datetime | None
    together: bool
    warned: bool
    slow_until: datetime | None
    call_back_id: int | None
    proven: bool
    line_name: str
    line_zone: str
    line_number: str
    line_second: str | None
    line_languages: str
    line_countries: str
    patience_seconds: int
    phones_at_once: int
    opened_at: datetime | None
    line_words: int

    @property
    def spoken(self) -> str:
        """The language in which this leg is spoken to."""
        return self.language

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.line_zone)


class RingRow(NamedTuple):
    """A live ring as its table has it; what each field means, models/calls.py says."""

    id: int
    line_id: int
    token: str
    person_id: int
    call_id: int | None
    bound: bool
    third: bool
    language: str
    state: RingState
    provider_id: str | None
    asked_at: datetime
    ringing_at: datetime | None
    picked_up_at: datetime | None
    early: bool
    heard_at: datetime


class LiveRing(NamedTuple):
    """A live ring with its volunteer's choices and the rules of its line, as LiveCall has them."""

    id: int
    line_id: int
    token: str
    person_id: int
    call_id: int | None
    bound: bool
    third: bool
    language: str
    state: RingState
    provider_id: str | None
    asked_at: datetime
    ringing_at: datetime | None
    picked_up_at: datetime | None
    early: bool
    heard_at: datetime
    volunteer_languages: str
    breather_minutes: int | None
    line_name: str
    line_zone: str
    line_number: str
    line_second: str | None
    line_languages: str
    line_countries: str
    patience_seconds: int
    phones_at_once: int
    opened_at: datetime | None
    line_words: int

    @property
    def spoken(self) -> str:
        """The first of the volunteer's own languages."""
        return self.volunteer_languages.split(",")[0] if self.volunteer_languages else self.language

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.line_zone)


class LineFacts(NamedTuple):
    """A line with its rules, in what every step reads of it."""

    line_id: int
    line_name: str
    line_zone: str
    line_number: str
    line_second: str | None
    line_languages: str
    line_countries: str
    patience_seconds: int
    phones_at_once: int
    opened_at: datetime | None
    line_words: int

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.line_zone)


class RingChanges(TypedDict, total=False):
    """What may be changed of a live ring."""

    state: RingState
    call_id: int | None
    bound: bool
    third: bool
    language: str
    provider_id: str
    ringing_at: datetime
    picked_up_at: datetime
    early: bool
    heard_at: datetime


class CallChanges(TypedDict, total=False):
    """What may be changed of a live call beside its state."""

    provider_id: str
    volunteer_id: int | None
    language: str
    arrived_at: datetime
    heard_at: datetime
    waiting_since: datetime | None
    patience_until: datetime | None
    first_in_line: bool
    in_queue: bool
    asked: str | None
    saying: str | None
    saying_until: datetime | None
    menu_thing: int | None
    menu_after: datetime | None
    round_told: bool
    last_round: bool
    consent: str | None
    ring_id: int | None
    peer_id: int | None
    bound_to: int | None
    room: str | None
    peer_in_room: bool
    talking_since: datetime | None
    together: bool
    warned: bool
    slow_until: datetime | None
    call_back_id: int | None
    proven: bool


TalkState = Literal["looking", "nobody", "talking", "closing"]
"""What a talk is in the middle of; which may follow which, MOVES says."""


class LiveTalk(NamedTuple):
    """A live talk by text with the rules of its line; what each field means, models/talks.py says.

    Instants are UTC; `number`, `held` and `own_held` are sealed.
    """

    id: int
    line_id: int
    token: str
    number_digest: str
    number: str
    name: str
    language: str
    state: TalkState
    person_id: int | None
    waiting_since: datetime
    due_at: datetime
    heard_at: datetime
    still_told: bool
    answered: bool
    quiet: bool
    held: str | None
    volunteer_id: int | None
    own_held: str | None
    talking_since: datetime | None
    help_told: bool
    shift_end_told: bool
    slow_until: datetime | None
    pictured: bool
    lost_to_caller: bool
    lost_to_peer: bool
    line_name: str
    line_zone: str
    line_number: str
    line_second: str | None
    line_languages: str
    line_countries: str
    patience_seconds: int
    phones_at_once: int
    opened_at: datetime | None
    line_words: int

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.line_zone)


class AskedForTalk(NamedTuple):
    """A volunteer who was asked for a live talk: how often, when (UTC), and whether they passed."""

    talk_id: int
    person_id: int
    asked_at: datetime
    times: int
    passed: bool


class TalkChanges(TypedDict, total=False):
    """What may be changed of a live talk beside its state."""

    number: str
    language: str
    person_id: int | None
    waiting_since: datetime
    due_at: datetime
    heard_at: datetime
    still_told: bool
    answered: bool
    quiet: bool
    held: str | None
    volunteer_id: int | None
    own_held: str | None
    talking_since: datetime | ColumnElement[datetime] | None
    help_told: bool
    shift_end_told: bool
    slow_until: datetime | None
    pictured: bool
    lost_to_caller: bool
    lost_to_peer: bool
