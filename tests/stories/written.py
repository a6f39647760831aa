"""What stands written in a town's database: counts, notes, live rows, everything."""

from sqlalchemy import func, select

from shifts.models import Base
from warmline.counts import counting
from warmline.models.calls import Call, CallBack, Ring, TriedPeer
from warmline.models.counts import DayCount
from warmline.models.people import Volunteer
from warmline.models.privacy import Note
from warmline.outbox import backlog
from warmline.parts import Parts
from warmline.simulator import Exchange

OUTCOMES = set(counting.BARE_SUMS)


class Written:
    """Reads what the service remembers."""

    network: Exchange
    parts: Parts
    people: dict[str, int]

    def notes(self) -> list[tuple[str, int, str, str, bool]]:
        with self.parts.database.reading() as db:
            found = select(Note.day, Note.hour, Note.language, Note.length, Note.answered)
            return [
                (str(n.day), n.hour, n.language, n.length, n.answered) for n in db.execute(found)
            ]

    def counts(self) -> dict[str, int]:
        """The day's counts of what was offered, and of how it ended, by what they count."""
        return {what: number for what, number in self.counted().items() if what in OUTCOMES}

    def counted(self) -> dict[str, int]:
        """All of the day's counts, by what they count."""
        with self.parts.database.reading() as db:
            found = db.execute(select(DayCount.what, DayCount.number)).all()
        return {one.what: one.number for one in found}

    def call_backs(self) -> int:
        """How many have asked to be called back."""
        with self.parts.database.reading() as db:
            return int(db.scalar(select(func.count()).select_from(CallBack)) or 0)

    def is_in_breather(self, name: str) -> bool:
        with self.parts.database.reading() as db:
            mine = select(Volunteer.breather_until).where(Volunteer.person_id == self.people[name])
            until = db.execute(mine).scalar()
        return until is not None and until > self.network.now()

    def live_rows(self) -> dict[str, int]:
        """How many rows of live things there are, by table; tables without any are left out."""
        with self.parts.database.reading() as db:
            numbers = {
                table.__tablename__: db.execute(
                    select(func.count()).select_from(table)
                ).scalar_one()
                for table in (Call, Ring, TriedPeer)
            }
            numbers["outbox"] = backlog.waiting(db)
        return {name: number for name, number in numbers.items() if number}

    def effects_waiting(self) -> int:
        """What has still to be done in the world, but for erasures, which take their time."""
        with self.parts.database.reading() as db:
            return backlog.waiting(db)

    def everything_written(self) -> str:
        """Every row of every table, as text."""
        with self.parts.database.reading() as db:
            # Keys, and what is salted anew each time, are no two times the same.
            tables = [one for one in Base.metadata.sorted_tables if one.name != "fleeting_key"]
            kept = [
                [c for c in one.c if c.name not in ("salt", "digest", "receipt")] for one in tables
            ]
            rows = [str(row) for columns in kept for row in db.execute(select(*columns))]
            # No database promises an order of its own.
            return "\n".join(sorted(rows))
