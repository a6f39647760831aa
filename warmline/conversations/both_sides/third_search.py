"""The search for somebody more: one phone at a time, and only while no caller waits for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from warmline.calls import calls, records, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.calls.third_person import Purpose, ThirdWish
from warmline.conversations import persons
from warmline.conversations.both_sides import who_stands_by
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.conversations.steps import VolunteerStep
from warmline.models.calls import Ring
from warmline.outbox import outbox
from warmline.routing.peers import Peer
from warmline.routing.search import NewRing
from warmline.sending import texts
from warmline.telephony.conversation import Turn, path_to

OF_USE: Final = timedelta(minutes=10)
RINGS_TO_STAND_BY: Final = timedelta(seconds=40)
"""For so long phones are rung for a peer whose caller waits meanwhile: two, one after the other."""
SAYS: Final[Mapping[Purpose, tuple[str, str]]] = {
    third_person.JOIN: ("third.looking", "third.nobody"),
    third_person.TAKE_OVER: ("hand.looking", "hand.nobody"),
}
"""What the caller hears on their yes: that it is looked, or that nobody is free."""
LAPSED: Final[Mapping[Purpose, str]] = {
    third_person.JOIN: "no_third",
    third_person.TAKE_OVER: "nobody_takes_over",
}


def are_sought(db: Connection, _now: datetime) -> bool:
    """Whether anybody is looked for."""
    return bool(third_person.searching_wishes(db))


def step(turn: Turn) -> int:
    """Go one step on for every talk that wishes for somebody more; how many phones that is."""
    return sum(_look_for(turn, third) for third in third_person.searching_wishes(turn.db))


def _look_for(turn: Turn, third: ThirdWish) -> bool:
    call = calls.by_id(turn.db, third.call_id)
    if call is None or call.state not in calls.IN_A_TALK:
        over(turn.db, third.call_id, turn.now)
        return False
    if third.ring_id is not None:
        return False
    if third.purpose == third_person.STAND_BY:
        return _look_for_fellow(turn, call, third)
    if turn.now >= third.until:
        _nobody(turn, call, third)
        return False
    spare = whom_to_ring.spare(turn.db, call.line_id, turn.now)
    if spare.beyond <= 0:
        return False
    chosen = _choose(spare.peers, call, third_person.tried(third), turn.now)
    return chosen is not None and _ring(turn, call, chosen.person_id, call.language)


def _look_for_fellow(turn: Turn, call: LiveCall, third: ThirdWish) -> bool:
    """Ring the next who may stand by the peer; with nobody left the peer hears so at once."""
    whom = None
    if turn.now < third.until:
        tried = third_person.tried(third)
        whom = who_stands_by.next_one(turn.db, call, tried, turn.now)
    if whom is None or not _ring(turn, call, whom, who_stands_by.language_of_peer(turn.db, call)):
        _nobody(turn, call, third)
        return False
    return True


def _choose(peers: list[Peer], call: LiveCall, tried: set[int], now: datetime) -> Peer | None:
    """Who speaks the language first, then the longest idle."""
    not_them = tried | {call.peer_id, call.volunteer_id}
    left = [one for one in peers if one.person_id not in not_them]
    return min(
        left, key=lambda one: (call.language not in one.languages, one.standing(now)), default=None
    )


def _ring(turn: Turn, call: LiveCall, person_id: int, language: str) -> bool:
    new = NewRing(person_id, call.id, language, bound=True, third=True)
    if not rings.ask_for(turn.db, call.line_id, [new], turn.now):
        return False
    ring = select(Ring.id).where(Ring.person_id == person_id)
    return third_person.is_rung(turn.db, call.id, turn.db.execute(ring).scalar_one())


def nobody_else_is_free(turn: Turn, call: LiveCall) -> bool:
    """Whether it would be looked in vain, as far as can be seen."""
    peers = whom_to_ring.spare(turn.db, call.line_id, turn.now).peers
    return _choose(peers, call, set(), turn.now) is None


def _nobody(turn: Turn, call: LiveCall, third: ThirdWish) -> None:
    """The search lapses, and the yes with it; the peer is told, the talk goes on.

    Whoever wished for somebody beside them is led back to their caller and hears it on the way.
    """
    over(turn.db, call.id, turn.now)
    if third.purpose == third_person.STAND_BY:
        ring = calls.ring_by_id(turn.db, call.ring_id)
        if ring is not None and ring.provider_id:
            path = path_to(VolunteerStep.NOBODY_STANDS_BY, ring.token)
            outbox.move(turn.db, call.line_id, ring.provider_id, path, turn.now)
        return
    me = None if call.peer_id is None else persons.by_person(turn, call.peer_id)
    if me is not None:
        told = [me.text(turn, LAPSED[third.purpose])]
        persons.tell(turn, me, told, texts.REPLY, OF_USE)


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


def begin_search(
    turn: Turn, call: LiveCall, purpose: Purpose = third_person.JOIN, *, aloud: bool
) -> str:
    """Begin the search, if it can be; which prompt says so, the same when a request comes twice."""
    looking, nobody = SAYS[purpose]
    if call.asked == calls.THIRD_WISHED:
        return looking
    if third_person.of_call(turn.db, call.id) is not None:
        return "third.already"
    if nobody_else_is_free(turn, call):
        return nobody
    lapses = turn.now + third_person.LAPSES
    third_person.wish(turn.db, call, lapses, purpose, aloud=aloud)
    calls.change(turn.db, call.id, asked=calls.THIRD_WISHED)
    step(turn)
    return looking


def begin_standing_by(turn: Turn, call: LiveCall) -> ThirdWish | None:
    """Ring whoever may stand by the peer of this call; None: there is nobody."""
    if who_stands_by.next_one(turn.db, call, set(), turn.now) is None:
        return None
    until, room = turn.now + RINGS_TO_STAND_BY, calls.new_token()
    third_person.wish(turn.db, call, until, third_person.STAND_BY, room=room)
    step(turn)
    return third_person.of_call(turn.db, call.id)


def wish_heard(call: LiveCall) -> records.CallChanges:
    """What changes in a call whose leg goes on: a wish that was just heard is one no longer."""
    return {"asked": None} if call.asked == calls.THIRD_WISHED else {}


def leave_together(db: Connection, call_id: int, peer: LiveRing, now: datetime) -> bool:
    """The caller has gone, or wished for somebody else: who is stood by need not stop for that.

    False: nobody is with the peer, who is seen off as ever.
    """
    third = third_person.of_call(db, call_id)
    if third is None or third.state != third_person.IN:
        return False
    beside = calls.ring_by_id(db, third.ring_id)
    if third.purpose != third_person.STAND_BY or beside is None:
        return False
    third_person.end(db, call_id)
    for ring in (peer, beside):
        rings.change(db, ring.id, call_id=None, heard_at=now)
    calls.rest_after_talk(db, beside.person_id, now)
    return True


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
