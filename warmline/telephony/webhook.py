"""Takes every webhook: signature, transaction, step, TwiML, commit, and only then the effects."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from warmline.database.engine import Database
from warmline.database.in_time import Failure, InTime
from warmline.database.sealing import Seal
from warmline.database.turns import Reach
from warmline.operations.metrics import Metrics
from warmline.operations.request_log import STEP
from warmline.outbox import outbox
from warmline.prompts import Prompts
from warmline.routing.odds import Odds
from warmline.settings import Settings
from warmline.telephony.conversation import AnyConversation, Callback, Leg, Turn, WordsOf, path_to
from warmline.telephony.failed_steps import AGAIN, Asked, Form, Instead, led_back_to
from warmline.telephony.port import RETRY_OVERRIDES
from warmline.telephony.signature import (
    LARGEST_FORM_BYTES,
    BadForm,
    public_url,
    read_form,
    signed_by,
)
from warmline.telephony.twiml import render
from warmline.telephony.words import Next, Step, Words

log = structlog.get_logger(__name__)

ASKED_FOR_AGAIN: Final = frozenset({"wait", "alone", "by_themselves", "third_alone"})
"""Steps that somebody waits in: a fault there is a moment of silence, then they are asked again."""
IN_THE_QUEUE: Final = "wait"
"""Where a key that was pressed in the queue leads back to, when it could not be heard."""
LONGEST_ID: Final = 128
"""Characters of a provider's id that we can hold; the provider's own have 34."""
TOKEN: Final = re.compile(r"[0-9a-f]{32}")

Arrival = Callable[[Turn], Words | None]
Answered = Callable[[str, str, Form], Response]
"""What is answered without a database to a piece of a path, a step and a form."""
Effects = Callable[[], object]
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
    instead: Instead = field(init=False)
    in_time: InTime = field(init=False)
    is_as_ever: Callable[[str], object] = lambda _call_id: None
    """Is told of each call that came in and could be written."""
    remember: Callable[[], object] = lambda: None
    """Reads what is needed while nothing can be read."""
    _learns: threading.Event = field(default_factory=threading.Event, init=False)
    _learning: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "learn"), init=False
    )

    def __post_init__(self) -> None:
        """Steps at work at once: as many as the database has connections; others wait in order."""
        self.instead = Instead(self.settings.public_url, self.prompts)
        self.in_time = InTime(self.database, sum(self.settings.database_pool), self.now)

    @property
    def spoken(self) -> str:
        """The line's languages as last read: what is said when nothing can be read any more."""
        return self.instead.spoken

    def arrival(self, step: Arrival) -> Endpoint:
        """An endpoint for a call that comes in to a number."""
        return self._endpoint(
            step, lambda asked, why: self.instead.call(asked, self.now(), why), Reach.OWN
        )

    def text(self, step: Arrival) -> Endpoint:
        """An endpoint for a text that comes in to a number."""
        return self._endpoint(step, lambda asked, _: self.instead.text(asked, self.now()))

    def told(self, step: Arrival) -> Endpoint:
        """An endpoint for what a number is told and nobody listens to."""
        return self._endpoint(step, lambda asked, _: self.instead.told(asked), Reach.OWN)

    def _endpoint(
        self,
        step: Arrival,
        failed: Callable[[Asked, Failure], Response],
        reach: Reach = Reach.OTHERS,
    ) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            request.scope[STEP] = step.__name__
            asked = await self._let_in(request)
            if isinstance(asked, Response):
                return asked
            return await self.in_time.do(
                step.__name__,
                lambda: self._arrive(step, asked, reach),
                lambda why: self._counted(step.__name__, failed(asked, why)),
            )

        return endpoint

    def legs(self, conversation: AnyConversation) -> Endpoint:
        """An endpoint for `/<letter>/<token>/<step>` of one conversation."""
        if misnamed := conversation.misnamed():
            raise ValueError(f"steps without a name, or names without a step: {sorted(misnamed)}")
        if AGAIN in conversation.steps:
            self.instead.letters.add(conversation.letter)

        async def endpoint(request: Request) -> Response:
            token, name = request.path_params["token"], request.path_params["step"]
            asked = await self._let_in(request)
            if isinstance(asked, Response):
                return asked
            if name not in conversation.callbacks and name not in conversation.steps:
                return Response("There is no such step.", 404)
            request.scope[STEP] = name
            visit = Visit(conversation, token, name, asked)
            return await self.in_time.do(
                name,
                lambda: self._visit(visit),
                lambda why: self._counted(name, self._failed(visit, why)),
                reads=name in conversation.only_reads,
            )

        return endpoint

    def fallback(self) -> Endpoint:
        """Where the provider turns when it could not use our answer; it waits for no database."""

        async def endpoint(request: Request) -> Response:
            asked = await self._let_in(request)
            if isinstance(asked, Response):
                return asked
            self._learn_soon()
            return self.instead.fallback(asked.form, self.now())

        return endpoint

    def without_database(self, answer: Answered) -> Endpoint:
        """An endpoint for `/<letter>/<piece>/<step>` that waits for no database."""

        async def endpoint(request: Request) -> Response:
            request.scope[STEP] = request.path_params["step"]
            asked = await self._let_in(request)
            if isinstance(asked, Response):
                return asked
            return answer(request.path_params["piece"], request.path_params["step"], asked.form)

        return endpoint

    def learn_languages(self) -> None:
        """Read what the line speaks, for the time when it cannot be read."""
        with self.database.reading() as db:
            self.instead.learn(db, self.words_of)

    def _learn_soon(self) -> None:
        """In a thread of its own, one at a time: what can be read may be needed in a moment."""
        if not self._learns.is_set():
            self._learns.set()
            self._learning.submit(self._learn_again)

    def _learn_again(self) -> None:
        with suppress(Exception):  # What was read last is what is said.
            self.remember()
        self._learns.clear()

    def close(self) -> None:
        """Finish what is under way."""
        self.in_time.close()
        self._learning.shutdown()

    async def _do_effects(self) -> None:
        """In other threads than the steps': a provider that is slow holds up no webhook."""
        await asyncio.get_running_loop().run_in_executor(None, self.send_effects)

    async def _let_in(self, request: Request) -> Asked | Response:
        """Only signed, well-formed requests come in."""
        signature = request.headers.get("x-twilio-signature", "")
        if not signature:
            return Response("A signature is needed.", 403)
        try:
            pairs = read_form(await _body(request))
        except (BadForm, ClientDisconnect):
            return Response("The form cannot be read.", 400)
        raw_path, query = request.scope["raw_path"], request.scope["query_string"]
        url = public_url(self.settings.public_url, raw_path, query)
        if not signed_by(self.settings.auth_tokens, url, pairs, signature):
            return Response("The signature does not fit.", 403)
        form = _first_values(pairs)
        if len(form.get("CallSid", "")) > LONGEST_ID:
            return Response("The call id is too long.", 400)
        led_back = led_back_to(query.decode("latin-1")) if query else 0
        return Asked(form, request.scope["path"], led_back)

    def _turn(self, db: Connection, form: Form, token: str = "") -> Turn:
        return Turn(
            form=form,
            now=self.now(),
            db=db,
            prompts=self.prompts,
            odds=self.odds,
            seal=self.seal,
            token=token,
            words_of=self.words_of,
        )

    def _arrive(self, step: Arrival, asked: Asked, reach: Reach) -> Response:
        def arrived(db: Connection) -> Done:
            turn = self._turn(db, asked.form)
            words = step(turn)
            xml = None if words is None else render(words, self._link(turn.token))
            return Done(turn, xml, db.info.pop(outbox.WISHED, False))

        done = self.database.do(arrived, reach)
        self.is_as_ever(done.turn.leg_id)
        return self._answer(step.__name__, done)

    def _visit(self, visit: "Visit") -> Response:
        conversation, name = visit.conversation, visit.name
        if name in conversation.only_reads:
            with self.database.reading() as db:
                done = self._visited(visit, db, reads=True)
        else:
            reach = Reach.OWN if name in conversation.own else Reach.OTHERS
            done = self.database.do(lambda db: self._visited(visit, db, reads=False), reach)
        return self._answer(name, done)

    def _visited(self, visit: "Visit", db: Connection, *, reads: bool) -> "Done":
        conversation, token, name = visit.conversation, visit.token, visit.name
        leg = conversation.find(db, token) if TOKEN.fullmatch(token) else None
        turn = self._turn(db, visit.asked.form, token)
        if leg is not None:
            leg = leg if reads else conversation.in_time(db, leg, turn.now)
            turn.language = visit.language = leg.spoken
            self.instead.spoken = leg.line_languages
            if conversation.own_words:
                turn.in_words_of(leg)
        told, step = conversation.callbacks.get(name), conversation.steps.get(name)
        xml = self._document(turn, leg, told, step)
        return Done(turn, xml, db.info.pop(outbox.WISHED, False))

    def _document(
        self, turn: Turn, leg: Leg | None, told: Callback | None, step: Step | None
    ) -> str | None:
        """The document for a leg; None for a callback, which is told and not answered."""
        if step is not None and leg is None:
            return self.instead.unknown(turn, turn.say("goodbye.unknown"))
        if step is not None:
            return render(step(turn, leg), self._link(turn.token))
        if told is not None and leg is not None:
            told(turn, leg)
        return None

    def _link(self, token: str) -> Callable[[Next], str]:
        return lambda step: self.settings.public_url + path_to(step, token) + RETRY_OVERRIDES

    def _answer(self, name: str, done: "Done") -> Response:
        turn, xml, effects = done
        self.metrics.webhook(name, 204 if xml is None else 200)
        for count in turn.counted:
            count(self.metrics)
        after = BackgroundTask(self._do_effects) if effects else None
        if xml is None:
            return Response(status_code=204, background=after)
        return Response(xml, media_type="text/xml", background=after)

    def _counted(self, name: str, answer: Response) -> Response:
        """What is answered in the place of a step that was not done."""
        if not self.spoken:
            self._learn_soon()
        self.metrics.webhook(name, 500)
        return answer

    def _failed(self, visit: "Visit", why: Failure) -> Response:
        """What a failing step of a leg answers."""
        steps, asked = visit.conversation.steps, visit.asked
        if visit.name not in steps:
            return self.instead.told(asked)
        waits = steps[visit.name] if visit.name in ASKED_FOR_AGAIN else None
        if waits is None and "QueueTime" in asked.form and "QueueResult" not in asked.form:
            # Of a key in the queue no fallback is promised: they hear their words there again.
            waits = steps.get(IN_THE_QUEUE)
        if waits is not None:
            url = self._link(visit.token)(waits)
            return self.instead.waiting(asked, waits, url, self.now(), why)
        heard_in = [visit.language] if visit.language else []
        return self.instead.call(asked, self.now(), why, heard_in)


class Done(NamedTuple):
    """A turn that is committed, its document, if one is wished for, and whether effects wait."""

    turn: Turn
    xml: str | None
    effects: bool


@dataclass(slots=True)
class Visit:
    """A step or callback of a conversation, asked for, for the leg with this token.

    `language` is the leg's, once that is known.
    """

    conversation: AnyConversation
    token: str
    name: str
    asked: Asked
    language: str = ""


async def _body(request: Request) -> bytes:
    """The body, read no further than a form may be long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            break
    return body


def _first_values(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return dict(reversed(pairs))
