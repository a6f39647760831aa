"""Connections of the web server: who says nothing, or half of something, keeps nobody else out."""

import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from warmline.connections import Connection, Limits, Room
from warmline.health.endpoints import healthz
from warmline.serving import Server, server_for
from warmline.simulator import Exchange
from warmline.sockets import listening

pytestmark = pytest.mark.usefixtures("fixed_clock")

GET = b"GET /%s HTTP/1.1\r\nHost: line\r\n\r\n"
HALF = b"POST /form HTTP/1.1\r\nHost: line\r\nContent-Length: 100\r\n\r\nBody=I"
NO_LAST = 0.02
"""Seconds for whoever has begun when a server ends about whose end nothing is asked."""
BRIEF = Limits(100, request_seconds=0.1, last_seconds=NO_LAST)
"""So little that a busy machine may need more for a whole request: then it is asked once more."""
A_GREAT_DEAL = 30_000_000
"""Bytes: more than the kernel takes in of an answer that nobody reads."""


class Served:
    """A little app under the line's own server."""

    def __init__(self, server: Server, port: int, stack: ExitStack) -> None:
        self.server = server
        self.port = port
        self.stack = stack

    @property
    def room(self) -> Room:
        room = self.server.server_state
        assert isinstance(room, Room)
        return room

    def connect(self, said: bytes = b"", address: str = "127.0.0.1") -> socket.socket:
        one = socket.create_connection(("127.0.0.1", self.port), 60, (address, 0))
        self.stack.callback(one.close)
        one.sendall(said)
        return one

    def answer(self, path: str = "quick") -> bytes:
        while not (said := answer_on(self.connect(GET % path.encode()))):
            pass
        return said

    def work_on(self, said: bytes) -> socket.socket:
        """A connection whose request is in hand."""
        one = self.connect(said)
        while not self.server.server_state.tasks:
            if is_closed(one):
                one = self.connect(said)
            time.sleep(0.005)
        return one


def answer_on(one: socket.socket) -> bytes:
    """The next answer, whole; nothing if the connection was closed instead."""
    said = b""
    try:
        while piece := one.recv(4096):
            said += piece
            head, _, body = said.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if length and len(body) == int(length[1]):
                return said
    except ConnectionError:
        return b""
    return b""


def is_closed(one: socket.socket) -> bool:
    readable, _, _ = select.select([one], [], [], 0)
    try:
        return bool(readable) and one.recv(1, socket.MSG_PEEK) == b""
    except ConnectionError:
        return True


def until(holds: Callable[[], bool]) -> None:
    for _ in range(12_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it has not come about")


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Until it is set, `/held` is not answered."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def lost() -> list[str]:
    """What the app was told of requests that broke off."""
    return []


@contextmanager
def serving(limits: Limits, held: threading.Event, lost: list[str]) -> Iterator[Served]:
    async def form(request: Request) -> Response:
        try:
            return PlainTextResponse(str(len(await request.body())))
        except ClientDisconnect:
            lost.append("broken off")
            raise

    def hold(_request: Request) -> Response:
        held.wait()
        return PlainTextResponse("held")

    def much(request: Request) -> Response:
        return PlainTextResponse("x" * A_GREAT_DEAL, headers=dict(request.query_params))

    app = Starlette(
        routes=[
            Route("/quick", lambda _request: PlainTextResponse("quick")),
            Route("/healthz", healthz),
            Route("/held", hold),
            Route("/much", much),
            Route("/form", form, methods=["POST"]),
        ]
    )
    server = server_for(app, lifespan=False, limits=limits)
    with listening("127.0.0.1", 0) as socket_, ExitStack() as stack:
        thread = threading.Thread(target=server.run, args=([socket_],))
        thread.start()
        until(lambda: server.started)
        try:
            yield Served(server, socket_.getsockname()[1], stack)
        finally:
            server.should_exit = True
            held.set()
            thread.join()


@pytest.fixture
def brief(held: threading.Event, lost: list[str]) -> Iterator[Served]:
    with serving(BRIEF, held, lost) as served:
        yield served


# At once.


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_listening_socket_names_its_protocol(host: str) -> None:
    with listening(host, 0) as one:
        assert one.proto == socket.IPPROTO_TCP


def test_every_answer_leaves_at_once(held: threading.Event, lost: list[str]) -> None:
    with serving(Limits(10, last_seconds=NO_LAST), held, lost) as served:
        served.connect()
        until(lambda: len(served.room.here) == 1)
        [one] = served.room.here
        accepted = one.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_simulated_network_answers_at_once_too() -> None:
    exchange = Exchange("AC" + "0" * 32, "not-a-real-token", start=datetime(2030, 3, 4, tzinfo=UTC))
    try:
        host, port = exchange.open().removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as one:
            one.sendall(GET % b"")
            assert one.recv(10) == b"HTTP/1.1 4"
            [accepted] = exchange._rest._server._connected  # type: ignore[union-attr]  # it is open
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        exchange.close()


def test_no_socket_of_the_house_listens_without_its_protocol() -> None:
    ours = Path(__file__).resolve().parents[2] / "warmline"
    found = [path.name for path in ours.glob("**/*.py") if "create_server(" in path.read_text()]
    assert found == []


# In time.


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET",
        b"GET /quick HTTP/1.1\r\nHost: line\r\n",
        HALF,
        HALF.replace(b"Content-Length: 100", b"Transfer-Encoding: chunked"),
        GET % b"quick" + b"GET /",
    ],
)
def test_a_connection_whose_request_does_not_come_in_is_closed(
    said: bytes, brief: Served, lost: list[str]
) -> None:
    one = brief.connect(said)
    while answer_on(one):
        pass
    until(lambda: not brief.room.here)
    if said.startswith(b"POST"):
        until(lambda: lost == ["broken off"])


@pytest.mark.parametrize("said", [b"GET /quick HTTP/1.1\r\nHost: line\r\nX: ", HALF])
def test_a_byte_now_and_then_gains_no_time(said: bytes, brief: Served) -> None:
    one = brief.connect(said)
    one.settimeout(0.001)
    closed = False
    while not closed:
        try:
            one.send(b"x")
            closed = one.recv(1) == b""
        except TimeoutError:
            continue
        except ConnectionError:
            closed = True
    assert brief.answer().endswith(b"quick")


def test_a_whole_request_may_be_answered_as_slowly_as_need_be(
    brief: Served, held: threading.Event
) -> None:
    asks = brief.work_on(GET % b"held")
    assert answer_on(brief.connect(HALF)) == b""
    held.set()
    assert answer_on(asks).startswith(b"HTTP/1.1 200")


def test_a_long_upload_has_longer_while_it_comes(brief: Served) -> None:
    size = 1_000_000
    head = b"POST /form HTTP/1.1\r\nHost: line\r\nContent-Length: %d\r\n\r\n" % size
    sends = brief.work_on(head + b"x" * (size - 1))
    assert answer_on(brief.connect(HALF)) == b""
    sends.sendall(b"x")
    assert answer_on(sends).endswith(b"1000000")


def test_a_connection_is_kept_for_the_next_request(brief: Served) -> None:
    one = brief.connect(GET % b"quick")
    while not answer_on(one):
        one = brief.connect(GET % b"quick")
    assert answer_on(brief.connect(HALF)) == b""
    assert not is_closed(one)
    assert brief.server.config.timeout_keep_alive == 75


@pytest.mark.parametrize("path", ["much", "much?connection=close"])
def test_an_answer_that_nobody_takes_is_given_up(
    path: str, held: threading.Event, lost: list[str]
) -> None:
    with serving(Limits(100, stalled_seconds=0.05, last_seconds=NO_LAST), held, lost) as served:
        served.connect(GET % path.encode())
        until(lambda: bool(served.room.here))
        until(lambda: not served.room.here)


# Room.


def test_whoever_waits_longest_makes_room_for_whoever_asks(
    held: threading.Event, lost: list[str]
) -> None:
    with serving(Limits(6, last_seconds=NO_LAST), held, lost) as served:
        crowd = [served.connect(HALF, f"127.0.0.{2 + number % 4}") for number in range(20)]
        assert served.answer().endswith(b"quick")
        assert answer_on(crowd[0]) == b""
        assert len(served.room.here) <= 6


def test_one_address_takes_half_of_the_room_at_most(held: threading.Event, lost: list[str]) -> None:
    with serving(Limits(6, last_seconds=NO_LAST), held, lost) as served:
        other = served.connect(address="127.0.0.2")
        until(lambda: len(served.room.here) == 1)
        crowd = [served.connect() for _ in range(9)]
        assert [answer_on(one) for one in crowd[:6]] == [b""] * 6
        other.sendall(GET % b"quick")
        assert answer_on(other).endswith(b"quick")


def test_nobody_is_cut_off_whose_request_is_being_answered(
    held: threading.Event, lost: list[str]
) -> None:
    with serving(Limits(3, last_seconds=NO_LAST), held, lost) as served:
        asking = []
        for number in (1, 2, 3):
            asking.append(served.connect(GET % b"held"))
            until(lambda number=number: len(served.server.server_state.tasks) == number)  # type: ignore[misc]  # mypy cannot infer a lambda's default
        assert answer_on(served.connect()) == b""
        held.set()
        assert [answer_on(one)[:12] for one in asking] == [b"HTTP/1.1 200"] * 3


def test_up_is_said_while_every_thread_is_held(held: threading.Event, lost: list[str]) -> None:
    with serving(Limits(200, last_seconds=NO_LAST), held, lost) as served:
        for _ in range(60):
            served.connect(GET % b"held")
        until(lambda: len(served.server.server_state.tasks) == 60)
        assert served.answer("healthz").endswith(b"ok")
        assert not held.is_set()


# The end.


def test_half_a_request_does_not_hold_the_end_up(held: threading.Event, lost: list[str]) -> None:
    limits = Limits(100, last_seconds=0.05)
    with serving(limits, held, lost) as served:
        for said in (b"", b"GET", HALF):
            served.connect(said)
        until(lambda: len(served.room.here) == 3)
    assert lost == ["broken off"]


def test_what_has_just_begun_is_still_answered_at_the_end(
    held: threading.Event, lost: list[str]
) -> None:
    with serving(Limits(100, last_seconds=60), held, lost) as served:
        half, fresh = served.connect(HALF), served.connect()
        until(lambda: len(served.room.here) == 2)
        served.server.should_exit = True
        until(lambda: all(one._ending for one in served.room.here))
        half.sendall(b"x" * 94)
        fresh.sendall(GET % b"quick")
        assert answer_on(half).endswith(b"100")
        assert answer_on(fresh).endswith(b"quick")


# Descriptors.


def test_the_limit_of_descriptors_is_raised_and_the_room_leaves_some() -> None:
    program = (
        "import resource as r; from warmline import connections as c;"
        "[(r.setrlimit(r.RLIMIT_NOFILE, (1024, hard)), c.raise_descriptors(),"
        " print(c.descriptors(), c.usual_limits().connections)) for hard in (2048, 1024)]"
    )
    told = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert told.splitlines() == ["2048 1664", "1024 640"]


def test_a_connection_of_the_line_is_the_servers() -> None:
    server = server_for(Starlette(), lifespan=False)
    server.config.load()
    assert server.config.http_protocol_class is Connection
