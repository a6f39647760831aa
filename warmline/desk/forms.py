"""Forms as they come over the wire: with a file (multipart/form-data, RFC 7578) or without."""

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from email.message import Message
from typing import Final

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from warmline.telephony.signature import BadForm

LARGEST_FORM: Final = 100_000
"""Bytes of a form, a file not counted."""
MOST_PARTS: Final = 20
MOST_SEEN: Final = 50_000_000
"""Bytes after which nothing is listened to any more."""
MULTIPART: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a form brings: its fields in their order, and its files by the name of their field."""

    fields: list[tuple[str, str]]
    files: dict[str, bytes]


async def body_of(request: Request, largest: int = LARGEST_FORM) -> bytes:
    """The body, read no further than it may be long; raises BadForm."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise BadForm("too large")
    return body


async def receive(stream: AsyncIterable[bytes], content_type: str, most: int) -> Brought:
    """What a form brings, of which so many bytes are kept: a file that is longer is cut off there.

    The rest is let pass, because a browser that is hung up on shows no page. Raises BadForm.
    """
    body, seen = bytearray(), 0
    async for chunk in stream:
        seen += len(chunk)
        if seen > MOST_SEEN:
            raise BadForm("far too large")
        body += chunk[: most - len(body)]
    if seen > len(body):
        body += b"\r\n--" + _boundary(content_type) + b"--"
    return await read_multipart(content_type, bytes(body))


class _InMemory(MultiPartParser):
    """Nothing that somebody sends comes to lie in a temporary file."""

    spool_max_size = MOST_SEEN


async def read_multipart(content_type: str, body: bytes) -> Brought:
    """The fields and files of a form; a file that was not chosen is empty. Raises BadForm."""
    end = b"--" + _boundary(content_type) + b"--"
    if end not in body[-len(end) - 4 :]:
        raise BadForm("a form that is cut off")

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers({"content-type": content_type})
    bounds = {"max_files": MOST_PARTS, "max_fields": MOST_PARTS, "max_part_size": LARGEST_FORM}
    brought = Brought([], {})
    try:
        form = await _InMemory(headers, whole(), **bounds).parse()
    except (MultiPartException, KeyError):
        broken = BadForm("a form with too many parts, or one that is none")
    else:
        try:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    brought.files[name] = await value.read()
                else:
                    brought.fields.append((name, _text(value, body)))
        finally:
            await form.close()
        return brought
    # Outside of the handler: what is raised there holds what was sent.
    raise broken


def _boundary(content_type: str) -> bytes:
    told = Message()
    told["content-type"] = content_type
    boundary = told.get_param("boundary")
    if told.get_content_type() != MULTIPART or not isinstance(boundary, str) or not boundary:
        raise BadForm("a form without a boundary")
    return boundary.encode("ascii", "ignore")


def _text(value: str, body: bytes) -> str:
    if "\0" in value:
        raise BadForm("a form that holds a NUL")
    if value.encode() not in body:
        # The library reads what is not UTF-8 as if it were Latin-1, without a word.
        raise BadForm("a form that is not UTF-8")
    return value
