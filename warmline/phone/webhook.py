"""The door: signature, transaction, step, TwiML, commit, and only then the effects."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from warmline.db import Database
from warmline.metrics import Metrics
from warmline.odds import Odds
from warmline.phone import outbox
from warmline.phone.conversation import Conversation, Turn, path_to
from warmline.phone.signature import BadForm, public_url, read_form, signed_by
from warmline.phone.twiml import NOTHING, render
from warmline.phone.words import HangUp, Hush, Say, Step, Words
from warmline.prompts import Prompts
from warmline.settings import Settings

LARGEST_FORM: Final = 64 * 1024
"""Bytes; the provider's own forms are under 2 kB."""
RETRY_QUIETLY: Final = frozenset({"wait", "alone"})
"""Steps that the network asks for again by itself: a fault there is a moment of silence."""

Arrival = Callable[[Turn], Words | None]
Effects = Callable[[], object]
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """Everything that a webhook needs; `send_effects` does what the transaction wished for."""

    settings: Settings
    database: Database
    prompts: Prompts
    odds: Odds
    metrics: Metrics
    now: Callable[[], datetime]
    send_effects: Effects

    def arrival(
        self, step: Arrival, *, writes: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint for a webhook of a number: `step` gets the turn alone."""

        async def endpoint(request: Request) -> Response:
            return await self._let_in(request, lambda form: self._arrive(step, form))

        return endpoint

    def legs(self, conversation: Conversation) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint for `/<letter>/<token>/<step>` of one conversation."""

        async def endpoint(request: Request) -> Response:
            token, name = request.path_params["token"], request.path_params["step"]
            return await self._let_in(
                request, lambda form: self._take_step(conversation, token, name, form)
            )

        return endpoint

    async def _let_in(self, request: Request, answer: Callable[[Form], Response]) -> Response:
        """Only signed, well-formed requests come in; the work is done in a thread of its own."""
        body = await _body(request)
        try:
            pairs = read_form(body) if body is not None else None
        except BadForm:
            pairs = None
        if pairs is None:
            return Response("The form cannot be read.", 400)
        url = public_url(
            self.settings.public_url, request.scope["raw_path"], request.scope["query_string"]
        )
        signature = request.headers.get("x-twilio-signature", "")
        if not signed_by(self.settings.auth_tokens, url, pairs, signature):
            return Response("The signature does not fit.", 403)
        return await run_in_threadpool(answer, _first_values(pairs))

    def _turn(self, db: Any, form: Form, token: str = "") -> Turn:
        return Turn(self.now(), db, form, self.prompts, self.odds, token=token)

    def _arrive(self, step: Arrival, form: Form) -> Response:
        name = step.__name__
        try:
            with self.database.writing() as db:
                turn = self._turn(db, form)
                words = step(turn)
                xml = None if words is None else render(words, self._link(turn))
                effects = db.info.pop(outbox.WISHED, False)
        except Exception as fault:  # noqa: BLE001 - whatever breaks, the caller hears kind words
            return self._kind_words(name, fault)
        return self._answer(name, turn, xml, effects)

    def _take_step(self, conversation: Conversation, token: str, name: str, form: Form) -> Response:
        told = conversation.callbacks.get(name)
        step = conversation.steps.get(name)
        if told is None and step is None:
            return Response("There is no such step.", 404)
        reads = name in conversation.only_reads
        try:
            with self.database.reading() if reads else self.database.writing() as db:
                leg = conversation.find(db, token)
                turn = self._turn(db, form, token)
                xml = self._words(turn, leg, told, step)
                effects = db.info.pop(outbox.WISHED, False)
        except Exception as fault:  # noqa: BLE001 - whatever breaks, the caller hears kind words
            return self._kind_words(name, fault)
        return self._answer(name, turn, xml, effects)

    def _words(self, turn: Turn, leg: Any, told: Any, step: Step | None) -> str | None:
        """The document for a leg; None for a callback, which is told and not answered."""
        if leg is not None:
            turn.language = language_of(leg)
        if step is None:
            if leg is not None:
                told(turn, leg)
            return None
        if leg is None:
            return render([turn.say("goodbye.unknown"), HangUp()], self._link(turn))
        return render(step(turn, leg), self._link(turn))

    def _link(self, turn: Turn) -> Callable[[Step], str]:
        return lambda step: self.settings.public_url + path_to(step, turn.token)

    def _answer(self, name: str, turn: Turn, xml: str | None, effects: bool) -> Response:
        self.metrics.webhook(name, 204 if xml is None else 200)
        for count in turn.counted:
            count(self.metrics)
        after = BackgroundTask(run_in_threadpool, self.send_effects) if effects else None
        if xml is None:
            return Response(status_code=204, background=after)
        return Response(xml, media_type="text/xml", background=after)

    def _kind_words(self, name: str, fault: Exception) -> Response:
        """A failing step never answers 500: kind words, or a moment of silence while they wait."""
        log.error("a step failed", step=name, fault=type(fault).__name__, exc_info=fault)
        self.metrics.webhook(name, 500)
        words = [Hush(3)] if name in RETRY_QUIETLY else self._sorry()
        return Response(render(words, lambda step: ""), media_type="text/xml")

    def _sorry(self) -> Words:
        return [
            *(Say(self.prompts.text(code, "goodbye.fault"), code) for code in ("en",)),
            HangUp(),
        ]


log = structlog.get_logger(__name__)


def language_of(leg: Any) -> str:
    """The language of a leg: the caller's, or the first of the volunteer's own."""
    own = getattr(leg, "volunteer_languages", None)
    return str(own.split(",")[0]) if own else str(leg.language)


async def _body(request: Request) -> bytes | None:
    """The body, or None if it is larger than any form of the provider's."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    return body


def _first_values(pairs: list[tuple[str, str]]) -> dict[str, str]:
    form: dict[str, str] = {}
    for name, value in pairs:
        form.setdefault(name, value)
    return form


__all__ = ["NOTHING", "Door"]
