"""The search for a third person: one phone at a time, and only while no caller waits for it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from warmline.calls import calls, records, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.calls.third_person import ThirdWish
from warmline.conversations import persons
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.conversations.steps import VolunteerStep
from warmline.models.calls import Ring
from warmline.routing.peers import Peer
from warmline.routing.search import NewRing
from warmline.sending import texts
from warmline.telephony.conversation import Turn

OF_USE: Final = timedelta(minutes=10)


def are_sought(db: Connection, _now: datetime) -> bool:
    """Whether anybody is looked for."""
    return bool(third_person.searching_wishes(db))


def step(turn: Turn) -> int:
    """Go one step on for every talk that wishes for a third person; how many phones that is."""
    return sum(_look_for(turn, third) for third in third_person.searching_wishes(turn.db))


def _look_for(turn: Turn, third: ThirdWish) -> bool:
    call = calls.by_id(turn.db, third.call_id)
    if call is None or call.state not in calls.IN_A_TALK:
        over(turn.db, third.call_id, turn.now)
        return False
    if third.ring_id is not None:
        return False
    if turn.now >= third.until:
        _nobody(turn, call)
        return False
    spare = whom_to_ring.spare(turn.db, call.line_id, turn.now)
    if spare.beyond <= 0:
        return False
    chosen = _choose(spare.peers, call, third_person.tried(third), turn.now)
    return chosen is not None and _ring(turn, call, chosen)


def _choose(peers: list[Peer], call: LiveCall, tried: set[int], now: datetime) -> Peer | None:
    """Who speaks the language first, then the longest idle."""
    not_them = tried | {call.peer_id, call.volunteer_id}
    left = [one for one in peers if one.person_id not in not_them]
    return min(
        left, key=lambda one: (call.language not in one.languages, one.standing(now)), default=None
    )


def _ring(turn: Turn, call: LiveCall, peer: Peer) -> bool:
    new = NewRing(peer.person_id, call.id, call.language, bound=True, third=True)
    if not rings.ask_for(turn.db, call.line_id, [new], turn.now):
        return False
    ring = select(Ring.id).where(Ring.person_id == peer.person_id)
    return third_person.is_rung(turn.db, call.id, turn.db.execute(ring).scalar_one())


def nobody_else_is_free(turn: Turn, call: LiveCall) -> bool:
    """Whether it would be looked in vain, as far as can be seen."""
    peers = whom_to_ring.spare(turn.db, call.line_id, turn.now).peers
    return _choose(peers, call, set(), turn.now) is None


def _nobody(turn: Turn, call: LiveCall) -> None:
    """The search lapses, and the yes with it; the peer is told by text, the talk goes on."""
    over(turn.db, call.id, turn.now)
    me = None if call.peer_id is None else persons.by_person(turn, call.peer_id)
    if me is not None:
        persons.tell(turn, me, [me.text(turn, "no_third")], texts.REPLY, OF_USE)


def over(db: Connection, call_id: int, now: datetime) -> None:
    """It is over: whoever is rung for it, or is there, is thanked."""
    third = third_person.end(db, call_id)
    ring = calls.ring_by_id(db, third.ring_id) if third is not None else None
    if third is None or ring is None:
        return
    if third.state == third_person.LOOKING and ring.state in rings.STILL_OFFERED:
        rings.end(db, ring.line_id, [ring.id], now)
    else:
        rings.see_off(db, ring, VolunteerStep.OVER, now)


def begin_search(turn: Turn, call: LiveCall, *, aloud: bool) -> str:
    """Begin the search, if it can be; which prompt says so, the same when a request comes twice."""
    if call.asked == calls.THIRD_WISHED:
        return "third.looking"
    if third_person.of_call(turn.db, call.id) is not None:
        return "third.already"
    if nobody_else_is_free(turn, call):
        return "third.nobody"
    third_person.wish(turn.db, call, turn.now, aloud=aloud)
    calls.change(turn.db, call.id, asked=calls.THIRD_WISHED)
    step(turn)
    return "third.looking"


def wish_heard(call: LiveCall) -> records.CallChanges:
    """What changes in a call whose leg goes on: a wish that was just heard is one no longer."""
    return {"asked": None} if call.asked == calls.THIRD_WISHED else {}


def gone(turn: Turn, ring: LiveRing) -> None:
    """Their leg is over: the two go on, and a yes that was used is used up."""
    third = third_person.of_ring(turn.db, ring.id)
    if third is None:
        return
    if third.state == third_person.LOOKING:
        third_person.not_them(turn.db, third, ring.person_id)
        return
    third_person.end(turn.db, third.call_id)
    calls.rest_after_talk(turn.db, ring.person_id, turn.now)
