"""Why nobody is free for a caller, told as it is; and whoever rests is asked once, by text."""

from datetime import datetime, timedelta
from typing import Final

from warmline.calls.records import LiveCall
from warmline.conversations import persons
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.spoken_instants import spoken_instant
from warmline.operations import one_time
from warmline.routing.peers import END_OF_SHIFT, Peer
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Say

OF_USE: Final = timedelta(minutes=10)


def why(turn: Turn, call: LiveCall) -> Say:
    """All talk, all rest, some of each; else that nobody could pick up."""
    # Whoever goes off in a moment neither talks nor rests: to a caller they are gone.
    here = _others(turn, call)
    peers = [one for one in here if one.until - turn.now >= END_OF_SHIFT]
    resting = [until for one in peers if (until := rests_until(one, turn.now)) is not None]
    if not peers or any(one.is_free(turn.now) for one in peers):
        return turn.say("ask.no_answer")
    if len(resting) == len(peers):
        when = spoken_instant(min(resting), turn.now, call.zone, turn.language)
        return turn.say("ask.all_rest", time=when["time"])
    return turn.say("ask.some_rest" if resting else "ask.all_busy")


def may_ring(turn: Turn, call: LiveCall) -> bool:
    """Whether a phone would ring for this caller in one more round: somebody free has not passed.

    Whoever is rung for somebody else now is not waited for.
    """
    scene = whom_to_ring.seen_by_one(turn, call.line_id, call.id)
    tried = whom_to_ring.passed(turn.db, call.id)
    return any(
        peer.is_free(turn.now)
        and peer.person_id not in (*tried, call.volunteer_id)
        and peer.owed_to in (None, call.id)
        for peer in scene.peers
    )


def rings_now(turn: Turn, call: LiveCall) -> bool:
    """Whether a phone rings for this caller."""
    scene = whom_to_ring.seen_by_one(turn, call.line_id, call.id)
    return any(ring.call_id == call.id and not ring.ending for ring in scene.rings)


def ask_who_rests(turn: Turn, call: LiveCall) -> None:
    """Somebody waits in vain: whoever rests from a talk, or has paused, is asked once a rest."""
    for peer in _others(turn, call):
        until = rests_until(peer, turn.now)
        if until is None:
            continue
        me = persons.by_person(turn, peer.person_id)
        what = f"waits in vain:{peer.person_id}"
        if me is not None and one_time.first(turn.db, what, turn.now, until):
            persons.tell(turn, me, [me.text(turn, "somebody_waits")], texts.SHIFT, OF_USE)


def rests_until(peer: Peer, now: datetime) -> datetime | None:
    """When the breather or pause of somebody who is in no talk ends (UTC); None: they rest not."""
    ends = [one for one in (peer.breather_until, peer.paused_until) if one is not None]
    return None if peer.talking or max(ends, default=now) <= now else max(ends)


def _others(turn: Turn, call: LiveCall) -> list[Peer]:
    peers, _ringing = whom_to_ring.peers_now(turn.db, call.line_id, turn.now)
    return [one for one in peers if one.person_id != call.volunteer_id]
