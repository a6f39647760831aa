"""Changes that are put to everyone: proposed, voted on, taken back, or in force; their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from warmline.database.engine import InsertInto, Upsert, upsert
from warmline.database.records import every, made_of
from warmline.models.people import Volunteer
from warmline.models.promise import Proposal, ProposalKind, ProposedRetention, Vote
from warmline.models.sign_in import COORDINATOR, DeskRole
from warmline.promise import promise, promise_versions, retention
from warmline.promise.promise import Promise
from warmline.promise.proposal_rules import Proposed, Roster, only_protects
from warmline.promise.retention import Wanted

PROMISE: Final[ProposalKind] = "promise"
KEEPING: Final[ProposalKind] = "keeping"


@dataclass(frozen=True)
class Standing:
    """A proposal that stands: its words and those it would replace, by language.

    Of kind KEEPING it has no words: `wanted` would take the place of what `was`. `by_id` is who
    proposed it; None for the command line and for somebody who has left.
    """

    id: int
    line_id: int
    version: int
    by_id: int | None
    before: Mapping[str, Promise]
    after: Mapping[str, Promise]
    rules: Proposed
    kind: ProposalKind = PROMISE
    wanted: Wanted = field(default_factory=Wanted)
    was: Wanted = field(default_factory=Wanted)

    @property
    def left_out(self) -> list[str]:
        """Languages that would no longer be offered."""
        return sorted(self.before.keys() - self.after.keys())


class ProposalRow(NamedTuple):
    """A proposal as its table has it; instants are UTC."""

    id: int
    line_id: int
    kind: ProposalKind
    version: int
    by_id: int | None
    made_at: datetime
    in_force_at: datetime | None
    yeses: int | None
    objections: int | None


_proposal_row: Final = made_of(ProposalRow, Proposal.__table__.c)


def _said_anew(insert: InsertInto) -> Upsert:
    row = insert(Vote)
    keys = ["proposal_id", "person_id"]
    return row.on_conflict_do_update(index_elements=keys, set_={"agrees": row.excluded.agrees})


_VOTE: Final = upsert(_said_anew)


def roster(db: Connection, line_id: int) -> Roster:
    """Who has a voice: whoever has said yes to rings and texts, and whoever has a role."""
    query = (
        select(Volunteer.person_id, DeskRole.role)
        .join(DeskRole, DeskRole.person_id == Volunteer.person_id, isouter=True)
        .where(Volunteer.line_id == line_id)
        .where(or_(Volunteer.agreed == promise.YES, DeskRole.role.is_not(None)))
    )
    rows = db.execute(query).all()
    lead = frozenset(row.person_id for row in rows if row.role == COORDINATOR)
    return Roster(frozenset(row.person_id for row in rows), lead)


def standing(db: Connection, line_id: int, proposal_id: int | None = None) -> list[Standing]:
    """The proposals that stand, the oldest first; or the one with this id, if it does."""
    which = [] if proposal_id is None else [Proposal.id == proposal_id]
    rows = _standing_rows(db, line_id, *which)
    if not rows:
        return []
    before = promise.in_force(db, line_id)
    return [_standing(db, row, before) for row in rows]


def _standing(db: Connection, row: ProposalRow, before: Mapping[str, Promise]) -> Standing:
    if row.kind == KEEPING:
        return _keeping(db, row)
    after = promise_versions.words_of(db, row.line_id, row.version)
    rules = _rules(db, row, protects=only_protects(before, after))
    return Standing(row.id, row.line_id, row.version, row.by_id, before, after, rules)


def _keeping(db: Connection, row: ProposalRow) -> Standing:
    stored = select(ProposedRetention.wanted).where(ProposedRetention.proposal_id == row.id)
    wanted = retention.from_text(db.execute(stored).scalar_one())
    now = retention.kept_now(db, row.line_id)
    was = Wanted()
    for name in retention.MOST:
        if name in wanted:
            was[name] = now[name]
    if retention.READERS in wanted:
        was[retention.READERS] = now[retention.READERS]
    rules = _rules(db, row, protects=retention.only_protects(now, wanted))
    whose = (row.id, row.line_id, row.version, row.by_id)
    return Standing(*whose, {}, {}, rules, KEEPING, wanted, was)


def _rules(db: Connection, row: ProposalRow, *, protects: bool) -> Proposed:
    votes = db.execute(select(Vote.person_id, Vote.agrees).where(Vote.proposal_id == row.id)).all()
    yeses = frozenset(vote.person_id for vote in votes if vote.agrees)
    objections = frozenset(vote.person_id for vote in votes if not vote.agrees)
    return Proposed(row.made_at, yeses, objections, protects)


def propose(
    db: Connection, line_id: int, promises: Sequence[Promise], by_id: int | None, now: datetime
) -> promise.Saved:
    """Put a promise to everyone; whoever proposes it has said yes to it.

    One person has one proposal: a new one takes the place of their last. Before the line has
    opened a promise is in force at once, and the very words that hold or stand are no new ones.
    """
    saved = promise.save(db, line_id, promises, now)
    if saved.in_force or _of_version(db, line_id, saved.version) is not None:
        return saved
    _add(db, line_id, PROMISE, saved.version, by_id, now)
    return saved


def propose_keeping(
    db: Connection, line_id: int, wanted: Wanted, by_id: int, now: datetime
) -> None:
    """Put to everyone for how long things are kept, or who reads how it went; see retention.py."""
    last = select(func.coalesce(func.max(Proposal.version), 0))
    mine = last.where(Proposal.line_id == line_id, Proposal.kind == KEEPING)
    version = int(db.execute(mine).scalar_one()) + 1
    proposal_id = _add(db, line_id, KEEPING, version, by_id, now)
    row = {"proposal_id": proposal_id, "wanted": retention.as_text(wanted)}
    db.execute(insert(ProposedRetention).values(row))


def _add(
    db: Connection, line_id: int, kind: ProposalKind, version: int, by_id: int | None, now: datetime
) -> int:
    """One more; of each kind it takes the place of what the same person proposed last."""
    mine = Proposal.by_id.is_(None) if by_id is None else Proposal.by_id == by_id
    for last in _standing_rows(db, line_id, mine, Proposal.kind == kind):
        _erase(db, last)
    row = {"line_id": line_id, "kind": kind, "version": version, "by_id": by_id}
    added = insert(Proposal).values(row | {"made_at": now}).returning(Proposal.id)
    proposal_id = int(db.execute(added).scalar_one())
    if by_id is not None:
        vote(db, proposal_id, by_id, agrees=True)
    return proposal_id


def vote(db: Connection, proposal_id: int, person_id: int, *, agrees: bool) -> None:
    """What somebody says to a proposal that stands; it takes the place of what they said before."""
    said = {"proposal_id": proposal_id, "person_id": person_id, "agrees": agrees}
    db.execute(_VOTE[db.dialect.name], said)


def take_back(db: Connection, proposal: Standing) -> None:
    """It is not to be: it goes with its words and its votes."""
    for row in _standing_rows(db, proposal.line_id, Proposal.id == proposal.id):
        _erase(db, row)


def put_in_force(db: Connection, proposal: Standing, now: datetime) -> list[Standing] | None:
    """The change holds from now on; whoever said yes to its words has agreed to the promise.

    Returns the other proposals, which were about the promise before and go with that; None when
    another process was first.
    """
    counted = roster(db, proposal.line_id).people
    ours = (Proposal.id == proposal.id, Proposal.in_force_at.is_(None))
    ended = update(Proposal).where(*ours)
    changes = {
        "in_force_at": now,
        "by_id": None,
        "yeses": len(counted & proposal.rules.yeses),
        "objections": len(counted & proposal.rules.objections),
    }
    if db.execute(ended.values(**changes)).rowcount == 0:
        return None
    if proposal.kind == KEEPING:
        return _keep_so(db, proposal)
    promise_versions.put_in_force(db, proposal.line_id, proposal.version, now)
    agreed = update(Volunteer).where(Volunteer.person_id.in_(proposal.rules.yeses))
    db.execute(
        agreed.where(Volunteer.agreed == promise.YES).values(agreed_promise=proposal.version)
    )
    db.execute(delete(Vote).where(Vote.proposal_id == proposal.id))
    return _overtake(db, proposal)


def _keep_so(db: Connection, proposal: Standing) -> list[Standing]:
    """It holds from now on."""
    retention.put_in_force(db, proposal.line_id, proposal.wanted)
    db.execute(delete(Vote).where(Vote.proposal_id == proposal.id))
    db.execute(delete(ProposedRetention).where(ProposedRetention.proposal_id == proposal.id))
    return _overtake(db, proposal)


def _overtake(db: Connection, proposal: Standing) -> list[Standing]:
    """Others of its kind were about what held before, and go."""
    overtaken = [one for one in standing(db, proposal.line_id) if one.kind == proposal.kind]
    for one in overtaken:
        take_back(db, one)
    return overtaken


def passed(db: Connection, line_id: int) -> dict[int, tuple[int, int]]:
    """By version, how many had said yes and how many had objected when it came into force."""
    mine = select(Proposal.version, Proposal.yeses, Proposal.objections)
    held = (Proposal.kind == PROMISE, Proposal.in_force_at.is_not(None))
    over = mine.where(Proposal.line_id == line_id, *held)
    return {row.version: (row.yeses or 0, row.objections or 0) for row in db.execute(over)}


def who_answer(db: Connection, line_id: int) -> frozenset[int]:
    """Whoever may be rung as long as they agree to the promise: those who said yes to rings."""
    mine = select(Volunteer.person_id).where(Volunteer.line_id == line_id)
    return frozenset(db.scalars(mine.where(Volunteer.agreed == promise.YES)))


def are_any(db: Connection) -> bool:
    """Whether anything is proposed at all."""
    return db.execute(select(Proposal.id).where(Proposal.in_force_at.is_(None))).first() is not None


def _standing_rows(db: Connection, line_id: int, *which: ColumnElement[bool]) -> list[ProposalRow]:
    """Those that stand, the oldest first."""
    mine = (Proposal.line_id == line_id, Proposal.in_force_at.is_(None))
    found = select(Proposal.__table__).where(*mine, *which).order_by(Proposal.id)
    return every(db.execute(found), _proposal_row)


def _of_version(db: Connection, line_id: int, version: int) -> ProposalRow | None:
    this = (Proposal.version == version, Proposal.kind == PROMISE)
    return next(iter(_standing_rows(db, line_id, *this)), None)


def _erase(db: Connection, row: ProposalRow) -> None:
    db.execute(delete(Vote).where(Vote.proposal_id == row.id))
    db.execute(delete(ProposedRetention).where(ProposedRetention.proposal_id == row.id))
    db.execute(delete(Proposal).where(Proposal.id == row.id))
    if row.kind == PROMISE:
        promise_versions.erase(db, row.line_id, row.version)
