"""Each request has a name in the log, and slow ones are told by step."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.logs import logged
from tests.stories.town import LINE, Town, town_on
from tests.telephony.test_webhook import Visitor
from warmline.operations import request_log, timed_jobs
from warmline.operations.timed_jobs import Job

CALL = [("CallSid", "CA" + "1" * 32), ("From", "+14135550151"), ("To", LINE)]


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url) as town:
        yield town


def names(lines: list[str]) -> list[str]:
    return [re.findall(r" request=([0-9a-f]{8})\b", line)[0] for line in lines]


def test_every_line_of_a_request_carries_its_random_name(town: Town) -> None:
    with town.parts.database.writing() as db:
        db.execute(text("DROP TABLE call"))
        db.execute(text("DROP TABLE line_rules"))
    visitor = Visitor(town)
    with logged("info") as lines:
        visitor.post("/voice", CALL)
        visitor.post("/voice", CALL)
        visitor.post("/desk/today", [], method="GET")
        failed = [line for line in lines.getvalue().splitlines() if "failed" in line]
    assert len(failed) == 3
    assert len(set(names(failed))) == 3
    assert "4135550" not in lines.getvalue()


def test_a_slow_step_and_a_slow_page_are_told_by_name_and_how_long(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "SLOW_MS", 0)
    visitor = Visitor(town)
    with logged("info") as lines:
        visitor.post("/voice", CALL)
        visitor.post("/c/" + "7" * 32 + "/wait", CALL)
        visitor.post("/desk/place/17", [], method="GET")
        steps = re.findall(r"event=slow step=(\S+) ms=\d+", lines.getvalue())
    assert steps == ["voice", "wait", "/desk/place/{place:int}"]
    slow = [line for line in lines.getvalue().splitlines() if "event=slow" in line]
    assert not [line for line in slow if "777" in line or "place/17" in line]


def test_what_takes_no_second_is_not_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "SLOW_MS", 10**9)
    with logged("debug") as lines:
        Visitor(town).post("/voice", CALL)
        assert "slow" not in lines.getvalue()


def test_how_long_a_step_took_is_sorted_and_strangers_leave_no_mark(town: Town) -> None:
    visitor = Visitor(town)
    visitor.post("/voice", CALL)
    visitor.post("/voice", CALL, signature="made-up")
    visitor.post("/c/" + "7" * 32 + "/ana", CALL)
    figures = town.parts.metrics.render().decode()
    assert 'warmline_webhook_seconds_count{step="voice"} 1.0' in figures
    assert 'warmline_webhook_seconds_bucket{le="+Inf",step="voice"} 1.0' in figures
    assert "ana" not in figures


def test_a_slow_job_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    with logged("info") as lines:
        monkeypatch.setattr(timed_jobs, "SLOW_MS", 0)
        timed_jobs.run_and_note(Job("remind of shifts", 60, int), ran.append)
        assert re.search(r'event=slow job="remind of shifts" ms=\d+$', lines.getvalue().strip())
    assert ran == ["remind of shifts"]
