"""How the line looks for a peer who texts: whom to ask now, given who waits and who is on; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warmline.routing.peers import Peer, Tier, Waiting, in_order
from warmline.routing.search import FEW_ON


@dataclass(frozen=True, slots=True)
class Texter:
    """Somebody on shift; `texts` says whether they take talks by text of their own accord."""

    peer: Peer
    texts: bool


def whom_to_ask(
    waiting: Iterable[Waiting],
    on: Sequence[Texter],
    open_asks: Mapping[int, int],
    now: datetime,
    at_once: int,
    most: int,
) -> list[tuple[int, int]]:
    """Pairs (talk id, person id) to ask at `now`.

    `open_asks` has by person id the talk they were asked for and may still answer: nobody is asked
    for two at once. For each talk `at_once` people are asked, the longest idle first, and all when
    few are on. When everybody who takes texts is in a talk, those who take calls are asked.
    """
    asked = dict(open_asks)
    able = peers_to_ask(on)
    each = most if len(able) <= FEW_ON else min(at_once, most)
    pairs = []
    for talk in in_order(waiting):
        lacking = each - sum(talk_id == talk.call_id for talk_id in asked.values())
        free = (one for one in able if one.is_free(now) and one.person_id not in asked)
        for peer in _first(talk, free, now, lacking):
            asked[peer.person_id] = talk.call_id
            pairs.append((talk.call_id, peer.person_id))
    return pairs


def peers_to_ask(on: Sequence[Texter]) -> list[Peer]:
    """Those who take texts; those who take only calls when none of the former is out of a talk."""
    texters = [one.peer for one in on if one.texts]
    if all(peer.talking for peer in texters):
        return [one.peer for one in on if not one.texts]
    return texters


def _first(talk: Waiting, free: Iterable[Peer], now: datetime, number: int) -> list[Peer]:
    """Of those who may be asked for this talk: who was not yet, the longest idle first."""

    def order(peer: Peer) -> tuple[int, Tier, tuple[float, int]]:
        times = talk.tried(peer.person_id).rings
        return times, peer.tier(talk.language, now), peer.standing(now)

    able = sorted((peer for peer in free if talk.may_have(peer.person_id)), key=order)
    return able[: max(0, number)]
