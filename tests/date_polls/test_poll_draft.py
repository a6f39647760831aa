"""A draft from the answers: what people have already is respected, and races are settled."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select, update

from shifts.editing.drafting import Done
from shifts.history import history
from shifts.models import Away, Person, Place
from tests.stories.test_dates_by_text import DAYS, UNTIL
from tests.stories.town import Town, town_on
from warmline.database.engine import Database
from warmline.date_polls import poll_draft, polls
from warmline.date_polls.poll_draft import DraftedAlready
from warmline.date_polls.polls import Asking
from warmline.models.people import Volunteer

pytestmark = pytest.mark.both_databases

NEW_YORK = ZoneInfo("America/New_York")
EVE, FRIDAY, SATURDAY = sorted(DAYS, key=lambda day: day.starts_at)
"""Friday wants two, the others one each."""


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        yield town


def asked(town: Town, **offers: str) -> int:
    """People who were all asked, and have answered with these days: 1, 2 and 3."""
    for name in offers:
        town.volunteer(name, on=None)
    people = [town.people[name] for name in offers]
    with town.parts.database.writing() as db:
        made = polls.make(db, 1, DAYS, UNTIL, people, town.network.now())
        for person in people:
            polls.claim(db, made, person, town.network.now())
    for name, days in offers.items():
        assert answers(town.parts.database, town, made, name, days)
    return made


def found(db: Connection, made: int) -> Asking:
    asking = polls.by_id(db, 1, made)
    assert asking is not None
    return asking


def answers(database: Database, town: Town, made: int, name: str, days: str) -> bool:
    with database.writing() as db:
        asking = found(db, made)
        ids = {asking.days[int(one) - 1].id for one in days.split()}
        return polls.answer(db, asking, town.people[name], ids, town.network.now())


def drafts(database: Database, town: Town, made: int) -> Done:
    with database.writing() as db:
        return poll_draft.make(db, found(db, made), None, town.network.now(), NEW_YORK)


def who_is_drafted(town: Town) -> list[list[str]]:
    """Day by day, by name; "-" is a place of nobody's."""
    names = {person: name for name, person in town.people.items()}
    drafted = select(Place.person_id, Place.starts_at).where(Place.state == "draft")
    with town.parts.database.reading() as db:
        rows = db.execute(drafted).all()
    return [
        sorted(names.get(row.person_id, "-") for row in rows if row.starts_at == day.starts_at)
        for day in (EVE, FRIDAY, SATURDAY)
    ]


def test_drafts_are_spread_and_what_is_left_is_nobodys(town: Town) -> None:
    made = asked(town, Ana="1 2 3", Bo="2 3", Chi="", Dee="3")
    done = drafts(town.parts.database, town, made)
    assert (done.places, done.asked) == (4, frozenset())
    assert who_is_drafted(town) == [["Ana"], ["Ana", "Bo"], ["Dee"]]
    assert not answers(town.parts.database, town, made, "Chi", "1")
    with pytest.raises(DraftedAlready):
        drafts(town.parts.database, town, made)
    with town.parts.database.writing() as db:
        history.undo(db, 1, done.change_id or 0, None, town.network.now())
    assert who_is_drafted(town) == [[], [], []]
    assert answers(town.parts.database, town, made, "Chi", "1")
    drafts(town.parts.database, town, made)
    assert who_is_drafted(town)[0] == ["Chi"]


def test_who_is_away_or_wants_rest_or_said_stop_or_has_a_shift_is_not_drafted(town: Town) -> None:
    made = asked(town, Ana="1 2", Bo="1 2 3", Chi="2 3", Dee="2", Eli="3")
    with town.parts.database.writing() as db:
        friday = {"starts_at": FRIDAY.starts_at, "ends_at": FRIDAY.ends_at}
        saturday = {"starts_at": SATURDAY.starts_at, "ends_at": SATURDAY.ends_at}
        db.execute(insert(Away).values(person_id=town.people["Ana"], **friday))
        db.execute(update(Person).where(Person.id == town.people["Bo"]).values(rest_hours=48))
        db.execute(
            update(Volunteer).where(Volunteer.person_id == town.people["Dee"]).values(agreed="")
        )
        # One of Friday's two seats is there already, and Chi has it.
        seat = {"line_id": 1, "state": "agreed", "person_id": town.people["Chi"]}
        db.execute(insert(Place).values(seat | friday))
        # Eli has a draft of another plan, an hour into Saturday's.
        later = {"starts_at": SATURDAY.starts_at + timedelta(hours=1)}
        draft = {"line_id": 1, "state": "draft", "person_id": town.people["Eli"]}
        db.execute(insert(Place).values(draft | saturday | later))
    drafts(town.parts.database, town, made)
    assert who_is_drafted(town) == [["Ana"], ["Bo"], ["Chi"]]


def at_once(*work: Callable[[], object]) -> None:
    start = threading.Barrier(len(work))

    def begin(one: Callable[[], object]) -> None:
        start.wait()
        one()

    threads = [threading.Thread(target=begin, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_answers_that_race_with_the_draft_count_or_are_said_to_be_late(town: Town) -> None:
    made = asked(town, Ana="", Bo="", Chi="1")
    databases = [Database(town.parts.database.url) for _ in range(4)]
    took: dict[str, bool] = {}
    done: list[Done] = []

    def answer(name: str, database: Database) -> None:
        took[name] = answers(database, town, made, name, "2")

    def draft(database: Database) -> None:
        with suppress(DraftedAlready):
            done.append(drafts(database, town, made))

    for number in range(1, 9):
        one, two, three, four = databases
        at_once(
            *(partial(answer, "Ana", one), partial(draft, two)),
            *(partial(answer, "Bo", three), partial(draft, four)),
        )
        assert len(done) == number
        early = sorted(name for name, counted in took.items() if counted)
        assert who_is_drafted(town)[1] == ["-"] * (2 - len(early)) + early
        with town.parts.database.writing() as db:
            history.undo(db, 1, done[-1].change_id or 0, None, town.network.now())
        for name in ("Ana", "Bo"):
            assert answers(town.parts.database, town, made, name, "")
    for database in databases:
        database.close()
