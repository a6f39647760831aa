"""The service in a process of its own, with a bare route beside it and a meter of its CPU time.

Run as `python -m tests.bench.measured DATABASE_URL PORT`; it answers until it is terminated. The
clock stands still until it is moved, effects are sent only when asked for, and the network
answers at once: what is measured is the line's own work on a webhook.
"""

import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.stories.served import settings_for
from tests.stories.town import EVENING
from warmline.app import create_app
from warmline.operations.logs import set_up_logging
from warmline.parts import Parts
from warmline.serving import server_for
from warmline.sockets import listening
from warmline.telephony.port import FoundRing, FoundText, Older

CONSTANT: Final = '<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="10"/></Response>'


class WillingNetwork:
    """A provider that does everything at once and remembers nothing."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def ring(self, to: str, answer_url: str, status_url: str, ring_seconds: int) -> str:
        return f"CA{next(self._numbers):032x}"

    def text(
        self, from_number: str, to: str, body: str, status_url: str, valid_seconds: int
    ) -> str:
        return f"SM{next(self._numbers):032x}"

    def move(self, provider_id: str, url: str) -> bool:
        return True

    def hang_up(self, provider_id: str) -> None:
        pass

    def erase(self, provider_id: str) -> None:
        pass

    def state_of(self, provider_id: str) -> str:
        return "in-progress"

    def find_ring(self, to: str, since: datetime) -> Sequence[FoundRing]:
        return ()

    def find_text(self, from_number: str, to: str, since: datetime) -> Sequence[FoundText]:
        return ()

    def over(self, number: str, since: datetime, before: datetime) -> Sequence[str]:
        return ()

    def older(self, number: str, since: datetime, most: int) -> Older:
        return Older((), ())


class Measured:
    """The service and the routes by which it is moved and measured."""

    def __init__(self, database_url: str, port: int) -> None:
        self.now = EVENING
        self.parts = Parts(settings_for(database_url, port, "http://127.0.0.1:9", 1), self._clock)
        self.parts.provider = WillingNetwork()
        self.parts.door.send_effects = lambda: None

    def app(self) -> Starlette:
        app = create_app(self.parts, sends_by_itself=False)
        app.router.routes[:0] = [
            Route("/bare", bare, methods=["POST"]),
            Route("/meter", meter, methods=["POST"]),
            Route("/later/{seconds:int}", self.later, methods=["POST"]),
            Route("/send", self.send, methods=["POST"]),
        ]
        return app

    async def later(self, request: Request) -> Response:
        self.now += timedelta(seconds=request.path_params["seconds"])
        return PlainTextResponse(self.now.isoformat())

    def send(self, _request: Request) -> Response:
        return PlainTextResponse(str(self.parts.sender.send_due()))

    def _clock(self) -> datetime:
        return self.now


async def bare(_request: Request) -> Response:
    return Response(CONSTANT, media_type="text/xml")


async def meter(_request: Request) -> Response:
    return PlainTextResponse(repr(time.process_time()))


if __name__ == "__main__":
    set_up_logging("warning")
    served = Measured(sys.argv[1], int(sys.argv[2])).app()
    with listening("127.0.0.1", int(sys.argv[2])) as socket_:
        server_for(served, lifespan=False).run([socket_])
