"""A parent that holds the socket, and workers behind it: killed, renewed, ended, found unfit."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.serving import plain_parent
from tests.serving.processes import kill, workers_of
from tests.serving.test_serving import asked, free_port, set_up_line, started, until_logged
from tests.waiting import LONG, until
from warmline.workers import lifeline
from warmline.workers.parent import PAUSES

pytestmark = pytest.mark.usefixtures("fixed_clock")


class Kept(NamedTuple):
    """A parent of plain workers, and where they answer."""

    process: subprocess.Popen[str]
    port: int

    def who(self) -> tuple[int, bool, bool]:
        """Who answers: its process id, whether it leads, and whether it has the clock."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONG) as one:
            number, leads, clock = one.makefile().read().split()
            return int(number), leads == "1", clock == "1"

    def workers(self) -> set[int]:
        return set(workers_of(self.process.pid))

    def loses(self, number: int) -> None:
        """Kill a worker; nobody is answered by it any more."""
        kill(number)
        until(lambda: number not in self.workers())

    def logs(self, words: str) -> None:
        until_logged(self.process, words)


@contextmanager
def kept(many: int) -> Iterator[Kept]:
    command = [sys.executable, plain_parent.__file__, str(port := free_port()), str(many)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Kept(process, port)
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of whoever is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


def answers(one: Kept) -> None:
    until(lambda: not refuses(one.port))
    one.who()


def test_of_several_workers_one_leads_with_the_clock_and_another_after_it() -> None:
    with kept(3) as one:
        answers(one)
        until(lambda: len(one.workers()) == 4, "three, and one that stands ready")
        seen = {one.who() for _ in range(200)}
        [leader] = [number for number, leads, clock in seen if leads and clock]
        assert not any(leads or clock for number, leads, clock in seen if number != leader)
        one.loses(leader)
        until(lambda: one.who()[1:] == (True, True))


def test_whoever_connects_while_a_worker_is_killed_again_and_again_is_answered() -> None:
    with kept(1) as one:
        answers(one)
        seen = set()
        for _ in range(3):
            seen.add(before := one.who()[0])
            one.loses(before)
            assert one.who()[0] not in seen
            one.logs("a worker has ended; another takes its place")


def test_one_that_dies_again_and_again_is_started_ever_later_and_the_port_stays_open(
    folder: Path,
) -> None:
    with kept(1) as one:
        answers(one)
        (folder / "dying").touch()
        kill(one.who()[0])
        for seconds in PAUSES[1:3]:
            one.logs(f"status=-9 seconds={seconds}")
        waits = socket.create_connection(("127.0.0.1", one.port), timeout=LONG)
        (folder / "dying").unlink()
        with waits:
            assert waits.makefile().read().split()[0] in map(str, one.workers())


def test_new_workers_answer_before_the_old_ones_go() -> None:
    with kept(2) as one:
        answers(one)
        until(lambda: len(one.workers()) == 3)
        before = one.workers()
        one.process.send_signal(signal.SIGHUP)
        one.logs("new workers answer")
        until(lambda: not before & one.workers())
        until(lambda: len(one.workers()) == 3)
        assert one.who()[0] not in before


def test_new_workers_that_cannot_begin_leave_the_old_ones_at_work(folder: Path) -> None:
    with kept(2) as one:
        answers(one)
        until(lambda: len(one.workers()) == 3)
        at_work = {one.who()[0] for _ in range(200)}
        (folder / "unfit").touch()
        one.process.send_signal(signal.SIGHUP)
        one.logs("this is in the way")
        one.logs("the old ones stay")
        assert one.who()[0] in at_work
        assert at_work <= one.workers()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them_well(sent: signal.Signals) -> None:
    with kept(2) as one:
        answers(one)
        until(lambda: len(one.workers()) == 3)
        all_of_them = one.workers()
        one.process.send_signal(sent)
        assert one.process.wait(LONG) == 0
        assert refuses(one.port)
        assert not any(Path(f"/proc/{number}").exists() for number in all_of_them)


def test_workers_whose_parent_is_killed_give_its_address_back() -> None:
    with kept(2) as one:
        answers(one)
        until(lambda: len(one.workers()) == 3)
        all_of_them = one.workers()
        one.process.kill()
        until(lambda: refuses(one.port))
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in all_of_them))


def test_what_is_in_the_way_from_the_first_is_said_once_and_its_status_is_the_parents(
    folder: Path,
) -> None:
    (folder / "unfit").touch()
    with kept(3) as one:
        assert one.process.wait(LONG) == plain_parent.UNFIT
        assert one.process.stderr is not None
        assert one.process.stderr.read() == "this is in the way\n"


def test_a_parent_that_is_killed_before_it_reads_what_was_said_is_missed_all_the_same() -> None:
    ours, parents = socket.socketpair()
    with ours, parents:
        ours.send(lifeline.ANSWERS)
        gone = threading.Event()
        lifeline.when_gone(ours, gone.set)
        parents.close()
        assert gone.wait(LONG)


# The service itself.


def test_a_service_whose_worker_is_killed_answers_and_takes_new_settings_without_a_pause(
    sqlite_url: str, folder: Path
) -> None:
    set_up_line(sqlite_url)
    port = free_port()
    with started("serve", url=sqlite_url, port=port) as process:
        until_logged(process, "startup complete")
        until(lambda: len(workers_of(process.pid)) == 2, "one that stands ready")
        kill(workers_of(process.pid)[0])
        # Whoever comes now waits in the kernel's queue.
        assert asked(port, "GET", "/readyz").status == 200
        (folder / ".env").write_text("WARMLINE_CALLS_PER_SECOND=none\n")
        process.send_signal(signal.SIGHUP)
        until_logged(process, "WARMLINE_CALLS_PER_SECOND is 'none', but must be a number above 0")
        until_logged(process, "the old ones stay")
        assert asked(port, "GET", "/readyz").status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("more", "words", "status"),
    [
        ({"DATABASE_URL": "sqlite:///no/line.db"}, "There is no line at ", 1),
        ({"WEB_CONCURRENCY": "0"}, "WARMLINE_WORKERS (or WEB_CONCURRENCY) is '0', but must be", 2),
    ],
)
def test_what_keeps_the_service_from_beginning_is_one_line_and_a_status(
    more: dict[str, str], words: str, status: int
) -> None:
    with started("serve", url="", port=free_port(), **more) as process:
        assert process.wait(60) == status
        assert process.stderr is not None
        (line,) = process.stderr.read().splitlines()
        assert line.startswith(words)
