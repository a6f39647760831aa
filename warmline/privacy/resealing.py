"""Sealing anew, with the first key of the settings, whatever lies open or under an old one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, func, select, type_coerce, update
from sqlalchemy.orm import DeclarativeBase

from warmline.calls import call_backs
from warmline.database import sealed_columns
from warmline.database.engine import Database
from warmline.database.sealing import Seal, Unsealable
from warmline.models.calls import CallBack
from warmline.models.line import LineRules
from warmline.models.people import Joining, Volunteer
from warmline.models.privacy import Feedback
from warmline.models.sign_in import SignInCode
from warmline.models.talks import Talk, TalkText
from warmline.models.texts import TextOut

AT_ONCE: Final = 100
"""Rows of one transaction: nobody waits long for it."""


Raw = Mapping[str, str | None]
"""Columns of a row as they lie there, by name."""
Anew = Callable[[Seal, Raw], dict[str, str]]
"""What to write, given seal and row."""


@dataclass(frozen=True)
class Kind:
    """Rows of a table that hold something sealed: `anew` says what to write.

    `raw` are its columns as they lie there.
    """

    table: type[DeclarativeBase]
    key: ColumnElement[int]
    raw: Mapping[str, ColumnElement[str]]
    anew: Anew


def _there(row: Raw, name: str) -> str:
    """What a column holds that is never NULL."""
    text = row[name]
    if text is None:
        raise LookupError(f"a row without its {name}")
    return text


def _of_roster(column: str, about: str) -> Anew:
    def anew(_seal: Seal, row: Raw) -> dict[str, str]:
        raw = row[column]
        if raw is None:
            return {}
        plain = sealed_columns.opened(raw, about)
        # The column's own type seals it.
        index = {"phone_index": sealed_columns.index_of(plain)} if column == "phone" else {}
        return {column: plain, **index}

    return anew


def _bound_to(by: str, *columns: str) -> Anew:
    """Texts sealed for what another column of their row holds."""

    def anew(seal: Seal, row: Raw) -> dict[str, str]:
        about = _there(row, by)
        held = {name: text for name in columns if (text := row[name])}
        return {name: seal.close(seal.open(text, about), about) for name, text in held.items()}

    return anew


def _found_by_number(seal: Seal, row: Raw) -> dict[str, str]:
    """A number that is found by its digest, which is made anew as well."""
    number = seal.open(_there(row, "number"), _there(row, "number_digest"))
    digest = seal.digests(number)[0]
    return {"number_digest": digest, "number": seal.close(number, digest)}


def _talk(seal: Seal, row: Raw) -> dict[str, str]:
    texts = _bound_to("token", "number", "held", "own_held")(seal, row)
    digest = seal.digests(seal.open(_there(row, "number"), _there(row, "token")))[0]
    return texts | {"number_digest": digest}


def _call_back(seal: Seal, row: Raw) -> dict[str, str]:
    sealed, token = row["key_and_number"], _there(row, "token")
    if not sealed:
        return {}
    asked = seal.open(sealed, token)
    number = asked[1:].removeprefix(call_backs.HEARD)
    return {"key_and_number": seal.close(asked, token), "digest": seal.digests(number)[0]}


def _kind(table: type[DeclarativeBase], key: str, columns: Sequence[str], anew: Anew) -> Kind:
    raw = {name: table.__table__.c[name] for name in columns}
    return Kind(table, table.__table__.c[key], raw, anew)


def _raw(column: ColumnElement[str]) -> ColumnElement[str]:
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
    _kind(CallBack, "id", ("token", "key_and_number"), _call_back),
    _kind(SignInCode, "id", ("token", "code"), _bound_to("token", "code")),
    _kind(
        Feedback,
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
        of_each = [(key, dict(zip(kind.raw, raw, strict=True))) for key, *raw in rows]
        sealed += sum(_write(db, kind, key, kind.anew(NO_SEAL, raw)) for key, raw in of_each)
    return sealed


NO_SEAL: Final[Any] = None
"""Columns that seal by themselves need none."""


def _write(db: Connection, kind: Kind, key: int, values: Mapping[str, str]) -> bool:
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
                of_each = [(key, dict(zip(kind.raw, raw, strict=True))) for key, *raw in rows]
                done = [_reseal(db, seal, kind, key, raw) for key, raw in of_each]
            if not rows:
                break
            last = rows[-1].key
            yield sum(done), len(done) - sum(done)


def _reseal(db: Connection, seal: Seal, kind: Kind, key: int, raw: Raw) -> bool:
    """Whether it could be opened."""
    try:
        _write(db, kind, key, kind.anew(seal, raw))
    except (Unsealable, sealed_columns.NoSecretKey):
        return False
    return True
