"""What SQLite is asked is understood by PostgreSQL as well, or the test that asked it fails."""

import pytest
from sqlalchemy import func, select

from shifts.models import Person
from tests.databases import Databases
from tests.planned import Planner, planned_by
from warmline.database.engine import Database
from warmline.models.calls import Call


@pytest.fixture
def postgresql(postgresql_url: str) -> Planner:
    return Planner(postgresql_url)


def test_what_only_sqlite_understands_is_told(
    postgresql: Planner, sqlite_databases: Databases
) -> None:
    with sqlite_databases.migrated() as url, planned_by(postgresql):
        database = Database(url)
        with database.reading() as db:
            db.execute(select(Person.id).where(Person.id.in_([1, 2])))
            assert postgresql.faults == []
            db.execute(select(func.julianday(Call.arrived_at)))
            db.execute(select(func.julianday(Call.arrived_at)))
        database.close()
    postgresql.close()
    [fault] = postgresql.faults
    assert "julianday" in fault
    assert "UndefinedFunction" in fault
