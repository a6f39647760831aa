"""What nobody does to another alone: two people of the roster say yes, one of them a volunteer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from shifts.models import Person
from warmline.conversations import persons
from warmline.conversations.membership import pauses
from warmline.conversations.notices import duty
from warmline.desk.visit import Visit
from warmline.models.people import Joining, SharedWord, Volunteer
from warmline.models.sign_in import DeskRole, DeskWish
from warmline.people import leaving
from warmline.sign_in.visitors import COORDINATOR, ROLES

WELCOME, ROLE, REMOVE, PAUSE, RESUME = "welcome", "role", "remove", "pause", "resume"
NOT_THEIRS: Final = frozenset({REMOVE, PAUSE, RESUME})
"""What is decided about somebody by two others."""
WAITS: Final = timedelta(days=14)
NO_ROLE: Final = "none"
FEW: Final = 3


class Alone(Exception):
    """A second person must say yes; `key` names why this one cannot be it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class LastCoordinator(Exception):
    """The line would be left without a coordinator."""


@dataclass(frozen=True)
class Waiting:
    """A wish that waits for its second yes; `name` is whom it is about, empty for a newcomer."""

    id: int
    kind: str
    about_id: int
    words: str
    by_id: int
    by_name: str
    name: str


class _Wish(NamedTuple):
    """A wish that waits; about whom by id, of a newcomer that of their wish to join."""

    id: int
    kind: str
    about_id: int
    words: str
    by_id: int


_WISH: Final = (*(DeskWish.id, DeskWish.kind, DeskWish.about_id, DeskWish.words, DeskWish.by_id),)


def waiting(db: Connection, line_id: int) -> list[Waiting]:
    """Every wish that waits, the oldest first."""
    by, about = Person.__table__.alias("by"), Person.__table__.alias("about")
    query = (
        select(DeskWish.__table__, by.c.name.label("by_name"), about.c.name.label("about_name"))
        .join(by, by.c.id == DeskWish.by_id)
        .join(about, (about.c.id == DeskWish.about_id) & (DeskWish.kind != WELCOME), isouter=True)
        .where(DeskWish.line_id == line_id)
        .order_by(DeskWish.id)
    )
    return [
        Waiting(r.id, r.kind, r.about_id, r.words, r.by_id, r.by_name, r.about_name or "")
        for r in db.execute(query)
    ]


def wish(visit: Visit, kind: str, about_id: int, words: str) -> bool:
    """The first yes; whether it is done already.

    It is only when somebody welcomes the first fellow, because nobody else is there to say
    another yes. A second wish about the same takes the place of the first. Raises LastCoordinator,
    or Alone when nobody could ever say the second yes.
    """
    same = (DeskWish.kind == kind, DeskWish.about_id == about_id)
    visit.db.execute(delete(DeskWish).where(DeskWish.line_id == visit.line.line_id, *same))
    _refuse_last(visit, kind, about_id, words)
    if not _others(visit, kind, about_id):
        if kind != WELCOME:
            raise Alone("no_third")
        _carry_out(visit, kind, about_id, words)
        return True
    row = {
        "line_id": visit.line.line_id,
        "kind": kind,
        "about_id": about_id,
        "words": words,
        "by_id": visit.visitor.person_id,
        "until": visit.now + WAITS,
    }
    visit.db.execute(insert(DeskWish).values(row))
    return False


def second(visit: Visit, wish_id: int) -> None:
    """The second yes: it is done. Raises Alone, LastCoordinator or LookupError (gone)."""
    row = _wish(visit, wish_id)
    me = visit.visitor.person_id
    if row.by_id == me:
        raise Alone("same")
    if row.kind in NOT_THEIRS and row.about_id == me:
        raise Alone("about_you")
    others = _others(visit, row.kind, row.about_id)
    leads = _coordinators(visit.db)
    volunteers = [one for one in (*others, me) if one not in leads]
    if volunteers and {row.by_id, me} <= leads:
        raise Alone("two_coordinators")
    visit.db.execute(delete(DeskWish).where(DeskWish.id == row.id))
    _carry_out(visit, row.kind, row.about_id, row.words)


def take_back(visit: Visit, wish_id: int) -> None:
    """It is not to be; anybody of the roster may say so. Raises LookupError."""
    visit.db.execute(delete(DeskWish).where(DeskWish.id == _wish(visit, wish_id).id))


def forget(db: Connection, now: datetime) -> int:
    """Erase wishes that nobody has seconded; how many."""
    return db.execute(delete(DeskWish).where(DeskWish.until <= now)).rowcount


def _wish(visit: Visit, wish_id: int) -> _Wish:
    mine = (DeskWish.id == wish_id, DeskWish.line_id == visit.line.line_id)
    row = visit.db.execute(select(*_WISH).where(*mine)).first()
    if row is None:
        raise LookupError("that wish is gone")
    return _Wish(*row)


def _others(visit: Visit, kind: str, about_id: int) -> list[int]:
    """Who else could say a second yes; to a role also whoever is to have it."""
    not_they = [visit.visitor.person_id] + ([about_id] if kind in NOT_THEIRS else [])
    query = select(Volunteer.person_id).where(
        Volunteer.line_id == visit.line.line_id,
        Volunteer.agreed == "yes",
        Volunteer.person_id.not_in(not_they),
    )
    return list(visit.db.scalars(query))


def _coordinators(db: Connection) -> set[int]:
    return set(db.scalars(select(DeskRole.person_id).where(DeskRole.role == COORDINATOR)))


def _carry_out(visit: Visit, kind: str, about_id: int, words: str) -> None:
    if kind == WELCOME:
        _welcome(visit, about_id, words)
        return
    _refuse_last(visit, kind, about_id, words)
    DEEDS[kind](visit, about_id, words)


def _refuse_last(visit: Visit, kind: str, about_id: int, words: str) -> None:
    leads = _coordinators(visit.db)
    stays = kind == ROLE and words == COORDINATOR
    if leads == {about_id} and not stays and kind in (ROLE, REMOVE):
        raise LastCoordinator("somebody must lead")


def _set_role(visit: Visit, person_id: int, role: str) -> None:
    visit.db.execute(delete(DeskRole).where(DeskRole.person_id == person_id))
    if role in ROLES:
        row = {"person_id": person_id, "line_id": visit.line.line_id, "role": role}
        visit.db.execute(insert(DeskRole).values(row))


def _remove(visit: Visit, person_id: int, _words: str) -> None:
    """They are erased as if they had left; their shifts to come are open, and duty hears of it."""
    turn = visit.turn
    told = duty.on_duty(turn, visit.line.line_id) or duty.coordinator(turn, visit.line.line_id)
    zone = visit.line.zone
    spans = leaving.erase(visit.db, visit.seal, visit.line.line_id, person_id, zone, visit.now)
    duty.tell_opened(turn, [one for one in told if one.person_id != person_id], spans)


def _pause(visit: Visit, person_id: int, words: str) -> None:
    """They are paused for so many days, and told why; `words` is "7 the reason"."""
    days, _, why = words.partition(" ")
    by = persons.by_person(visit.turn, visit.visitor.person_id)
    if by is not None:
        pauses.begin(visit.turn, visit.line.line_id, person_id, by, why, int(days))


def _resume(visit: Visit, person_id: int, _words: str) -> None:
    pauses.end(visit.turn, person_id)


DEEDS: Final = {ROLE: _set_role, REMOVE: _remove, PAUSE: _pause, RESUME: _resume}


def _welcome(visit: Visit, joining_id: int, name: str) -> None:
    """Somebody who asked to join is on the roster, and is asked by one text whether they agree."""
    row = visit.db.execute(select(Joining.__table__).where(Joining.id == joining_id)).first()
    if row is None:
        return
    phone = visit.seal.open(row.number, row.number_digest)
    person = insert(Person).values(line_id=visit.line.line_id, name=name).returning(Person.id)
    own = {
        "person_id": int(visit.db.execute(person).scalar_one()),
        "line_id": visit.line.line_id,
        "phone": phone,
        "languages": row.language,
        "agreed": "ask",
    }
    visit.db.execute(insert(Volunteer).values(own))
    visit.db.execute(delete(Joining).where(Joining.id == joining_id))


def shared_words(
    db: Connection, line_id: int, words: type[SharedWord]
) -> list[tuple[str, int | None]]:
    """What volunteers chose to share, as counts: how many, never who; None is fewer than three.

    In a small roster everybody knows who the one or the two are.
    """
    query = (
        select(words.word, func.count())
        .join(Volunteer, Volunteer.person_id == words.person_id)
        .where(Volunteer.line_id == line_id)
        .group_by(words.word)
        .order_by(words.word)
    )
    return [(row[0], row[1] if row[1] >= FEW else None) for row in db.execute(query)]


def mine_to_second(found: Sequence[Waiting], visit: Visit) -> Collection[int]:
    """The wishes that this visitor may say a second yes to."""
    me = visit.visitor.person_id
    theirs = (one for one in found if one.by_id != me)
    return {one.id for one in theirs if one.kind not in NOT_THEIRS or one.about_id != me}
