"""What was erased since a backup was made is erased in what was restored of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select, update

from shifts.models import Line, Person
from warmline.backup.reading import Known
from warmline.database import fleeting
from warmline.database.sealing import Seal
from warmline.models.people import Volunteer
from warmline.models.privacy import Note
from warmline.people import leaving
from warmline.privacy import erased

PEOPLE: Final = "people who left"
NOTES: Final = "notes"
SILENT: Final = "people who wrote STOP"


def erase_anew(
    db: Connection, seal: Seal, known: Sequence[Known], since: datetime, now: datetime
) -> Mapping[str, int]:
    """Erase whatever one of the lists names that the restored line does not know of; how many."""
    there = {one.token for one in erased.listed(db)}
    # An id may be another's later on: what was erased on a day before the backup was, was before.
    first = (since + erased.KEPT_FOR).date()
    listed = {one.token: one for copy in known for one in copy.entries if one.until >= first}
    anew = [one for token, one in listed.items() if token not in there]
    digests = frozenset(one.digest for one in anew)
    with fleeting.under(_key(db)):
        done = Counter({PEOPLE: _people(db, seal, digests, now)})
        done[NOTES] = _notes(db, seal, digests)
        done[SILENT] = _silent(db, seal, digests)
    erased.add(db, anew)
    return done


def _key(db: Connection) -> str | None:
    """What is fleeting is empty: it gets its key here, and is legible to what erases people."""
    if db.dialect.name == "sqlite":
        return None
    return fleeting.key_of(db) or fleeting.first_key(db)


def _people(db: Connection, seal: Seal, digests: frozenset[str], now: datetime) -> int:
    people = db.execute(
        select(Person.id, Person.line_id, Line.time_zone).join(Line, Line.id == Person.line_id)
    ).all()
    gone = [one for one in people if erased.is_among(seal, digests, erased.PERSON, one.id)]
    for one in gone:
        leaving.erase(db, seal, one.line_id, one.id, ZoneInfo(one.time_zone), now)
    return len(gone)


def _notes(db: Connection, seal: Seal, digests: frozenset[str]) -> int:
    if not digests:
        return 0
    receipts = select(Note.id, Note.receipt).where(Note.receipt.is_not(None))
    gone = [
        one.id
        for one in db.execute(receipts).all()
        if erased.is_among(seal, digests, erased.NOTE, one.receipt)
    ]
    for note_id in gone:
        db.execute(delete(Note).where(Note.id == note_id))
    return len(gone)


def _silent(db: Connection, seal: Seal, digests: frozenset[str]) -> int:
    said_yes = db.scalars(select(Volunteer.person_id).where(Volunteer.agreed != "")).all()
    gone = [one for one in said_yes if erased.is_among(seal, digests, erased.YES, one)]
    for person_id in gone:
        theirs = update(Volunteer).where(Volunteer.person_id == person_id)
        db.execute(theirs.values(agreed=""))
    return len(gone)
