"""How long the server takes for the week page with sixty volunteers and a year of shifts."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from shifts.local_time import DAY, start_instant
from shifts.models import Line, Person, Place
from tests.stories.served import settings_for
from warmline.desk.rendering import Templates
from warmline.desk.roster import week
from warmline.desk.visit import Form, HtmlPage, Visit
from warmline.desk.wording import Telling
from warmline.line.opening import the_line
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole
from warmline.parts import Parts
from warmline.sign_in import sessions

pytestmark = pytest.mark.bench
PEOPLE = 60
NOW = datetime(2030, 3, 6, 20, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
STATES = ("agreed", "agreed", "agreed", "asked", "cover wanted", "draft")


def test_the_week_page(database_url: str, request: pytest.FixtureRequest) -> None:
    full = request.config.getoption("--full")
    parts = Parts(settings_for(database_url, 8000, "http://127.0.0.1:1", 1.0), lambda: NOW)
    try:
        cookie = fill(parts, 365 if full else 14)
        taken = sorted(milliseconds(parts, cookie) for _ in range(40 if full else 3))
    finally:
        parts.close()
    middle, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95) - 1]
    kind = parts.database.engine.dialect.name
    print(f"week page, {kind}: middle {middle:.0f} ms, p95 {p95:.0f} ms (aim 150)")


def milliseconds(parts: Parts, cookie: str) -> float:
    """One page, from its transaction to its HTML."""
    look, begun = parts.desk.look, time.perf_counter()
    with parts.database.reading() as db:
        html = page(parts, db, look, cookie)
    assert html.count("data-place") > 60
    return (time.perf_counter() - begun) * 1000


def page(parts: Parts, db: Any, look: Templates, cookie: str) -> str:
    line = the_line(db)
    who = sessions.visitor(db, parts.seal, cookie, NOW)
    query = Form([("day", "2030-03-06")])
    visit = Visit(
        NOW, db, line, Telling("en", line.zone), parts.seal, who, query=query, address="/desk/week"
    )
    shown = week.show(visit)
    assert isinstance(shown, HtmlPage)
    return look.page(shown.template, visit, shown.values)


def fill(parts: Parts, days: int) -> str:
    with parts.database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        db.execute(insert(LineRules).values(line_id=1, number="+14135550100", languages="en,es"))
        people = [{"id": n, "line_id": 1, "name": f"Person {n:02}"} for n in range(1, PEOPLE + 1)]
        db.execute(insert(Person), people)
        volunteers = [
            {"person_id": n, "line_id": 1, "phone": f"+1413555{1000 + n}", "languages": "en,es"}
            for n in range(1, PEOPLE + 1)
        ]
        db.execute(insert(Volunteer), [one | {"agreed": "yes"} for one in volunteers])
        db.execute(insert(DeskRole).values(person_id=1, line_id=1, role="coordinator"))
        first = date(2030, 3, 4) - timedelta(days=days // 2)
        rows = [row for number in range(days) for row in day(first + number * DAY, number)]
        db.execute(insert(Place), rows)
        return sessions.begin(db, parts.seal, 1, 1, "", NOW)


def day(at: date, number: int) -> list[dict[str, Any]]:
    """Twenty shifts: each person is on every third day."""
    rows = []
    for turn in range(20):
        begin = start_instant(datetime.combine(at, clock(turn)), ZONE)
        person = (number * 20 + turn) % PEOPLE + 1
        times = {"starts_at": begin, "ends_at": begin + timedelta(hours=4)}
        rows.append({"line_id": 1, "person_id": person, "state": STATES[turn % 6], **times})
    return rows
