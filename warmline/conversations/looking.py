"""One step of the search: read who waits and who is on, then ask for rings and end others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from shifts.models import LONGEST_PLACE_HOURS, ON_STATES, Place
from warmline import calls
from warmline.conversations import ringing
from warmline.models import Call, LineRules, Ring, Tried, Volunteer
from warmline.odds import Odds, phones_for_one
from warmline.search import (
    LiveRing,
    NewRing,
    Peer,
    Plan,
    Tries,
    Waiting,
    plan,
)

SOON: Final = timedelta(seconds=20)
"""How far ahead a shift is looked at, to see whether one adjoins the next."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one step of the search saw, after what it did: callers by id, peers, live rings."""

    waiting: dict[int, Waiting]
    peers: list[Peer]
    rings: list[LiveRing]


def look(db: Connection, line_id: int, now: datetime, odds: Odds) -> Scene:
    """Go one step on with the search for every caller who waits."""
    live = db.execute(_live_calls(line_id)).all()
    waiting = _waiting(db, live)
    rings = [_ring(row) for row in db.execute(_live_rings(line_id)).all()]
    peers = _peers(db, line_id, live, now) if waiting else []
    if not waiting and not rings:
        return Scene({}, peers, [])
    most = db.execute(select(LineRules.phones_at_once).where(LineRules.line_id == line_id)).scalar()
    made = plan(waiting, peers, _loose(rings, live), now, phones_for_one(odds.chance, most or 4))
    return _carry_out(db, line_id, now, made, Scene({w.call_id: w for w in waiting}, peers, rings))


def _live_calls(line_id: int) -> Any:
    return select(
        Call.id,
        Call.state,
        Call.language,
        Call.arrived_at,
        Call.waiting_since,
        Call.first_in_line,
        Call.bound_to,
        Call.volunteer_id,
        Call.peer_id,
        Call.ring_id,
    ).where(Call.line_id == line_id)


def _live_rings(line_id: int) -> Any:
    return select(
        Ring.id, Ring.person_id, Ring.call_id, Ring.language, Ring.bound, Ring.early, Ring.state
    ).where(Ring.line_id == line_id)


def _ring(row: Row[Any]) -> LiveRing:
    return LiveRing(
        row.id,
        row.person_id,
        row.call_id,
        row.language,
        bound=row.bound,
        early=row.early,
        ending=row.state in ringing.NOT_FOR_ANYBODY,
        answered=row.state == ringing.PICKED_UP,
    )


def _loose(rings: Iterable[LiveRing], live: Iterable[Row[Any]]) -> list[LiveRing]:
    """Rings that are still about being answered: those of a talk are no part of the search."""
    in_talk = {row.ring_id for row in live if row.state in calls.WITH_A_PEER}
    return [ring for ring in rings if ring.ring_id not in in_talk]


def _waiting(db: Connection, live: Iterable[Row[Any]]) -> list[Waiting]:
    looking = [row for row in live if row.state in calls.LOOKING]
    if not looking:
        return []
    tries: dict[int, dict[int, Tries]] = {row.id: {} for row in looking}
    for one in db.execute(select(Tried.__table__).where(Tried.call_id.in_(tries))).all():
        tries[one.call_id][one.person_id] = Tries(one.rings, one.passed)
    return [
        Waiting(
            row.id,
            row.language,
            row.waiting_since or row.arrived_at,
            row.first_in_line,
            row.bound_to,
            row.volunteer_id,
            tries[row.id],
        )
        for row in looking
    ]


def peers_on(line_id: int, now: datetime) -> Any:
    """The places held now or within the next moments, with their volunteers: one index range."""
    return (
        select(
            Place.person_id,
            Place.starts_at,
            Place.ends_at,
            Volunteer.languages,
            Volunteer.idle_since,
            Volunteer.resting_until,
            Volunteer.breather_until,
            Volunteer.paused_until,
        )
        .join(Volunteer, Volunteer.person_id == Place.person_id)
        .where(
            Place.line_id == line_id,
            Place.starts_at > now - timedelta(hours=LONGEST_PLACE_HOURS),
            Place.starts_at <= now + SOON,
            Place.ends_at > now,
            Place.state.in_(ON_STATES),
            Volunteer.agreed == "yes",
            Volunteer.voice,
        )
        .order_by(Place.starts_at)
    )


def _peers(db: Connection, line_id: int, live: Sequence[Row[Any]], now: datetime) -> list[Peer]:
    talking = {row.peer_id for row in live if row.state in calls.WITH_A_PEER}
    calling = {row.volunteer_id for row in live if row.volunteer_id}
    owed = {
        row.peer_id: row.id for row in live if row.peer_id and row.state not in calls.WITH_A_PEER
    }
    peers: dict[int, Peer] = {}
    for row in db.execute(peers_on(line_id, now)).all():
        known = peers.get(row.person_id)
        if known is not None and row.starts_at <= known.until:
            peers[row.person_id] = replace(known, until=max(known.until, row.ends_at))
        elif known is None and row.starts_at <= now:
            busy = row.person_id in talking or row.person_id in calling
            peers[row.person_id] = _peer(row, busy, owed.get(row.person_id))
    return list(peers.values())


def _peer(row: Row[Any], busy: bool, owed_to: int | None) -> Peer:
    return Peer(
        row.person_id,
        frozenset(row.languages.split(",")),
        max(row.idle_since or row.starts_at, row.starts_at),
        row.ends_at,
        talking=busy,
        owed_to=owed_to,
        resting_until=row.resting_until,
        breather_until=row.breather_until,
        paused_until=row.paused_until,
    )


def _carry_out(db: Connection, line_id: int, now: datetime, made: Plan, seen: Scene) -> Scene:
    for call_id in made.unbind:
        ringing.give_up_on_their_peer(db, call_id, seen.waiting[call_id].bound_to)
    for ring in seen.rings:
        if ring.ring_id in made.serve:
            ringing.serve(db, ring.ring_id, ring.person_id, made.serve[ring.ring_id])
    for ring_id in made.end:
        ringing.end(db, ring_id, now)
    placed = [new for new in made.place if ringing.ask_for(db, line_id, new, now)]
    return replace(seen, rings=_after(seen.rings, made, placed))


def _after(rings: list[LiveRing], made: Plan, placed: Iterable[NewRing]) -> list[LiveRing]:
    kept = [
        replace(ring, call_id=made.serve.get(ring.ring_id, ring.call_id))
        for ring in rings
        if ring.ring_id not in made.end
    ]
    return kept + [LiveRing(0, new.person_id, new.call_id, new.language) for new in placed]
