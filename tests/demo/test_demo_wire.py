"""The demo beside its page: who may act, what is said in words, how it begins and ends."""

import json
import re
import signal
import socket
import subprocess
import sys
from datetime import date
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import time_machine
from typer.testing import CliRunner

from tests.demo.conftest import Demo
from tests.serving.test_serving import free_port
from tests.waiting import LONG
from warmline import demo as the_demo
from warmline.calls import calls, records
from warmline.cli import app
from warmline.demo import calls_in_words, run
from warmline.sockets import PortTaken

IN_LONDON_IT_IS_2027 = 1798774200.0
"""A Thursday, half past ten at night in New York."""
PROGRAM = (
    f"import time_machine; time_machine.travel({IN_LONDON_IT_IS_2027}).start();"
    "from warmline.cli import main; main()"
)
"""The command line at that instant."""


def asked(
    demo: Demo, method: str, path: str, body: object = None, **headers: str
) -> tuple[HTTPResponse, str]:
    host = urlsplit(demo.url).netloc
    connection = HTTPConnection(host, timeout=LONG)
    said = {"Host": host, "Content-Type": "application/json"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    connection.request(method, path, text, said)
    response = connection.getresponse()
    content = response.read().decode()
    connection.close()
    return response, content


CALL = {"deed": "answer", "phone": "A caller"}


@pytest.mark.parametrize(
    ("origin", "site"),
    [("http://elsewhere.example", "cross-site"), ("", "same-origin"), ("null", "none")],
)
def test_only_the_demos_own_page_may_act(shared_demo: Demo, origin: str, site: str) -> None:
    headers = {"Origin": origin, "Sec_Fetch_Site": site}
    response, _ = asked(shared_demo, "POST", "/do", CALL, **headers)
    assert response.status == 403
    assert not shared_demo.stage.cast.caller.is_in_call


def test_a_name_that_others_could_point_here_is_not_answered(shared_demo: Demo) -> None:
    response, _ = asked(shared_demo, "GET", "/state", Host="elsewhere.example")
    assert response.status == 403


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "[]",
        "{",
        '"x"' * 300,
        {},
        {"deed": "answer", "phone": "Nobody"},
        {"deed": "press", "phone": "Ana", "value": "12"},
        {"deed": "press", "phone": "Ana", "value": "x"},
        {"deed": "speed", "value": 99},
        {"deed": "by itself", "phone": "A caller", "value": True},
        {"deed": ["press"], "phone": {"Ana": 1}},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(shared_demo: Demo, wish: object) -> None:
    response, _ = asked(shared_demo, "POST", "/do", wish, Origin=shared_demo.url)
    assert response.status == 400
    assert shared_demo.stage.speed == 10


def test_a_hand_that_comes_too_late_is_told_why(shared_demo: Demo) -> None:
    late = {"deed": "press", "phone": "Ana", "value": "1"}
    response, content = asked(shared_demo, "POST", "/do", late, Origin=shared_demo.url)
    assert response.status == 200
    assert json.loads(content) == {"done": False, "why": "Ana is not in a call"}


def test_the_page_may_load_nothing_from_elsewhere_and_holds_no_secret(shared_demo: Demo) -> None:
    response, content = asked(shared_demo, "GET", "/")
    _, state = asked(shared_demo, "GET", "/state")
    assert "default-src 'self'" in str(response.getheader("content-security-policy"))
    assert not re.search(r"https?://|<style|style=|<script>|\son\w+=", content)
    settings = shared_demo.stage.parts.settings
    for secret in (*settings.auth_tokens, *settings.secret_keys, settings.account_sid):
        assert secret not in content + state


def call(state: records.CallState) -> calls_in_words.LiveCall:
    return calls_in_words.LiveCall(state, volunteer_id=None, consent=None)


def test_every_state_of_a_call_has_its_words() -> None:
    for state in calls.MOVES:
        (told,) = calls_in_words.now_sentences([call(state)], 0, [])
        assert told.endswith(".")
        assert state in calls_in_words.CALLER_IS


@pytest.mark.parametrize(
    ("ringing", "words"),
    [
        (0, "The promise is being said; no phone rings just now."),
        (1, "The promise is being said; 1 phone rings."),
        (2, "The promise is being said; 2 phones ring."),
    ],
)
def test_the_phones_that_ring_are_counted(ringing: int, words: str) -> None:
    assert calls_in_words.now_sentences([call(calls.PROMISE)], ringing, ["Ana"]) == [words]


def test_who_is_there_is_named_while_nobody_calls() -> None:
    assert (
        calls_in_words.now_sentences([], 0, ["Ana", "Bo", "Chi"])[1] == "Ana, Bo and Chi are there."
    )
    assert calls_in_words.now_sentences([], 0, ["Chi"])[1] == "Chi is there."
    assert calls_in_words.now_sentences([], 0, [])[1] == "Nobody could be rung just now."


@pytest.mark.parametrize(
    ("words", "day"),
    [(["--evening", "2026-11-30"], date(2026, 11, 30)), ([], date(2026, 12, 31))],
)
def test_it_begins_on_the_evening_asked_for_or_today_s_where_the_line_is(
    words: list[str], day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[date] = []
    monkeypatch.setattr(the_demo, "run", lambda _host, _port, day: asked_for.append(day))
    with time_machine.travel(IN_LONDON_IT_IS_2027):
        done = CliRunner().invoke(app, ["demo", *words])
    assert done.exit_code == 0, done.output
    assert asked_for == [day]


def test_it_says_where_it_is_begins_that_evening_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [sys.executable, "-c", PROGRAM, "demo", "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+(?= )", process.stdout.readline())
        assert found
        with urlopen(f"{found[0]}/state") as state:  # noqa: S310  # it is our own
            assert json.load(state)["time"].startswith("Thursday 6:")
        assert list(tmp_path.glob("warmline-demo-*"))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} .*--port {port + 1}"):
            run("127.0.0.1", port, date(2026, 11, 30))
