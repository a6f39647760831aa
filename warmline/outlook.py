"""Whether there is still anybody to find for a caller, and which honest words are true; pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from warmline.search import UNTRIED, LiveRing, Peer, Waiting

LOOK_ON: Final = "look on"
ALL_BUSY: Final = "all busy"
NOBODY_PICKS_UP: Final = "nobody picks up"


def outlook(
    caller: Waiting, peers: Sequence[Peer], rings: Sequence[LiveRing], now: datetime
) -> str:
    """Whether there is anybody left to ring for this caller, or to come free for them.

    "look on" while a phone rings, one may still be rung, or somebody talks who could come
    free; else which honest words are true.
    """
    if any(ring.call_id == caller.call_id and not ring.ending for ring in rings):
        return LOOK_ON
    able = [peer for peer in peers if peer.person_id != caller.volunteer_id]
    open_to = [peer for peer in able if caller.may_have(peer.person_id)]
    if any(peer.talking or peer.is_free(now) for peer in open_to):
        return LOOK_ON
    return why_nobody(caller, able, now)


def why_nobody(caller: Waiting, peers: Sequence[Peer], now: datetime) -> str:
    """ "All busy" when nobody was rung in vain and somebody is in a talk or resting from one."""
    rung = any(tries.spent for tries in caller.tries.values())
    held = any(
        peer.talking or (peer.breather_until is not None and peer.breather_until > now)
        for peer in peers
    )
    return ALL_BUSY if held and not rung else NOBODY_PICKS_UP


def round_is_over(caller: Waiting, peers: Sequence[Peer], now: datetime) -> bool:
    """Whether everybody who could be rung for this caller has been rung once and did not come."""
    could = [p for p in peers if p.is_free(now) and p.person_id != caller.volunteer_id]
    tries = [caller.tries.get(peer.person_id, UNTRIED) for peer in could]
    return bool(tries) and all(one.passed or one.rings > 0 for one in tries)
