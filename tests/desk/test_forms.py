"""Forms that bring a file are read as a browser wrote them."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.desk.forms import Brought, read_multipart, receive
from warmline.telephony.signature import BadForm

NAMES = st.text("abcdefg_", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


def written(fields: dict[str, str], files: dict[str, bytes]) -> tuple[str, bytes]:
    sent = {name: ("x.wav", data) for name, data in files.items()}
    request = httpx2.Request("POST", "http://127.0.0.1/", data=fields, files=sent)
    return request.headers["content-type"], request.read()


def read(kind: str, body: bytes) -> Brought:
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, read_multipart(kind, body)).result()


def received(kind: str, body: bytes, most: int) -> Brought:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    # In a thread of its own: a browser of another test may have its loop in this one.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, receive(stream(), kind, most)).result()


@given(st.dictionaries(NAMES, TEXTS, max_size=4), st.binary(max_size=300))
def test_every_field_and_file_arrives_as_it_was(fields: dict[str, str], sound: bytes) -> None:
    kind, body = written(fields, {"sound": sound})
    assert read(kind, body) == Brought(list(fields.items()), {"sound": sound})


def test_a_file_that_is_longer_is_cut_off_and_the_fields_before_it_are_there() -> None:
    kind, body = written({"language": "es"}, {"sound": b"\r\n--" * 5000})
    brought = received(kind, body, 9000)
    assert brought.fields == [("language", "es")]
    assert 8000 < len(brought.files["sound"]) < 9000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("text/plain; boundary=x", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nno head\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\nno name\r\n--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut',
        ),
    ],
)
def test_what_is_no_such_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(BadForm):
        read(kind, body)
