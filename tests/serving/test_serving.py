"""The service as a process of its own: what it refuses, what it answers, how it ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from tests.waiting import LONG
from warmline import serving
from warmline.app import create_app
from warmline.database.engine import Database
from warmline.line import opening
from warmline.models.line import LineRules
from warmline.promise import promise_file
from warmline.settings import BadSetting, Settings
from warmline.simulator.webhooks.courier import sign
from warmline.sockets import PortTaken, listening_on
from warmline.workers.lifeline import Orders

pytestmark = pytest.mark.both_databases

LINE = "+14135550100"
TOKEN = "made-up-token"
ACCOUNT = "AC" + "0" * 32
SECRET = "not-a-secret-but-long-enough-for-one"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PROGRAM = "from warmline.cli import main; main()"
"""What the command `warmline` does; its words come after it."""
ALONE = Orders(leads=True, clock=True)


def set_up_line(url: str) -> None:
    database = Database(url)
    settings = opening.complete(
        {
            "name": "Riverside",
            "number": LINE,
            "time_zone": "America/New_York",
            "languages": ("en",),
            "coordinator_phone": "+14135550101",
        }
    )
    with database.writing() as db:
        promises = promise_file.from_exceptions("There are none.", ("en",))
        opening.set_up(db, settings, promises, datetime(2030, 3, 4, tzinfo=UTC))
    database.close()


@pytest.fixture
def line_url(database_url: str) -> str:
    """A database with a line that has not opened yet."""
    set_up_line(database_url)
    return database_url


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def settings_for(url: str, port: int = 8000) -> Settings:
    return Settings(
        database_url=url,
        account_sid=ACCOUNT,
        auth_tokens=(TOKEN,),
        public_url=f"http://127.0.0.1:{port}",
        secret_keys=(SECRET,),
        port=port,
    )


pytestmark = pytest.mark.usefixtures("fixed_clock")


def surroundings(url: str, port: int) -> dict[str, str]:
    """The environment of a process of the service."""
    return {
        **os.environ,
        "DATABASE_URL": url.replace("+psycopg", ""),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "WARMLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WARMLINE_PROVIDER_URL": "http://127.0.0.1:9",
        "WARMLINE_SECRET_KEY": SECRET,
        "PORT": str(port),
    }


@contextmanager
def started(*words: str, url: str, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A command of the service as a process of its own, with these settings besides the usual."""
    command = [sys.executable, "-c", PROGRAM, *words]
    environment = surroundings(url, port) | more
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def served_here(url: str, listens: socket.socket) -> Iterator[None]:
    """This process is one of the service meanwhile: to start another takes seconds."""
    settings = settings_for(url, listens.getsockname()[1])
    settings = settings.model_copy(update={"provider_url": "http://127.0.0.1:9"})
    with serving.ready_parts(settings) as parts:
        server = serving.server_for(create_app(parts), lifespan=True)
        thread = threading.Thread(target=server.run, args=([listens],))
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


def until_logged(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return
    raise AssertionError(f"{words!r} was not logged:\n{''.join(seen)}")


def asked(port: int, method: str, path: str, fields: dict[str, str] | None = None) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=LONG)
    body = None if fields is None else urlencode(fields)
    headers = {}
    if fields is not None:
        signature = sign(TOKEN, f"http://127.0.0.1:{port}{path}", tuple(fields.items()))
        headers = {**FORM, "X-Twilio-Signature": signature}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    response.msg["x-body"] = " ".join(response.read().decode().split())
    connection.close()
    return response


def test_it_answers_signed_requests_and_ends_well_when_told_to(line_url: str) -> None:
    port = free_port()
    with started("serve", url=line_url, port=port) as process:
        until_logged(process, "startup complete")
        assert asked(port, "GET", "/healthz").status == 200
        assert asked(port, "GET", "/readyz").status == 200
        call = {"CallSid": "CA" + "1" * 32, "From": "+14135550151", "To": LINE}
        answer = asked(port, "POST", "/voice", call)
        assert answer.status == 200
        assert "Riverside" in str(answer.msg["x-body"])
        assert asked(port, "POST", "/voice").status == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_it_opens_a_line_whose_promise_is_in_force(line_url: str) -> None:
    with serving.ready_parts(settings_for(line_url)) as parts:
        serving.open_the_line(parts)
        with parts.database.reading() as db:
            assert db.execute(select(LineRules.opened_at)).scalar_one() is not None


def test_the_clock_runs_alone_until_it_is_told_to_end(sqlite_url: str) -> None:
    set_up_line(sqlite_url)
    with started("clock", url=sqlite_url, port=free_port()) as process:
        until_logged(process, "Scheduler started")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_missing_settings_are_named_in_one_line() -> None:
    with pytest.raises(BadSetting, match=r"^TWILIO_AUTH_TOKEN and WARMLINE_PUBLIC_URL .*missing"):
        serving.serve(Settings(account_sid=ACCOUNT, secret_keys=(SECRET,)), [], ALONE)


def test_a_schema_out_of_date_is_refused_with_the_way_out(blank_database_url: str) -> None:
    with pytest.raises(serving.SchemaOutOfDate, match=r"warmline migrate$"):
        serving.serve(settings_for(blank_database_url), [], ALONE)


def test_without_a_line_it_is_said_where_to_make_one_and_with_which_code(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving.ready_parts(settings_for(sqlite_url)) as parts:
        serving.open_the_line(parts)
        said = capsys.readouterr().out
        assert said.startswith("There is no line yet. Make it at ")
        assert f"/desk/start with the code {parts.start.code}, or with: warmline init" in said
        done = {job.name: job.run() for job in parts.jobs()}
        assert done.pop("let go of what was erased") == 1
        assert set(done.values()) == {0}


def test_a_silent_database_is_said_without_its_password() -> None:
    silent = "postgresql://warmline:made-up-password@127.0.0.1:9/line"
    with pytest.raises(serving.DatabaseSilent, match=r"^DATABASE_URL: ") as said:
        serving.serve(settings_for(silent), [], ALONE)
    assert "made-up-password" not in str(said.value)


def test_a_taken_port_is_said_before_anything_runs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = rf"port {port} \([\w ]+\); .*--port {port + 1}$"
        with pytest.raises(PortTaken, match=said), listening_on("127.0.0.1", port):
            raise AssertionError("it is listened on twice")
