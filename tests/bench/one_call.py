"""One whole call as the network asks for it, request by request, with the server's CPU for each."""

import re
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import insert, select

from shifts.models import Line, Person, Place
from tests.bench.crowd import PEER_NUMBERS
from tests.stories.served import ACCOUNT, TOKEN
from tests.stories.town import EVENING, HOUR, LINE
from warmline.database.engine import Database
from warmline.models.calls import Ring
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.promise import promise
from warmline.simulator.webhooks.courier import sign

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PEERS: Final = 10
PHONES: Final = 4
"""As many as ring for one caller at most, one placed each second."""
BARE: Final = "bare route"
METER: Final = "meter"
SENDING: Final = "(a round of the sender)"
READS: Final = frozenset({"alone"})
"""Steps that only read; every other writes."""
PLACES: Final = {
    f"{side}{what}": ""
    for side in ("Called", "Caller", "From", "To")
    for what in ("City", "Country", "State", "Zip")
}


def set_up(database: Database) -> None:
    """A line with its promise and ten peers on shift, none of whom takes a breather."""
    with database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        db.execute(insert(LineRules).values(line_id=1, number=LINE, breather_minutes=0))
        never = dict.fromkeys(promise.QUESTIONS, promise.NEVER)
        promise.save(db, 1, [promise.Promise("en", never)], EVENING)
        for number in range(1, PEERS + 1):
            db.execute(insert(Person).values(id=number, line_id=1, name=f"Peer {number}"))
            phone = PEER_NUMBERS[number]
            agreed = {"agreed": "yes", "agreed_promise": 1}
            own = {"person_id": number, "line_id": 1, "phone": phone, "languages": "en"}
            db.execute(insert(Volunteer).values(own | agreed))
            db.execute(insert(Place), list(_two_months_of_shifts(number)))


def _two_months_of_shifts(person: int) -> Iterator[dict[str, object]]:
    """Eight hours after eight hours: the call of every hour finds everybody on."""
    seat = {"line_id": 1, "person_id": person, "state": "agreed"}
    for begin in range(-8, 60 * 24, 8):
        on = {"starts_at": EVENING + begin * HOUR, "ends_at": EVENING + (begin + 8) * HOUR}
        yield seat | on


class Network:
    """Asks the service as the provider does, over one connection, and reads its meter."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._base = f"http://127.0.0.1:{port}"
        self._line = HTTPConnection("127.0.0.1", port)
        self._calls = 0
        self.spent: dict[str, list[float]] = defaultdict(list)
        """CPU seconds of the server for each request, by step."""

    def ask(self, name: str, path: str, sid: str, **facts: str) -> str:
        """One signed webhook, its cost noted under `name`; the answer's text."""
        before = self.meter()
        said = self.tell(path, sid, **facts)
        self.spent[name].append(self.meter() - before)
        return said

    def tell(self, path: str, sid: str, **facts: str) -> str:
        """One signed webhook; the answer's text."""
        fields = {**PLACES, **self._usual(sid), **facts}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": sign(TOKEN, self._base + path, fields.items()),
            "I-Twilio-Idempotency-Token": sid,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        return self._post(path, urlencode(fields), headers)

    def note_meter(self) -> None:
        """What reading the meter costs by itself, which is part of every other figure."""
        before = self.meter()
        self.spent[METER].append(self.meter() - before)

    def later(self, seconds: int) -> None:
        self._post(f"/later/{seconds}")

    def send(self) -> None:
        """Let the service send its effects; what that costs is noted apart."""
        before = self.meter()
        self._post("/send")
        self.spent[SENDING].append(self.meter() - before)

    def new_sid(self) -> str:
        self._calls += 1
        return f"CA{self._calls:032d}"

    def close(self) -> None:
        self._line.close()

    def _usual(self, sid: str) -> dict[str, str]:
        ends = {"From": "+14135550199", "Caller": "+14135550199", "To": LINE, "Called": LINE}
        token = f"%7B%22token%22%3A%22{sid[2:]}%22%7D"
        about = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "Direction": "inbound"}
        return {
            **ends,
            **about,
            "CallSid": sid,
            "CallStatus": "in-progress",
            "CallToken": token,
            "StirVerstat": "",
        }

    def meter(self) -> float:
        """CPU seconds that the server has spent so far."""
        return float(self._post("/meter"))

    def _post(self, path: str, body: str = "", headers: dict[str, str] | None = None) -> str:
        self._line.request("POST", path, body, headers or {})
        answer = self._line.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 204), f"{path}: {answer.status} {text}"
        return text


class Measured(NamedTuple):
    """A service that is measured, and what it keeps."""

    network: Network
    database: Database


def whole_call(network: Network, database: Database) -> None:
    """From hello to goodbye: a promise heard, a ring missed, a wait, a talk, a caller who goes."""
    sid = network.new_sid()
    for _ in range(2):
        network.ask(BARE, "/bare", sid)
        network.note_meter()
    hello = network.ask("voice", "/voice", sid, CallStatus="ringing")
    token = token_of(hello)
    network.ask("promise", f"/c/{token}/promise", sid)
    missed, *rings = _phones_ring(network, database)
    network.later(20)
    network.ask("status", f"/r/{missed[0]}/status", missed[1], CallStatus="no-answer")
    network.later(5)
    network.ask("after_promise", f"/c/{token}/after_promise", sid)
    for _ in range(5):
        network.ask("wait", f"/c/{token}/wait", sid)
        network.later(10)
    _talk(network, token, sid, *rings[0])
    for lost, leg in rings[1:]:
        network.ask("status", f"/r/{lost}/status", leg, CallStatus="canceled")
    _goodbye(network, token, sid, *rings[0])


def _phones_ring(network: Network, database: Database) -> list[tuple[str, str]]:
    """Let the rings be placed; their tokens and the network's ids."""
    for _ in range(PHONES):
        network.send()
        network.later(1)
    with database.reading() as db:
        asked_for = db.execute(select(Ring.token, Ring.provider_id).order_by(Ring.id)).all()
    rings = [(row.token, str(row.provider_id)) for row in asked_for]
    for token, leg in rings:
        for state in ("initiated", "ringing"):
            network.ask("status", f"/r/{token}/status", leg, CallStatus=state)
    return rings


def _talk(network: Network, token: str, sid: str, ring: str, leg: str) -> None:
    """One picks up and presses 1, and the caller is led into their room."""
    network.ask("status", f"/r/{ring}/status", leg)
    network.ask("answer", f"/r/{ring}/answer", leg)
    network.later(2)
    room = network.ask("offer_key", f"/r/{ring}/offer_key", leg, Digits="1")
    assert "<Conference" in room, room
    network.send()
    network.ask("alone", f"/r/{ring}/alone", leg)
    network.ask("left_queue", f"/c/{token}/left_queue", sid, QueueResult="redirected")
    network.ask("into_room", f"/c/{token}/into_room", sid)
    for _ in range(4):
        network.ask("alone", f"/r/{ring}/alone", leg)


def _goodbye(network: Network, token: str, sid: str, ring: str, leg: str) -> None:
    """Half an hour later the caller hangs up."""
    network.later(1800)
    over = {"CallStatus": "completed"}
    network.ask("left_room", f"/c/{token}/left_room", sid, **over)
    network.ask("voice_status", "/voice/status", sid, **over)
    network.ask("left_talk", f"/r/{ring}/left_talk", leg, DialCallStatus="answered")
    network.send()
    network.ask("status", f"/r/{ring}/status", leg, **over)


def token_of(hello: str) -> str:
    """The token in the addresses of an answer."""
    found = re.search(r"/c/([0-9a-f]{32})/", hello)
    assert found, hello
    return found.group(1)


@contextmanager
def measured_service(url: str) -> Iterator[Network]:
    """The service in a process of its own, ready to be asked."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", "tests.bench.measured", url, str(port)]
    process = subprocess.Popen(arguments, cwd=ROOT)
    try:
        _wait_for(port, process)
        network = Network(port)
        yield network
        network.close()
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the measured service did not start")
