"""Why the phone of somebody on shift does not ring for those who wait now; pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from warmline.routing.not_rung import Why
from warmline.routing.peers import Peer, Waiting

RingEnd = Literal[
    "answered", "passed", "no key", "rang out", "too late", "not needed", "refused", "unknown"
]
"""What a ring came to: taken, passed with a key, picked up without one, not picked up, taken when
somebody was faster, ended because somebody was faster or the caller left, refused by the network
with a code, or lost on the way."""
Beyond = Literal[
    "asked already",
    "own call",
    "boundary",
    "rung last",
    "missed lately",
    "other language",
    "others first",
]
"""Why somebody who is free is not rung for those who wait."""
Reason = Why | RingEnd | Beyond


class GivenReason(NamedTuple):
    """Why a phone rang, or why not; `until` (UTC) where it is known, `code` the provider's or 0."""

    reason: Reason
    until: datetime | None = None
    code: int = 0


def not_asked(
    peers: Iterable[Peer], callers: Sequence[Waiting], rung: Collection[int], now: datetime
) -> dict[int, GivenReason]:
    """By person: why each of `peers` is rung for none of `callers`; `rung` are those who are."""
    if not callers:
        return {}
    spoken = {caller.language for caller in callers}
    return {
        peer.person_id: _why(peer, callers, spoken, now)
        for peer in peers
        if peer.person_id not in rung
    }


def held_back(peers: Iterable[Peer], now: datetime) -> dict[int, GivenReason]:
    """While everybody who waits is made to wait longer by a boundary: why nobody is rung."""
    return {peer.person_id: _as_they_are(peer, now) or GivenReason("boundary") for peer in peers}


def _why(peer: Peer, callers: Sequence[Waiting], spoken: set[str], now: datetime) -> GivenReason:
    if (no := _as_they_are(peer, now)) is not None:
        return no
    if not any(peer.may_be_rung_for(caller) for caller in callers):
        return GivenReason(_spent(peer, callers))
    if peer.rung_last:
        return GivenReason("rung last")
    if peer.is_resting(now):
        return GivenReason("missed lately", peer.resting_until)
    return GivenReason("others first" if spoken.intersection(peer.languages) else "other language")


def _as_they_are(peer: Peer, now: datetime) -> GivenReason | None:
    no = peer.not_rung(now)
    return None if no is None else GivenReason(no.why, no.until)


def _spent(peer: Peer, callers: Sequence[Waiting]) -> Reason:
    if all(caller.volunteer_id == peer.person_id for caller in callers):
        return "own call"
    owed = peer.owed_to is not None and peer.owed_to not in {one.call_id for one in callers}
    return "owed to a caller" if owed else "asked already"
