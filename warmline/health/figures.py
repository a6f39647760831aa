"""All that one look at `/metrics` tells: what every process has counted, and how things stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.pool import QueuePool

from warmline import __version__
from warmline.database.engine import Database
from warmline.operations import job_runs
from warmline.operations.metric_sums import AddedUp
from warmline.operations.metrics import Metrics, Pool
from warmline.outbox import backlog
from warmline.schema.revisions import schema_at


@dataclass(slots=True)
class Figures:
    """Gathers them. `look` asks the database and may raise; `render` tells what is known."""

    metrics: Metrics
    added_up: AddedUp
    database: Database
    now: Callable[[], datetime]

    def look(self) -> None:
        """See how things stand now."""
        pool = pool_of(self.database)
        now = self.now()
        with self.database.reading() as db:
            self.metrics.outbox_waiting(backlog.waiting(db))
            self.metrics.outbox_oldest(backlog.oldest(db, now).total_seconds())
            self.metrics.jobs_ran(job_runs.each_last(db))
        self.metrics.runs(__version__, *revisions(self.database), pool)
        self.added_up.add(now)

    def render(self) -> bytes:
        """In the Prometheus text format."""
        return self.metrics.render(self.added_up.told())


def revisions(database: Database) -> tuple[str | None, str | None]:
    """The schema's revision there, and the one that this version was written for."""
    from alembic.migration import MigrationContext

    with database.reading() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
    return there, expected_revision(database.url)


@cache
def expected_revision(url: str) -> str | None:
    """The newest revision that this version knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(schema_at(url)).get_current_head()


def pool_of(database: Database) -> Pool:
    """How many connections to the database this process has in use, and may have."""
    pool = database.engine.pool
    if not isinstance(pool, QueuePool):
        return Pool(0, 0)
    return Pool(pool.checkedout(), pool.size() + max(0, pool._max_overflow))
