"""The shared examples of roster rules, every one, asked of the one resolver on both databases."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select

from shifts.claims import claims
from shifts.local_time import Span
from shifts.models import AGREED, OPEN, Line, Person, Place
from shifts.overrides import replacing
from shifts.patterns.materialise import make_ahead
from shifts.patterns.pattern_rows import add_pattern, say_yes
from shifts.patterns.rule import Rule, Turns, Weekly, Window, everybody
from shifts.places import in_span, without
from shifts.who_is_on import Stretch, stretches, who_is_on
from tests.databases import Databases
from warmline.database.engine import Database

HERE = Path(__file__).parent
SHARED = json.loads((HERE / "roster_cases.json").read_text(encoding="utf-8"))
Example = dict[str, Any]
EXAMPLES: list[Example] = SHARED["cases"]
SHOWN_ELSEWHERE = {
    "swap_transition": ("claims/test_claims.py", "def test_rc28_"),
    "concurrency": ("claims/test_claim_races.py", "def test_rc42_"),
}
"""Moves of a claim and races need more than a question: where, and by which tests."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
AROUND = timedelta(days=21)


class Told:
    """An example on a line of its own: its people agreed to everything; then it is asked about."""

    def __init__(self, connection: Connection, example: Example) -> None:
        self.connection, self.zone = connection, ZoneInfo(example["timezone"])
        line = insert(Line).values(name=example["id"], time_zone=example["timezone"])
        self.line_id = int(connection.execute(line.returning(Line.id)).scalar_one())
        definition = example["definition"]
        self.people = {name: self._person(name) for name in sorted(_names(definition))}
        asked = [instant for check in example["checks"] for instant in _asked_about(check)]
        self.begin, self.end = min(asked) - AROUND, max(asked) + AROUND
        self._plan(definition)
        self._change(definition)

    def _person(self, name: str) -> int:
        person = insert(Person).values(line_id=self.line_id, name=name)
        return int(self.connection.execute(person.returning(Person.id)).scalar_one())

    def _plan(self, definition: Example) -> None:
        first_day = self.begin.date()
        for told in definition.get("weekly_shifts", []):
            persons = self._group(told["users"])
            self._pattern(Rule(_from(told, first_day), window=_window(told), persons=persons))
        for told in definition.get("rotations", []):
            self._pattern(self._rotation(told, first_day))
        make_ahead(self.connection, self.line_id, self.zone, self.begin, self.end)
        for told in definition.get("fixed_shifts", []):
            for person_id in self._group(told["users"]) or (None,):
                self._place(person_id, *map(_instant, (told["start"], told["end"])))

    def _rotation(self, told: Example, first_day: date) -> Rule:
        groups = tuple(self._group(group) for group in told["users"])
        if told.get("advance") == "per_active_day":
            turns = Turns("shift", groups, told["every"])
            return Rule(_from(told, first_day), window=_window(told), turns=turns)
        anchor = datetime.fromisoformat(told["anchor_local"])
        turns = Turns(told["unit"], groups, told["every"], anchor)
        window = _window(told["window"]) if "window" in told else None
        return Rule(first_day, window=window, turns=turns)

    def _pattern(self, rule: Rule) -> None:
        pattern_id = add_pattern(self.connection, self.line_id, rule, "Told", False, self.begin)
        for person_id in everybody(rule):
            say_yes(self.connection, self.line_id, pattern_id, person_id, self.begin)

    def _group(self, names: list[str]) -> tuple[int, ...]:
        return tuple(self.people[name] for name in names)

    def _place(self, person_id: int | None, starts_at: datetime, ends_at: datetime) -> None:
        when = {"line_id": self.line_id, "starts_at": starts_at, "ends_at": ends_at}
        state = AGREED if person_id else OPEN
        self.connection.execute(
            insert(Place).values(when | {"person_id": person_id, "state": state})
        )

    def _change(self, definition: Example) -> None:
        for told in definition.get("overrides", []):
            span, leaves = (_instant(told["start"]), _instant(told["end"])), told["remove"]
            where = (self.connection, self.line_id, *span, self.people[leaves])
            if told["add"] is None:
                replacing.remove(*where, by_id=None, now=self.begin)
            else:
                comes = self.people[told["add"]]
                replacing.replace(*where, comes, by_id=None, now=self.begin, agreed=True)
        for told in definition.get("swaps", []):
            self._swap(told)

    def _swap(self, told: Example) -> None:
        part = _instant(told["start"]), _instant(told["end"])
        asker = self.people[told["from_user"]]
        place_id = self.connection.execute(
            select(Place.id).where(
                Place.person_id == asker, Place.starts_at <= part[0], Place.ends_at >= part[1]
            )
        ).scalar_one()
        line = (self.connection, self.line_id)
        offered = claims.offer(*line, asker, place_id, self.begin, part=part)
        if told["taken_by"] is not None:
            taker = self.people[told["taken_by"]]
            claims.take(*line, taker, offered.place_id, self.begin, zone=self.zone)

    def on_call(self, at: datetime) -> set[str]:
        return {one.name for one in who_is_on(self.connection, self.line_id, at)}

    def stretches(self, begin: datetime, end: datetime) -> dict[str, list[Stretch]]:
        """Everybody's seamless stretches around [begin, end), by name."""
        names = {number: name for name, number in self.people.items()}
        own: dict[str, list[Stretch]] = defaultdict(list)
        for place in in_span(self.connection, self.line_id, begin - AROUND, end + AROUND):
            if place.on and place.person_id is not None:
                own[names[place.person_id]].append(Stretch(place.starts_at, place.ends_at))
        return {name: list(stretches(each)) for name, each in own.items()}

    def shifts(self, begin: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
        """Who is on from when to when within [begin, end), by start."""
        found = [
            (name, max(one.starts_at, begin), min(one.until, end))
            for name, each in self.stretches(begin, end).items()
            for one in each
            if one.starts_at < end and one.until > begin
        ]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def gaps(self, begin: datetime, end: datetime) -> list[Span]:
        covered = [(starts, ends) for _, starts, ends in self.shifts(begin, end)]
        return without((begin, end), covered)

    def handoffs(self, begin: datetime, end: datetime) -> list[datetime]:
        """The instants of [begin, end) at which somebody else has taken over."""
        shifts = self.shifts(begin - AROUND, end + AROUND)
        borders = sorted({at for _, *span in shifts for at in span if begin <= at < end})

        def before(at: datetime) -> set[str]:
            return {name for name, starts, ends in shifts if starts < at <= ends}

        return [at for at in borders if self.on_call(at) != before(at)]


def _names(definition: Example) -> Iterator[str]:
    for key in ("weekly_shifts", "fixed_shifts", "rotations"):
        for told in definition.get(key, []):
            for one in told["users"]:
                yield from [one] if isinstance(one, str) else one
    for told in definition.get("overrides", []):
        yield from filter(None, (told["remove"], told["add"]))
    for told in definition.get("swaps", []):
        yield from filter(None, (told["from_user"], told["taken_by"]))


def _asked_about(check: Example) -> Iterator[datetime]:
    if "query_utc" in check:
        yield _instant(check["query_utc"])
    yield from map(_instant, check.get("window_utc", []))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _from(told: Example, usual: date) -> date:
    return date.fromisoformat(told["from"]) if "from" in told else usual


def _window(told: Example) -> Window:
    weekdays = tuple(WEEKDAYS.index(day) for day in told["days"])
    starts, ends = (time.fromisoformat(told[key]) for key in ("start", "end"))
    return Window(Weekly(weekdays), starts, ends)


def _span(told: Example) -> Span:
    return _instant(told["start"]), _instant(told["end"])


def _on_call(told: Told, check: Example) -> None:
    assert told.on_call(_instant(check["query_utc"])) == set(check["expected"])


def _shifts(told: Told, check: Example) -> None:
    expected = [(one["user"], *_span(one)) for one in check["expected"]]
    assert told.shifts(*map(_instant, check["window_utc"])) == expected


def _gaps(told: Told, check: Example) -> None:
    expected = [_span(one) for one in check["expected"]]
    assert told.gaps(*map(_instant, check["window_utc"])) == expected


def _handoffs(told: Told, check: Example) -> None:
    expected = [_instant(one) for one in check["expected"]]
    assert told.handoffs(*map(_instant, check["window_utc"])) == expected


ASK: dict[str, Callable[[Told, Example], None]] = {
    "on_call": _on_call,
    "shifts": _shifts,
    "gaps": _gaps,
    "handoffs": _handoffs,
}
ASKED = [one for one in EXAMPLES if all(check["kind"] in ASK for check in one["checks"])]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One database of each kind for all examples: each has a line of its own."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.migrated() as url:
        database = Database(url)
        yield database
        database.close()


@pytest.mark.parametrize("example", ASKED, ids=lambda one: f"{one['id']} {one['name']}")
def test_a_shared_example_holds(database: Database, example: Example) -> None:
    with database.writing() as connection:
        told = Told(connection, example)
        for check in example["checks"]:
            ASK[check["kind"]](told, check)


def test_no_shared_example_is_left_out() -> None:
    left = [one for one in EXAMPLES if one not in ASKED]
    assert {check["kind"] for one in left for check in one["checks"]} == SHOWN_ELSEWHERE.keys()
    for file, test in SHOWN_ELSEWHERE.values():
        assert test in (HERE / file).read_text(encoding="utf-8")
    assert len(EXAMPLES) == 18
