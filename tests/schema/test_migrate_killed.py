"""A process is killed while a newer version migrates: the old one works on, the next one finishes.

All are processes of their own. The newer version is a copy of this one with a migration more, which
stops where it has changed a table already.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import warmline
from tests.serving.processes import kill, kill_all
from tests.serving.test_serving import (
    LINE,
    PROGRAM,
    asked,
    free_port,
    set_up_line,
    started,
    surroundings,
    until_logged,
)
from tests.waiting import until
from warmline.database.engine import Database
from warmline.schema.revisions import revision, schema_at

pytestmark = [pytest.mark.usefixtures("fixed_clock"), pytest.mark.both_databases]

HERE: Final = Path(warmline.__file__).resolve().parent.parent
STOPS: Final = "TEST_STOPS_AT"
MIGRATION: Final = '''
"""one column more"""

import os
import signal
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("line_rules") as changed:
        changed.add_column(sa.Column("colour", sa.String(20), nullable=True))
    op.execute("UPDATE line_rules SET colour = 'green'")
    if where := os.environ.get("{stops}"):
        Path(where).touch()
        signal.pause()
'''
CALL: Final = {"CallSid": "CA" + "1" * 32, "From": "+14135550151", "To": LINE}
UP_TO_DATE: Final = "the schema is up to date"


@pytest.fixture
def newer(tmp_path: Path, database_url: str) -> Path:
    """A checkout of a version with one migration more."""
    place = tmp_path / "newer"
    for name in ("warmline", "shifts", "alembic"):
        left_out = shutil.ignore_patterns("__pycache__", "docs", "static")
        shutil.copytree(HERE / name, place / name, ignore=left_out)
    last = ScriptDirectory.from_config(schema_at(database_url)).get_current_head()
    text = MIGRATION.format(last=last, stops=STOPS)
    (place / "alembic" / "versions" / "9999_colour.py").write_text(text)
    return place


@contextmanager
def migrating(newer: Path, url: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """`warmline migrate` of the newer version."""
    command = [sys.executable, "-c", PROGRAM, "migrate"]
    environment = surroundings(url, 8000) | more
    with subprocess.Popen(
        command, cwd=newer, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def answers(port: int) -> bool:
    """Whether somebody who calls is greeted."""
    try:
        return "Riverside" in str(asked(port, "POST", "/voice", CALL).msg["x-body"])
    except OSError:
        return False


def schema(url: str) -> tuple[str | None, bool]:
    """Its revision, and whether it has the column more."""
    database = Database(url)
    with database.reading() as db:
        columns = {column["name"] for column in inspect(db).get_columns("line_rules")}
        at = revision(db)
    database.close()
    return at, "colour" in columns


@pytest.mark.long
def test_whatever_is_killed_in_a_migration_the_old_version_works_and_the_next_migrate_finishes(
    database_url: str, newer: Path, tmp_path: Path
) -> None:
    set_up_line(database_url)
    before, middle, port = schema(database_url), tmp_path / "middle", free_port()
    assert before[1] is False
    with started("serve", url=database_url, port=port) as old:
        until_logged(old, "startup complete")
        with migrating(newer, database_url, **{STOPS: str(middle)}) as stuck:
            until(middle.exists)
            kill_all(old.pid)
            with started("serve", url=database_url, port=port) as again:
                until_logged(again, "startup complete")
                assert "moment" in str(asked(port, "POST", "/voice", CALL).msg["x-body"])
                kill(stuck.pid)
                stuck.wait()
                until(lambda: answers(port))
                kill_all(again.pid)
    assert schema(database_url) == before
    with migrating(newer, database_url) as finishing:
        assert UP_TO_DATE in finishing.communicate()[0]
        assert finishing.returncode == 0
    assert schema(database_url) == ("9999", True)
