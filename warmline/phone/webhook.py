"""The door: signature, transaction, step, TwiML, commit, and only then the effects."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from warmline import calls
from warmline.db import Database
from warmline.few import Languages
from warmline.metrics import Metrics
from warmline.odds import Odds
from warmline.phone import RETRY_OVERRIDES, outbox
from warmline.phone.conversation import Callback, Conversation, Turn, WordsOf, path_to
from warmline.phone.signature import LARGEST_FORM_BYTES, BadForm, public_url, read_form, signed_by
from warmline.phone.twiml import render
from warmline.phone.words import GoTo, HangUp, Hush, Say, Step, Words
from warmline.prompts import Prompts
from warmline.sealing import Seal
from warmline.settings import Settings

log = structlog.get_logger(__name__)

ASKED_FOR_AGAIN: Final = frozenset({"wait", "alone", "by_themselves", "third_alone"})
"""Steps that somebody waits in: a fault there is a moment of silence, then they are asked again."""
LONGEST_ID: Final = 128
"""Characters of a provider's id that we can hold; the provider's own have 34."""
THREADS: Final = 40
"""Steps at work at once: as many as the database has connections."""
TOKEN: Final = re.compile(r"[0-9a-f]{32}")

T = TypeVar("T")
Arrival = Callable[[Turn], Words | None]
Effects = Callable[[], object]
Form = Mapping[str, str]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Door:
    """Everything that a webhook needs; `send_effects` does what the transaction wished for."""

    settings: Settings
    database: Database
    prompts: Prompts
    odds: Odds
    metrics: Metrics
    seal: Seal
    now: Callable[[], datetime]
    send_effects: Effects
    words_of: WordsOf
    languages: Languages
    spoken: str = field(default="", init=False)
    """The line's languages as last read: what is said when nothing can be read any more."""
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, "step"), init=False
    )
    """Our own, because the web library's way to its threads costs as much as a whole request."""

    def arrival(self, step: Arrival, *, spoken: bool = True) -> Endpoint:
        """An endpoint for a webhook of a number; unless `spoken`, nobody listens to the answer."""

        async def endpoint(request: Request) -> Response:
            return await self._let_in(request, lambda form: self._arrive(step, form, spoken))

        return endpoint

    def legs(self, conversation: Conversation) -> Endpoint:
        """An endpoint for `/<letter>/<token>/<step>` of one conversation."""

        async def endpoint(request: Request) -> Response:
            token, name = request.path_params["token"], request.path_params["step"]
            return await self._let_in(
                request, lambda form: self._visit(conversation, token, name, form)
            )

        return endpoint

    def fallback(self) -> Endpoint:
        """Where the provider turns when it could not use our answer; it needs no database."""

        async def endpoint(request: Request) -> Response:
            return await self._let_in(request, lambda form: self._kind_words())

        return endpoint

    def learn_languages(self) -> None:
        """Read what the line speaks, for the time when it cannot be read."""
        with self.database.reading() as db:
            line = db.execute(calls.lines()).first()
        if line is not None:
            self.spoken = line.line_languages

    def close(self) -> None:
        """Finish what is under way."""
        self._threads.shutdown()

    async def _in_thread(self, work: Callable[..., T], *given: object) -> T:
        """The loop goes on whatever the work waits for."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)

    async def _do_effects(self) -> None:
        """In other threads than the steps': a provider that is slow holds up no webhook."""
        await asyncio.get_running_loop().run_in_executor(None, self.send_effects)

    async def _let_in(self, request: Request, answer: Callable[[Form], Response]) -> Response:
        """Only signed, well-formed requests come in; the work is done in a thread of its own."""
        signature = request.headers.get("x-twilio-signature", "")
        if not signature:
            return Response("A signature is needed.", 403)
        try:
            pairs = read_form(await _body(request))
        except (BadForm, ClientDisconnect):
            return Response("The form cannot be read.", 400)
        url = public_url(
            self.settings.public_url, request.scope["raw_path"], request.scope["query_string"]
        )
        if not signed_by(self.settings.auth_tokens, url, pairs, signature):
            return Response("The signature does not fit.", 403)
        form = _first_values(pairs)
        if len(form.get("CallSid", "")) > LONGEST_ID:
            return Response("The call id is too long.", 400)
        return await self._in_thread(answer, form)

    def _turn(self, db: Connection, form: Form, token: str = "") -> Turn:
        turn = Turn(self.now(), db, form, self.prompts, self.odds, self.seal, token=token)
        turn.words_of, turn.languages = self.words_of, self.languages
        return turn

    def _arrive(self, step: Arrival, form: Form, spoken: bool) -> Response:
        name = step.__name__
        try:
            with self.database.writing() as db:
                turn = self._turn(db, form)
                words = step(turn)
                xml = None if words is None else render(words, self._link(turn.token))
                effects = db.info.pop(outbox.WISHED, False)
        except Exception as fault:  # noqa: BLE001 - whatever breaks, the caller hears kind words
            self._note(name, fault)
            return self._kind_words() if spoken else Response(status_code=204)
        return self._answer(name, turn, xml, effects)

    def _visit(self, conversation: Conversation, token: str, name: str, form: Form) -> Response:
        told, step = conversation.callbacks.get(name), conversation.steps.get(name)
        if told is None and step is None:
            return Response("There is no such step.", 404)
        heard_in: list[str] = []
        reads = name in conversation.only_reads
        try:
            with self.database.reading() if reads else self.database.writing() as db:
                leg = conversation.find(db, token) if TOKEN.fullmatch(token) else None
                turn = self._turn(db, form, token)
                if leg is not None:
                    turn.language = language_of(leg)
                    heard_in.append(turn.language)
                    self.spoken = leg.line_languages
                    if conversation.own_words:
                        turn.in_words_of(leg)
                xml = self._document(turn, leg, told, step)
                effects = db.info.pop(outbox.WISHED, False)
        except Exception as fault:  # noqa: BLE001 - whatever breaks, the caller hears kind words
            self._note(name, fault)
            return self._instead(name, token, step, heard_in)
        return self._answer(name, turn, xml, effects)

    def _document(
        self, turn: Turn, leg: Any, told: Callback | None, step: Step | None
    ) -> str | None:
        """The document for a leg; None for a callback, which is told and not answered."""
        if step is not None:
            unknown: Words = [turn.say("goodbye.unknown"), HangUp()]
            return render(step(turn, leg) if leg else unknown, self._link(turn.token))
        if told is not None and leg is not None:
            told(turn, leg)
        return None

    def _link(self, token: str) -> Callable[[Step], str]:
        return lambda step: self.settings.public_url + path_to(step, token) + RETRY_OVERRIDES

    def _answer(self, name: str, turn: Turn, xml: str | None, effects: bool) -> Response:
        self.metrics.webhook(name, 204 if xml is None else 200)
        for count in turn.counted:
            count(self.metrics)
        after = BackgroundTask(self._do_effects) if effects else None
        if xml is None:
            return Response(status_code=204, background=after)
        return Response(xml, media_type="text/xml", background=after)

    def _note(self, name: str, fault: Exception) -> None:
        log.error("a step failed", step=name, exc_info=fault)
        self.metrics.webhook(name, 500)

    def _instead(
        self, name: str, token: str, step: Step | None, heard_in: Sequence[str]
    ) -> Response:
        """What a failing step of a leg answers; never a 500."""
        if step is None:
            return Response(status_code=204)
        if name in ASKED_FOR_AGAIN:
            xml = render([Hush(3), GoTo(step)], self._link(token))
            return Response(xml, media_type="text/xml")
        return self._kind_words(heard_in)

    def _kind_words(self, heard_in: Sequence[str] = ()) -> Response:
        """That we are sorry: in the leg's language if it is known, else in all of the line's."""
        known = self.spoken.split(",") if self.spoken else self.prompts.languages()
        codes = heard_in or known
        sorry = [Say(self.prompts.text(code, "goodbye.fault"), code) for code in codes]
        return Response(render([*sorry, HangUp()], self._link("")), media_type="text/xml")


def language_of(leg: Any) -> str:
    """The language of a leg: the caller's, or the first of the volunteer's own."""
    own = getattr(leg, "volunteer_languages", None)
    return str(own.split(",")[0]) if own else str(leg.language)


async def _body(request: Request) -> bytes:
    """The body, read no further than a form may be long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            break
    return body


def _first_values(pairs: list[tuple[str, str]]) -> dict[str, str]:
    form: dict[str, str] = {}
    for name, value in pairs:
        form.setdefault(name, value)
    return form
