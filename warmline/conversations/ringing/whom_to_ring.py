"""One step of the search: read who waits and who is on, then ask for rings and end others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Executable,
    Row,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from shifts.models import ON_STATES, Place
from shifts.who_is_on import LONGEST_PLACE
from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.ringing import ring_reasons, rings
from warmline.database import turns
from warmline.database.turns import Reach
from warmline.models.calls import Call, Ring, TriedPeer
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.promise.promise import has_agreed
from warmline.routing import reasons
from warmline.routing.odds import Odds, phones_for_one
from warmline.routing.peers import END_OF_SHIFT, LiveRing, Peer, Tries, Waiting
from warmline.routing.search import NewRing, Plan, lacks_a_phone, plan
from warmline.telephony.conversation import Turn

# Built once: the search goes a step on with nearly every request of every call.
_LIVE_CALLS: Final[Any] = (
    select(
        Call.id,
        Call.state,
        Call.language,
        func.coalesce(Call.waiting_since, Call.arrived_at).label("since"),
        Call.slow_until,
        Call.first_in_line,
        Call.bound_to,
        Call.volunteer_id,
        Call.peer_id,
        Call.ring_id,
        LineRules.phones_at_once,
    )
    .join(LineRules, LineRules.line_id == Call.line_id)
    .where(Call.line_id == bindparam("line_id"))
)
_BUSY_CALLS: Final[Any] = _LIVE_CALLS.where(
    or_(
        Call.id == bindparam("call_id"),
        Call.peer_id.is_not(None),
        Call.volunteer_id.is_not(None),
    )
)
"""One caller, and whoever is with a peer or is one: of those who only wait, none."""
_LIVE_RINGS: Final[Any] = select(
    *(Ring.id, Ring.person_id, Ring.call_id, Ring.language, Ring.bound, Ring.early, Ring.state),
    Ring.third,
).where(Ring.line_id == bindparam("line_id"))
_TRIED: Final[Any] = (
    select(TriedPeer.call_id, TriedPeer.person_id, TriedPeer.rings, TriedPeer.passed)
    .join(Call, Call.id == TriedPeer.call_id)
    .where(Call.line_id == bindparam("line_id"), Call.state.in_(calls.LOOKING))
)
_TRIED_FOR_ONE: Final[Any] = _TRIED.where(Call.id == bindparam("call_id"))
_OWN: Final = aliased(Talk)
_PEERS_ON: Final[Any] = (
    select(
        Place.person_id,
        Place.starts_at,
        Place.ends_at,
        Volunteer.languages,
        Volunteer.idle_since,
        Volunteer.resting_until,
        Volunteer.breather_until,
        Volunteer.paused_until,
        Volunteer.rung_last,
        Volunteer.often,
        Talk.heard_at.label("texted_at"),
        exists().where(_OWN.volunteer_id == Place.person_id).label("texts_themselves"),
    )
    # With the line beside the id, PostgreSQL reads the volunteers of this line and no others.
    .join(
        Volunteer,
        and_(Volunteer.person_id == Place.person_id, Volunteer.line_id == Place.line_id),
    )
    .join(Talk, Talk.person_id == Place.person_id, isouter=True)
    .where(
        Place.line_id == bindparam("line_id"),
        Place.duty.is_(False),
        Place.starts_at > bindparam("earliest"),
        Place.starts_at <= bindparam("soon"),
        Place.ends_at > bindparam("now"),
        Place.state.in_(ON_STATES),
        has_agreed(bindparam("line_id")),
        Volunteer.voice,
    )
    .order_by(Place.starts_at)
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What one step of the search saw, after what it did: callers by id, peers, live rings."""

    waiting: dict[int, Waiting]
    peers: list[Peer]
    rings: list[LiveRing]


@dataclass(frozen=True, slots=True)
class Spare:
    """Peers who are on, free and not resting from a ring that they missed.

    `beyond` is how many there are beyond one for each caller who waits; may be below nought.
    """

    peers: list[Peer]
    beyond: int


def decide(db: Connection, line_id: int, now: datetime, odds: Odds) -> Scene:
    """Go one step on with the search for every caller who waits, one search after another."""
    turns.needs(db, Reach.OTHERS)
    live = db.execute(_LIVE_CALLS, {"line_id": line_id}).all()
    waiting = _waiting(db, live, now, _TRIED, {"line_id": line_id})
    legs = db.execute(_LIVE_RINGS, {"line_id": line_id}).all()
    rings = _rings(legs, live)
    if not waiting:
        _note_who_is_held_back(db, line_id, live, legs, now)
    if not waiting and not rings:
        return Scene({}, [], [])
    peers = _peers(db, line_id, live, legs, now) if waiting else []
    most = live[0].phones_at_once if live else 0
    made = plan(waiting.values(), peers, rings, now, phones_for_one(odds.chance, most), most)
    return _carry_out(db, line_id, now, made, Scene(waiting, peers, rings))


def decide_now(turn: Turn, line_id: int) -> Scene:
    """One step of the search, as of this turn."""
    return decide(turn.db, line_id, turn.now, turn.odds)


def seen_by_one(turn: Turn, line_id: int, call_id: int) -> Scene:
    """What a caller who waits sees: themselves, the peers, the rings.

    The search goes a step on only where a phone might ring for them that does not yet: so the
    request of one caller weighs nobody else who waits, and whoever comes, goes or becomes free
    goes a step on for all.
    """
    db, now = turn.db, turn.now
    mine = {"line_id": line_id, "call_id": call_id}
    live = db.execute(_BUSY_CALLS, mine).all()
    waiting = _waiting(db, live, now, _TRIED_FOR_ONE, mine)
    legs = db.execute(_LIVE_RINGS, {"line_id": line_id}).all()
    scene = Scene(waiting, _peers(db, line_id, live, legs, now), _rings(legs, live))
    me = waiting.get(call_id)
    if me is None:
        return scene
    most = live[0].phones_at_once
    if me.bound_to is None and not lacks_a_phone(
        me, scene.peers, scene.rings, now, phones_for_one(turn.odds.chance, most), most
    ):
        return scene
    return decide(db, line_id, now, turn.odds)


def spare(db: Connection, line_id: int, now: datetime) -> Spare:
    """Peers whom nobody rings, and who may be rung for more than those who wait."""
    live = db.execute(_LIVE_CALLS, {"line_id": line_id}).all()
    legs = db.execute(_LIVE_RINGS, {"line_id": line_id}).all()
    rung = {leg.person_id for leg in legs}
    free = [
        one
        for one in _peers(db, line_id, live, legs, now)
        if one.is_free(now) and not one.is_resting(now) and one.person_id not in rung
    ]
    return Spare(free, len(free) - sum(row.state in calls.LOOKING for row in live))


def peers_now(db: Connection, line_id: int, now: datetime) -> tuple[list[Peer], set[int]]:
    """Peers who are on as the search sees them, and the persons whose phones ring now."""
    live = db.execute(_LIVE_CALLS, {"line_id": line_id}).all()
    legs = db.execute(_LIVE_RINGS, {"line_id": line_id}).all()
    ringing_now = {ring.person_id for ring in _rings(legs, live) if not ring.ending}
    return _peers(db, line_id, live, legs, now), ringing_now


def passed(db: Connection, call_id: int) -> set[int]:
    """Who passed on this caller: they are not rung for them again."""
    found = select(TriedPeer.person_id).where(TriedPeer.call_id == call_id, TriedPeer.passed)
    return set(db.scalars(found))


def _waiting(
    db: Connection,
    live: Iterable[Row[Any]],
    now: datetime,
    tried: Executable,
    whose: Mapping[str, int],
) -> dict[int, Waiting]:
    """Whoever of `live` waits, with whom was `tried` for them.

    For whom a boundary makes the wait longer, not before that is over.
    """
    looking = [
        row
        for row in live
        if row.state in calls.LOOKING and (row.slow_until is None or row.slow_until <= now)
    ]
    if not looking:
        return {}
    tries: dict[int, dict[int, Tries]] = {row.id: {} for row in looking}
    for call_id, person_id, rung, passed in db.execute(tried, whose):
        # Whoever is not to be looked for yet may have been tried for before.
        if (of_call := tries.get(call_id)) is not None:
            of_call[person_id] = Tries(rung, passed)
    return {row.id: _caller(row, tries[row.id]) for row in looking}


def _caller(row: Row[Any], tries: dict[int, Tries]) -> Waiting:
    return Waiting(
        row.id,
        row.language,
        row.since,
        row.first_in_line,
        row.bound_to,
        row.volunteer_id,
        tries,
    )


def _rings(legs: Iterable[Row[Any]], live: Iterable[Row[Any]]) -> list[LiveRing]:
    """Rings that are about being answered: those of a talk are no part of the search."""
    in_talk = {row.ring_id for row in live if row.state in calls.WITH_A_PEER}
    return [_ring(leg) for leg in legs if leg.id not in in_talk and not leg.third]


def _ring(row: Row[Any]) -> LiveRing:
    return LiveRing(
        row.id,
        row.person_id,
        row.call_id,
        row.language,
        bound=row.bound,
        early=row.early,
        ending=row.state not in rings.STILL_OFFERED,
        answered=row.state == rings.PICKED_UP,
    )


def peers_on(db: Connection, line_id: int, now: datetime) -> Sequence[Row[Any]]:
    """The places held now or within the next moments, with their volunteers: one index range."""
    range_of_starts = {"earliest": now - LONGEST_PLACE, "soon": now + END_OF_SHIFT}
    return db.execute(_PEERS_ON, {"line_id": line_id, "now": now, **range_of_starts}).all()


def somebody_is_on(turn: Turn, call: LiveCall) -> bool:
    """Whether anybody who takes calls is on shift now, other than the caller themselves."""
    now_on = peers_on(turn.db, call.line_id, turn.now)
    others = (row for row in now_on if row.person_id != call.volunteer_id)
    return any(row.starts_at <= turn.now for row in others)


def _peers(
    db: Connection,
    line_id: int,
    live: Iterable[Row[Any]],
    legs: Iterable[Row[Any]],
    now: datetime,
) -> list[Peer]:
    busy = {row.peer_id for row in live if row.state in calls.WITH_A_PEER}
    busy |= {row.volunteer_id for row in live} | {leg.person_id for leg in legs if leg.third}
    owed = {row.peer_id: row.id for row in live if row.peer_id not in busy}
    peers: dict[int, Peer] = {}
    for row in peers_on(db, line_id, now):
        known = peers.get(row.person_id)
        if known is not None and row.starts_at <= known.until:
            peers[row.person_id] = replace(known, until=max(known.until, row.ends_at))
        elif known is None and row.starts_at <= now:
            talking = row.person_id in busy or row.texts_themselves
            on = _peer(row, talking=bool(talking), owed_to=owed.get(row.person_id))
            peers[row.person_id] = on
    return list(peers.values())


def _peer(row: Row[Any], *, talking: bool, owed_to: int | None) -> Peer:
    return Peer(
        row.person_id,
        row.languages.split(","),
        max(row.idle_since or row.starts_at, row.starts_at),
        row.ends_at,
        talking=talking,
        owed_to=owed_to,
        resting_until=row.resting_until,
        breather_until=row.breather_until,
        paused_until=row.paused_until,
        texted_at=row.texted_at,
        rung_last=row.rung_last,
        often=row.often,
    )


def _carry_out(db: Connection, line_id: int, now: datetime, made: Plan, seen: Scene) -> Scene:
    for call_id in made.unbind:
        rings.give_up_on_their_peer(db, call_id, seen.waiting[call_id].bound_to)
    for ring_id, new in made.serve.items():
        rings.serve(db, ring_id, new)
    rings.end(db, line_id, made.end, now)
    placed = rings.ask_for(db, line_id, made.place, now)
    ring_reasons.note_what_is_new(db, line_id, made.not_asked, now)
    return replace(
        seen, waiting=_unbound(seen.waiting, made), rings=_after(seen.rings, made, placed)
    )


def _note_who_is_held_back(
    db: Connection,
    line_id: int,
    live: Sequence[Row[Any]],
    legs: Sequence[Row[Any]],
    now: datetime,
) -> None:
    """Whoever waits does so behind a boundary: so nobody's phone rings for them yet."""
    if any(row.state in calls.LOOKING and row.slow_until is not None for row in live):
        peers = _peers(db, line_id, live, legs, now)
        ring_reasons.note_what_is_new(db, line_id, reasons.held_back(peers, now), now)


def _unbound(waiting: dict[int, Waiting], made: Plan) -> dict[int, Waiting]:
    free = {call_id: waiting[call_id]._replace(bound_to=None) for call_id in made.unbind}
    return waiting | free


def _after(rings: Iterable[LiveRing], made: Plan, placed: Iterable[NewRing]) -> list[LiveRing]:
    live = {ring.ring_id: ring for ring in rings if ring.ring_id not in made.end}
    for ring_id, new in made.serve.items():
        live[ring_id] = replace(live[ring_id], call_id=new.call_id, language=new.language)
    asked_for = (LiveRing(0, n.person_id, n.call_id, n.language, bound=n.bound) for n in placed)
    return [*live.values(), *asked_for]
