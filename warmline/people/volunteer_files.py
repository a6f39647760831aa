"""Volunteers come and go as CSV: a yes is recorded, and a person's own later choice stands."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from shifts.files.csv_rows import written
from shifts.models import Line, Person
from warmline.models.people import ImportedTag, SharedWord, Volunteer
from warmline.people.paused_by_others import HELD
from warmline.people.volunteer_rows import COLUMNS, ZONE_COLUMN, VolunteerRow
from warmline.promise import promise

YES = promise.YES
_VOLUNTEERS: Final = (
    select(Person.name, Volunteer.__table__)
    .join(Person, Person.id == Volunteer.person_id)
    .where(Volunteer.line_id == bindparam("line_id"))
    .order_by(Person.name, Volunteer.person_id)
)


@dataclass
class Imported:
    """What an import did; `stands` says in words whose own choices it left as they were."""

    added: int = 0
    changed: int = 0
    already: int = 0
    stands: tuple[str, ...] = ()


def import_volunteers(
    connection: Connection,
    line_id: int,
    rows: Sequence[VolunteerRow],
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Imported:
    """Add or update by phone. A new yes is recorded with its instant and the promise in force.

    A yes is not lowered by a later file, and one that its person took back is not raised; those
    are said in `stands`. `progress` is told how many rows have been written.
    """
    connection.execute(select(Line.id).where(Line.id == line_id).with_for_update())
    before_it = connection.execute(_VOLUNTEERS, {"line_id": line_id}).mappings()
    known = {row["phone"]: row for row in before_it}
    tags = _tags(connection, line_id)
    held = promise.in_force(connection, line_id).values()
    version = next((one.version for one in held), None)
    done = Imported()
    for row in rows:
        before = known.get(row.phone)
        if before is None:
            _add(connection, line_id, row, agreement(row.agreed, None, now, version))
            done.added += 1
        else:
            person_id = before["person_id"]
            wanted = _columns(row) | agreement(row.agreed, before, now, version)
            changed = _update(connection, before, wanted)
            changed |= _replace_tags(connection, person_id, row, tags[person_id])
            done.changed, done.already = done.changed + changed, done.already + (not changed)
            done.stands += _what_stands(row, before)
        progress(1)
    return done


def agreement(
    wanted: str, before: RowMapping | None, now: datetime, version: int | None
) -> dict[str, object]:
    """What an import records of somebody's yes, given what is recorded; empty for nothing."""
    recorded = {"agreed": YES, "agreed_at": now, "agreed_promise": version}
    if before is None or before["agreed_at"] is None:
        return recorded if wanted == YES else {"agreed": wanted}
    renewed = wanted == before["agreed"] == YES and before["agreed_promise"] != version
    return recorded if renewed else {}


def _what_stands(row: VolunteerRow, before: RowMapping) -> tuple[str, ...]:
    own = _own_word(before["agreed"])
    if before["agreed_at"] is None or row.agreed == own:
        return ()
    no = "said no" if before["agreed_promise"] is None else "taken their yes back"
    choice = "said yes" if own == YES else no
    return (f"line {row.line}, column agreed: {before['name']} has {choice}, and that stands",)


def _own_word(agreed: str) -> str:
    """Their own yes stands while others have paused them."""
    return YES if agreed == HELD else agreed


def _tags(connection: Connection, line_id: int) -> Mapping[int, set[str]]:
    query = select(ImportedTag.person_id, ImportedTag.word).join(
        Volunteer, Volunteer.person_id == ImportedTag.person_id
    )
    tags: dict[int, set[str]] = defaultdict(set)
    for row in connection.execute(query.where(Volunteer.line_id == line_id)):
        tags[row.person_id].add(row.word)
    return tags


def _columns(row: VolunteerRow) -> dict[str, object]:
    said = {
        "name": row.name,
        "languages": ",".join(row.languages),
        "voice": row.voice,
        "text": row.text,
    }
    return said if row.time_zone is None else said | {ZONE_COLUMN: row.time_zone}


def _add(
    connection: Connection, line_id: int, row: VolunteerRow, agreed: Mapping[str, object]
) -> None:
    person = insert(Person).values(line_id=line_id, name=row.name).returning(Person.id)
    person_id = connection.execute(person).scalar_one()
    columns = _columns(row)
    del columns["name"]
    own = {"person_id": person_id, "line_id": line_id, "phone": row.phone}
    connection.execute(insert(Volunteer).values(own | columns | dict(agreed)))
    _replace_tags(connection, person_id, row, set())


def _update(connection: Connection, before: RowMapping, wanted: Mapping[str, object]) -> bool:
    changes = {name: value for name, value in wanted.items() if before[name] != value}
    if "name" in changes:
        person = update(Person).where(Person.id == before["person_id"])
        connection.execute(person.values(name=changes["name"]))
    columns = {name: value for name, value in changes.items() if name != "name"}
    if columns:
        volunteer = update(Volunteer).where(Volunteer.person_id == before["person_id"])
        connection.execute(volunteer.values(columns))
    return bool(changes)


def _replace_tags(
    connection: Connection, person_id: int, row: VolunteerRow, known: set[str]
) -> bool:
    """Imported tags are only words somebody else entered: the last file's are the ones kept."""
    if set(row.tags) == known:
        return False
    connection.execute(delete(ImportedTag).where(ImportedTag.person_id == person_id))
    words = [{"person_id": person_id, "word": word} for word in row.tags]
    if words:
        connection.execute(insert(ImportedTag), words)
    return True


def export_volunteers(connection: Connection, line_id: int, *, shared: bool = False) -> str:
    """Every volunteer as CSV, by name; with `shared` also the words that they share themselves."""
    tags = _tags(connection, line_id)
    if shared:
        for row in connection.execute(select(SharedWord.person_id, SharedWord.word)):
            tags[row.person_id].add(row.word)
    lines = [written([*COLUMNS, ZONE_COLUMN])]
    for row in connection.execute(_VOLUNTEERS, {"line_id": line_id}):
        words = "; ".join(sorted(tags[row.person_id]))
        voice, text = ("yes" if may else "no" for may in (row.voice, row.text))
        languages = " ".join(row.languages.split(","))
        said = [row.name, row.phone, languages, words, voice, text, _own_word(row.agreed)]
        lines.append(written([*said, row.time_zone or ""]))
    return "".join(lines)
