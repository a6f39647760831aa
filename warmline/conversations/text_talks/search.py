"""Whom the line asks to take a talk by text: one step of the search, read and carried out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, ColumnExpressionArgument, bindparam, exists, select

from shifts.models import ON_STATES, Place
from shifts.who_is_on import LONGEST_PLACE
from warmline.calls import calls, talks
from warmline.calls.records import AskedForTalk, LiveTalk
from warmline.conversations.text_talks import messages
from warmline.database.records import every, made_of
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.promise.promise import has_agreed
from warmline.routing.odds import phones_for_one
from warmline.routing.peers import Peer, Tries, Waiting
from warmline.routing.text_search import Texter, whom_to_ask
from warmline.sending import talk_texts
from warmline.telephony.conversation import Turn


def ask_more(turn: Turn, line_id: int) -> int:
    """Ask whoever is to be asked now for the talks without a peer; how many that were."""
    looking = talks.without_a_peer(turn.db, line_id)
    waiting = {row.id: row for row in looking if (row.slow_until or turn.now) <= turn.now}
    if not waiting:
        return 0
    asked = talks.asked(turn.db, line_id)
    most = next(iter(waiting.values())).phones_at_once
    at_once = phones_for_one(turn.odds.chance, most)
    callers = [_waiting(row, asked) for row in waiting.values()]
    pairs = whom_to_ask(callers, _on(turn, line_id), _open(turn, asked), turn.now, at_once, most)
    for talk_id, person_id in pairs:
        talk = waiting[talk_id]
        talks.ask(turn.db, talk_id, person_id, turn.now)
        key = "asked" if talk.slow_until is None else "asked_slowed"
        words = messages.for_person(turn, talk, person_id, key)
        talk_texts.ask(turn.db, turn.seal, talk, person_id, words, turn.now)
    return len(pairs)


def _waiting(talk: LiveTalk, asked: Sequence[AskedForTalk]) -> Waiting:
    tries = {one.person_id: Tries(one.times, one.passed) for one in asked if one.talk_id == talk.id}
    return Waiting(talk.id, talk.language, talk.waiting_since, tries=tries)


def _open(turn: Turn, asked: Sequence[AskedForTalk]) -> dict[int, int]:
    """By person, the talk they were asked for so lately that they may still answer."""
    since = turn.now - talks.UNANSWERED
    return {one.person_id: one.talk_id for one in asked if one.asked_at > since and not one.passed}


def _on(turn: Turn, line_id: int) -> list[Texter]:
    """Everybody on shift who has agreed; somebody with two shifts counts once."""
    busy = _in_a_talk(turn, line_id)
    people = {row.person_id: _texter(row, row.person_id in busy) for row in _places(turn, line_id)}
    return list(people.values())


def is_anybody_on(turn: Turn, talk: LiveTalk) -> bool:
    """Whether somebody other than whoever texts is on shift who could be asked for this talk."""
    return any(one.peer.person_id != talk.volunteer_id for one in _on(turn, talk.line_id))


def at(now: datetime) -> dict[str, datetime]:
    """What `is_on` has to be given when it is asked."""
    return {"now": now, "earliest": now - LONGEST_PLACE}


def is_on(person_id: int | ColumnExpressionArgument[int | None]) -> ColumnElement[bool]:
    """Whether this person (an id, or the column that has it) is on shift; asked with `at(now)`."""
    return exists().where(
        Place.person_id == person_id,
        Place.duty.is_(False),
        Place.starts_at > bindparam("earliest"),
        Place.starts_at <= bindparam("now"),
        Place.ends_at > bindparam("now"),
        Place.state.in_(ON_STATES),
    )


class PeerOn(NamedTuple):
    """A place of now, with what the search asks of its volunteer; see models/people.py."""

    starts_at: datetime
    ends_at: datetime
    person_id: int
    languages: str
    text: bool
    idle_since: datetime | None
    resting_until: datetime | None
    breather_until: datetime | None
    paused_until: datetime | None
    rung_last: bool
    often: int


_PEERS_ON: Final = (
    select(
        *(Place.starts_at, Place.ends_at, Volunteer.person_id, Volunteer.languages),
        *(Volunteer.text, Volunteer.idle_since, Volunteer.resting_until),
        *(Volunteer.breather_until, Volunteer.paused_until, Volunteer.rung_last, Volunteer.often),
    )
    .join(Volunteer, Volunteer.person_id == Place.person_id)
    .where(
        Place.line_id == bindparam("line_id"),
        Place.duty.is_(False),
        Place.starts_at > bindparam("earliest"),
        Place.starts_at <= bindparam("now"),
        Place.ends_at > bindparam("now"),
        Place.state.in_(ON_STATES),
        has_agreed(bindparam("line_id")),
        Volunteer.voice | Volunteer.text,
    )
    .order_by(Place.ends_at)
)
_peer_on: Final = made_of(PeerOn, _PEERS_ON.selected_columns)


def _places(turn: Turn, line_id: int) -> list[PeerOn]:
    return every(turn.db.execute(_PEERS_ON, at(turn.now) | {"line_id": line_id}), _peer_on)


def _in_a_talk(turn: Turn, line_id: int) -> set[int]:
    """Whoever is with somebody, by phone or by text, or calls or texts the line themselves."""
    with_peer = select(Call.peer_id).where(
        Call.line_id == line_id, Call.state.in_(calls.WITH_A_PEER)
    )
    calling = select(Call.volunteer_id).where(Call.line_id == line_id)
    texting = select(Talk.person_id).where(Talk.line_id == line_id)
    their_own = select(Talk.volunteer_id).where(Talk.line_id == line_id)
    return set(turn.db.scalars(with_peer.union(calling, texting, their_own)))


def _texter(row: PeerOn, talking: bool) -> Texter:
    peer = Peer(
        row.person_id,
        row.languages.split(","),
        max(row.idle_since or row.starts_at, row.starts_at),
        row.ends_at,
        talking=talking,
        resting_until=row.resting_until,
        breather_until=row.breather_until,
        paused_until=row.paused_until,
        rung_last=row.rung_last,
        often=row.often,
    )
    return Texter(peer, row.text)
