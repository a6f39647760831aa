"""Hands out recordings of prompts, each at an address that changes with what is in it."""

import re
import struct
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from warmline.database.engine import Database
from warmline.desk import security
from warmline.models.line import Recording
from warmline.prompts.recordings import MEDIA_TYPES, WAV

NAME: Final = re.compile(r"([0-9a-f]{64})\.(wav|mp3)")
KEPT: Final = "public, max-age=31536000, immutable"
MOST_BYTES: Final = 16_000_000
"""How much of what was asked for lately stays in memory, for when the database is away."""
RANGE: Final = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Copy:
    """A recording as it is handed out."""

    kind: str
    name: str
    sound: bytes


def _silence() -> bytes:
    """Half a second of it, as a WAV."""
    samples = b"\x80" * 4000
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI", b"RIFF", len(body)) + body


SILENCE: Final = Copy(WAV, "silence", _silence())
"""Instead of what cannot be found. A recording that fails ends the whole document, and with it
perhaps a call; a moment of silence, and the caller is still there."""


class RecordingEndpoint:
    """The endpoint; recordings are public, and nobody can guess an address."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._lately: OrderedDict[str, Copy] = OrderedDict()
        self._lock: Final = Lock()

    def answer(self, request: Request) -> Response:
        """The recording, or the part of it that is asked for: some browsers play only parts."""
        match = NAME.fullmatch(request.path_params["name"])
        if match is None:
            return security.guarded(Response("There is no such recording.", 404))
        found = self._find(match[1])
        copy = found or SILENCE
        headers = {"content-disposition": f'inline; filename="{copy.name}.{copy.kind}"'}
        if found is not None:
            headers |= {"cache-control": KEPT, "etag": f'"{match[1]}"', "accept-ranges": "bytes"}
        part = _part(request.headers.get("range", ""), len(copy.sound)) if found else None
        body, status = copy.sound, 200
        if part is not None:
            first, last = part
            body, status = copy.sound[first : last + 1], 206
            headers["content-range"] = f"bytes {first}-{last}/{len(copy.sound)}"
        return security.guarded(Response(body, status, headers, MEDIA_TYPES[copy.kind]))

    def _find(self, digest: str) -> Copy | None:
        try:
            with self._database.reading() as db:
                query = select(Recording.kind, Recording.name, Recording.sound)
                row = db.execute(query.where(Recording.digest == digest)).first()
        except SQLAlchemyError:
            log.exception("a recording could not be read")
            return self._lately.get(digest)
        copy = None if row is None else Copy(*row)
        self._remember(digest, copy)
        return copy

    def _remember(self, digest: str, copy: Copy | None) -> None:
        with self._lock:
            self._lately.pop(digest, None)
            if copy is not None:
                self._lately[digest] = copy
            while sum(len(one.sound) for one in self._lately.values()) > MOST_BYTES:
                self._lately.popitem(last=False)


def _part(asked: str, length: int) -> tuple[int, int] | None:
    """First and last byte of one part (RFC 9110, 14.1.2); None: all of it."""
    match = RANGE.fullmatch(asked)
    if match is None:
        return None
    first, last = int(match[1]), min(int(match[2] or length - 1), length - 1)
    return (first, last) if first <= last else None
