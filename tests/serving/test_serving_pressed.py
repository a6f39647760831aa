"""The service as a process of its own, pressed from outside: crowds, a full disk, a restart."""

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from typing import IO

import pytest

from tests.serving.processes import workers_of
from tests.serving.test_serving import (
    LINE,
    PROGRAM,
    asked,
    free_port,
    served_here,
    set_up_line,
    surroundings,
)
from tests.waiting import until
from warmline import sockets

pytestmark = pytest.mark.usefixtures("fixed_clock")

FEW = 512
"""Descriptors: half of what a process usually has, so that a crowd of half the size is too much."""
CROWD = 600
CALL = {"CallSid": "CA" + "1" * 32, "From": "+14135550151", "To": LINE}
HALF = (
    b"POST /voice HTTP/1.1\r\nHost: line\r\nX-Twilio-Signature: made-up\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\nCallSid=CA"
)


@contextmanager
def running(url: str, port: int, log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """`serve`, on a port of its own; it answers already."""
    command = [sys.executable, "-c", PROGRAM, "serve"]
    surrounded = surroundings(url, port)
    with subprocess.Popen(command, env=surrounded, stderr=log) as process:
        try:
            until_up(port, process)
            yield process
        finally:
            process.kill()


def until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            assert asked(port, "GET", "/healthz").status == 200
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return
    raise AssertionError("it has ended")


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """This process needs as many as the crowd that it plays."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(4 * CROWD, before[0]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_log_on_a_full_disk_costs_no_caller_an_answer(sqlite_url: str) -> None:
    set_up_line(sqlite_url)
    port = free_port()
    with open("/dev/full", "wb") as full, running(sqlite_url, port, full) as process:  # noqa: PTH123 - no file of ours
        assert asked(port, "POST", "/voice", CALL).status == 200
        # A step that fails is logged; whatever it answers, it answers.
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
            database.execute("DROP TABLE call")
        answer = asked(port, "POST", "/voice", CALL | {"CallSid": "CA" + "2" * 32})
        assert answer.status != 500
        assert asked(port, "GET", "/healthz").status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_full_disk_of_the_log_and_of_the_data_ends_no_call_and_all_is_well_afterwards(
    sqlite_url: str,
) -> None:
    set_up_line(sqlite_url)
    port, file = free_port(), sqlite_url.removeprefix("sqlite:///")
    with open("/dev/full", "wb") as full, running(sqlite_url, port, full) as process:  # noqa: PTH123 - no file of ours
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        grown = os.stat(f"{file}-wal").st_size  # noqa: PTH116 - its name is no path of ours
        for one in workers_of(process.pid):
            resource.prlimit(one, resource.RLIMIT_FSIZE, (grown, before[1]))
        last = ""
        for number in range(12):
            sent = CALL | {"CallSid": f"CA{number:032}"}
            tries = [asked(port, "POST", "/voice", sent) for _ in range(2)]
            assert {one.status for one in tries} <= {200, 503}
            last = str(tries[-1].msg["x-body"])
            assert "<Response>" in last, "the second try is answered"
        assert "A moment" in last
        assert asked(port, "GET", "/healthz").status == 200
        for one in workers_of(process.pid):
            resource.prlimit(one, resource.RLIMIT_FSIZE, before)

        def as_ever() -> bool:
            return "Riverside" in str(asked(port, "POST", "/voice", CALL).msg["x-body"])

        until(as_ever)


# A socket that stays open while nobody listens, and a crowd on it.


HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3);"
    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()));"
    "os.execv(sys.executable, [sys.executable, '-c', sys.argv[2], 'serve'])"
)


@contextmanager
def on_handed_socket(url: str, port: int, held: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """`serve` as systemd starts it: the socket is descriptor 3, and told to this process.

    It has few descriptors, and no more are to be had.
    """

    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW))

    command = [sys.executable, "-c", HAND_OVER, str(held.fileno()), PROGRAM]
    surrounded = surroundings(url, port)
    with subprocess.Popen(
        command,
        env=surrounded,
        pass_fds=[held.fileno()],
        stderr=subprocess.DEVNULL,
        preexec_fn=few,  # noqa: PLW1509 - no threads yet
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.usefixtures("many_descriptors")
def test_a_crowd_keeps_no_call_out_and_holds_no_end_up_and_a_restart_refuses_no_connection(
    sqlite_url: str,
) -> None:
    set_up_line(sqlite_url)
    with sockets.listening("127.0.0.1", 0) as held:
        port = held.getsockname()[1]
        with on_handed_socket(sqlite_url, port, held) as process:
            until_up(port, process)
            with ExitStack() as crowd:
                come_and_say_nothing_or_half(port, crowd)
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
        meanwhile = HTTPConnection("127.0.0.1", port, timeout=120)
        meanwhile.request("GET", "/readyz")
        with handed_here(held) as again, served_here(sqlite_url, again):
            assert meanwhile.getresponse().read() == b"ok"
            meanwhile.close()


@contextmanager
def handed_here(held: socket.socket) -> Iterator[socket.socket]:
    """The socket as it is taken over by whoever is started next: here, by this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sockets, "FIRST_HANDED", os.dup(held.fileno()))
        patch.setenv("LISTEN_FDS", "1")
        patch.setenv("LISTEN_PID", str(os.getpid()))
        with sockets.listening_on("127.0.0.1", 0) as [again]:
            yield again


def come_and_say_nothing_or_half(port: int, crowd: ExitStack) -> None:
    """More than the service has descriptors for; a call is answered all the same."""
    for said in (b"", HALF):
        for _ in range(CROWD):
            one = crowd.enter_context(socket.create_connection(("127.0.0.1", port)))
            one.sendall(said)
        assert asked(port, "POST", "/voice", CALL).status == 200
        assert asked(port, "GET", "/readyz").status == 200


def test_a_socket_handed_to_another_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", "1")
    assert sockets.handed() == []


@pytest.mark.parametrize("number", ["x", "1"])
def test_what_was_handed_over_and_is_no_listening_socket_is_said(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:
        monkeypatch.setattr(sockets, "FIRST_HANDED", os.dup(silent.fileno()))
        monkeypatch.setenv("LISTEN_FDS", number)
        monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
        with pytest.raises(sockets.NotHanded, match=r"^LISTEN_FDS "):
            sockets.handed()
    if number == "x":
        os.close(sockets.FIRST_HANDED)
    assert "LISTEN_FDS" not in os.environ
