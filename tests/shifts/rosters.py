"""A small roster to begin tests from: two lines, three persons, and a way to add places."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, insert

from shifts.models import AGREED, Line, Person, Place
from warmline.database.engine import Database

LINE, OTHER_LINE = 1, 2
ANA, BO, CHI = 1, 2, 3


@contextmanager
def roster(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.writing() as connection:
            begin(connection)
            yield connection
    finally:
        database.close()


def begin(connection: Connection) -> None:
    lines = [{"id": LINE, "name": "Peer Line"}, {"id": OTHER_LINE, "name": "Night Line"}]
    connection.execute(insert(Line), [line | {"time_zone": "America/New_York"} for line in lines])
    names = {ANA: "Ana", BO: "Bo", CHI: "Chi"}
    people = [{"id": person, "line_id": LINE, "name": name} for person, name in names.items()]
    connection.execute(insert(Person), people)


def add(
    connection: Connection,
    starts_at: datetime,
    ends_at: datetime,
    person_id: int | None,
    state: str = AGREED,
    line_id: int = LINE,
) -> None:
    place = {
        "line_id": line_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "person_id": person_id,
        "state": state,
    }
    connection.execute(insert(Place), [place])
