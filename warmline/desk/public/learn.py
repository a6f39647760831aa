"""Practice for anybody, with no sign-up: every page plays its practice anew and keeps nothing."""

from asyncio import Semaphore
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from warmline.desk import security
from warmline.desk.door import DeskDoor, language_of
from warmline.desk.forms import body_of
from warmline.desk.public import guide
from warmline.desk.visit import Form
from warmline.desk.wording import Telling
from warmline.practice import by_text, by_voice
from warmline.practice.line_in_memory import practice_line
from warmline.practice.seen import LONGEST_WORDS, MOST_MOVES, Scene
from warmline.prompts import LANGUAGES
from warmline.prompts.partners import WAYS, Partner, partners
from warmline.telephony.signature import BadForm, read_form

AT_ONCE: Final = 1
"""Practices that are played at the same time: whoever calls is answered by this process too."""
MOST_INSIDE: Final = 8
"""Pages asked for at once; beyond that, kind words. Each holds a database of half a megabyte."""
LARGEST: Final = 60_000
"""Bytes of a form: forty moves of the longest kind, each letter written as a form may write it."""
KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
WRITES: Final = "write"

log = structlog.get_logger(__name__)


@dataclass
class Learn:
    """The pages under /learn; they read nothing of the line's and write nothing anywhere."""

    door: DeskDoor
    _inside: int = 0
    _seats: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [
            Route("/learn", self._showing(self._list)),
            Route("/learn/guide", self._showing(self._guide)),
            Route("/learn/guide.{code}.md", copied),
            Route("/learn/{way}/{name}", self.practice, methods=["GET", "POST"]),
        ]

    def _showing(self, page: Callable[[Telling], Response]) -> Callable[[Request], Response]:
        return lambda request: security.guarded(page(telling_for(request)))

    def _list(self, t: Telling) -> Response:
        return self._page("learn.html", t, {"partners": list(partners(t.language).values())})

    def _guide(self, t: Telling) -> Response:
        return self._page("guide.html", t, {"parts": guide.parts(t.language)})

    async def practice(self, request: Request) -> Response:
        """One page of a practice: all its moves come with it and go with it."""
        t = telling_for(request)
        partner = partners(t.language).get(request.path_params["name"])
        way = request.path_params["way"]
        if partner is None or way not in WAYS:
            return security.guarded(self._page("problem.html", t, {"problem": "not_found"}, 404))
        form = Form(())
        if request.method == "POST":
            if not security.comes_from_us(request, self.door.settings.public_url):
                return security.guarded(Response("Only the line's own pages may do this.", 403))
            try:
                form = Form(read_form(await body_of(request, LARGEST)))
            except (BadForm, ClientDisconnect):
                return security.guarded(Response("The form cannot be read.", 400))
        if self._inside >= MOST_INSIDE:
            return security.guarded(self._full(t))
        self._inside += 1
        try:
            async with self._seats:
                page = await run_in_threadpool(self._played, t, partner, way, form)
        finally:
            self._inside -= 1
        return security.guarded(page)

    def _played(self, t: Telling, partner: Partner, way: str, form: Form) -> Response:
        moves = moves_in(form)
        wrong = "learn.write_first" if WRITES in form.every("m") and not form["words"] else ""
        try:
            scene = played(t.language, partner, way, moves)
        except Exception:
            log.exception("a practice failed", partner=partner.name, way=way)
            return self._page("problem.html", t, {"problem": "practice"}, 500)
        values = {"scene": scene, "moves": moves, "keys": KEYS, "wrong": wrong}
        long = len(moves) >= MOST_MOVES
        more = {"then": following(t.language, partner), "long": long, "longest": LONGEST_WORDS}
        return self._page("practice.html", t, values | more)

    def _full(self, t: Telling) -> Response:
        response = self._page("problem.html", t, {"problem": "many_practise"}, 503)
        response.headers["retry-after"] = "5"
        return response

    def _page(
        self, template: str, t: Telling, values: Mapping[str, object], status: int = 200
    ) -> Response:
        return HTMLResponse(self.door.look.bare(template, t, values), status)


def telling_for(request: Request) -> Telling:
    """The language asked for, or the browser's; nobody's own."""
    return Telling(language_of(request, None), ZoneInfo("UTC"))


def moves_in(form: Form) -> list[str]:
    """Everything done in this practice so far, what was written with its words."""
    written = f"{WRITES} {' '.join(form['words'].split())[:LONGEST_WORDS]}"
    moves = [written if move == WRITES else move for move in form.every("m")]
    return [move for move in moves if move.strip() != WRITES][:MOST_MOVES]


def played(language: str, partner: Partner, way: str, moves: Sequence[str]) -> Scene:
    """How a practice stands after these moves, on a line that is gone when this returns."""
    with practice_line(language) as line:
        if way == "voice":
            return by_voice.play(line, partner, moves)
        return by_text.play(line, partner, language, moves)


def following(language: str, partner: Partner) -> Partner:
    """Who comes after this partner in the list."""
    everybody = list(partners(language).values())
    return everybody[(everybody.index(partner) + 1) % len(everybody)]


def copied(request: Request) -> Response:
    """The guide as a file to copy, in Markdown, with the words of today in it."""
    code = request.path_params["code"]
    if code not in LANGUAGES:
        return security.guarded(Response("There is no such file.", 404))
    response = Response(guide.text(code), media_type="text/markdown")
    response.headers["content-disposition"] = f'inline; filename="guide.{code}.md"'
    return security.guarded(response)
