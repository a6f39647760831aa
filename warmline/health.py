"""Whether the process is up, whether it can serve, and its figures; for whoever runs it."""

import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from warmline import instance
from warmline.db import Database, schema_is_current
from warmline.metrics import CONTENT_TYPE, Metrics
from warmline.phone import outbox

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


def healthz(_request: Request) -> Response:
    """The process is up."""
    return PlainTextResponse("ok")


def readyz(
    database: Database, keys: Sequence[str] = (), public_url: str = ""
) -> Callable[[Request], Response]:
    """The database and its schema answer; to `doctor` also that this is the line's own web."""

    def ready(request: Request) -> Response:
        challenge = request.headers.get(instance.CHALLENGE, "")
        try:
            current = schema_is_current(database)
            shown = proof(challenge) if current and keys and instance.is_one(challenge) else {}
        except Exception:  # noqa: BLE001 - whatever it is, the answer is: not ready
            return PlainTextResponse("the database does not answer", 503)
        if not current:
            return PlainTextResponse("the schema is out of date: run warmline migrate", 503)
        return PlainTextResponse("ok", headers=shown)

    def proof(challenge: str) -> dict[str, str]:
        with database.reading() as db:
            noted = instance.is_noted(db, challenge)
        return {instance.ANSWER: instance.answer(keys, public_url, challenge, noted=noted)}

    return ready


def metrics(token: str, figures: Metrics, database: Database) -> Callable[[Request], Response]:
    """Figures for Prometheus; without the token only loopback may read: they show who is busy."""

    def show(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if token and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return PlainTextResponse("a bearer token is needed", 403)
        if not token and (request.client is None or request.client.host not in LOOPBACK):
            return PlainTextResponse("only from this machine", 403)
        with suppress(Exception), database.reading() as db:
            # The figures of the process are shown whether or not the database answers.
            figures.outbox_waiting(outbox.waiting(db))
        return Response(figures.render(), media_type=CONTENT_TYPE)

    return show
