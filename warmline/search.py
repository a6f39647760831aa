"""How the line looks for a peer: whom to ring now, given who waits and who is on; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from warmline.odds import MOST_AT_ONCE

MOST_RINGS: Final = 2
"""Rings per peer and caller, until the caller asks us to keep looking."""
FEW_ON: Final = 3
REST_AFTER_MISS: Final = timedelta(minutes=10)
EARLY_PICK_UP: Final = timedelta(seconds=4.5)
"""A phone picked up faster than this after it began to ring is taken for a voicemail."""
END_OF_SHIFT: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Tries:
    """What the search for one caller has done with one peer."""

    rings: int = 0
    passed: bool = False

    @property
    def spent(self) -> bool:
        """No ring for this caller is left for this peer."""
        return self.passed or self.rings >= MOST_RINGS


UNTRIED: Final = Tries()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller who may be won by a peer. `tries` is by person id."""

    call_id: int
    language: str
    since: datetime
    first_in_line: bool = False
    bound_to: int | None = None
    volunteer_id: int | None = None
    tries: Mapping[int, Tries] = field(default_factory=dict)

    def may_have(self, person_id: int) -> bool:
        """Whether this peer may be rung for this caller (again)."""
        return person_id != self.volunteer_id and not self.tries.get(person_id, UNTRIED).spent


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody on shift. `until` follows adjoining shifts; `busy_with` is the call they are in."""

    person_id: int
    languages: frozenset[str]
    idle_since: datetime
    until: datetime
    talking: bool = False
    owed_to: int | None = None
    """The call whose talk they have just left and nobody has taken: no ring for any other."""
    resting_until: datetime | None = None
    breather_until: datetime | None = None
    paused_until: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """May be rung at all: not talking, paused, in a breather or about to go off."""
        held = (self.breather_until, self.paused_until)
        away = any(until is not None and until > now for until in held)
        return not (self.talking or away) and self.until - now >= END_OF_SHIFT

    def is_resting(self, now: datetime) -> bool:
        """Missed a ring lately; rung earlier only when nobody else is left."""
        return self.resting_until is not None and self.resting_until > now


@dataclass(frozen=True, slots=True)
class LiveRing:
    """A phone that rings, or is about to. `early`: it was picked up as a voicemail would."""

    ring_id: int
    person_id: int
    call_id: int | None
    language: str
    bound: bool = False
    early: bool = False
    ending: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class NewRing:
    """A ring to be asked for."""

    person_id: int
    call_id: int
    language: str
    bound: bool = False


@dataclass(slots=True)
class Plan:
    """What to do now: rings to ask for, rings to end, rings that serve another caller now,
    and callers whose own peer cannot be rung, for whom the search goes on with others."""

    place: list[NewRing] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    serve: dict[int, int] = field(default_factory=dict)
    unbind: list[int] = field(default_factory=list)


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Callers as they are served: a returning dropped caller before all, then the longest wait."""
    return sorted(waiting, key=lambda one: (not one.first_in_line, one.since, one.call_id))


def plan(
    waiting: Sequence[Waiting],
    peers: Sequence[Peer],
    rings: Sequence[LiveRing],
    now: datetime,
    at_once: int,
) -> Plan:
    """The next step of the search at `now`, with `at_once` phones wanted for each caller."""
    made = Plan()
    callers = in_order(waiting)
    taken = {ring.person_id for ring in rings}
    _ring_back([one for one in callers if one.bound_to], peers, rings, now, taken, made)
    pools: dict[str, list[Waiting]] = {}
    for caller in callers:
        if not caller.bound_to or caller.call_id in made.unbind:
            pools.setdefault(caller.language, []).append(caller)
    loose = _settle(pools, [ring for ring in rings if not ring.ending], callers, made)
    free = [peer for peer in peers if peer.is_free(now)]
    for language, pool in pools.items():
        wanted = len(free) + len(loose) if len(peers) <= FEW_ON else at_once * len(pool)
        _fill(language, pool, free, loose, now, wanted, taken, made)
    return made


def _ring_back(
    bound: Sequence[Waiting],
    peers: Sequence[Peer],
    rings: Sequence[LiveRing],
    now: datetime,
    taken: set[int],
    made: Plan,
) -> None:
    """Each caller whose peer's phone left the talk: that same peer, once."""
    by_person = {peer.person_id: peer for peer in peers}
    ringing = {ring.call_id for ring in rings if ring.bound and not ring.ending}
    for caller in bound:
        person = caller.bound_to
        if person is None or caller.call_id in ringing:
            continue
        peer = by_person.get(person)
        if peer is None or peer.talking or not peer.is_free(now) or not caller.may_have(person):
            made.unbind.append(caller.call_id)
        elif person not in taken:
            taken.add(person)
            made.place.append(NewRing(person, caller.call_id, caller.language, bound=True))


def _settle(
    pools: Mapping[str, Sequence[Waiting]],
    rings: Sequence[LiveRing],
    callers: Sequence[Waiting],
    made: Plan,
) -> list[tuple[LiveRing, Waiting]]:
    """Give each live ring a caller who still needs it; end those that nobody needs.

    Returns the unbound rings that go on, each with the caller it serves now.
    """
    still = {caller.call_id: caller for caller in callers}
    served: list[tuple[LiveRing, Waiting]] = []
    for ring in rings:
        caller = still.get(ring.call_id) if ring.call_id else None
        if ring.bound:
            if caller is None or caller.bound_to != ring.person_id:
                made.end.append(ring.ring_id)
            continue
        if caller is None or caller.bound_to:
            pool = [one for one in pools.get(ring.language, ()) if one.may_have(ring.person_id)]
            caller = min(pool, key=lambda one: _ringing_for(one, served), default=None)
            if caller is None:
                made.end.append(ring.ring_id)
                continue
            made.serve[ring.ring_id] = caller.call_id
        served.append((ring, caller))
    return _without_surplus(pools, served, made)


def _without_surplus(
    pools: Mapping[str, Sequence[Waiting]],
    served: list[tuple[LiveRing, Waiting]],
    made: Plan,
) -> list[tuple[LiveRing, Waiting]]:
    """End the newest rings above the most that so many callers can need."""
    kept: list[tuple[LiveRing, Waiting]] = []
    for language, pool in pools.items():
        of_pool = [pair for pair in served if pair[1].language == language]
        of_pool.sort(key=lambda pair: (not pair[0].answered, pair[0].ring_id))
        room = MOST_AT_ONCE * len(pool)
        kept += of_pool[:room]
        for ring, _caller in of_pool[room:]:
            made.end.append(ring.ring_id)
            made.serve.pop(ring.ring_id, None)
    return kept


def _ringing_for(caller: Waiting, served: Iterable[tuple[LiveRing, Waiting]]) -> int:
    return sum(one.call_id == caller.call_id and not ring.early for ring, one in served)


def _fill(
    language: str,
    pool: Sequence[Waiting],
    free: Sequence[Peer],
    loose: Sequence[tuple[LiveRing, Waiting]],
    now: datetime,
    wanted: int,
    taken: set[int],
    made: Plan,
) -> None:
    """Bring the phones that ring for a pool up to the wanted number, longest idle first."""
    own = [ring for ring, caller in loose if caller.language == language and not ring.early]
    load = {one.call_id: _ringing_for(one, loose) for one in pool}
    ringing = len(own)
    for peer in _to_ring(language, free, own, taken, pool, now):
        if ringing >= wanted:
            return
        caller = min(
            (one for one in pool if one.may_have(peer.person_id) and _owes(peer, one)),
            key=lambda one: load[one.call_id],
            default=None,
        )
        if caller is not None:
            taken.add(peer.person_id)
            load[caller.call_id] += 1
            ringing += 1
            made.place.append(NewRing(peer.person_id, caller.call_id, language))


def _owes(peer: Peer, caller: Waiting) -> bool:
    return peer.owed_to is None or peer.owed_to == caller.call_id


def _to_ring(
    language: str,
    free: Sequence[Peer],
    own: Sequence[LiveRing],
    taken: set[int],
    pool: Sequence[Waiting],
    now: datetime,
) -> list[Peer]:
    """Free peers in the order in which their phones should ring.

    Who speaks the language is rung first, others once no such phone rings or is left to ring;
    who missed a ring lately is rung only when nobody else is left.
    """
    left = [
        peer
        for peer in sorted(free, key=lambda peer: (peer.idle_since, peer.person_id))
        if peer.person_id not in taken
        and any(one.may_have(peer.person_id) and _owes(peer, one) for one in pool)
    ]
    speakers = [peer for peer in left if language in peer.languages]
    tier = speakers or left
    if not speakers and own and _some_speak(language, free, own):
        return []
    fresh = [peer for peer in tier if not peer.is_resting(now)]
    if fresh:
        return fresh
    return [] if own else tier


def _some_speak(language: str, free: Sequence[Peer], own: Sequence[LiveRing]) -> bool:
    speaks = {peer.person_id for peer in free if language in peer.languages}
    return any(ring.person_id in speaks for ring in own)
