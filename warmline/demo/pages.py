"""The demo's web side: one page, what it shows as a stream, and what its buttons do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.responses import StreamingResponse as Stream
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warmline.demo.cast import LINE_NUMBER
from warmline.demo.play import Play
from warmline.demo.snapshot import snapshot
from warmline.demo.stage import SPEEDS, Stage
from warmline.desk.door import SESSION
from warmline.desk_routes import routes as desk_routes
from warmline.models.sign_in import DeskRole
from warmline.sign_in import sessions
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = Path(__file__).parent / "static"
LOOK_EVERY: Final = 0.2
LONGEST_WISH: Final = 20_000
"""Bytes: a text of the longest kind, each of its letters written as JSON may write it."""
LONGEST_TEXT: Final = 1600
KEYS: Final = "0123456789*#"
HEADERS: Final = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; object-src 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
Wish = Mapping[str, Any]


class BadWish(ValueError):
    """What the page asked for is nothing the demo does."""


class Guard:
    """Gives every answer its headers, and lets nobody act from another site."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start" and not _is_the_desks(request):
                fixed = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *fixed]
            await send(message)

        request = Request(scope)
        # The desk guards its own pages.
        only_looks = request.method in {"GET", "HEAD"} or _is_the_desks(request)
        if self._is_ours(request) and (only_looks or comes_from_our_page(request)):
            await self._app(scope, receive, send_guarded)
        else:
            refusal = PlainTextResponse("Only the demo's own page may do this.", 403)
            await refusal(scope, receive, send_guarded)

    def _is_ours(self, request: Request) -> bool:
        """Whether it was addressed to us by a name that nobody else can point here."""
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        return name in {"localhost", self._host} or _is_an_address(name)


def _is_the_desks(request: Request) -> bool:
    """Whether it is for the line's own pages, which the demo only passes on."""
    return request.url.path.startswith(("/desk", "/line", "/learn", "/help"))


def _is_an_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def comes_from_our_page(request: Request) -> bool:
    """Whether the browser says so: by Sec-Fetch-Site, and by Origin, which must be our host."""
    origin = request.headers.get("origin", "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and urlsplit(origin).netloc == request.headers.get("host")


def create_demo(stage: Stage, host: str, is_ending: Callable[[], bool]) -> Starlette:
    """The demo's web app; its streams end once `is_ending` says so."""
    play = Play(stage)

    def seen() -> str:
        shown = {**snapshot(stage), "told": list(play.told), "playing": play.running}
        return json.dumps(shown, ensure_ascii=False)

    return Starlette(
        routes=[
            Route("/", lambda _request: FileResponse(HERE / "demo.html")),
            Route("/state", lambda _request: Response(seen(), media_type="application/json")),
            Route("/events", lambda _request: stream(seen, is_ending)),
            Route("/do", doing(stage, play), methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE)),
            Route("/coordinator", coming_in_as_coordinator(stage)),
            *desk_routes(stage.parts.desk, stage.parts.start),
        ],
        middleware=[Middleware(Guard, host)],
    )


def coming_in_as_coordinator(stage: Stage) -> Callable[[Request], Response]:
    """Ana, who looks after the roster in the demo, is signed in, and the desk opens."""

    def endpoint(_request: Request) -> Response:
        parts = stage.parts
        with parts.database.writing() as db:
            leads = select(DeskRole.line_id, DeskRole.person_id)
            line_id, person = db.execute(leads.where(DeskRole.role == COORDINATOR)).one()
            cookie = sessions.begin(db, parts.seal, line_id, person, "", parts.now())
        response = RedirectResponse("/desk", 303)
        response.set_cookie(SESSION, cookie, httponly=True, samesite="lax")
        return response

    return endpoint


def stream(seen: Callable[[], str], is_ending: Callable[[], bool]) -> Response:
    """Server-sent events: the whole state, whenever it has changed."""

    async def events() -> AsyncIterator[str]:
        before = ""
        while not is_ending():
            now = await run_in_threadpool(seen)
            if now != before:
                yield f"data: {now}\n\n"
            before = now
            await asyncio.sleep(LOOK_EVERY)

    return Stream(events(), media_type="text/event-stream")


def doing(stage: Stage, play: Play) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of every button: `{"deed": …, "phone": …, "value": …}`."""

    async def endpoint(request: Request) -> Response:
        try:
            wish = await read_wish(request)
            await run_in_threadpool(do, stage, play, wish)
        except BadWish as wrong:
            return PlainTextResponse(str(wrong), 400)
        except (RuntimeError, ValueError) as too_late:
            # The network was faster than the finger: the page will show how it stands.
            return JSONResponse({"done": False, "why": str(too_late)})
        return JSONResponse({"done": True})

    return endpoint


async def read_wish(request: Request) -> Wish:
    """The wish in a request's body; raises BadWish."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_WISH:
            raise BadWish("too long")
    try:
        wish = json.loads(body)
    except ValueError:
        wish = None
    if not isinstance(wish, dict):
        raise BadWish("a JSON object is needed")
    return wish


def do(stage: Stage, play: Play, wish: Wish) -> None:
    """Carry a wish out; raises BadWish, or RuntimeError when the phone is not in that state."""
    match wish.get("deed"), wish.get("value"):
        case "play", _:
            play.start()
        case "speed", int() | float() as speed if speed in SPEEDS:
            stage.speed = float(speed)
        case deed, value:
            move_phone(stage, str(wish.get("phone")), deed, value)


def move_phone(stage: Stage, name: str, deed: object, value: object) -> None:
    """What hands do with a phone."""
    phone = stage.cast.phones.get(name)
    if phone is None:
        raise BadWish("there is no such phone")
    match deed, value:
        case "answer", _ if phone.is_ringing:
            phone.pick_up()
        case "answer", _:
            phone.dial(LINE_NUMBER)
        case "hang up", _:
            phone.hang_up()
        case "press", str() if len(value) == 1 and value in KEYS:
            phone.press(value)
        case "write", str() if value.strip() and len(value) <= LONGEST_TEXT:
            phone.write(LINE_NUMBER, value.strip())
        case "by itself", bool() if phone is not stage.cast.caller:
            stage.cast.let_pick_up(name, by_itself=value)
        case _:
            raise BadWish("there is no such thing to do")
