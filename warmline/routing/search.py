"""How the line looks for a peer: whom to ring now, given who waits and who is on; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from warmline.routing import reasons
from warmline.routing.odds import MOST_AT_ONCE
from warmline.routing.peers import LAST_TIER, LiveRing, Peer, Tier, Waiting, in_order

FEW_ON: Final = 3
"""With so many on shift or fewer, as many are rung at once as the line ever rings."""
REST_AFTER_MISS: Final = timedelta(minutes=10)
EARLY_PICK_UP: Final = timedelta(seconds=4.5)
"""A phone picked up faster than this after it began to ring is taken for a voicemail."""


@dataclass(frozen=True, slots=True)
class NewRing:
    """A ring to be asked for; or whom a live one serves from now on."""

    person_id: int
    call_id: int
    language: str
    bound: bool = False
    third: bool = False


@dataclass(slots=True)
class Plan:
    """What to do now.

    Rings to ask for; ids of rings to end; by ring id, whom a live ring serves from now on;
    callers whose own peer cannot be rung, for whom the search goes on with others; and by person
    id, why whoever is on shift is rung for nobody.
    """

    place: list[NewRing] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    serve: dict[int, NewRing] = field(default_factory=dict)
    unbind: list[int] = field(default_factory=list)
    not_asked: dict[int, reasons.GivenReason] = field(default_factory=dict, compare=False)


def plan(
    waiting: Iterable[Waiting],
    peers: Sequence[Peer],
    rings: Sequence[LiveRing],
    now: datetime,
    at_once: int,
    most: int = MOST_AT_ONCE,
) -> Plan:
    """The next step of the search at `now`: `at_once` phones for each caller, never over `most`.

    The rules are those of the design's "How the search chooses". Carried out, and asked again
    with nothing changed, the answer is to do nothing.
    """
    made = Plan()
    on = {peer.person_id: peer for peer in peers}
    callers = in_order(waiting)
    _ring_back(callers, on, rings, now, made)
    pools = _pools(one for one in callers if not one.bound_to or one.call_id in made.unbind)
    orphans = _keep(pools, on, rings, now, most, made)
    spoken_for = {ring.person_id for ring in rings} | {new.person_id for new in made.place}
    free = [
        peer
        for peer in peers
        if peer.is_free(now) and (peer.person_id in orphans or peer.person_id not in spoken_for)
    ]
    each = _each(peers, at_once, most)
    _fill(pools.values(), free, orphans, now, each, made)
    made.end += [ring.ring_id for ring in orphans.values()]
    rung = spoken_for | {new.person_id for new in made.place}
    open_to_all = [one for pool in pools.values() for one in pool.callers]
    made.not_asked = reasons.not_asked(peers, open_to_all, rung, now)
    return made


def lacks_a_phone(
    caller: Waiting,
    peers: Sequence[Peer],
    rings: Iterable[LiveRing],
    now: datetime,
    at_once: int,
    most: int = MOST_AT_ONCE,
) -> bool:
    """Whether another phone might ring for this caller than ring already; `plan` says which."""
    rung, theirs = set[int](), 0
    for ring in rings:
        rung.add(ring.person_id)
        counts = not (ring.bound or ring.early or ring.ending) and ring.language == caller.language
        theirs += counts and ring.call_id == caller.call_id
    return theirs < _each(peers, at_once, most) and any(
        peer.person_id not in rung and peer.is_free(now) and peer.may_be_rung_for(caller)
        for peer in peers
    )


def _each(peers: Sequence[Peer], at_once: int, most: int) -> int:
    """How many phones ring for each caller."""
    return most if len(peers) <= FEW_ON else min(at_once, most)


def _ring_back(
    callers: Iterable[Waiting],
    on: Mapping[int, Peer],
    rings: Sequence[LiveRing],
    now: datetime,
    made: Plan,
) -> None:
    """Each caller whose peer's phone left the talk: that same peer, once, and nobody else."""
    wanted = {one.call_id: one.bound_to for one in callers if one.bound_to}
    phones = {ring.person_id for ring in rings}
    for ring in (ring for ring in rings if ring.bound and not ring.ending):
        if ring.call_id in wanted and wanted[ring.call_id] == ring.person_id:
            del wanted[ring.call_id]
        else:
            made.end.append(ring.ring_id)
    for caller in (one for one in callers if one.call_id in wanted):
        person = wanted[caller.call_id]
        peer = on.get(person)
        if peer is None or not peer.is_free(now):
            made.unbind.append(caller.call_id)
        elif person not in phones:
            phones.add(person)
            made.place.append(NewRing(person, caller.call_id, caller.language, bound=True))


@dataclass(slots=True)
class _Pool:
    """Waiting callers with one language, in order, and how many phones ring for each."""

    language: str
    callers: list[Waiting] = field(default_factory=list)
    load: dict[int, int] = field(default_factory=dict)
    ringing: int = 0
    tier: Tier = LAST_TIER
    """The lowest among the phones that ring: none of a higher one is rung beside it."""

    def lacks(self, each: int) -> bool:
        """Whether fewer phones ring than `each` for each caller."""
        return self.ringing < each * len(self.callers)

    def caller_for(self, peer: Peer) -> Waiting | None:
        """Who has the fewest phones of those for whom this peer may be rung."""
        able = (one for one in self.callers if peer.may_be_rung_for(one))
        return min(able, key=lambda one: self.load[one.call_id], default=None)

    def next_of(
        self, left: Iterable[Peer], ringing: Collection[int], now: datetime
    ) -> tuple[Peer, Waiting] | None:
        """Who of `left`, the longest idle first, is rung next, and for whom.

        Of equals in a tier one of `ringing` comes first: their phone rings already.
        """

        def order(peer: Peer) -> tuple[Tier, bool]:
            return peer.tier(self.language, now), peer.person_id not in ringing

        for peer in sorted(left, key=order):
            if peer.tier(self.language, now) > self.tier:
                return None
            if (caller := self.caller_for(peer)) is not None:
                return peer, caller
        return None

    def count(self, call_id: int, tier: Tier) -> None:
        """One more phone rings for this caller."""
        self.load[call_id] += 1
        self.ringing += 1
        self.tier = min(self.tier, tier)


def _pools(callers: Iterable[Waiting]) -> dict[str, _Pool]:
    pools: dict[str, _Pool] = {}
    for caller in callers:
        pool = pools.setdefault(caller.language, _Pool(caller.language))
        pool.callers.append(caller)
        pool.load[caller.call_id] = 0
    return pools


def _keep(
    pools: Mapping[str, _Pool],
    on: Mapping[int, Peer],
    rings: Iterable[LiveRing],
    now: datetime,
    most: int,
    made: Plan,
) -> dict[int, LiveRing]:
    """Let the rings of each pool go on, at most so many as it can ever want; early ones beside.

    Returns the others, by person: phones that ring and may be given to another pool.
    """
    orphans = {}
    live = (ring for ring in rings if not ring.bound and not ring.ending)
    for ring in sorted(live, key=lambda ring: (not ring.answered, ring.ring_id)):
        pool = pools.get(ring.language) or _Pool(ring.language)
        peer = on.get(ring.person_id)
        call_id = _served_by(ring, pool, peer) if ring.early or pool.lacks(most) else None
        if call_id is None and ring.early:
            # A voicemail, as it seems, is no phone to give to others.
            made.end.append(ring.ring_id)
        elif call_id is None:
            orphans[ring.person_id] = ring
        else:
            if not ring.early:
                pool.count(call_id, peer.tier(pool.language, now) if peer else LAST_TIER)
            if call_id != ring.call_id:
                made.serve[ring.ring_id] = NewRing(ring.person_id, call_id, ring.language)
    return orphans


def _served_by(ring: LiveRing, pool: _Pool, peer: Peer | None) -> int | None:
    """Its own caller as long as they wait in this pool, else another whom the peer may have."""
    if ring.call_id in pool.load:
        return ring.call_id
    caller = pool.caller_for(peer) if peer else None
    return caller.call_id if caller else None


def _fill(
    pools: Collection[_Pool],
    free: Iterable[Peer],
    orphans: dict[int, LiveRing],
    now: datetime,
    each: int,
    made: Plan,
) -> None:
    """Bring the phones that ring up to `each` for each caller, longest idle first."""
    left = sorted(free, key=lambda peer: peer.standing(now))
    while (chosen := _next(pools, left, orphans, now, each)) is not None:
        pool, peer, caller = chosen
        left.remove(peer)
        pool.count(caller.call_id, peer.tier(pool.language, now))
        ring = NewRing(peer.person_id, caller.call_id, pool.language)
        if peer.person_id in orphans:
            made.serve[orphans.pop(peer.person_id).ring_id] = ring
        else:
            made.place.append(ring)


def _next(
    pools: Iterable[_Pool],
    left: Sequence[Peer],
    ringing: Collection[int],
    now: datetime,
    each: int,
) -> tuple[_Pool, Peer, Waiting] | None:
    """The next to ring: for the pool that has the fewest phones for its callers, if it can."""
    lacking = [pool for pool in pools if pool.lacks(each)]
    for pool in sorted(lacking, key=lambda pool: pool.ringing / len(pool.callers)):
        if (found := pool.next_of(left, ringing, now)) is not None:
            return pool, *found
    return None
