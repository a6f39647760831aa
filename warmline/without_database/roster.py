"""Who is on shift, as last read while the database answered: sealed, and in memory only."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select

from shifts.models import LONGEST_PLACE_HOURS, ON_STATES, Place
from warmline.calls import calls
from warmline.calls.records import LineFacts
from warmline.database.sealing import Seal
from warmline.models.calls import Call, Ring
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.phone_numbers import NotDialled, may_be_dialled
from warmline.promise.promise import has_agreed, in_force, offered_languages, texted
from warmline.routing.peers import END_OF_SHIFT

AHEAD: Final = timedelta(hours=12)
"""Shifts that begin within so long are remembered too: an outage may outlast the present one."""
TOO_OLD: Final = timedelta(hours=12)
ABOUT: Final = "the last roster"
EVERY: Final = 60
"""Seconds between two readings."""


class OnShift(NamedTuple):
    """Somebody's time on shift, with what decides whether their phone rings. Seconds since 1970.

    `number` is E.164, `languages` codes with commas between them; `busy` is what was so when it
    was read: in a talk, calling the line, or being rung.
    """

    person_id: int
    number: str
    languages: str
    starts: float
    ends: float
    away_until: float
    idle_since: float
    rung_last: bool
    ring_seconds: int
    busy: bool

    def is_on(self, now: datetime) -> bool:
        """Whether they may be rung: on shift, not about to go off, in no pause and no breather."""
        at = now.timestamp()
        stays = self.ends - at >= END_OF_SHIFT.total_seconds()
        return self.starts <= at and stays and self.away_until <= at


class LineThen(NamedTuple):
    """The line as last read; `promised` is what is said before any talk, by language."""

    name: str
    number: str
    languages: Sequence[str]
    patience_seconds: int
    phones_at_once: int
    promised: dict[str, str]


class Remembered(NamedTuple):
    """What was read at `read_at` (seconds since 1970)."""

    read_at: float
    line: LineThen
    on: Sequence[OnShift]


class LastRoster:
    """Keeps what was read last, sealed with the line's secret key. Thread-safe."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._sealed = ""

    def read(self, db: Connection, now: datetime) -> None:
        """Read it anew; a line that is not open yet has none."""
        facts = calls.all_lines(db)
        offered = offered_languages(db, facts[0].line_id) if facts else ()
        if not offered:
            self._sealed = ""
            return
        found = Remembered(now.timestamp(), _line(db, facts[0], offered), _on(db, facts[0], now))
        self._sealed = self._seal.close(json.dumps(found), ABOUT)

    def last(self, now: datetime) -> Remembered | None:
        """What was read last; None if nothing was, or not for hours."""
        if not self._sealed:
            return None
        read_at, line, on = json.loads(self._seal.open(self._sealed, ABOUT))
        if now.timestamp() - read_at > TOO_OLD.total_seconds():
            return None
        return Remembered(read_at, LineThen(*line), [OnShift(*one) for one in on])


def _line(db: Connection, facts: LineFacts, offered: Sequence[str]) -> LineThen:
    held = in_force(db, facts.line_id)
    said = {code: texted(one, facts.line_name)[0] for code, one in held.items()}
    rules = (facts.patience_seconds, facts.phones_at_once)
    return LineThen(facts.line_name, facts.line_number, offered, *rules, said)


def _on(db: Connection, facts: LineFacts, now: datetime) -> list[OnShift]:
    """Whoever is on or will be soon, has agreed and takes calls; adjoining shifts are one."""
    busy = _busy(db, facts.line_id)
    found: list[OnShift] = []
    for row in db.execute(_places(facts.line_id, now)):
        try:
            may_be_dialled(row.phone, row.countries.split(","))
        except NotDialled:
            continue
        begins, away = row.starts_at.timestamp(), (row.paused_until, row.breather_until)
        one = OnShift(
            row.person_id,
            row.phone,
            row.languages,
            begins,
            row.ends_at.timestamp(),
            max((until.timestamp() for until in away if until is not None), default=0.0),
            max(begins, row.idle_since.timestamp() if row.idle_since else begins),
            row.rung_last,
            row.rings_for,
            row.person_id in busy,
        )
        before = found[-1] if found and found[-1].person_id == one.person_id else None
        if before is not None and one.starts <= before.ends:
            found[-1] = before._replace(ends=max(before.ends, one.ends))
        else:
            found.append(one)
    return found


def _busy(db: Connection, line_id: int) -> set[int | None]:
    """Whoever is in a call, as peer, third person or caller, or texts about themselves."""
    live = select(Call.peer_id, Call.volunteer_id).where(Call.line_id == line_id)
    rung = select(Ring.person_id).where(Ring.line_id == line_id)
    texts = select(Talk.volunteer_id).where(Talk.line_id == line_id)
    in_calls = {one for row in db.execute(live) for one in row}
    return in_calls | set(db.scalars(rung)) | set(db.scalars(texts))


def _places(line_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    rings_for = func.coalesce(Volunteer.ring_seconds, LineRules.ring_seconds).label("rings_for")
    who = (Volunteer.phone, Volunteer.languages, Volunteer.rung_last, Volunteer.idle_since)
    away = (Volunteer.paused_until, Volunteer.breather_until)
    theirs = and_(Volunteer.person_id == Place.person_id, Volunteer.line_id == Place.line_id)
    return (
        select(Place.person_id, Place.starts_at, Place.ends_at, *who, *away, rings_for)
        .add_columns(LineRules.countries)
        .join(Volunteer, theirs)
        .join(LineRules, LineRules.line_id == Place.line_id)
        .where(
            Place.line_id == line_id,
            Place.duty.is_(False),
            Place.starts_at > now - timedelta(hours=LONGEST_PLACE_HOURS),
            Place.starts_at <= now + AHEAD,
            Place.ends_at > now,
            Place.state.in_(ON_STATES),
            has_agreed(line_id),
            Volunteer.voice,
        )
        .order_by(Place.person_id, Place.starts_at)
    )
