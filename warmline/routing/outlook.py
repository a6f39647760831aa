"""Whether there is still anybody to find for a caller, and which honest words are true; pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from warmline.routing.peers import LiveRing, Peer, Waiting

LOOK_ON: Final = "look on"
ALL_BUSY: Final = "all busy"
NOBODY_PICKS_UP: Final = "nobody picks up"
NOBODY_ON: Final = "nobody on"


def outlook(
    caller: Waiting,
    peers: Sequence[Peer],
    rings: Sequence[LiveRing],
    now: datetime,
    patience_until: datetime,
) -> str:
    """Whether there is anybody left to ring for this caller, or to come free for them.

    "look on" while a phone rings, one may still be rung, or somebody talks or rests who could
    come free before their patience ends; else which honest words are true. Somebody who hears
    the offer is waited for, patience or not.
    """
    if now >= patience_until and not any(_hears_the_offer(ring, caller) for ring in rings):
        return why_nobody(caller, peers, now)
    if any(_may_answer(ring, caller) for ring in rings):
        return LOOK_ON
    open_to = [peer for peer in peers if caller.may_have(peer.person_id)]
    if any(peer.talking or peer.comes_free_by(patience_until, now) for peer in open_to):
        return LOOK_ON
    return why_nobody(caller, peers, now)


def _hears_the_offer(ring: LiveRing, caller: Waiting) -> bool:
    return ring.answered and not ring.early and _may_answer(ring, caller)


def _may_answer(ring: LiveRing, caller: Waiting) -> bool:
    """Rings for this caller, or for another of their pool: who answers gets the longest wait."""
    if ring.ending or ring.call_id == caller.call_id:
        return not ring.ending
    passed = caller.tried(ring.person_id).passed or ring.person_id == caller.volunteer_id
    return ring.language == caller.language and not ring.bound and not passed


def why_nobody(caller: Waiting, peers: Sequence[Peer], now: datetime) -> str:
    """Nobody is on; "all busy" when all who are talk or rest from a talk; else none picks up."""
    others = [peer for peer in peers if peer.person_id != caller.volunteer_id]
    if not others:
        return NOBODY_ON
    busy = any(peer.talking or peer.is_in_breather(now) for peer in others)
    return ALL_BUSY if busy and not any(peer.is_free(now) for peer in others) else NOBODY_PICKS_UP


def round_is_over(
    caller: Waiting, peers: Sequence[Peer], rings: Sequence[LiveRing], now: datetime
) -> bool:
    """Whether everybody who could be rung for this caller has been rung once and did not come."""
    ringing = {ring.person_id for ring in rings if not (ring.ending or ring.early)}
    could = [p.person_id for p in peers if p.is_free(now) and p.person_id != caller.volunteer_id]
    return bool(could) and all(_had_a_turn(caller, one, one in ringing) for one in could)


def _had_a_turn(caller: Waiting, person_id: int, is_ringing: bool) -> bool:
    tried = caller.tried(person_id)
    return tried.passed or tried.rings > (1 if is_ringing else 0)
