"""The pages that are no webhooks: is it up, is it ready, its figures, and the public page."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page
from sqlalchemy import insert, text, update
from starlette.testclient import TestClient

from shifts.models import Line
from tests.browser import violations
from tests.stories.served import settings_for
from tests.stories.town import LINE, Town, town_on
from tests.waiting import until
from warmline.app import create_app
from warmline.models.line import LineRules
from warmline.models.outbox import Effect
from warmline.outbox import outbox
from warmline.parts import Parts
from warmline.promise import promise

pytestmark = pytest.mark.both_databases

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
NOWHERE = "sqlite:////no/such/folder/warmline.db"


@contextmanager
def visited(
    url: str,
    *,
    token: str = "",
    host: str = "127.0.0.1",
    by_itself: bool = False,
    public_url: str = "http://127.0.0.1:1",
) -> Iterator[tuple[TestClient, Parts]]:
    """The service, and a browser at `host` that asks it."""
    settings = settings_for(url, 1, "http://127.0.0.1:9", 1.0)
    chosen = {"metrics_token": token, "public_url": public_url}
    parts = Parts(settings.model_copy(update=chosen), lambda: NOW)
    app = create_app(parts, sends_by_itself=by_itself)
    with closing(parts), TestClient(app, client=(host, 50000), follow_redirects=False) as asks:
        yield asks, parts


def make_line(parts: Parts, name: str = "Riverside", languages: str = "en,es") -> None:
    with parts.database.writing() as db:
        db.execute(insert(Line).values(id=1, name=name, time_zone="America/New_York"))
        db.execute(insert(LineRules).values(line_id=1, number=LINE, languages=languages))
        never = dict.fromkeys(promise.QUESTIONS, promise.NEVER)
        promise.save(db, 1, [promise.Promise(code, never) for code in languages.split(",")], NOW)


# Up, and ready.


def test_a_process_that_is_up_says_so_whatever_the_database_does() -> None:
    with visited(NOWHERE) as (asks, _):
        assert asks.get("/healthz").status_code == 200


def test_it_is_ready_while_database_and_schema_answer(database_url: str) -> None:
    with visited(database_url) as (asks, _):
        answer = asks.get("/readyz")
        assert (answer.status_code, answer.text) == (200, "ok")


def test_it_is_not_ready_without_a_schema_and_says_what_to_do(blank_database_url: str) -> None:
    with visited(blank_database_url) as (asks, _):
        answer = asks.get("/readyz")
        assert answer.status_code == 503
        assert "warmline migrate" in answer.text


def test_it_is_not_ready_with_the_schema_of_another_version(database_url: str) -> None:
    with visited(database_url) as (asks, parts):
        with parts.database.writing() as db:
            db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        assert asks.get("/readyz").status_code == 503


def test_it_is_not_ready_without_a_database_and_tells_nothing_of_it() -> None:
    with visited(NOWHERE) as (asks, _):
        answer = asks.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "the database does not answer")


# Figures.


@pytest.mark.parametrize(
    ("token", "host", "given", "status"),
    [
        ("", "127.0.0.1", "", 200),
        ("", "::1", "", 200),
        ("", "203.0.113.7", "", 403),
        ("", "203.0.113.7", "Bearer ", 403),
        ("secret", "203.0.113.7", "Bearer secret", 200),
        ("secret", "203.0.113.7", "Bearer wrong", 403),
        ("secret", "203.0.113.7", "secret", 403),
        ("secret", "127.0.0.1", "", 403),
        ("secret", "127.0.0.1", "Bearer \xf1", 403),
    ],
)
def test_only_loopback_or_who_has_the_token_may_read_the_figures(
    token: str, host: str, given: str, status: int, sqlite_url: str
) -> None:
    with visited(sqlite_url, token=token, host=host) as (asks, _):
        headers = [(b"authorization", given.encode("latin-1"))] if given else []
        assert asks.get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("public_url", "token", "given", "status"),
    [
        ("https://line.example.org", "", "", 403),
        ("https://line.example.org", "", "Bearer ", 403),
        ("https://line.example.org", "secret", "", 403),
        ("https://line.example.org", "secret", "Bearer secret", 200),
        ("https://192.0.2.1", "", "", 403),
        ("", "", "", 403),
        ("http://localhost:8000", "", "", 200),
        ("http://127.1.2.3:8000", "", "", 200),
        ("http://[::1]:8000", "", "", 200),
    ],
)
def test_behind_a_front_server_nobody_reads_the_figures_without_the_token(
    public_url: str, token: str, given: str, status: int, sqlite_url: str
) -> None:
    with visited(sqlite_url, token=token, public_url=public_url) as (asks, _):
        headers = {"authorization": given} if given else {}
        answer = asks.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert (status == 403) == ("warmline_" not in answer.text)


def test_the_figures_say_how_many_effects_wait(database_url: str) -> None:
    with visited(database_url) as (asks, parts):
        with parts.database.writing() as db:
            for leg in ("CA1", "CA2"):
                outbox.hang_up(db, 1, [leg], NOW)
        assert "warmline_outbox_waiting 2.0" in asks.get("/metrics").text
        with parts.database.writing() as db:
            db.execute(Effect.__table__.delete())  # type: ignore[attr-defined]  # a table
        assert "warmline_outbox_waiting 0.0" in asks.get("/metrics").text


def test_the_figures_of_the_process_are_there_without_a_database() -> None:
    with visited(NOWHERE) as (asks, _):
        answer = asks.get("/metrics")
        assert answer.status_code == 200
        assert "warmline_calls_offered_total" in answer.text


def test_the_figures_of_an_evening_count_and_name_nobody(database_url: str) -> None:
    with town_on(database_url) as town:
        figures = after_a_call(town)
    assert "warmline_calls_offered_total 1.0" in figures
    assert "warmline_calls_answered_total 1.0" in figures
    assert 'warmline_rings_total{result="accepted"} 1.0' in figures
    assert 'warmline_rings_total{result="ended"} 1.0' in figures
    for personal in ("4135550", "Ana", "Cal ", "/c/", "/r/", "CA"):
        assert personal not in figures


def after_a_call(town: Town) -> str:
    ana = town.volunteer("Ana").picks_up(after=3).when_hears("Press 1", press="1")
    town.volunteer("Bo").picks_up(after=60)
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(30)
    return town.parts.metrics.render().decode()


# The public page.


VOID = ("meta", "link", "input")


class Tags(HTMLParser):
    """Checks that every tag that opens also closes, and keeps what is said in which language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[tuple[str, str]] = []
        self._languages: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
            self._languages.append(dict(attrs).get("lang") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._languages.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            language = next(filter(None, reversed(self._languages)), "")
            self.said.append((language, data.strip()))


def test_the_public_page_shows_name_number_and_promise_in_each_language(database_url: str) -> None:
    with visited(database_url) as (asks, parts):
        make_line(parts)
        answer = asks.get("/")
        said = Tags(answer.text).said
    assert answer.status_code == 200
    assert answer.text.startswith('<!doctype html>\n<html lang="en">')
    assert f'href="tel:{LINE}"' in answer.text
    assert any(code == "en" and "Our promise at Riverside" in words for code, words in said)
    assert any(code == "es" and "Riverside" in words for code, words in said)


def test_the_public_page_escapes_what_people_wrote(sqlite_url: str) -> None:
    name = "<script>alert('&\"')</script> {number}"
    with visited(sqlite_url) as (asks, parts):
        make_line(parts, name=name, languages="en")
        page = asks.get("/").text
    assert "<script" not in page
    assert ("en", name) in Tags(page).said


def test_without_a_line_or_a_database_the_page_says_so_kindly(sqlite_url: str) -> None:
    with visited(sqlite_url) as (asks, _):
        assert asks.get("/").status_code == 404
    with visited(NOWHERE) as (asks, _):
        answer = asks.get("/")
        assert (answer.status_code, "try again" in answer.text) == (503, True)


@pytest.mark.parametrize("width", [375, 1280])
def test_everyone_can_use_the_public_page(width: int, page: Page, sqlite_url: str) -> None:
    with town_on(sqlite_url, languages="en,es") as town:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(town.parts.settings.public_url + "/")
        assert page.title() == "Riverside"
        assert page.locator("h1").inner_text() == "Riverside"
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert fits
        assert violations(page) == ""


# What is not there, and how it starts and stops.


@pytest.mark.parametrize("path", ["/healthz/", "/voice/", "/c/1", "/c/1/2/3", "//voice", "/VOICE"])
def test_a_wrong_path_is_not_found_and_never_redirected(path: str, sqlite_url: str) -> None:
    with visited(sqlite_url) as (asks, _):
        assert asks.post(path).status_code in (404, 405)
        assert asks.get(path).status_code in (404, 405)


def test_by_itself_the_service_sends_what_is_due_and_knows_its_languages(database_url: str) -> None:
    with visited(database_url) as (_, parts):
        make_line(parts)
        with parts.database.writing() as db:
            db.execute(update(LineRules).values(opened_at=NOW))
            outbox.hang_up(db, 1, ["CA1"], NOW)
    with visited(database_url, by_itself=True) as (asks, parts):
        until(lambda: tried(parts) > 0)
        until(lambda: parts.door.spoken == "en,es")
        known = parts.breath.roster.last(parts.now())
        assert known is not None, "read for the time when it cannot be"
        assert known.line.languages == ["en", "es"]
        assert asks.get("/healthz").status_code == 200


def tried(parts: Parts) -> int:
    with parts.database.reading() as db:
        return int(db.execute(text("SELECT tries FROM outbox")).scalar_one())
