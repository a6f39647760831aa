"""Forms with files in them, as browsers send them; and whatever else comes instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from warmline.desk.uploads import parts
from warmline.phone.signature import BadForm

KIND = "multipart/form-data; boundary=----x7"


def body(*pieces: tuple[str, bytes]) -> bytes:
    sent = [f"------x7\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in pieces]
    return b"".join(sent) + b"------x7--\r\n"


def test_fields_and_a_file_come_as_they_were_sent() -> None:
    head = 'Content-Disposition: form-data; name="{}"'
    file = head.format("file") + '; filename="a\u00f1o.csv"\r\nContent-Type: text/csv'
    rows = "starts,ends\r\nma\u00f1ana,\n".encode()
    sent = body((head.format("day"), b"2030-03-07"), (file, rows), (head.format("day"), b""))
    found = parts(KIND, sent)
    assert found == [("day", "2030-03-07"), ("file", rows.decode()), ("day", "")]


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfe"])
def test_only_a_file_may_hold_what_is_no_text(data: bytes) -> None:
    head = 'Content-Disposition: form-data; name="who"'
    with pytest.raises(BadForm):
        parts(KIND, body((head, data)))
    [(name, text)] = parts(KIND, body((f'{head}; filename="x"', data)))
    assert name == "who"
    assert text.encode("utf-8", "surrogateescape") == data


@given(some.binary(max_size=300), some.binary(max_size=60))
def test_whatever_comes_is_a_form_or_none(data: bytes, head: bytes) -> None:
    for kind in (KIND, "multipart/form-data"):
        for sent in (data, b"------x7\r\n" + head + b"\r\n\r\n" + data + b"\r\n------x7--"):
            try:
                parts(kind, sent)
            except BadForm:
                continue
