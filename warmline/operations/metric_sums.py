"""What all processes of a line have counted, added up in the database; any of them can tell it.

Each adds what it has counted since it last did, every few seconds and whenever it is asked for its
figures. So one scrape tells the same whichever process answers, on however many machines they run,
and a process that ends takes nothing away: no counter ever falls, but once a day to nothing, as the
reader of such figures expects of a restart. At rest the sums lie sealed, and none is older than a
day: more than a day's sums of calls is not for the line to keep.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from warmline.database.engine import Database, InsertInto, Upsert, upsert
from warmline.database.sealing import Seal, Unsealable
from warmline.models.operations import MetricSums
from warmline.operations.metrics import Key, Metrics, Sums

EVERY: Final = 5
"""Seconds after which what was counted is added at the latest."""
A_DAY: Final = timedelta(days=1)
ABOUT: Final = "metric sums"
ROW: Final = 1


def _replaced(insert: InsertInto) -> Upsert:
    row = insert(MetricSums)
    new = {name: row.excluded[name] for name in ("began_at", "sums")}
    return row.on_conflict_do_update(index_elements=["id"], set_=new)


_PUT: Final = upsert(_replaced)


@dataclass
class AddedUp:
    """The sums, and what this process has added to them already. Thread-safe."""

    database: Database
    seal: Seal
    metrics: Metrics
    sums: dict[Key, float] = field(default_factory=dict)
    """As last seen: told on while the database is away."""
    _added: dict[Key, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, now: datetime) -> int:
        """Add what was counted since the last time; how many series have changed."""
        with self._lock:
            counted = self.metrics.counted()
            new = self._new(counted)
            with self.database.writing() if new else self.database.reading() as db:
                began_at, sums = self._stored(db, now)
                # Whatever there is to count is told of from the start, though it be nothing.
                sums = _together(sums or dict.fromkeys(counted, 0.0), new)
                if new:
                    self._store(db, began_at, sums)
            self.sums, self._added = sums, counted
        return len(new)

    def told(self) -> Sums:
        """The sums as they are now, as far as this process knows."""
        with self._lock:
            return _together(self.sums, self._new(self.metrics.counted()))

    def _new(self, counted: Sums) -> dict[Key, float]:
        """What is to be added; a series that nobody has told of yet also while it is nothing."""
        return {
            key: value - self._added.get(key, 0)
            for key, value in counted.items()
            if value != self._added.get(key)
        }

    def _stored(self, db: Connection, now: datetime) -> tuple[datetime, dict[Key, float]]:
        row = db.execute(select(MetricSums.__table__).where(MetricSums.id == ROW)).first()
        if row is None or now - row.began_at >= A_DAY:
            return now, {}
        try:
            return row.began_at, _read(self.seal.open(row.sums, ABOUT))
        except Unsealable:
            # Sealed with a key that is gone: figures are not worth a complaint.
            return now, {}

    def _store(self, db: Connection, began_at: datetime, sums: Sums) -> None:
        sealed = self.seal.close(_written(sums), ABOUT)
        db.execute(_PUT[db.dialect.name], {"id": ROW, "began_at": began_at, "sums": sealed})


def forget(db: Connection, now: datetime) -> int:
    """Erase sums that are a day old, though nobody adds to them; how many rows."""
    return db.execute(delete(MetricSums).where(MetricSums.began_at <= now - A_DAY)).rowcount


def _together(some: Mapping[Key, float], more: Mapping[Key, float]) -> dict[Key, float]:
    keys = [*some, *(key for key in more if key not in some)]
    return {key: some.get(key, 0) + more.get(key, 0) for key in keys}


def _written(sums: Sums) -> str:
    return json.dumps([[*key[:2], key.labels, value] for key, value in sums.items()])


def _read(text: str) -> dict[Key, float]:
    return {
        Key(figure, name, tuple((label, of) for label, of in labels)): value
        for figure, name, labels, value in json.loads(text)
    }
