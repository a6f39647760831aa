"""Sealing anew, with the first key of the settings, whatever lies open or under an old one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, func, select, type_coerce, update

from warmline.database import sealed_columns
from warmline.database.engine import Database
from warmline.database.sealing import Seal, Unsealable
from warmline.models.calls import CallBack
from warmline.models.line import LineRules
from warmline.models.people import Joining, Volunteer
from warmline.models.privacy import HowItWent
from warmline.models.sign_in import SignInCode
from warmline.models.talks import Talk, TalkText
from warmline.models.texts import TextOut

AT_ONCE: Final = 100
"""Rows of one transaction: nobody waits long for it."""


@dataclass(frozen=True)
class Kind:
    """Rows of a table that hold something sealed: `anew` says what to write, given seal and row.

    `raw` are its columns as they lie there.
    """

    table: Any
    key: Any
    raw: dict[str, Any]
    anew: Callable[[Seal, Row[Any]], dict[str, Any]]


def _of_roster(column: str, about: str) -> Callable[[Seal, Row[Any]], dict[str, Any]]:
    def anew(_seal: Seal, row: Row[Any]) -> dict[str, Any]:
        raw = getattr(row, column)
        if raw is None:
            return {}
        plain = sealed_columns.opened(raw, about)
        # The column's own type seals it.
        index = {"phone_index": sealed_columns.index_of(plain)} if column == "phone" else {}
        return {column: plain, **index}

    return anew


def _bound_to(by: str, *columns: str) -> Callable[[Seal, Row[Any]], dict[str, Any]]:
    """Texts sealed for what another column of their row holds."""

    def anew(seal: Seal, row: Row[Any]) -> dict[str, Any]:
        about = getattr(row, by)
        held = {name: getattr(row, name) for name in columns if getattr(row, name)}
        return {name: seal.close(seal.open(text, about), about) for name, text in held.items()}

    return anew


def _found_by_number(seal: Seal, row: Row[Any]) -> dict[str, Any]:
    """A number that is found by its digest, which is made anew as well."""
    number = seal.open(row.number, row.number_digest)
    digest = seal.digests(number)[0]
    return {"number_digest": digest, "number": seal.close(number, digest)}


def _talk(seal: Seal, row: Row[Any]) -> dict[str, Any]:
    texts = _bound_to("token", "number", "held", "own_held")(seal, row)
    digest = seal.digests(seal.open(row.number, row.token))[0]
    return texts | {"number_digest": digest}


def _call_back(seal: Seal, row: Row[Any]) -> dict[str, Any]:
    if not row.asked:
        return {}
    asked = seal.open(row.asked, row.token)
    return {"asked": seal.close(asked, row.token), "digest": seal.digests(asked[1:])[0]}


def _kind(
    table: Any, key: str, columns: Sequence[str], anew: Callable[[Seal, Row[Any]], dict[str, Any]]
) -> Kind:
    raw = {name: table.__table__.c[name] for name in columns}
    return Kind(table, table.__table__.c[key], raw, anew)


def _raw(column: Any) -> Any:
    return type_coerce(column, Text)


ROSTER: Final = (
    Kind(
        Volunteer,
        Volunteer.__table__.c.person_id,
        {"phone": _raw(Volunteer.__table__.c.phone)},
        _of_roster("phone", "volunteer.phone"),
    ),
    Kind(
        LineRules,
        LineRules.__table__.c.line_id,
        {"coordinator_phone": _raw(LineRules.__table__.c.coordinator_phone)},
        _of_roster("coordinator_phone", "line_rules.coordinator_phone"),
    ),
)
KINDS: Final = (
    *ROSTER,
    _kind(Joining, "id", ("number", "number_digest"), _found_by_number),
    _kind(Talk, "id", ("token", "number", "held", "own_held"), _talk),
    _kind(TalkText, "id", ("token", "number", "body"), _bound_to("token", "number", "body")),
    _kind(TextOut, "id", ("token", "body"), _bound_to("token", "body")),
    _kind(CallBack, "id", ("token", "asked"), _call_back),
    _kind(SignInCode, "id", ("token", "code"), _bound_to("token", "code")),
    _kind(
        HowItWent,
        "id",
        ("receipt", "words", "about", "answer"),
        _bound_to("receipt", "words", "about", "answer"),
    ),
)


def seal_open(db: Connection) -> int:
    """Seal numbers of the roster that lie open, some at a time; how many."""
    sealed = 0
    for kind in ROSTER:
        [column] = kind.raw.values()
        lies_open = select(kind.key.label("key"), column.label(next(iter(kind.raw))))
        rows = db.execute(lies_open.where(column.like("+%")).limit(AT_ONCE)).all()
        sealed += sum(_write(db, kind, row.key, kind.anew(NO_SEAL, row)) for row in rows)
    return sealed


NO_SEAL: Final[Any] = None
"""Columns that seal by themselves need none."""


def _write(db: Connection, kind: Kind, key: Any, values: dict[str, Any]) -> bool:
    if values:
        db.execute(update(kind.table).where(kind.key == key).values(**values))
    return bool(values)


def how_many(database: Database) -> int:
    """Rows that may hold something sealed."""
    with database.reading() as db:
        found = (select(func.count()).select_from(kind.table) for kind in KINDS)
        return sum(db.execute(one).scalar_one() for one in found)


def reseal(database: Database, seal: Seal) -> Iterator[tuple[int, int]]:
    """Seal everything anew, some rows at a time: how many were, and how many no key opens.

    May be broken off and begun again: what is sealed with the first key already is sealed again.
    """
    for kind in KINDS:
        last = -1
        while True:
            with database.writing() as db:
                named = [column.label(name) for name, column in kind.raw.items()]
                rows = db.execute(
                    select(kind.key.label("key"), *named)
                    .where(kind.key > last)
                    .order_by(kind.key)
                    .limit(AT_ONCE)
                ).all()
                done = [_reseal(db, seal, kind, row) for row in rows]
            if not rows:
                break
            last = rows[-1].key
            yield sum(done), len(done) - sum(done)


def _reseal(db: Connection, seal: Seal, kind: Kind, row: Row[Any]) -> bool:
    """Whether it could be opened."""
    try:
        _write(db, kind, row.key, kind.anew(seal, row))
    except (Unsealable, sealed_columns.NoSecretKey):
        return False
    return True
