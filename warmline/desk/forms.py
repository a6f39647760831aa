"""Forms as they come over the wire: with a file (multipart/form-data, RFC 7578) or without."""

import re
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

from starlette.requests import Request

from warmline.telephony.signature import BadForm

LARGEST_FORM: Final = 100_000
"""Bytes of a form, a file not counted."""
MOST_PARTS: Final = 20
MOST_SEEN: Final = 50_000_000
"""Bytes after which nothing is listened to any more."""
MULTIPART: Final = "multipart/form-data"
NAME: Final = re.compile(r'[;\s]name="([^"]*)"')
FILE: Final = re.compile(r'[;\s]filename="([^"]*)"')


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
    return read_multipart(content_type, bytes(body))


def read_multipart(content_type: str, body: bytes) -> Brought:
    """The fields and files of a form; a file that was not chosen is empty. Raises BadForm."""
    brought = Brought([], {})
    for head, contents in _parts(_boundary(content_type), body):
        name = NAME.search(head)
        if name is None:
            raise BadForm("a part of a form without a name")
        if FILE.search(head):
            brought.files[name[1]] = contents
        else:
            brought.fields.append((name[1], _text(contents)))
    return brought


def _boundary(content_type: str) -> bytes:
    told = Message()
    told["content-type"] = content_type
    boundary = told.get_param("boundary")
    if told.get_content_type() != MULTIPART or not isinstance(boundary, str) or not boundary:
        raise BadForm("a form without a boundary")
    return boundary.encode("ascii", "ignore")


def _parts(boundary: bytes, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The disposition of each part, and what is in it."""
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if first or not parts or not parts[-1].startswith(b"--") or len(parts) > MOST_PARTS:
        raise BadForm("a form that is cut off, or has too many parts")
    for part in parts[:-1]:
        head, found, contents = part.partition(b"\r\n\r\n")
        if not found:
            raise BadForm("a part of a form without a head")
        yield _disposition(_text(head)), contents


def _disposition(head: str) -> str:
    lines = (line for line in head.split("\r\n") if line.lower().startswith("content-disposition:"))
    return next(lines, "")


def _text(data: bytes) -> str:
    if b"\0" in data:
        raise BadForm("a form that holds a NUL")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        broken = BadForm("a form that is not UTF-8")
    raise broken
