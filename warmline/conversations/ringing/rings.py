"""The life of a ring: asked for, placed, picked up, and how it leaves its marks when it ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, Unpack

from sqlalchemy import Connection, bindparam, delete, literal, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from warmline.calls import calls
from warmline.calls.records import LiveRing, RingChanges, RingRow, RingState
from warmline.conversations.ringing import ring_reasons
from warmline.conversations.steps import VolunteerStep
from warmline.database import turns
from warmline.database.engine import upsert
from warmline.database.records import every, first, made_of
from warmline.database.turns import Reach, of_own_row, to_change
from warmline.models.calls import Call, Ring, TriedPeer
from warmline.models.people import Volunteer
from warmline.outbox import outbox
from warmline.routing.peers import MOST_RINGS
from warmline.routing.reasons import GivenReason
from warmline.routing.search import REST_AFTER_MISS, NewRing
from warmline.telephony.conversation import path_to
from warmline.telephony.words import Next

ASKED_FOR: Final[RingState] = "asked for"
PLACED: Final[RingState] = "placed"
PICKED_UP: Final[RingState] = "picked up"
IN_TALK: Final[RingState] = "in talk"
LEAVING: Final[RingState] = "leaving"
"""Last words are being said to them."""
ENDING: Final[RingState] = "ending"
"""We have asked the provider to end it, or will as soon as we know what to end."""
STILL_OFFERED: Final[tuple[RingState, ...]] = (ASKED_FOR, PLACED, PICKED_UP)

_ASK_FOR: Final = upsert(
    lambda insert: (
        insert(Ring).on_conflict_do_nothing(index_elements=["person_id"]).returning(Ring.token)
    )
)
_OFFERED: Final = to_change(
    select(Ring.__table__)
    .where(Ring.id.in_(bindparam("ring_ids", expanding=True)), Ring.state.in_(STILL_OFFERED))
    .order_by(Ring.id),
    Ring,
)
_CHANGE: Final = update(Ring).where(Ring.id == bindparam("ring_id"))
_DELETE: Final = delete(Ring).where(Ring.id == bindparam("ring_id"))
_STRIKE: Final = _DELETE.returning(*Ring.__table__.c)
_ring_row: Final = made_of(RingRow, Ring.__table__.c)


def ask_for(
    db: Connection, line_id: int, wanted: Iterable[NewRing], now: datetime
) -> list[NewRing]:
    """Write rings and their places in the outbox; all but those whose phone is being rung already.

    However many they are, these are three statements.
    """
    named = {calls.new_token(): new for new in wanted}
    if not named:
        return []
    begun = {"line_id": line_id, "state": ASKED_FOR, "asked_at": now, "heard_at": now}
    rows = [{"token": token, **asdict(new), **begun} for token, new in named.items()]
    written = {row.token for row in db.execute(_ASK_FOR[db.dialect.name], rows)}
    placed = {token: new for token, new in named.items() if token in written}
    if placed:
        _note_tries(db, [_one_more(new.call_id, new.person_id) for new in placed.values()])
        outbox.rings(db, line_id, list(placed), now)
    return list(placed.values())


def serve(db: Connection, ring_id: int, new: NewRing) -> None:
    """Let a live ring serve another caller; one who was offered it counts it as one of theirs."""
    change(db, ring_id, call_id=new.call_id, language=new.language)
    note_try(db, new.call_id, new.person_id)


def _once_more(insert: Any) -> Any:
    """A row that says rings and passed: the rings are added to those before, a pass stays."""
    row = insert(TriedPeer)
    both = {
        "rings": TriedPeer.rings + row.excluded.rings,
        "passed": or_(TriedPeer.passed, row.excluded.passed),
    }
    return row.on_conflict_do_update(index_elements=["call_id", "person_id"], set_=both)


_NOTE_TRY: Final = upsert(_once_more)


def note_try(db: Connection, call_id: int, person_id: int, *, passed: bool = False) -> None:
    """Count one more ring of this peer for this caller, or note that the peer passed."""
    _note_tries(db, [_one_more(call_id, person_id, passed=passed)])


def _note_tries(db: Connection, tries: Sequence[Mapping[str, object]]) -> None:
    db.execute(_NOTE_TRY[db.dialect.name], tries)


def _one_more(call_id: int, person_id: int, *, passed: bool = False) -> Mapping[str, object]:
    rings = 0 if passed else 1
    return {"call_id": call_id, "person_id": person_id, "rings": rings, "passed": passed}


def may_be_rung_anew(db: Connection, person_id: int) -> None:
    """They say that they are there: whoever waits may have them again, unless they passed."""
    theirs = (TriedPeer.person_id == person_id, ~TriedPeer.passed)
    db.execute(delete(TriedPeer).where(*theirs))


def give_up_on_their_peer(db: Connection, call_id: int, person_id: int | None) -> None:
    """The peer who was cut off cannot be had back: the search goes on with somebody else."""
    calls.change(db, call_id, bound_to=None)
    spent = (TriedPeer.call_id == call_id, TriedPeer.person_id == person_id)
    if person_id is not None:
        note_try(db, call_id, person_id)
        db.execute(update(TriedPeer).where(*spent).values(rings=MOST_RINGS))


def end(db: Connection, line_id: int, ring_ids: Sequence[int], now: datetime) -> None:
    """End rings that no caller needs: never placed, stopped, or thanked if picked up.

    One whose placing is under way is marked; the sender ends it when it learns its id.
    """
    if ring_ids:
        turns.needs(db, Reach.OTHERS)
    rings = (
        every(db.execute(_OFFERED.of(db), {"ring_ids": ring_ids}), _ring_row) if ring_ids else []
    )
    taken_back = outbox.unring(db, [ring.token for ring in rings if ring.state == ASKED_FOR])
    _never_rang(db, [ring for ring in rings if ring.token in taken_back])
    for ring in rings:
        if ring.state == PICKED_UP:
            ring_reasons.ended(db, line_id, ring.person_id, "not needed", now)
            see_off(db, ring, VolunteerStep.NOT_NEEDED, now)
    placed = [one for one in rings if one.state != PICKED_UP and one.token not in taken_back]
    if placed:
        of_no_need = {one.person_id: GivenReason("not needed") for one in placed}
        ring_reasons.note(db, line_id, of_no_need, now)
        ended = {"state": ENDING, "call_id": None}
        db.execute(_CHANGE, [{"ring_id": ring.id, **ended} for ring in placed])
        outbox.hang_up(db, line_id, [one.provider_id for one in placed if one.provider_id], now)


def end_of(db: Connection, line_id: int, person_id: int, now: datetime) -> None:
    """End the ring of somebody who wants none any more; a talk goes on."""
    talks = select(Call.ring_id).where(Call.state.in_(calls.WITH_A_PEER))
    theirs = select(Ring.id).where(Ring.person_id == person_id)
    not_in_one = Ring.id.not_in(talks.where(Call.ring_id.is_not(None)))
    end(db, line_id, db.scalars(theirs.where(not_in_one)).all(), now)


_UNCOUNT: Final = (
    update(TriedPeer)
    .where(
        TriedPeer.call_id == bindparam("whose"),
        TriedPeer.person_id == bindparam("whom"),
        TriedPeer.rings > 0,
    )
    .values(rings=TriedPeer.rings - 1)
)


def _never_rang(db: Connection, rings: Sequence[RingRow]) -> None:
    """Their phones have not rung, so these were no tries."""
    if rings:
        db.execute(_DELETE, [{"ring_id": ring.id} for ring in rings])
        db.execute(_UNCOUNT, [{"whose": one.call_id, "whom": one.person_id} for one in rings])


def see_off(db: Connection, ring: LiveRing | RingRow, last_words: Next, now: datetime) -> None:
    """Move a volunteer's leg to its last words; the ring serves nobody from here on."""
    change(db, ring.id, state=LEAVING, call_id=None, heard_at=now)
    if ring.provider_id:
        outbox.move(db, ring.line_id, ring.provider_id, path_to(last_words, ring.token), now)


def set_state(db: Connection, ring: LiveRing, state: RingState, now: datetime) -> None:
    """Note where a ring stands, and that it was heard of."""
    change(db, ring.id, state=state, heard_at=now)


def change(db: Connection, ring_id: int, **changes: Unpack[RingChanges]) -> None:
    """Write facts of a ring; each is one of its columns."""
    db.execute(_CHANGE, {"ring_id": ring_id, **changes})


_HEARD_OF: Final = of_own_row(update(Ring).where(Ring.id == bindparam("ring_id")))
_NAMED: Final = _HEARD_OF.where(Ring.provider_id.is_(None))


def heard_of(db: Connection, ring_id: int, now: datetime) -> None:
    """The provider says that it knows this leg."""
    db.execute(_HEARD_OF, {"ring_id": ring_id, "heard_at": now})


def rings_now(db: Connection, ring_id: int, now: datetime) -> None:
    """Their phone rings."""
    db.execute(_HEARD_OF, {"ring_id": ring_id, "ringing_at": now, "heard_at": now})


def learn_id(db: Connection, ring: LiveRing, provider_id: str, now: datetime) -> None:
    """The first who tells how the provider calls this leg names it; one that is to end ends."""
    db.execute(_NAMED, {"ring_id": ring.id, "provider_id": provider_id})
    if ring.state == ENDING:
        outbox.hang_up(db, ring.line_id, [provider_id], now)


_PICK_UP: Final = _HEARD_OF.where(Ring.state.in_((ASKED_FOR, PLACED)))


def pick_up(db: Connection, ring: LiveRing, now: datetime, *, early: bool) -> bool:
    """Their phone was picked up; False if that was known, or the ring has gone on since."""
    found = {"state": PICKED_UP, "picked_up_at": now, "early": early, "heard_at": now}
    return db.execute(_PICK_UP, {"ring_id": ring.id, **found}).rowcount == 1


def strike(db: Connection, ring_id: int) -> RingRow | None:
    """Delete a ring whose leg is over: the row as it was, or None if that was done already."""
    gone = first(db.execute(_STRIKE, {"ring_id": ring_id}), _ring_row)
    if gone is not None:
        if gone.provider_id is None:
            outbox.unring(db, [gone.token])
        elif gone.state not in (ASKED_FOR, PLACED, ENDING):
            outbox.forget_move(db, gone.provider_id)
    return gone


_REST: Final = (
    update(Volunteer)
    .where(Volunteer.person_id == bindparam("whose"))
    .values(resting_until=bindparam("until"))
)


def missed(db: Connection, ring: LiveRing, now: datetime) -> None:
    """It rang out, was busy, or was picked up without a key: that phone rests ten minutes."""
    _rest(db, ring.person_id, now + REST_AFTER_MISS)
    if ring.bound and ring.call_id is not None:
        _unbind(db, ring, ring.call_id)


def end_rest(db: Connection, person_id: int) -> None:
    """They pressed 1, in time or too late: they are there, whatever they missed before."""
    _rest(db, person_id, None)


def _rest(db: Connection, person_id: int, until: datetime | None) -> None:
    db.execute(_REST, {"whose": person_id, "until": until})


def passed(db: Connection, ring: LiveRing, only: int | None = None) -> None:
    """They pressed 2: no rest, and none of the callers who wait now is offered to them again.

    `only` is the call they passed when they knew by then which it was.
    """
    if ring.bound and ring.call_id is not None:
        _unbind(db, ring, ring.call_id)
        only = ring.call_id
    offered = Call.bound_to.is_(None) if only is None else Call.id == only
    waiting = select(Call.id, literal(ring.person_id), literal(0), true()).where(
        Call.line_id == ring.line_id, Call.state.in_(calls.LOOKING), offered
    )
    insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    row = insert(TriedPeer).from_select(["call_id", "person_id", "rings", "passed"], waiting)
    keys = ["call_id", "person_id"]
    db.execute(row.on_conflict_do_update(index_elements=keys, set_={"passed": True}))


def _unbind(db: Connection, ring: LiveRing, call_id: int) -> None:
    still = select(Call.id).where(Call.id == ring.call_id, Call.bound_to == ring.person_id)
    if db.execute(still).first() is not None:
        give_up_on_their_peer(db, call_id, ring.person_id)
