"""The demo's roster: who is on now, whose shifts follow, and which places need someone."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert

from shifts.models import AGREED, OPEN, Person, Place
from warmline.models import Volunteer
from warmline.simulator.demo.cast import VOLUNTEERS, Part

BEGAN: Final = timedelta(hours=1)
"""How long ago the shift began on which all of them are."""
DAY: Final = timedelta(days=1)
DAYS: Final = 30
TURN: Final = timedelta(hours=6)
TURNS: Final = (("Ana", "Bo"), ("Chi",), ("Ana",), ("Chi",))
"""Who is on from tomorrow evening, turn by turn: always somebody for texts and for Spanish."""
OPEN_TURNS: Final = (4, 6, 7, 11)
"""Turns from now, of six hours each, that have one place more: everybody could take two."""
Row = Mapping[str, Any]


def fill(db: Connection, line_id: int, now: datetime) -> None:
    """Everybody on the roster, all of them on now, and a few places for whoever takes them."""
    people = {part.name: _add(db, line_id, part, now) for part in VOLUNTEERS}
    rows = [*_shifts(people, now - BEGAN), *_open_places(now - BEGAN)]
    db.execute(insert(Place), [{"line_id": line_id, **row} for row in rows])


def _add(db: Connection, line_id: int, part: Part, now: datetime) -> int:
    """Somebody who has agreed to be rung and texted; their person's id."""
    adding = insert(Person).values(line_id=line_id, name=part.name).returning(Person.id)
    person = int(db.execute(adding).scalar_one())
    db.execute(
        insert(Volunteer).values(
            person_id=person,
            line_id=line_id,
            phone=part.number,
            languages=part.languages,
            text=part.takes_texts,
            agreed="yes",
            agreed_at=now,
            agreed_promise=1,
        )
    )
    return person


def _shifts(people: Mapping[str, int], began: datetime) -> Iterator[Row]:
    """A day on which all of them are on, and then some weeks in turns."""
    for person in people.values():
        yield _place(began, DAY, person)
    for turn, names in enumerate(TURNS * DAYS):
        for name in names:
            yield _place(began + DAY + turn * TURN, TURN, people[name])


def _open_places(began: datetime) -> Iterator[Row]:
    for turn in OPEN_TURNS:
        yield _place(began + turn * TURN, TURN, None)


def _place(starts_at: datetime, long: timedelta, person: int | None) -> Row:
    state = OPEN if person is None else AGREED
    held = {"person_id": person, "state": state}
    return {"starts_at": starts_at, "ends_at": starts_at + long, **held}
