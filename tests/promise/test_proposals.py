"""A change of the promise as rows: it stands, is voted on, and takes effect exactly once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from shifts.models import Line, Person, Place
from tests.stories.served import settings_for
from tests.stories.town import NUMBERS
from warmline.database.sealing import Seal
from warmline.models import promise as promise_models
from warmline.models.calls import Call
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.promise import Proposal, Vote
from warmline.models.sign_in import DeskRole
from warmline.parts import Parts
from warmline.people import leaving
from warmline.people.volunteers import who_may_be_rung
from warmline.promise import promise, promise_versions, proposals
from warmline.promise.promise import NEVER, QUESTIONS, Promise

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
WEEK = timedelta(days=7)
ANA, BO, CHI, DEE = 1, 2, 3, 4
FIRST = [Promise("en", dict.fromkeys(QUESTIONS, NEVER))]
COURT = [Promise("en", {**FIRST[0].answers, "police": "if a court orders it"})]
SCHOOL = [Promise("en", {**FIRST[0].answers, "family": "if a child asks us to"})]
FRESH = "put in force what was agreed"


@dataclass
class Scene:
    """The service without a network, and the time it lives by."""

    parts: Parts
    now: datetime = NOON

    def runs(self, name: str = FRESH) -> int:
        return next(one for one in self.parts.jobs() if one.name == name).run()

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        with self.parts.database.writing() as db:
            yield db

    def version(self) -> int:
        with self.rows() as db:
            return max(one.version for one in promise.in_force(db, 1).values())

    def propose(self, words: list[Promise], by_id: int | None = ANA) -> int:
        with self.rows() as db:
            proposals.propose(db, 1, words, by_id, self.now)
            return int(db.scalars(select(func.max(Proposal.id))).one())

    def votes(self, proposal_id: int, *people: int, agrees: bool = True) -> None:
        with self.rows() as db:
            for person in people:
                proposals.vote(db, proposal_id, person, agrees=agrees)

    def ringable(self) -> set[int]:
        with self.rows() as db:
            return set(db.scalars(who_may_be_rung(1)))


@pytest.fixture
def line(database_url: str) -> Iterator[Scene]:
    """An open line: Ana coordinates, Bo, Chi and Dee are volunteers; all agreed to version 1."""
    settings = settings_for(database_url, 8000, "http://127.0.0.1:9", 1.0)
    held: dict[str, Scene] = {}
    parts = Parts(settings, lambda: held["line"].now)
    held["line"] = Scene(parts)
    with parts.database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        db.execute(insert(LineRules).values(line_id=1, number="+14135550100", languages="en,es"))
        promise.save(db, 1, FIRST, NOON - WEEK)
        db.execute(update(LineRules).values(opened_at=NOON - WEEK))
        for person_id, name in ((ANA, "Ana"), (BO, "Bo"), (CHI, "Chi"), (DEE, "Dee")):
            phone: dict[str, Any] = {"phone": NUMBERS[name], "languages": "en"}
            own = {"person_id": person_id, "line_id": 1, "agreed": "yes", "agreed_promise": 1}
            db.execute(insert(Person).values(id=person_id, line_id=1, name=name))
            db.execute(insert(Volunteer).values(own | phone))
        db.execute(insert(DeskRole).values(person_id=ANA, line_id=1, role="coordinator"))
    yield held["line"]
    parts.close()


@pytest.mark.both_databases
def test_what_is_agreed_to_takes_effect_once_whoever_is_first(line: Scene) -> None:
    number = line.propose(COURT)
    line.votes(number, BO, CHI)
    line.now += WEEK - timedelta(minutes=1)
    assert line.runs() == 0
    line.now += timedelta(minutes=1)
    clocks = [Parts(line.parts.settings, lambda: line.now) for _ in range(4)]
    start = threading.Barrier(len(clocks))
    done: list[int] = []

    def tick(parts: Parts) -> None:
        job = next(one for one in parts.jobs() if one.name == FRESH)
        start.wait()
        done.append(job.run())

    threads = [threading.Thread(target=tick, args=[parts]) for parts in clocks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for parts in clocks:
        parts.close()
    assert sum(done) == 1
    assert line.version() == 2
    assert line.ringable() == {ANA, BO, CHI}
    with line.rows() as db:
        row = db.execute(select(Proposal.__table__)).one()
        assert (row.in_force_at, row.by_id, row.yeses, row.objections) == (line.now, None, 3, 0)
        assert db.scalars(select(Vote.person_id)).all() == []
        new, old = promise_versions.versions(db, 1)
        assert (new.number, new.since, new.until) == (2, line.now, None)
        assert (old.number, old.since, old.until) == (1, NOON - WEEK, line.now)
        assert old.words["en"] == FIRST[0]


def test_who_has_not_agreed_is_asked_once_and_rung_after_their_yes(line: Scene) -> None:
    line.votes(line.propose(COURT), BO, CHI)
    line.now += WEEK
    line.runs()
    assert line.runs("ask about the promise") == 1
    assert line.runs("ask about the promise") == 0
    assert DEE not in line.ringable()


def test_objections_hold_it_and_a_change_of_mind_lets_it_go_on(line: Scene) -> None:
    number = line.propose(COURT)
    line.votes(number, BO, CHI)
    line.votes(number, CHI, DEE, agrees=False)
    line.now += WEEK
    assert line.runs() == 0
    line.votes(number, CHI)
    assert line.runs() == 1
    assert line.version() == 2


def test_one_that_takes_effect_ends_what_was_about_the_promise_before(line: Scene) -> None:
    first, second = line.propose(COURT), line.propose(SCHOOL, by_id=BO)
    for number in (first, second):
        line.votes(number, ANA, BO, CHI)
    line.now += WEEK
    assert line.runs() == 1
    assert line.version() == 2
    with line.rows() as db:
        assert proposals.standing(db, 1) == []
        assert db.scalars(select(promise_models.Promise.version)).all() == [1, 2]
    assert line.runs() == 0


def test_one_person_has_one_proposal_and_the_words_that_stand_are_no_new_ones(line: Scene) -> None:
    first = line.propose(COURT)
    assert line.propose(COURT, by_id=BO) == first
    assert line.propose(FIRST, by_id=BO) == first
    line.propose(SCHOOL)
    with line.rows() as db:
        [standing] = proposals.standing(db, 1)
        assert dict(standing.after) == {"en": SCHOOL[0]}
        assert standing.rules.yeses == {ANA}
        proposals.take_back(db, standing)
        assert db.scalars(select(promise_models.Promise.version)).all() == [1]
        assert db.scalars(select(Vote.person_id)).all() == []
    assert line.propose(COURT, by_id=None) > first


def test_what_nobody_gathers_for_is_over_after_two_months(line: Scene) -> None:
    line.propose(COURT)
    line.now += timedelta(days=59)
    assert line.runs() == 0
    line.now += timedelta(days=1)
    assert line.runs() == 1
    assert line.version() == 1
    with line.rows() as db:
        assert proposals.standing(db, 1) == []


def test_what_protects_callers_more_waits_for_people_but_for_no_day(line: Scene) -> None:
    line.votes(line.propose(COURT), BO, CHI, DEE)
    line.now += WEEK
    line.runs()
    number = line.propose(FIRST, by_id=BO)
    assert line.runs() == 0
    line.votes(number, ANA, CHI)
    assert line.runs() == 1
    assert line.version() == 3


def test_one_person_alone_waits_72_hours(line: Scene) -> None:
    with line.rows() as db:
        for person in (BO, CHI, DEE):
            leaving.erase(db, Seal(["x" * 32]), 1, person, ZoneInfo("America/New_York"), NOON)
    number = line.propose(COURT, by_id=None)
    line.now += timedelta(hours=72)
    assert line.runs() == 0
    line.votes(number, ANA)
    line.now -= timedelta(minutes=1)
    assert line.runs() == 0
    line.now += timedelta(minutes=1)
    assert line.runs() == 1


def test_it_waits_a_day_at_most_for_a_moment_that_costs_no_caller_an_answer(line: Scene) -> None:
    line.votes(line.propose(COURT), BO, CHI)
    line.now += WEEK
    with line.rows() as db:
        on = {"starts_at": line.now, "ends_at": line.now + timedelta(hours=24)}
        seat = {"line_id": 1, "person_id": DEE, "state": "agreed"}
        db.execute(insert(Place).values(on | seat))
    assert line.runs() == 0
    line.votes(1, DEE)
    with line.rows() as db:
        when = {"arrived_at": line.now, "heard_at": line.now}
        ids = {"line_id": 1, "token": "t", "provider_id": "CA1", "state": "waiting"}
        db.execute(insert(Call).values(**ids, **when, language="en"))
    assert line.runs() == 0
    line.now += timedelta(hours=12)
    with line.rows() as db:
        db.execute(delete(Call))
    assert line.runs() == 0, "it is night there"
    line.now += timedelta(hours=12)
    assert line.runs() == 1


def test_who_leaves_takes_their_vote_along_and_what_they_proposed_stands(line: Scene) -> None:
    number = line.propose(COURT)
    line.votes(number, BO, CHI)
    with line.rows() as db:
        leaving.erase(db, Seal(["x" * 32]), 1, ANA, ZoneInfo("America/New_York"), NOON)
        [standing] = proposals.standing(db, 1)
        assert standing.by_id is None
        assert standing.rules.yeses == {BO, CHI}
