"""Who is on shift, and of now also whether they would be rung and why not, as `who` tells it.

Whether somebody would be rung is decided by the search and the guard, which are asked here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from shifts.models import ASKED, ON_STATES, Person, Place
from shifts.who_is_on import LONGEST_PLACE, who_is_on
from warmline import phone_numbers
from warmline.conversations.ringing import whom_to_ring
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.people import volunteers
from warmline.promise.promise import has_agreed
from warmline.routing import not_rung
from warmline.routing.not_rung import NotRung, Own, Why
from warmline.routing.peers import Peer

IN_WORDS: Final[dict[Why, str]] = {
    "has not agreed": "has not agreed to rings and texts yet (JOIN, or OK to the question)",
    "has said no": "has said no to rings and texts",
    "stopped": "stopped (STOP; START brings them back)",
    "paused by others": "is paused by others",
    "has not agreed to the promise": "has not agreed to the promise in force (AGREE)",
    "takes no calls": "takes no calls",
    "has not agreed to this shift": "was asked, and has not agreed to this shift (OK)",
    "number not allowed": "their number is no phone that this line may ring (line --countries)",
    "paused": "paused",
    "breather": "has a breather",
    "talking": "is talking, or calls the line",
    "writing": "is writing in a talk by text",
    "going off": "goes off in a moment",
    "owed to a caller": "goes back first to a caller whose talk was cut off",
}


@dataclass(frozen=True)
class On:
    """Somebody on shift `until` (UTC); `known` is of now alone: whether they would be rung.

    `not_rung` is why not; `notes` are what else bears on it, `voice` and `text` what they take.
    """

    name: str
    phone: str
    until: datetime
    known: bool = False
    not_rung: NotRung | None = None
    notes: Sequence[str] = ()
    languages: Sequence[str] = ()
    voice: bool = True
    text: bool = True

    def as_row(self, zone: ZoneInfo) -> dict[str, object]:
        """For machines: name, phone and until; of now also whether rung, why not, and more."""
        row: dict[str, object] = {
            "name": self.name,
            "phone": self.phone,
            "until": _iso(self.until, zone),
        }
        if not self.known:
            return row
        no = self.not_rung
        return row | {
            "rung": no is None,
            "why": no and no.why,
            "why_until": no and no.until and _iso(no.until, zone),
            "notes": list(self.notes),
            "languages": list(self.languages),
            "voice": self.voice,
            "text": self.text,
        }

    def in_words(self, zone: ZoneInfo) -> str:
        """One line for a person at a terminal."""
        words = f"{self.name}  {self.phone}  until {self.until.astimezone(zone):%Y-%m-%d %H:%M %Z}"
        if not self.known:
            return words
        takes = [name for name, does in (("calls", self.voice), ("texts", self.text)) if does]
        about = "; ".join(
            [", ".join(self.languages), " and ".join(takes) or "nothing", *self.notes]
        )
        return f"{words}  {self._verdict(zone)} ({about})"

    def _verdict(self, zone: ZoneInfo) -> str:
        if self.not_rung is None:
            return "would be rung"
        until = self.not_rung.until
        end = f" until {until.astimezone(zone):%H:%M}" if until else ""
        return f"not rung: {IN_WORDS[self.not_rung.why]}{end}"


class _Holder(NamedTuple):
    """Somebody with a place until `ends_at` (UTC); `phone` is E.164, the rest is their own word."""

    name: str
    person_id: int
    phone: str
    languages: str
    voice: bool
    text: bool
    ends_at: datetime
    agreed: str
    agreed_at: datetime | None
    agreed_promise: int | None
    has_agreed: bool

    @property
    def own(self) -> Own:
        """What they have said for themselves."""
        said = (self.agreed, self.agreed_at, self.agreed_promise)
        return Own(*said, bool(self.has_agreed), bool(self.voice))


def at(connection: Connection, line: TheLine, when: datetime) -> list[On]:
    """Who is on at an instant and has said yes: of another time than now no more is known."""
    on = volunteers.volunteers_on(connection, line.line_id, when)
    return [On(one.name, phone, one.until) for one, phone in on]


def now(connection: Connection, line: TheLine, when: datetime) -> list[On]:
    """Everybody who has a shift now, by name: whether a caller's phone call would ring them."""
    peers, ringing = whom_to_ring.peers_now(connection, line.line_id, when)
    seen = {peer.person_id: peer for peer in peers}
    agreed = {one.person_id: one for one in who_is_on(connection, line.line_id, when)}
    told = []
    for row in _holders(connection, line.line_id, when):
        peer, on = seen.get(row.person_id), agreed.get(row.person_id)
        no = _not_rung(row, peer, line.countries, when)
        told.append(
            On(
                row.name,
                row.phone,
                on.until if on else row.ends_at,
                known=True,
                not_rung=no,
                notes=_notes(peer, line.zone, when, rings=row.person_id in ringing),
                languages=row.languages.split(","),
                voice=row.voice,
                text=row.text,
            )
        )
    return told


def _holders(connection: Connection, line_id: int, when: datetime) -> Iterable[_Holder]:
    """Whoever has a place now, or was asked for one, each once: the place that is theirs first."""
    found = (
        select(
            *(Person.name, Volunteer.person_id, Volunteer.phone, Volunteer.languages),
            *(Volunteer.voice, Volunteer.text, Place.ends_at),
            *(Volunteer.agreed, Volunteer.agreed_at, Volunteer.agreed_promise),
            has_agreed(line_id).label("has_agreed"),
        )
        .join(Volunteer, Volunteer.person_id == Place.person_id)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.line_id == line_id,
            Place.duty.is_(False),
            Place.starts_at > when - LONGEST_PLACE,
            Place.starts_at <= when,
            Place.ends_at > when,
            Place.state.in_((*ON_STATES, ASKED)),
        )
        .order_by(Person.name, Place.person_id, Place.state == ASKED)
    )
    once: dict[int, _Holder] = {}
    for row in map(_Holder._make, connection.execute(found)):
        once.setdefault(row.person_id, row)
    return once.values()


def _not_rung(
    row: _Holder, peer: Peer | None, countries: Sequence[str], when: datetime
) -> NotRung | None:
    """The guard's word on the person and their number, then the search's on how they are now."""
    if (no := not_rung.unwilling(row.own)) is not None:
        return no
    if peer is None:
        return NotRung("has not agreed to this shift")
    try:
        phone_numbers.may_be_dialled(row.phone, countries)
    except phone_numbers.NotDialled:
        return NotRung("number not allowed")
    if (no := peer.not_rung(when)) is not None:
        return no
    return NotRung("owed to a caller") if peer.owed_to is not None else None


def _notes(peer: Peer | None, zone: ZoneInfo, when: datetime, *, rings: bool) -> list[str]:
    """What puts somebody after the others, and whether their phone rings at this moment."""
    if peer is None:
        return []
    missed = peer.resting_until and f"{peer.resting_until.astimezone(zone):%H:%M}"
    notes = {
        "rings now": rings,
        "wishes to be rung last": peer.rung_last,
        "in a talk by text: rung after the others": peer.texted_at is not None,
        f"missed a ring: rung after the others until {missed}": peer.is_resting(when),
    }
    return [words for words, holds in notes.items() if holds]


def _iso(when: datetime, zone: ZoneInfo) -> str:
    return when.astimezone(zone).isoformat()
