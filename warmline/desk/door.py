"""The desk's door: who comes, one transaction for each visit, and what a page answers, as HTML."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from warmline.database.breaker import Breaker, is_away
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.database.turns import Reach
from warmline.desk import security
from warmline.desk.forms import LARGEST_FORM, MULTIPART, body_of, receive
from warmline.desk.live import Changes
from warmline.desk.rendering import Templates
from warmline.desk.slips import network_of
from warmline.desk.visit import BRIEF, Answer, Away, Form, HtmlPage, NotFound, Plain, Visit
from warmline.desk.wording import Telling
from warmline.line import opening
from warmline.line.opening import NoLine, TheLine
from warmline.outbox import outbox
from warmline.prompts import LANGUAGES
from warmline.settings import Settings
from warmline.sign_in import sessions
from warmline.sign_in.visitors import Visitor
from warmline.telephony.conversation import Turn
from warmline.telephony.signature import BadForm, read_form

SIGN_IN: Final = "/desk/sign-in"
SESSION: Final = "warmline_desk"
LANGUAGE: Final = "warmline_language"
A_YEAR: Final = 31_536_000
ANYBODY: Final = "anybody"
"""Instead of a role: a page for which nobody need be signed in."""

log = structlog.get_logger(__name__)
Page = Callable[[Visit], Answer]


@dataclass(slots=True)
class DeskDoor:
    """Everything that a page needs; `send_effects` does what the transaction wished for."""

    settings: Settings
    database: Database
    seal: Seal
    now: Callable[[], datetime]
    send_effects: Callable[[], object]
    turn: Callable[[Connection], Turn]
    look: Templates = field(default_factory=Templates)
    changes: Changes = field(init=False)
    is_ending: Callable[[], bool] = lambda: False
    """Whether the web server is about to end: streams of events end then, for it waits for them."""
    breaker: Breaker | None = None
    """The one of the phone's door: while nobody waits for the database, no form does either."""

    def __post_init__(self) -> None:
        self.changes = Changes(self.database)

    def page(
        self, page: Page, role: str | None = None, *, writes: bool = False, largest: int = 0
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint; `role` says who may come: None is whoever is signed in.

        `writes`: also a GET may change something. A POST always may. `largest`: so many bytes of a
        file are read; without it there are no files.
        """

        async def endpoint(request: Request) -> Response:
            form = Form(())
            if request.method == "POST":
                if not security.comes_from_us(request, self.settings.public_url):
                    return security.guarded(Response("Only the desk's own pages may do this.", 403))
                try:
                    form = await form_of(request, largest)
                except (BadForm, ClientDisconnect):
                    return security.guarded(Response("The form cannot be read.", 400))
            may_write = writes or request.method == "POST"
            return await run_in_threadpool(self._visited, page, role, request, form, may_write)

        return endpoint

    def _visited(
        self, page: Page, role: str | None, request: Request, form: Form, writes: bool
    ) -> Response:
        telling = Telling(language_of(request, None), ZoneInfo("UTC"))
        if writes and self.breaker is not None and self.breaker.is_open:
            return self._plain_page(telling, "database", 503)
        try:
            return self._in_one_transaction(page, role, request, form, writes)
        except NoLine:
            if request.url.path == "/desk":
                return security.guarded(RedirectResponse("/desk/start", 303))
            return self._plain_page(telling, "no_line", 404)
        except SQLAlchemyError as fault:
            if is_away(fault):
                self._is_away(page, fault)
            else:
                log.exception("a page failed", page=page.__name__)
            return self._plain_page(telling, "database", 503)
        except Exception:
            log.exception("a page failed", page=page.__name__)
            return self._plain_page(telling, "fault", 500)

    def _is_away(self, page: Page, fault: SQLAlchemyError) -> None:
        """Where it stands in the code says nothing: the database cannot be had."""
        log.warning("a page failed", page=page.__name__, kind=type(fault).__name__)
        if self.breaker is not None:
            self.breaker.failed()

    def _in_one_transaction(
        self, page: Page, role: str | None, request: Request, form: Form, writes: bool
    ) -> Response:
        def done(db: Connection) -> tuple[Visit, Response, bool]:
            visit = self._visit(db, opening.the_line(db), request, form)
            answer = self._answer(page, role, visit)
            # Rendered within it: a page that cannot be shown has changed nothing.
            response = self._response(answer, visit)
            return visit, response, db.info.pop(outbox.WISHED, False)

        if writes:
            visit, response, effects = self.database.do(done, Reach.OTHERS)
        else:
            with self.database.reading() as db:
                visit, response, effects = done(db)
        self._note_seen(visit)
        response.background = BackgroundTask(self.send_effects) if effects else None
        return response

    def _answer(self, page: Page, role: str | None, visit: Visit) -> Answer:
        if role != ANYBODY and visit.who is None:
            back = quote(visit.address) if visit.address.startswith("/") else ""
            return Away(f"{SIGN_IN}?to={back}")
        if role not in (ANYBODY, None) and not visit.visitor.may(role):
            return HtmlPage("problem.html", {"problem": "not_yours"}, 403)
        try:
            return page(visit)
        except NotFound:
            return HtmlPage("problem.html", {"problem": "not_found"}, 404)

    def _visit(self, db: Connection, line: TheLine, request: Request, form: Form) -> Visit:
        now = self.now()
        who = sessions.visitor(db, self.seal, request.cookies.get(SESSION, ""), now)
        return Visit(
            now,
            db,
            line,
            Telling(language_of(request, who), line.zone),
            self.seal,
            who,
            form,
            Form(list(request.query_params.multi_items())),
            request.path_params,
            address_of(request),
            request.cookies,
            self.settings.public_url,
            security.browser_in_words(request.headers.get("user-agent", "")),
            lambda: self.turn(db),
            request.headers.get("host", ""),
            network_of(request.client.host if request.client else ""),
        )

    def _note_seen(self, visit: Visit) -> None:
        """Once an hour, in a transaction of its own: a visit that only looks writes nothing."""
        if visit.who is None:
            return
        with self.database.reading() as db:
            due = sessions.not_seen_lately(db, visit.who, visit.now)
        if due:
            with self.database.writing() as db:
                sessions.seen(db, visit.who, visit.now)

    def _response(self, answer: Answer, visit: Visit) -> Response:
        response: Response
        match answer:
            case HtmlPage(template, values, status, _):
                html = self.look.page(template, visit, values)
                response = HTMLResponse(html, status)
            case Away(to, _):
                response = RedirectResponse(to, 303)
            case Plain(body, media_type, name, status):
                response = Response(body, status, media_type=media_type)
                if name:
                    response.headers["content-disposition"] = f'attachment; filename="{name}"'
        self._set(response, answer.cookies)
        if "lang" in visit.query:
            self._set(response, {LANGUAGE: visit.telling.language})
        return security.guarded(response)

    def _set(self, response: Response, cookies: Mapping[str, str | None]) -> None:
        secure = self.settings.public_url.startswith("https:")
        for name, value in cookies.items():
            path, lasts = BRIEF.get(name, ("/", A_YEAR))
            age = 0 if value is None else lasts
            response.set_cookie(
                name, value or "", age, path=path, secure=secure, httponly=True, samesite="lax"
            )

    def _plain_page(self, telling: Telling, problem: str, status: int) -> Response:
        html = self.look.bare("problem.html", telling, {"problem": problem})
        return security.guarded(HTMLResponse(html, status))


def language_of(request: Request, who: Visitor | None) -> str:
    """The language asked for, chosen before, their own, or the browser's; English otherwise."""
    accepted = request.headers.get("accept-language", "").replace(";", ",").split(",")
    wishes = [
        request.query_params.get("lang", ""),
        request.cookies.get(LANGUAGE, ""),
        *(who.languages if who else ()),
        *(one.strip()[:2].casefold() for one in accepted),
    ]
    return next((one for one in wishes if one in LANGUAGES), LANGUAGES[0])


def address_of(request: Request) -> str:
    """The path and query, as a link on our own site."""
    query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k != "lang"])
    return f"{request.url.path}?{query}" if query else request.url.path


async def form_of(request: Request, largest: int = 0) -> Form:
    """What was filled in, with a file where the page takes one of so many bytes; raises BadForm."""
    kind = request.headers.get("content-type", "")
    if largest and kind.startswith(MULTIPART):
        brought = await receive(request.stream(), kind, largest + LARGEST_FORM)
        return Form(brought.fields, brought.files)
    return Form(read_form(await body_of(request)))
