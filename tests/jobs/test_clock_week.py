"""The clock's texts over a whole week, and by several clocks at once: each thing once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, insert, select, update

from shifts.models import Line, Person, Place
from tests.shifts.test_query_plans import planned
from tests.stories.served import settings_for
from tests.stories.town import LINE as NUMBER
from tests.stories.town import NUMBERS
from warmline.conversations.membership.joining import TEXTS_A_WEEK
from warmline.conversations.notices import cover, gaps, reminders
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.texts import TextOut
from warmline.operations.timed_jobs import Job
from warmline.parts import Parts

pytestmark = pytest.mark.both_databases

MONDAY = datetime(2030, 3, 4, 14, 0, tzinfo=UTC)
"""Nine in the morning in New York; on Sunday the clocks go forward."""
HOUR = timedelta(hours=1)
ANA, BO, DEE = 1, 2, 3
EVENING = 9
"""Hours from nine in the morning to six in the evening."""


@contextmanager
def line(url: str, now: list[datetime]) -> Iterator[Parts]:
    """A line with Ana, Bo and Dee, who coordinates; `now` holds the time."""
    parts = Parts(settings_for(url, 8000, "http://127.0.0.1:9", 1.0), lambda: now[0])
    rules = {"line_id": 1, "number": NUMBER, "coordinator_phone": NUMBERS["Dee"]}
    with parts.database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        db.execute(insert(LineRules).values(rules))
        for person_id, name in ((ANA, "Ana"), (BO, "Bo"), (DEE, "Dee")):
            phone = {"phone": NUMBERS[name], "languages": "en", "agreed": "yes"}
            db.execute(insert(Person).values(id=person_id, line_id=1, name=name))
            db.execute(insert(Volunteer).values(person_id=person_id, line_id=1, **phone))
    yield parts
    parts.close()


def place(parts: Parts, person: int | None, begins: float, ends: float) -> None:
    state = "agreed" if person else "open"
    when = {"starts_at": MONDAY + begins * HOUR, "ends_at": MONDAY + ends * HOUR}
    with parts.database.writing() as db:
        db.execute(insert(Place).values(line_id=1, person_id=person, state=state, **when))


def take(parts: Parts, person: int) -> None:
    """The only open place is theirs."""
    with parts.database.writing() as db:
        mine = update(Place).where(Place.state == "open")
        db.execute(mine.values(state="agreed", person_id=person))


def texts_to(parts: Parts, person_id: int) -> int:
    with parts.database.reading() as db:
        theirs = select(func.count()).where(TextOut.person_id == person_id)
        return db.execute(theirs).scalar_one()


def to_volunteers(parts: Parts) -> list[Job]:
    """The jobs by which anybody of the roster is texted, but whoever is on duty."""
    told = ("remind", "ask", "tell what", "invite", "end swaps")
    return [job for job in parts.jobs() if job.name.startswith(told)]


def test_a_usual_week_brings_as_many_texts_as_the_opt_in_words_say(
    sqlite_url: str, full: bool
) -> None:
    """Two shifts, and a place that opens in the middle of the week and is taken on its day."""
    now, looks_again = [MONDAY], HOUR / 4 if full else HOUR
    with line(sqlite_url, now) as parts:
        place(parts, ANA, 24 + EVENING, 24 + EVENING + 3)
        place(parts, ANA, 72 + EVENING, 72 + EVENING + 3)
        place(parts, BO, 96 + EVENING, 96 + EVENING + 3)
        jobs = to_volunteers(parts)
        while now[0] < MONDAY + timedelta(days=7):
            if now[0] == MONDAY + 48 * HOUR:
                place(parts, None, 120 + EVENING, 120 + EVENING + 3)
            if now[0] == MONDAY + 125 * HOUR:
                take(parts, DEE)
            for job in jobs:
                job.run()
            now[0] += looks_again
        least, most = TEXTS_A_WEEK
        assert least < texts_to(parts, ANA) == most
        assert texts_to(parts, BO) == most - 2


def busiest_week(parts: Parts, person_id: int) -> int:
    """The most texts to somebody within any seven days."""
    with parts.database.reading() as db:
        theirs = select(TextOut.made_at).where(TextOut.person_id == person_id)
        at = sorted(db.scalars(theirs))
    return max(sum(first <= one < first + timedelta(days=7) for one in at) for first in at)


def test_no_week_brings_more_texts_than_the_opt_in_words_say_however_many_places_are_open(
    sqlite_url: str, full: bool
) -> None:
    """Places open twice a day and nobody takes them: for Ana with two shifts a week, Bo with one.

    In the large size it goes on for four weeks.
    """
    now, weeks = [MONDAY], 4 if full else 1
    with line(sqlite_url, now) as parts:
        for week in range(weeks + 1):
            for day in (1, 3):
                begins = 24 * (7 * week + day) + EVENING
                place(parts, ANA, begins, begins + 3)
            place(parts, BO, 24 * (7 * week + 4) + EVENING, 24 * (7 * week + 4) + EVENING + 3)
        jobs = to_volunteers(parts)
        while now[0] < MONDAY + timedelta(days=7 * weeks):
            hours = (now[0] - MONDAY) / HOUR
            if hours % 12 == 0:
                place(parts, None, hours + 18, hours + 19)
                place(parts, None, hours + 60, hours + 61)
            for job in jobs:
                job.run()
            now[0] += HOUR
        _, most = TEXTS_A_WEEK
        assert busiest_week(parts, ANA) <= most
        assert busiest_week(parts, BO) <= most
        assert busiest_week(parts, DEE) == most, "who has no shifts hears of most places"


def test_the_last_time_in_a_week_is_kept_for_a_place_that_is_near(sqlite_url: str) -> None:
    now = [MONDAY]
    with line(sqlite_url, now) as parts:
        place(parts, ANA, 48 + EVENING, 48 + EVENING + 3)
        place(parts, ANA, 96 + EVENING, 96 + EVENING + 3)
        [ask] = [job for job in parts.jobs() if job.name == "ask for cover"]
        for hours, opens, asked in ((0, 72, 1), (25, 73, 1), (26, 40, 2), (51, 60, 2)):
            now[0] = MONDAY + hours * HOUR
            place(parts, None, opens, opens + 1)
            ask.run()
            assert texts_to(parts, ANA) == asked, hours


@pytest.mark.parametrize("clocks", [4])
def test_several_clocks_at_once_text_each_thing_once(database_url: str, clocks: int) -> None:
    now = [MONDAY + 7 * HOUR]
    with line(database_url, now) as parts:
        place(parts, ANA, 7, 10)
        place(parts, BO, 31, 34)
        place(parts, None, 40, 43)
        start = threading.Barrier(clocks)
        others = [Parts(parts.settings, parts.now) for _ in range(clocks)]

        def run(one: Parts) -> None:
            start.wait()
            for job in one.jobs():
                if job.name.startswith(("remind", "ask for cover", "tell duty")):
                    job.run()

        threads = [threading.Thread(target=run, args=(one,)) for one in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = [texts_to(parts, person_id) for person_id in (ANA, BO, DEE)]
        for one in others:
            one.close()
        # Ana is on now and can cover, Bo hears of tomorrow and can cover, Dee coordinates.
        assert told == [2, 2, 2]


@pytest.mark.parametrize("looks", [reminders.are_due, cover.is_wanted, gaps.has_fallen])
def test_what_the_clock_looks_for_every_minute_reads_no_past(
    sqlite_url: str, looks: Callable[[Connection, datetime], bool]
) -> None:
    with line(sqlite_url, [MONDAY]) as parts:
        place(parts, ANA, 1, 3)
        place(parts, None, 2, 4)
        with parts.database.reading() as db:
            steps = planned(db, lambda db: looks(db, MONDAY))
    assert steps
    assert [step for step in steps if "starts_at>? AND starts_at<?" not in step] == []
