"""Figures of several processes: whichever is asked, it tells what all have counted."""

import re
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.serving.test_serving import LINE, asked, free_port, served_here, set_up_line, started
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.health.figures import Figures
from warmline.operations import metric_sums
from warmline.operations.job_runs import Runs
from warmline.operations.metric_sums import AddedUp
from warmline.operations.metrics import Metrics
from warmline.sockets import listening

pytestmark = pytest.mark.both_databases

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
SECRET = "not a secret and long enough for one"


class Process:
    """What one process counts, and tells."""

    def __init__(self, url: str, secret: str = SECRET) -> None:
        self.database = Database(url)
        self.metrics = Metrics()
        self.added_up = AddedUp(self.database, Seal((secret,)), self.metrics)

    def tells(self, now: datetime = NOW) -> list[str]:
        self.added_up.add(now)
        return self.metrics.render(self.added_up.told()).decode().splitlines()


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Process, Process]]:
    one, other = Process(database_url), Process(database_url)
    yield one, other
    one.database.close()
    other.database.close()


def test_when_each_job_ran_last_is_told_whichever_process_ran_it(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    metrics = Metrics()
    figures = Figures(metrics, AddedUp(database, Seal((SECRET,)), metrics), database, lambda: NOW)
    Runs(database).note("remind of shifts", NOW)
    figures.look()
    told = figures.render().decode().splitlines()
    ran = 'warmline_job_last_run_timestamp_seconds{job="remind of shifts"}'
    assert [float(line.split()[-1]) for line in told if line.startswith(ran)] == [NOW.timestamp()]
    database.close()


def test_either_process_tells_what_both_have_counted(two: tuple[Process, Process]) -> None:
    one, other = two
    one.metrics.call_offered()
    one.metrics.took("voice", 0.02)
    other.metrics.call_offered()
    other.metrics.ring("missed")
    other.metrics.took("voice", 3)
    other.metrics.webhook("wait", 200)
    other.added_up.add(NOW)
    for process in (one, other):
        told = process.tells()
        assert "warmline_calls_offered_total 2.0" in told
        assert 'warmline_rings_total{result="missed"} 1.0' in told
        assert 'warmline_webhooks_total{status="200",step="wait"} 1.0' in told
        assert 'warmline_webhook_seconds_count{step="voice"} 2.0' in told
        bounds = [line for line in told if line.startswith("warmline_webhook_seconds_bucket")]
        assert [float(line.split()[1]) for line in bounds] == [0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2]
        assert not any("_created" in line for line in told)


def test_no_counter_falls_when_a_process_ends_or_the_database_is_away(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    for _ in range(3):
        other.metrics.call_answered()
    other.added_up.add(NOW)
    assert "warmline_calls_answered_total 3.0" in one.tells()
    one.metrics.call_answered()
    with monkeypatch.context() as away:
        away.setattr(one.added_up, "database", Database("sqlite:////no/such/folder/line.db"))
        with pytest.raises(Exception, match="There is no line at"):
            one.added_up.add(NOW)
        one.added_up.database.close()
        still = one.metrics.render(one.added_up.told()).decode()
        assert "warmline_calls_answered_total 4.0" in still
    assert "warmline_calls_answered_total 4.0" in one.tells()
    assert "warmline_calls_answered_total 4.0" in other.tells()


def test_many_at_once_lose_nothing(two: tuple[Process, Process]) -> None:
    def count(process: Process) -> None:
        for _ in range(20):
            process.metrics.call_offered()
            process.added_up.add(NOW)

    threads = [threading.Thread(target=count, args=[one]) for one in two for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("warmline_calls_offered_total 80.0" in one.tells() for one in two)


def test_after_a_day_the_sums_begin_anew_and_every_series_is_told_of(
    two: tuple[Process, Process],
) -> None:
    one, _ = two
    one.metrics.call_offered()
    one.metrics.took("voice", 3)
    one.tells()
    one.metrics.took("voice", 3)
    told = one.tells(NOW + timedelta(days=1))
    assert "warmline_calls_offered_total 0.0" in told
    assert 'warmline_webhook_seconds_bucket{le="0.01",step="voice"} 0.0' in told
    assert 'warmline_webhook_seconds_bucket{le="5.0",step="voice"} 1.0' in told
    with one.database.writing() as db:
        assert metric_sums.forget(db, NOW + timedelta(days=1, hours=1)) == 0
        assert metric_sums.forget(db, NOW + timedelta(days=2)) == 1


def test_at_rest_the_sums_are_sealed_and_with_another_key_they_begin_anew(sqlite_url: str) -> None:
    one, other = Process(sqlite_url), Process(sqlite_url, "another key that is as long as that one")
    one.metrics.webhook("say_how", 200)
    one.added_up.add(NOW)
    with one.database.reading() as db:
        kept = db.exec_driver_sql("SELECT sums FROM metric_sums").scalar_one()
    assert "say_how" not in kept
    assert "warmline_calls_offered_total 0.0" in other.tells()
    one.database.close()
    other.database.close()


def test_a_quiet_line_writes_nothing(two: tuple[Process, Process]) -> None:
    one, _ = two
    assert one.added_up.add(NOW) > 0
    assert one.added_up.add(NOW) == 0


@pytest.mark.usefixtures("fixed_clock")
def test_two_processes_of_the_service_tell_the_same_and_what_one_did_outlives_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_line(sqlite_url)
    # Of this process, whose sums the other is to tell of before anybody has asked for them here.
    monkeypatch.setattr(metric_sums, "EVERY", 0.05)
    with (
        listening("127.0.0.1", 0) as listens,
        started("serve", "--no-clock", url=sqlite_url, port=(port := free_port())) as first,
        served_here(sqlite_url, listens),
    ):
        ports = port, listens.getsockname()[1]
        for number, port in enumerate(ports):
            until_answered(port)
            call = {"CallSid": f"CA{number:032d}", "From": "+14135550151", "To": LINE}
            assert asked(port, "POST", "/voice", call).status == 200
        for port in ports:
            until_told(port, 'warmline_webhooks_total{status="200",step="voice"} 2.0')
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0
        told = until_told(ports[1], 'warmline_webhooks_total{status="200",step="voice"} 2.0')
    assert re.search(r'warmline_build_info{version="[\w.+]+"} 1.0', told)
    assert re.search(r'warmline_schema_info{expected="(\w+)",revision="\1"} 1.0', told)
    assert 'warmline_database_connections{state="most"}' in told
    assert "warmline_outbox_oldest_seconds" in told
    assert "4135550" not in told


def until_answered(port: int) -> None:
    while True:
        try:
            assert asked(port, "GET", "/healthz").status == 200
        except ConnectionError:
            time.sleep(0.05)
        else:
            return


def until_told(port: int, line: str) -> str:
    """The figures, once the line is among them."""
    told = ""
    for _ in range(1000):
        told = str(asked(port, "GET", "/metrics").msg["x-body"])
        if line in told:
            return told
        time.sleep(0.05)
    raise AssertionError(told)
