"""A crowd while nobody can write: each is answered soon, and so is whoever asks for health."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from tests.locks import held_by_another
from tests.serving.test_serving import FORM, LINE, asked, served_here, set_up_line
from tests.waiting import LONG
from warmline.database import engine

pytestmark = pytest.mark.usefixtures("fixed_clock")

SOON = 0.2


def call(port: int, number: int) -> tuple[int, float]:
    """A call that comes in: the answer's status, and how many seconds it took."""
    begun = time.monotonic()
    sent = {"CallSid": f"CA{number:032}", "From": "+14135550151", "To": LINE}
    answer = asked(port, "POST", "/voice", sent)
    assert answer.status == 503 or "<Response>" in str(answer.msg["x-body"])
    return answer.status, time.monotonic() - begun


def form(port: int, _number: int) -> tuple[int, float]:
    """Somebody asks for a code to sign in."""
    begun = time.monotonic()
    here = f"http://127.0.0.1:{port}"
    line = HTTPConnection("127.0.0.1", port, timeout=LONG)
    headers = {**FORM, "Origin": here, "Sec-Fetch-Site": "same-origin"}
    line.request("POST", "/desk/sign-in", urlencode({"phone": "+14135550151"}), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, time.monotonic() - begun


@contextmanager
def asked_for_health(port: int) -> Iterator[list[float]]:
    """Meanwhile it is asked whether the process is up, again and again: how long each took."""
    took: list[float] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            begun = time.monotonic()
            assert asked(port, "GET", "/healthz").status == 200
            took.append(time.monotonic() - begun)

    with ThreadPoolExecutor(1) as asks:
        asking = asks.submit(ask)
        yield took
        over.set()
        asking.result()


def test_a_crowd_on_a_locked_database_is_answered_and_health_is_untouched(
    sqlite_url: str, full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, forms = (200, 60) if full else (30, 10)
    if not full:
        monkeypatch.setattr(engine, "BUSY_SECONDS", SOON)
    set_up_line(sqlite_url)
    with socket.create_server(("127.0.0.1", 0), backlog=400) as listens:
        port = listens.getsockname()[1]
        with (
            served_here(sqlite_url, listens),
            held_by_another(sqlite_url),
            ThreadPoolExecutor(calls + forms) as crowd,
            asked_for_health(port) as health,
        ):
            called = [crowd.submit(call, port, number) for number in range(calls)]
            filled = [crowd.submit(form, port, number) for number in range(forms)]
            answers = [one.result() for one in called]
            pages = [one.result() for one in filled]
    assert any(status == 200 for status, _ in answers), "most are told at once to wait a moment"
    assert {status for status, _ in pages} <= {303, 422, 503}
    assert health, "it was asked"
    if full:
        assert max(took for _, took in (*answers, *pages)) < 5
        assert sorted(health)[len(health) * 99 // 100] < 0.1
