"""The fields of a form as they come over the wire, with or without a file among them."""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Final

from starlette.requests import Request

from warmline.phone.signature import MOST_FIELDS, BadForm, read_form

LARGEST_FORM: Final = 100_000
LARGEST_UPLOAD: Final = 1_000_000
"""Bytes of a form with a file: ten thousand rows of a roster."""
WITH_FILES: Final = "multipart/form-data"


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """Names and values in their order; raises BadForm.

    A file is the value of its field, as text; bytes that are no UTF-8 are lone surrogates in it.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith(WITH_FILES):
        return read_form(await body_of(request))
    return parts(kind, await body_of(request, LARGEST_UPLOAD))


async def body_of(request: Request, largest: int = LARGEST_FORM) -> bytes:
    """The body, read no further than it may be long; raises BadForm."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise BadForm("too large")
    return body


def parts(kind: str, body: bytes) -> list[tuple[str, str]]:
    """The fields of a body of this content type (RFC 7578); raises BadForm."""
    head = f"content-type: {kind}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser().parsebytes(head + body)
    if not message.is_multipart():
        raise BadForm("no parts")
    found = list(_fields(message))
    if len(found) > MOST_FIELDS:
        raise BadForm("too many fields")
    return found


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes):
            continue
        text = value.decode("utf-8", "surrogateescape")
        is_file = part.get_param("filename", header="content-disposition") is not None
        if not is_file and not _can_be_kept(text):
            raise BadForm("a field that cannot be kept")
        yield name, text


def _can_be_kept(text: str) -> bool:
    """Whether databases and pages can hold it."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
