"""The life of a talk by text: its states, the table of allowed moves, and who has won it.

A peer knows who texts by a short name of a plant or a bird; none is a person's.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Unpack

from sqlalchemy import (
    Connection,
    Update,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)

from shifts.instants import Instant
from warmline.calls.calls import MoveNotAllowed, lines, new_token
from warmline.calls.records import AskedForTalk, LiveTalk, TalkChanges, TalkState
from warmline.database.engine import upsert
from warmline.database.records import every, first, made_of
from warmline.models.people import Volunteer
from warmline.models.talks import AskedPeer, Talk

States = tuple[TalkState, ...]
LOOKING: Final[TalkState] = "looking"
NOBODY: Final[TalkState] = "nobody"
TALKING: Final[TalkState] = "talking"
CLOSING: Final[TalkState] = "closing"

WITHOUT_A_PEER: Final[States] = (LOOKING, NOBODY)
"""A peer may win a talk only in these: we go on looking also after we said that nobody is there."""
WITH_A_PEER: Final[States] = (TALKING, CLOSING)
MOVES: Final[Mapping[TalkState, Collection[TalkState]]] = {
    LOOKING: {NOBODY, TALKING},
    NOBODY: {LOOKING, TALKING},
    TALKING: {CLOSING, LOOKING},
    CLOSING: {TALKING, LOOKING},
}
"""From each state, the states a talk may move to; any state may end (the row goes)."""
UNANSWERED: Final = timedelta(minutes=2)
"""After so long without an answer the next peer is asked; a later OK still counts."""

STILL_AFTER: Final = timedelta(minutes=2)
NOBODY_AFTER: Final = timedelta(minutes=10)
STOPS_AFTER: Final = timedelta(minutes=10)
"""After nobody was found and the texter has written nothing, the search goes on so long."""
CLOSES_AFTER: Final = timedelta(minutes=2)
QUIET_ENDS_AFTER: Final = timedelta(minutes=60)


def _talks() -> Any:
    """A talk with its line's rules, in one row."""
    line = lines().subquery()
    columns = [column for column in line.c if column.name != "line_id"]
    return select(Talk.__table__, *columns).join(line, line.c.line_id == Talk.line_id)


# Built once: every text that is passed on asks for its talk.
_OF_NUMBER: Final = _talks().where(
    Talk.line_id == bindparam("line_id"),
    Talk.number_digest.in_(bindparam("digests", expanding=True)),
)
_OF_PEER: Final = _talks().where(Talk.person_id == bindparam("person_id"))
_OF_VOLUNTEER: Final = _talks().where(Talk.volunteer_id == bindparam("person_id"))
_BY_TOKEN: Final = _talks().where(Talk.token == bindparam("token"))
_BY_ID: Final = _talks().where(Talk.id == bindparam("talk_id"))
_TABLE: Final[Any] = Talk.__table__
_live_talk: Final = made_of(LiveTalk, _talks().selected_columns)
_asked_for: Final = made_of(AskedForTalk, AskedPeer.__table__.c)
_CHANGE: Final = update(_TABLE).where(_TABLE.c.id == bindparam("talk_id"))


def of_number(db: Connection, line_id: int, digests: Sequence[str]) -> LiveTalk | None:
    """The live talk of a number, by its keyed digests."""
    return first(db.execute(_OF_NUMBER, {"line_id": line_id, "digests": digests}), _live_talk)


def of_peer(db: Connection, person_id: int) -> LiveTalk | None:
    """The talk in which this volunteer is."""
    return first(db.execute(_OF_PEER, {"person_id": person_id}), _live_talk)


def of_volunteer(db: Connection, person_id: int) -> LiveTalk | None:
    """The talk in which this volunteer is the one who texts."""
    return first(db.execute(_OF_VOLUNTEER, {"person_id": person_id}), _live_talk)


def _is_in_one(db: Connection, person_id: int) -> bool:
    """Whether a volunteer is in a talk, as peer or as texter; from here on only we change that."""
    theirs = select(Volunteer.person_id).where(Volunteer.person_id == person_id)
    db.execute(theirs.with_for_update())
    return of_peer(db, person_id) is not None or of_volunteer(db, person_id) is not None


def by_token(db: Connection, token: str) -> LiveTalk | None:
    """The live talk with this token."""
    return first(db.execute(_BY_TOKEN, {"token": token}), _live_talk)


def by_id(db: Connection, talk_id: int) -> LiveTalk | None:
    """The live talk with this id."""
    return first(db.execute(_BY_ID, {"talk_id": talk_id}), _live_talk)


def without_a_peer(db: Connection, line_id: int) -> list[LiveTalk]:
    """Talks for which a peer is looked for, the longest-waiting first."""
    found = _talks().where(Talk.line_id == line_id, Talk.state.in_(WITHOUT_A_PEER))
    return every(db.execute(found.order_by(Talk.waiting_since, Talk.id)), _live_talk)


_DUE: Final = select(Talk.id).where(Talk.due_at <= bindparam("now")).order_by(Talk.id)


def due(db: Connection, now: datetime) -> Sequence[int]:
    """Ids of the talks that the clock has to look at."""
    return db.scalars(_DUE, {"now": now}).all()


def take_due(db: Connection, talk_id: int, now: datetime, until: datetime) -> LiveTalk | None:
    """Take a due talk for this clock alone: it is due next at `until`; None if another has it."""
    taken = update(Talk).where(Talk.id == talk_id, Talk.due_at <= now).values(due_at=until)
    if db.execute(taken.returning(Talk.id)).first() is None:
        return None
    return by_id(db, talk_id)


_BEGIN: Final = upsert(lambda insert: insert(Talk).on_conflict_do_nothing().returning(Talk.id))


def begin(
    db: Connection,
    line_id: int,
    digest: str,
    language: str,
    now: datetime,
    volunteer_id: int | None = None,
) -> int | None:
    """Write a new talk, without its number: its id; None if this number has one already.

    None too for a volunteer who is in another, as peer or as texter.
    """
    if volunteer_id is not None and _is_in_one(db, volunteer_id):
        return None
    facts = {"line_id": line_id, "number_digest": digest, "number": "", "language": language}
    facts |= {"state": LOOKING, "volunteer_id": volunteer_id}
    when = {"waiting_since": now, "heard_at": now, "due_at": now + STILL_AFTER}
    names = select(Talk.name).where(Talk.line_id == line_id)
    while of_number(db, line_id, [digest]) is None:
        name = {"token": new_token(), "name": free_name(set(db.scalars(names)))}
        made = db.execute(_BEGIN[db.dialect.name], facts | when | name).first()
        if made is not None:
            return int(made.id)
        # Another talk took the name in this very moment, or this number's other text came first.
    return None


def free_name(taken: Collection[str]) -> str:
    """A name that no live talk has; when all are taken, one with a number behind it."""
    free = [name for name in NAMES if name not in taken]
    more = 2
    while not free:
        free = [f"{name} {more}" for name in NAMES if f"{name} {more}" not in taken]
        more += 1
    return secrets.choice(free)


def move(
    db: Connection,
    talk_id: int,
    old: Collection[TalkState],
    new: TalkState,
    **changes: Unpack[TalkChanges],
) -> LiveTalk | None:
    """Move a talk from one of `old` states to `new`; None if it was in none of them any more.

    Whoever gets a row back has made the move: the database settles who was first.
    """
    forbidden = [state for state in old if new != state and new not in MOVES[state]]
    if forbidden:
        raise MoveNotAllowed(f"{forbidden} to {new}")
    moved: Update = update(Talk).where(Talk.id == talk_id, Talk.state.in_(old))
    done = db.execute(moved.values(state=new, **changes).returning(Talk.id)).first()
    return None if done is None else by_id(db, talk_id)


def change(db: Connection, talk_id: int, **changes: Unpack[TalkChanges]) -> None:
    """Write facts of a talk that are no move."""
    db.execute(_CHANGE, {"talk_id": talk_id, **changes})


def claim(
    db: Connection, line_id: int, person_id: int, now: datetime, due_at: datetime
) -> LiveTalk | None:
    """Give a volunteer who was asked the longest-waiting talk they may have, or None.

    One conditional UPDATE a try: if somebody else was faster the next talk is tried. None too for
    somebody who is in a talk, as peer or as texter.
    """
    if _is_in_one(db, person_id):
        return None
    passed = select(AskedPeer.talk_id).where(AskedPeer.person_id == person_id, AskedPeer.passed)
    found = select(Talk.id).where(
        Talk.line_id == line_id, Talk.state.in_(WITHOUT_A_PEER), Talk.id.not_in(passed)
    )
    since = func.coalesce(Talk.talking_since, literal(now, Instant()))
    taken: TalkChanges = {
        "person_id": person_id,
        "heard_at": now,
        "due_at": due_at,
        "answered": True,
        "talking_since": since,
        "shift_end_told": False,
    }
    for talk_id in db.scalars(found.order_by(Talk.waiting_since, Talk.id)).all():
        won = move(db, talk_id, WITHOUT_A_PEER, TALKING, **taken)
        if won is not None:
            return won
    return None


_ASK: Final = upsert(
    lambda insert: insert(AskedPeer).on_conflict_do_update(
        index_elements=["talk_id", "person_id"],
        set_={"times": AskedPeer.times + 1, "asked_at": insert(AskedPeer).excluded.asked_at},
    )
)


def ask(db: Connection, talk_id: int, person_id: int, now: datetime) -> None:
    """Note that somebody is asked (again) whether they take a talk."""
    asked = {"talk_id": talk_id, "person_id": person_id, "asked_at": now, "times": 1}
    db.execute(_ASK[db.dialect.name], asked | {"passed": False})


def asked(db: Connection, line_id: int) -> list[AskedForTalk]:
    """Everybody who was asked for a talk that is still live."""
    found = select(AskedPeer.__table__).join(Talk, Talk.id == AskedPeer.talk_id)
    return every(db.execute(found.where(Talk.line_id == line_id)), _asked_for)


def asked_of(db: Connection, person_id: int, since: datetime) -> AskedForTalk | None:
    """What a volunteer was asked last, after `since`, and has not answered."""
    unanswered = (AskedPeer.person_id == person_id, AskedPeer.passed.is_(False))
    found = select(AskedPeer.__table__).where(*unanswered, AskedPeer.asked_at > since)
    return first(db.execute(found.order_by(AskedPeer.asked_at.desc()).limit(1)), _asked_for)


def passes(db: Connection, person_id: int, *talk_ids: int) -> None:
    """A volunteer is asked no more for a talk; without one named, for none they were asked for."""
    theirs = update(AskedPeer).where(AskedPeer.person_id == person_id)
    if talk_ids:
        theirs = theirs.where(AskedPeer.talk_id.in_(talk_ids))
    db.execute(theirs.values(passed=True))


def forget_tries(db: Connection, talk_id: int) -> None:
    """Ask everybody anew who has not said no."""
    tried = (AskedPeer.talk_id == talk_id, AskedPeer.passed.is_(False))
    db.execute(delete(AskedPeer).where(*tried))


def forget(db: Connection, talk_id: int) -> LiveTalk | None:
    """Delete a talk and whom it had asked; the row as it was, None if it had gone already."""
    before = by_id(db, talk_id)
    gone = db.execute(delete(Talk).where(Talk.id == talk_id).returning(Talk.id)).first()
    db.execute(delete(AskedPeer).where(AskedPeer.talk_id == talk_id))
    return None if gone is None else before


NAMES: Final = (
    *("Fern", "Maple", "Heron", "Cedar", "Finch", "Clover", "Birch", "Plover", "Thistle"),
    *("Acorn", "Alder", "Aspen", "Avocet", "Bamboo", "Barley", "Bluebell", "Bracken", "Bunting"),
    *("Cactus", "Cattail", "Chickadee", "Chicory", "Cowslip", "Crane", "Crocus", "Curlew"),
    *("Cypress", "Dandelion", "Dipper", "Egret", "Elder", "Foxglove", "Gannet", "Gorse"),
    *("Goldfinch", "Grouse", "Hawthorn", "Hazelnut", "Kestrel", "Kingfisher", "Larch", "Lichen"),
    *("Lupine", "Mallard", "Milkweed", "Moss", "Mulberry", "Nettle", "Nuthatch", "Oriole"),
    *("Osprey", "Pelican", "Pinecone", "Puffin", "Quail", "Redwood", "Sandpiper", "Sorrel"),
    *("Sparrow", "Spruce", "Starling", "Swallow", "Tamarack", "Teasel", "Tern", "Warbler"),
    *("Waxwing", "Wheatear", "Yarrow"),
)
