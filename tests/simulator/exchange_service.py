"""A tiny service under real HTTP for the exchange to call, and the network around it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]  # no types
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]  # no types
from twilio.http.response import Response as TwilioResponse  # type: ignore[import-untyped]  # no types
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # no types
from twilio.rest import Client  # type: ignore[import-untyped]  # no types

from tests.waiting import LONG, until
from warmline.simulator import Exchange, Phone

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "not-a-real-token"
LINE = "+14135550100"
ANA, BO, CHI = "+14135550111", "+14135550112", "+14135550113"
START = datetime(2030, 3, 4, 18, 0, tzinfo=UTC)

Fields = dict[str, str]
Page = str | Response | Callable[[Fields], str | Response]


@dataclass(frozen=True)
class Asked:
    """One request as the service saw it."""

    method: str
    path: str
    fields: Fields
    headers: dict[str, str]
    genuine: bool
    at: datetime


@dataclass
class Service:
    """Pages by path: TwiML (without its outer tags), a response, or a function of the fields."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    base: str = ""
    now: Callable[[], datetime] = lambda: START

    def url(self, path: str) -> str:
        return self.base + path

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def fields(self, path: str) -> list[Fields]:
        return [asked.fields for asked in self.asked if asked.path == path]

    def values(self, path: str, name: str) -> list[str]:
        return [fields.get(name, "(absent)") for fields in self.fields(path)]

    async def answer(self, request: Request) -> Response:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        url = self.base + request.scope["raw_path"].decode()
        query = request.scope["query_string"].decode()
        signature = request.headers.get("X-Twilio-Signature", "")
        full = f"{url}?{query}" if query else url
        genuine = RequestValidator(TOKEN).validate(full, dict(pairs), signature)
        fields = dict(pairs) or dict(parse_qsl(query, keep_blank_values=True))
        path = request.url.path
        headers = dict(request.headers)
        self.asked.append(Asked(request.method, path, fields, headers, genuine, self.now()))
        page = self.pages.get(path, Response(status_code=204))
        return await run_in_threadpool(_response, page, fields)


def _response(page: Page, fields: Fields) -> Response:
    if callable(page) and not isinstance(page, Response):
        page = page(fields)
    if isinstance(page, Response):
        return page
    return twiml(page)


def twiml(verbs: str) -> Response:
    return Response(f"<Response>{verbs}</Response>", media_type="text/xml")


@dataclass
class Network:
    exchange: Exchange
    service: Service
    provider: Client

    def phone(self, number: str, name: str) -> Phone:
        return self.exchange.phone(number, name)

    def ring(self, to: str, path: str, **wishes: object) -> str:
        """Places a call over the REST API; its sid."""
        call = self.provider.calls.create(
            to=to,
            from_=LINE,
            url=self.service.url(path),
            status_callback=self.service.url("/ring/status"),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            **wishes,
        )
        return str(call.sid)

    def move(self, sid: str, path: str) -> None:
        self.provider.calls(sid).update(url=self.service.url(path))

    def inbound_sid(self) -> str:
        """The call that came in last."""
        return self.service.fields("/voice")[-1]["CallSid"]


class Rebased(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """The provider's own library, speaking to the exchange."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=LONG)
        assert self.session is not None
        self.session.trust_env = False
        self.base = base

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> TwilioResponse:
        assert url.startswith("https://api.twilio.com")
        rebased = self.base + url.removeprefix("https://api.twilio.com")
        return super().request(method, rebased, *args, **kwargs)


class Doorway:
    """One server for all tests: whichever service stands behind it answers."""

    def __init__(self) -> None:
        self.service = Service()
        app = Starlette(routes=[Route("/{rest:path}", self._pass_on, methods=["GET", "POST"])])
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")
        self._server = uvicorn.Server(config)
        threading.Thread(target=self._server.run, daemon=True).start()
        until(lambda: self._server.started)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"

    async def _pass_on(self, request: Request) -> Response:
        return await self.service.answer(request)


@cache
def doorway() -> Doorway:
    return Doorway()


@contextmanager
def network(calls_per_second: float = 1.0) -> Iterator[Network]:
    """An exchange with one number, a service it calls, and the provider's library between."""
    exchange = Exchange(ACCOUNT, TOKEN, start=START, calls_per_second=calls_per_second)
    service = Service(base=doorway().base, now=exchange.now)
    doorway().service = service
    exchange.add_number(
        LINE, voice_url=service.url("/voice"), status_url=service.url("/voice/status")
    )
    http = Rebased(exchange.open())
    try:
        yield Network(exchange, service, Client(ACCOUNT, TOKEN, http_client=http))
    finally:
        assert http.session is not None
        http.session.close()
        exchange.close()


def refused_with(error: TwilioRestException) -> tuple[int, int | None]:
    return error.status, error.code
