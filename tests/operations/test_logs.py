"""Logs: no number and no text gets into a line, whoever writes it."""

import errno
import io
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.logs import logged
from warmline.operations.logs import LEFT_OUT, NUMBER, TELLING_KEYS, mask, set_up_logging

pytestmark = pytest.mark.usefixtures("fixed_clock")

ANA = "+14135550111"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged during the test; everything is as before after it."""
    with logged("info") as stream:
        yield stream


@pytest.mark.parametrize(
    "spelling",
    [
        "+14135550111",
        "14135550111",
        "4135550111",
        "413-555-0111",
        "413.555.0111",
        "(413) 555-0111",
        "+1 (413) 555-0111",
        "1 413 555 0111",
        "+1\u00a0413\u00a0555\u00a00111",
        "413\u2013555\u20130111",
        "%2B14135550111",
        "%2b1%20413%20555%200111",
        "001 413 555 0111",
        "555-0111",
        "+49 30 901820",
        "\u0664\u0661\u0663\u0665\u0665\u0665\u0660\u0661\u0661\u0661",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "to {}.", "To={}&From=x", "'{}'", "tel:{}", "whatsapp:{}", "a\\n{}", "[{}]"]
)
def test_a_number_is_masked_in_any_spelling(spelling: str, around: str) -> None:
    masked = mask(around.format(spelling))
    assert NUMBER in masked
    assert not any(digit in masked for digit in "0123456789\u0660\u0661")


def test_a_number_with_its_plus_is_masked_inside_a_word_too() -> None:
    assert mask(f"number{ANA}x") == f"number{NUMBER}x"


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T17:15:41.123456Z",
        "next run at: 2026-01-05 17:15:00 UTC",
        "CA00000000000000000000000000000001",
        "Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
        "Started server process [123456]",
        "code 21211, HTTP 400, twilio 9.13.0",
        "3 of 25 on shift, 45 s",
        "rev 3f1a92b7c0de",
    ],
)
def test_what_is_no_number_is_left_as_it_is(text: str) -> None:
    assert mask(text) == text


def test_the_token_of_a_call_is_masked_in_a_path() -> None:
    assert mask("POST /c/Zx9_abcdefghij-klmnop/waiting 200") == "POST /c/…/waiting 200"


def test_our_own_lines_carry_time_level_and_values(lines: io.StringIO) -> None:
    structlog.get_logger("warmline.calls.calls").info("connected", after_seconds=6)
    line = lines.getvalue()
    assert line.startswith("timestamp=20")
    assert line.endswith("level=info logger=warmline.calls.calls event=connected after_seconds=6\n")


@pytest.mark.parametrize("key", sorted(TELLING_KEYS))
def test_a_value_named_like_a_number_or_a_text_is_left_out(lines: io.StringIO, key: str) -> None:
    structlog.get_logger().info("sent", **{key: "nobody else may read this"})
    assert "nobody" not in lines.getvalue()
    assert LEFT_OUT in lines.getvalue()


def test_numbers_in_values_lists_and_events_are_masked(lines: io.StringIO) -> None:
    structlog.get_logger().warning(f"about {ANA}", who=[ANA, {"x": "413 555 0112"}], last=ANA)
    assert "4135550" not in lines.getvalue()
    assert lines.getvalue().count(NUMBER) == 4


def test_a_library_that_logs_a_number_is_masked(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("POST To=%s", ANA)
    assert f"POST To={NUMBER}" in lines.getvalue()


def test_an_exception_that_holds_a_number_is_one_masked_line(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"no route to {ANA}\n4135550112")
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
        structlog.get_logger().exception("it failed")
    first, second = lines.getvalue().splitlines()
    assert "4135550" not in first + second
    assert "ValueError: no route to" in first
    assert "ValueError: no route to" in second


def test_a_row_that_a_database_quotes_is_left_out(lines: io.StringIO) -> None:
    words = "DETAIL: Key (body)=(my words)\n[parameters: ('my words', [1])]\n(Background on: x)"
    logging.getLogger("some.library").error(words)
    assert "my words" not in lines.getvalue()
    assert "Background" in lines.getvalue()


def test_the_access_log_has_no_query_and_no_address(lines: io.StringIO) -> None:
    access = logging.getLogger("uvicorn.access")
    access.info('%s - "%s %s HTTP/%s" %d', "192.0.2.1:9", "GET", "/desk?who=Ana", "1.1", 200)
    assert "GET /desk 200" in lines.getvalue()
    assert "Ana" not in lines.getvalue()
    assert "192" not in lines.getvalue()


def test_the_library_of_the_provider_is_heard_only_when_it_warns(lines: io.StringIO) -> None:
    logging.getLogger("twilio.http_client").info("Query Params: %s", {"To": ANA})
    logging.getLogger("urllib3.connectionpool").debug("GET /Calls.json?To=%s", ANA)
    assert lines.getvalue() == ""


def test_a_line_that_cannot_be_written_does_not_show_what_it_holds(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    [ours] = [h for h in logging.getLogger().handlers if getattr(h, "stream", None) is lines]
    ours.handle(logging.LogRecord("some.library", logging.ERROR, "", 0, "%d", (ANA,), None))
    assert lines.getvalue() == "a log line of some.library could not be written\n"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "full"), OSError(errno.EPIPE, "gone"), ValueError("closed")]
)
@pytest.mark.parametrize("what", ["write", "flush"])
def test_a_log_that_cannot_be_written_raises_nothing_and_says_later_how_much_is_lacking(
    what: str, fault: Exception, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise fault

    with monkeypatch.context() as full:
        full.setattr(lines, what, fails)
        structlog.get_logger().error("a step failed", exc_info=ValueError("it failed"))
        logging.getLogger("some.library").warning("this too")
    lines.seek(0)
    lines.truncate()
    structlog.get_logger().info("all is well")
    first, second = lines.getvalue().splitlines()
    assert "2 log lines before this could not be written" in first
    assert second.endswith('event="all is well"')


FILLED = """
import resource, structlog
from warmline.operations import logs as scrub
scrub.set_up_logging("info")
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, most))
for number in range(100):
    structlog.get_logger().info("numbered", nth=number)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
structlog.get_logger().info("there is room again")
"""
"""A process whose log can hold 2,000 bytes for a while."""


def test_on_a_disk_that_was_full_each_line_is_there_or_counted_as_lacking(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as stream:
        assert subprocess.call([sys.executable, "-c", FILLED], stderr=stream) == 0
    told = log.read_text()
    written = len(re.findall(r"event=numbered nth=\d+$", told, re.MULTILINE))
    [lacking] = re.findall(r"(\d+) log lines before this could not be written", told)
    # One line may have been cut off in its middle by the disk.
    assert written + int(lacking) in (99, 100)
    assert 0 < written < 100
    assert told.endswith('event="there is room again"\n')


def test_of_the_clock_only_what_goes_wrong_is_told_but_at_debug() -> None:
    for level, told in (("info", 1), ("debug", 2)):
        with logged(level) as lines:
            clock = logging.getLogger("apscheduler.executors.default")
            clock.info("Running job %s", "send what is due")
            clock.warning("Run time of job was missed")
            assert len(lines.getvalue().splitlines()) == told


def test_as_json_each_line_is_an_object_and_as_clean() -> None:
    with logged("info", "json") as lines:
        structlog.contextvars.bind_contextvars(request="ab12")
        try:
            raise ValueError(f"no route to {ANA}")
        except ValueError:
            structlog.get_logger("warmline.calls.calls").exception(
                "it failed", ms=1250, alone=True, found=None, pid=14135550111, body="my words"
            )
        logging.getLogger("some.library").warning("POST To=%s who=%s", ANA, [ANA, "413 555 0112"])
        structlog.contextvars.clear_contextvars()
        first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    assert "4135550" not in lines.getvalue()
    assert list(first)[:4] == ["timestamp", "level", "logger", "event"]
    assert {"request": "ab12", "ms": 1250, "alone": True, "found": None}.items() <= first.items()
    assert (first["pid"], first["body"]) == (NUMBER, LEFT_OUT)
    assert f"no route to {NUMBER}" in first["exception"]
    assert second["event"] == f"POST To={NUMBER} who=['{NUMBER}', '{NUMBER}']"


def test_an_uncaught_error_is_logged_and_masked(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ValueError(f"no route to {ANA}")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    error = ValueError(f"no route to {ANA}")
    sys.excepthook(ValueError, error, None)
    assert lines.getvalue().count(f"no route to {NUMBER}") == 2
    assert capsys.readouterr() == ("", "")


def test_setting_up_twice_writes_each_line_once(lines: io.StringIO) -> None:
    set_up_logging("warning", lines)
    logging.getLogger("uvicorn.error").info("quiet")
    logging.getLogger("uvicorn.error").warning("once")
    assert lines.getvalue().count("once") == 1
    assert "quiet" not in lines.getvalue()
