"""The promise: what the line would ever do unasked, how it is said, and which version holds."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Connection,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)

from shifts.faults import Fault
from warmline.database.records import every, made_of
from warmline.models import line as line_models
from warmline.models import people
from warmline.models import promise as models
from warmline.models.line import LineRules
from warmline.prompts import HERE, WORDS_A_MINUTE, spoken_seconds

QUESTIONS: Final = ("police", "ambulance", "protection", "immigration", "family")
"""Would the line ever, unasked, tell the police · an ambulance or a hospital · child or adult
protection · immigration · family, school or employer? None may stay blank."""
NEVER: Final = "never"
YES: Final = "yes"
LONGEST_SECONDS: Final = 35


class TooLong(Fault):
    """A promise takes more than 35 seconds to say."""


@dataclass(frozen=True)
class OtherPlace:
    """Another place to call: its name, its number as it is said, and its word on police."""

    name: str
    number: str
    on_police: str


@dataclass(frozen=True)
class Promise:
    """The line's answers in one language: for each question NEVER or the exact exception.

    `exceptions` is an exception to all of them, said as it stands. `other_places` is None when
    they are left as they are. `version` is 0 until it is saved.
    """

    language: str
    answers: Mapping[str, str]
    exceptions: str = ""
    other_places: tuple[OtherPlace, ...] | None = None
    version: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Saved:
    """Under which version a promise stands, and whether it is in force or only proposed."""

    version: int
    in_force: bool


class Sentences(NamedTuple):
    """The sentences of a promise in one language, with their braces.

    `about` and `tell` are by question; `looking` is what a texter hears beside it while a peer is
    looked for, `waiting` while nobody is on, `words` their words, and `in_talk` what
    stands there instead once somebody is with them; `joined_by` stands between two places.
    """

    never: str
    only: str
    opening: str
    fixed: str
    texted: str
    looking: str
    waiting: str
    words: str
    in_talk: str
    joined_by: str
    tell: Mapping[str, str]
    about: Mapping[str, str]


class PromiseRow(NamedTuple):
    """A version of the promise in one language as its table has it; instants are UTC."""

    line_id: int
    version: int
    language: str
    answers: str
    written_at: datetime
    in_force_at: datetime | None


promise_row: Final = made_of(PromiseRow, models.Promise.__table__.c)


def spoken(promise: Promise, line_name: str) -> str:
    """The promise as it is said, in its language: the answers, then the fixed sentences."""
    return " ".join(spoken_in_two(promise, line_name))


def texted(promise: Promise, line_name: str, *, nobody_on: bool = False) -> tuple[str, str]:
    """The promise as it is texted, in two messages: the answers; then what holds for texts."""
    words = _words(promise.language)
    waits = words.waiting if nobody_on else words.looking
    return _answers(promise, line_name, words), f"{words.texted} {waits} {words.words}"


def texted_in_talk(promise: Promise, line_name: str) -> str:
    """The promise in one message, to somebody who is in a talk: nobody is looked for."""
    words = _words(promise.language)
    return f"{_answers(promise, line_name, words)} {words.in_talk}"


def spoken_in_two(promise: Promise, line_name: str) -> tuple[str, str]:
    """The promise as it is said to whoever waits: the answers, then the fixed sentences."""
    words = _words(promise.language)
    return _answers(promise, line_name, words), words.fixed


def _answers(promise: Promise, line_name: str, words: Sentences) -> str:
    about = [said_of(promise, one) for one in QUESTIONS if promise.answers[one] != NEVER]
    return " ".join([_opening(promise, line_name, words), *about])


def _opening(promise: Promise, line_name: str, words: Sentences) -> str:
    never = [words.tell[one] for one in QUESTIONS if promise.answers[one] == NEVER]
    some = words.never if never else words.opening
    text = words.only if promise.exceptions else some
    return text.format(
        line=line_name,
        places=words.joined_by.join(never),
        exceptions=sentence(promise.exceptions),
    )


def said_of(promise: Promise, question: str) -> str:
    """The exception to one question, after what it is about."""
    return f"{_words(promise.language).about[question]}: {sentence(promise.answers[question])}"


def sentence(text: str) -> str:
    """A text on one line with a full stop, so that a voice pauses after it."""
    joined = " ".join(text.split())
    return joined if joined.endswith((".", "!", "?")) else f"{joined}."


@cache
def _words(language: str) -> Sentences:
    path = HERE / "promise" / f"{language}.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    told = ("never", "only", "opening", "fixed", "texted", "looking", "waiting", "words", "in_talk")
    return Sentences(*(read[name] for name in (*told, "or", "tell", "about")))


def check_time(promise: Promise, line_name: str) -> None:
    """Refuse with TooLong what takes more than 35 seconds at 165 words a minute."""
    seconds = spoken_seconds(spoken(promise, line_name))
    if seconds > LONGEST_SECONDS:
        spare = round((seconds - LONGEST_SECONDS) * WORDS_A_MINUTE / 60 + 0.5)
        raise TooLong(
            f"{promise.language}: the promise takes {seconds:.0f} seconds to say and may take"
            f" {LONGEST_SECONDS}; make it about {spare} words shorter"
        )


def save(connection: Connection, line_id: int, promises: Sequence[Promise], now: datetime) -> Saved:
    """Keep all languages of a promise as one new version; the very same again is no new one.

    Before the line has opened it is in force at once; after that it is only proposed.
    """
    latest = connection.scalar(_latest(line_id)) or 0
    for version, words, in_force_at in _that_count(connection, line_id):
        if words == sorted(promises, key=_language):
            return Saved(version, in_force_at is not None)
    opened = connection.scalar(select(LineRules.opened_at).where(LineRules.line_id == line_id))
    shared = {
        "line_id": line_id,
        "version": latest + 1,
        "written_at": now,
        "in_force_at": now if opened is None else None,
    }
    written = [{"language": one.language, "answers": _written(one)} for one in promises]
    connection.execute(insert(models.Promise), [shared | one for one in written])
    if opened is None:
        put_other_places(connection, line_id, promises)
    return Saved(latest + 1, opened is None)


def held_version(line_id: int | ColumnExpressionArgument[int]) -> ScalarSelect[int | None]:
    """The version in force of a line (an id, a parameter or a column); NULL while there is none."""
    version = select(func.max(models.Promise.version))
    theirs = (
        models.Promise.line_id == line_id,
        models.Promise.in_force_at.is_not(None),
    )
    return version.where(*theirs).scalar_subquery()


def has_agreed(line_id: int | ColumnExpressionArgument[int]) -> ColumnElement[bool]:
    """Whose own yes is held: to rings and texts, and to the promise in force, by its version.

    Nobody else is ever rung, asked for a talk by text, or counted as on. `line_id` is as in
    `held_version`.
    """
    held = held_version(line_id)
    agreed_to = func.coalesce(people.Volunteer.agreed_promise, 0)
    to_promise = or_(held.is_(None), agreed_to == held)
    return and_(people.Volunteer.agreed == YES, to_promise)


_HELD: Final = held_version(bindparam("line_id"))
_IN_FORCE: Final = (
    select(models.Promise.__table__)
    .where(
        models.Promise.line_id == bindparam("line_id"),
        models.Promise.version == _HELD,
    )
    .order_by(models.Promise.language)
)
_OFFERED: Final = (
    select(LineRules.languages, models.Promise.language.label("promised"))
    .join(models.Promise, models.Promise.line_id == LineRules.line_id)
    .where(LineRules.line_id == bindparam("line_id"), models.Promise.version == _HELD)
)


def in_force(connection: Connection, line_id: int) -> dict[str, Promise]:
    """The promise that holds now, by language; empty while there is none."""
    rows = every(connection.execute(_IN_FORCE, {"line_id": line_id}), promise_row)
    return {row.language: read(row) for row in rows}


def offered_languages(connection: Connection, line_id: int) -> tuple[str, ...]:
    """The line's languages that have the promise in force, its first one first."""
    rows = connection.execute(_OFFERED, {"line_id": line_id}).all()
    promised = {row.promised for row in rows}
    return tuple(code for row in rows[:1] for code in row.languages.split(",") if code in promised)


def spoken_promise(connection: Connection, line_id: int, line_name: str, language: str) -> str:
    """The promise in force as it is said; in a language that lost it meanwhile, the first one's.

    Raises KeyError while there is none.
    """
    return spoken(promise_in(connection, line_id, language), line_name)


def promise_in(connection: Connection, line_id: int, language: str) -> Promise:
    """The promise in force in a language; where that lost it meanwhile, in the first one.

    Raises KeyError while there is none.
    """
    held = in_force(connection, line_id)
    return held.get(language) or held[offered_languages(connection, line_id)[0]]


def _language(promise: Promise) -> str:
    return promise.language


def _latest(line_id: int) -> Select[int | None]:
    return select(func.max(models.Promise.version)).where(models.Promise.line_id == line_id)


def _that_count(
    connection: Connection, line_id: int
) -> Iterator[tuple[int, list[Promise], datetime | None]]:
    """The version in force and those proposed since, each with its words and since when."""
    since = func.coalesce(held_version(line_id), 0)
    mine = select(models.Promise.__table__).where(models.Promise.line_id == line_id)
    ordered = mine.order_by(models.Promise.version, models.Promise.language)
    found = connection.execute(ordered.where(models.Promise.version >= since))
    for version, of_it in groupby(every(found, promise_row), key=lambda row: row.version):
        its = list(of_it)
        yield version, [read(row) for row in its], its[0].in_force_at


def _written(promise: Promise) -> str:
    kept = {
        "answers": dict(promise.answers),
        "exceptions": promise.exceptions,
        "other_places": promise.other_places and [asdict(one) for one in promise.other_places],
    }
    return json.dumps(kept, ensure_ascii=False)


def read(row: PromiseRow) -> Promise:
    """The promise that a row of the table holds."""
    kept = json.loads(row.answers)
    places = kept["other_places"]
    return Promise(
        row.language,
        kept["answers"],
        kept["exceptions"],
        None if places is None else tuple(OtherPlace(**one) for one in places),
        row.version,
    )


def put_other_places(connection: Connection, line_id: int, promises: Iterable[Promise]) -> None:
    """Write the other places that come with a promise, for each language that names any."""
    for promise in promises:
        if promise.other_places is None:
            continue
        mine = {"line_id": line_id, "language": promise.language}
        rows = [
            {"position": position, **asdict(one), **mine}
            for position, one in enumerate(promise.other_places, start=1)
        ]
        connection.execute(delete(line_models.OtherPlace).filter_by(**mine))
        if rows:
            connection.execute(insert(line_models.OtherPlace), rows)
