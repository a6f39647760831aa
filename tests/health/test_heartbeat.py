"""The heartbeat: a little server elsewhere hears of it while all is well, and only then."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.logs import logged
from tests.other_days import begins
from tests.stories.served import settings_for
from warmline.health.heartbeat import NAME
from warmline.operations.timed_jobs import run_once
from warmline.outbox import outbox
from warmline.parts import Parts
from warmline.settings import BadSetting, Settings, load
from warmline.telephony.port import TryLater

pytestmark = pytest.mark.usefixtures("fixed_clock")

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
SECRET_PATH = "/ping/a-secret-of-ours?token=17"
A_MINUTE = timedelta(minutes=1)


class Elsewhere:
    """A server on loopback; what it was asked for, and how it answers by path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.statuses: dict[str, int] = {}
        self.hangs = threading.Event()
        self.hangs.set()
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.hangs.wait()
                self.send_response(outer.statuses.get(self.path, 200))
                self.send_header("Content-Length", "0")
                self.send_header("Location", "/moved")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01])
        self.thread.start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def beats(self) -> int:
        return self.asked.count(SECRET_PATH)

    def close(self) -> None:
        self.hangs.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.close()


class Line:
    """A line whose clock ran just now; its web is played by the same little server."""

    def __init__(self, url: str, elsewhere: Elsewhere) -> None:
        self.now = NOON
        settings = settings_for(url, 1, "http://127.0.0.1:9", 1.0)
        chosen = {"heartbeat_url": elsewhere.base + SECRET_PATH}
        self.parts = Parts(settings.model_copy(update=chosen), lambda: self.now)
        self.parts.own_address = elsewhere.base
        self.runs()
        [self.beat] = [job for job in self.parts.jobs() if job.name == NAME]

    def runs(self) -> None:
        """Every job that runs each minute has just run."""
        for job in self.parts.jobs():
            if job.seconds <= 60:
                self.parts.has_run(job.name)

    def a_minute_later(self) -> int:
        self.now += A_MINUTE
        self.runs()
        return self.beat.run()


@contextmanager
def line_on(url: str, elsewhere: Elsewhere) -> Iterator[Line]:
    line = Line(url, elsewhere)
    yield line
    line.parts.close()


@pytest.fixture
def line(sqlite_url: str, elsewhere: Elsewhere) -> Iterator[Line]:
    with line_on(sqlite_url, elsewhere) as line:
        yield line


def web_is_down(line: Line, elsewhere: Elsewhere) -> None:
    elsewhere.statuses["/readyz"] = 503


def nobody_listens(line: Line, elsewhere: Elsewhere) -> None:
    line.parts.own_address = "http://127.0.0.1:9"


def no_clock_has_run(line: Line, elsewhere: Elsewhere) -> None:
    line.now += timedelta(minutes=10)


def one_job_does_not_run(line: Line, elsewhere: Elsewhere) -> None:
    line.now += timedelta(minutes=10)
    line.parts.has_run("forget texts that are over")


def the_provider_fails(line: Line, elsewhere: Elsewhere) -> None:
    line.parts.sender.outages.failed(TryLater("it could not", 503), "ring", "tried again")


def nothing_is_sent(line: Line, elsewhere: Elsewhere) -> None:
    with line.parts.database.writing() as db:
        outbox.hang_up(db, 1, ["CA1"], line.now - timedelta(minutes=4))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (web_is_down, "the web does not answer"),
        (nobody_listens, "the web does not answer"),
        (no_clock_has_run, "no clock runs"),
        (one_job_does_not_run, "a job does not run"),
        (the_provider_fails, "the provider fails"),
        (nothing_is_sent, "what is due is not sent"),
    ],
)
def test_it_stays_away_while_something_is_not_well_and_says_once_what(
    happens: Callable[[Line, Elsewhere], None], said: str, line: Line, elsewhere: Elsewhere
) -> None:
    assert line.beat.run() == 1
    assert elsewhere.asked == ["/readyz", SECRET_PATH]
    with logged("info") as lines:
        line.now += A_MINUTE
        happens(line, elsewhere)
        assert line.beat.run() == 0
        line.now += A_MINUTE
        assert line.beat.run() == 0
        assert elsewhere.beats == 1
        assert lines.getvalue().count(f"no heartbeat: {said}") == 1


def test_it_comes_back_when_all_is_well_again(line: Line, elsewhere: Elsewhere) -> None:
    web_is_down(line, elsewhere)
    assert line.beat.run() == 0
    del elsewhere.statuses["/readyz"]
    with logged("info") as lines:
        assert line.a_minute_later() == 1
        assert "the heartbeat goes out again" in lines.getvalue()


def test_without_a_database_there_is_none(line: Line, elsewhere: Elsewhere) -> None:
    with line.parts.database.writing() as db:
        db.exec_driver_sql("DROP TABLE one_time_mark")
    with logged("info"):
        assert run_once(line.beat) == 0
    assert elsewhere.asked == []


def test_of_several_clocks_one_says_it_each_minute(
    line: Line, elsewhere: Elsewhere, sqlite_url: str
) -> None:
    with line_on(sqlite_url, elsewhere) as other:
        assert [line.beat.run(), other.beat.run(), line.beat.run()] == [1, 0, 0]
        other.now = line.now + A_MINUTE
        assert other.beat.run() == 1
    assert elsewhere.beats == 2


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_address_that_does_not_take_it_is_said_without_its_path(
    status: int, line: Line, elsewhere: Elsewhere
) -> None:
    path = SECRET_PATH
    elsewhere.statuses[path] = status
    with logged("debug") as lines:
        assert line.beat.run() == 0
        assert line.a_minute_later() == 0
        assert elsewhere.beats == 2
        assert "/moved" not in elsewhere.asked
        assert lines.getvalue().count(f"the heartbeat was not taken ({status})") == 1
        assert "ping" not in lines.getvalue()
        assert "token=17" not in lines.getvalue()


def test_it_waits_for_nobody_long(line: Line, elsewhere: Elsewhere) -> None:
    beat = line.beat.run.__self__  # type: ignore[attr-defined]  # a method
    assert beat.seconds == 3
    beat.seconds = 0.1
    elsewhere.hangs.clear()
    with logged("debug") as lines:
        assert line.beat.run() == 0
        elsewhere.hangs.set()
        assert "a-secret-of-ours" not in lines.getvalue()


def test_it_is_off_unless_somebody_asks_for_it(sqlite_url: str) -> None:
    parts = Parts(settings_for(sqlite_url, 1, "http://127.0.0.1:9", 1.0), begins)
    assert NAME not in [job.name for job in parts.jobs()]
    parts.close()


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("https://dead-man.example.org/ping/17?token=17", True),
        ("http://127.0.0.1:8000/ping", True),
        ("http://dead-man.example.org/ping", False),
        ("https://me:word@dead-man.example.org/", False),
        ("ftp://dead-man.example.org/", False),
        ("https://dead-man.example.org/#17", False),
    ],
)
def test_its_address_is_one_that_nobody_on_the_way_can_read(
    address: str, right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_HEARTBEAT_URL", address)
    if right:
        assert load().heartbeat_url == address
        assert address not in repr(load())
        return
    with pytest.raises(BadSetting, match=r"^WARMLINE_HEARTBEAT_URL ") as said:
        load()
    assert address not in str(said.value)


def test_the_settings_of_a_line_show_no_heartbeat() -> None:
    assert Settings().heartbeat_url == ""
