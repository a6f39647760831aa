"""How long one request waits for its answer, beside a bare route on the same server."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlencode

import pytest

from tests.bench.figures import Figures
from tests.bench.one_call import Measured, Network
from tests.stories.served import TOKEN
from tests.stories.town import LINE
from warmline.simulator.webhooks.courier import sign

pytestmark = pytest.mark.bench
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_how_long_one_request_waits_beside_a_bare_route(
    measured: Measured, figures: Figures, full: bool
) -> None:
    network = measured.network
    times = 500 if full else 1
    with echo() as there_and_back:
        line = HTTPConnection("127.0.0.1", network.port)
        waited = {
            "a call comes in (voice)": waits(lambda _number: comes_in(line, network)),
            "bare route": waits(lambda _number: asks(line, "/bare", "", {})),
            "the same bytes, and no server": waits(lambda _number: there_and_back()),
        }
        medians = {name: median(next(wait) for _ in range(times)) for name, wait in waited.items()}
        line.close()
    bare = medians["bare route"]
    rows = [(name, f"{of / bare:.2f}", f"{of * 1000:.2f}") for name, of in medians.items()]
    title = f"Waiting for the answer to one request, medians of {times}"
    figures.table(title, ("what", "times the bare route", "ms"), rows)


def waits(ask: Callable[[int], None]) -> Iterator[float]:
    """Seconds for each answer; the first, for which much is loaded, is not told."""
    ask(0)
    number = 0
    while True:
        number += 1
        begun = time.perf_counter()
        ask(number)
        yield time.perf_counter() - begun


def comes_in(line: HTTPConnection, network: Network) -> None:
    fields = {"CallSid": network.new_sid(), "From": "+14135550199", "To": LINE}
    signature = sign(TOKEN, f"http://127.0.0.1:{network.port}/voice", fields.items())
    asks(line, "/voice", urlencode(fields), {**FORM, "X-Twilio-Signature": signature})


def asks(line: HTTPConnection, path: str, body: str, headers: dict[str, str]) -> None:
    line.request("POST", path, body, headers)
    answer = line.getresponse()
    answer.read()
    assert answer.status == 200


@contextmanager
def echo() -> Iterator[Callable[[], None]]:
    """Half a kilobyte there and back over loopback: the machine's own share."""
    with socket.create_server(("127.0.0.1", 0)) as listens:
        ours = socket.create_connection(listens.getsockname())
        theirs, _ = listens.accept()

    def answer() -> None:
        while said := theirs.recv(4096):
            theirs.sendall(said)

    thread = threading.Thread(target=answer)
    thread.start()

    def there_and_back() -> None:
        ours.sendall(b"x" * 500)
        ours.recv(4096)

    with ours, theirs:
        yield there_and_back
        ours.shutdown(socket.SHUT_WR)
        thread.join()
