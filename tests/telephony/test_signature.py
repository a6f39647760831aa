"""Signatures: held to the provider's library, to a published vector and to a signer of our own."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # no types

from warmline.telephony.signature import (
    LARGEST_FORM_BYTES,
    MOST_FIELDS,
    BadForm,
    public_url,
    read_form,
    signed_by,
)

Fields = list[tuple[str, str]]

VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
VECTOR_FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
VECTOR_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


class Repeated(dict[str, list[str]]):
    """Fields as the library wants them when one is repeated."""

    def getall(self, key: str) -> list[str]:
        return self[key]


def for_library(fields: Fields) -> Repeated:
    repeated = Repeated()
    for key, value in fields:
        repeated.setdefault(key, []).append(value)
    return repeated


def signed_by_hand(token: str, url: str, fields: Fields) -> str:
    """The rule of the provider's page, written from the page."""
    data = url + "".join(k + v for k, v in sorted(set(fields)))
    mac = hmac.new(token.encode(), data.encode("utf-8"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


text = st.text(st.characters(codec="utf-8"), max_size=12)
pairs = st.lists(st.tuples(st.sampled_from(["Body", "From", "To", "a", ""]) | text, text))
hosts = st.sampled_from(["line.example.org", "localhost", "127.0.0.1"])
ports = st.sampled_from(["", ":443", ":80", ":8443"])
paths = st.sampled_from(["", "/", "/voice", "/v/%2B1555", "/c/a-b_c/step", "/a//b", "/%C3%B1"])
queries = st.sampled_from(["", "?a=1", "?b=2&a=1&a=1", "?a=%20b+c", "?next=https://x:1/"])
urls = st.builds(
    "{}://{}{}{}{}".format, st.sampled_from(["https", "http"]), hosts, ports, paths, queries
)


@given(token=st.text(st.characters(codec="utf-8"), min_size=1), url=urls, fields=pairs)
def test_what_the_library_signs_is_believed(token: str, url: str, fields: Fields) -> None:
    signature = RequestValidator(token).compute_signature(url, for_library(fields))
    assert signed_by([token], url, fields, signature)
    assert signature == signed_by_hand(token, url, fields)


@given(url=urls, signed_url=urls, fields=pairs, signed_fields=pairs)
def test_the_library_and_we_give_the_same_answer(
    url: str, signed_url: str, fields: Fields, signed_fields: Fields
) -> None:
    signature = signed_by_hand("token", signed_url, signed_fields)
    expected = RequestValidator("token").validate(url, for_library(fields), signature)
    assert signed_by(["token"], url, fields, signature) is expected


@given(url=st.text(), fields=pairs, signature=st.text())
def test_nothing_that_arrives_can_break_the_check(url: str, fields: Fields, signature: str) -> None:
    assert not signed_by(["token"], url, fields, signature)


def test_the_published_vector_is_believed() -> None:
    assert signed_by(["12345"], VECTOR_URL, VECTOR_FIELDS, VECTOR_SIGNATURE)
    assert not signed_by(["12345"], VECTOR_URL, VECTOR_FIELDS[1:], VECTOR_SIGNATURE)
    assert not signed_by(["12346"], VECTOR_URL, VECTOR_FIELDS, VECTOR_SIGNATURE)


@pytest.mark.parametrize("signature", ["", " ", "ñ", "\udc80", VECTOR_SIGNATURE[:-1]])
def test_a_missing_or_odd_signature_is_not_believed(signature: str) -> None:
    assert not signed_by(["12345"], VECTOR_URL, VECTOR_FIELDS, signature)


def test_any_of_several_tokens_will_do_while_one_is_being_rotated() -> None:
    signature = signed_by_hand("old", VECTOR_URL, VECTOR_FIELDS)
    assert signed_by(["new", "old"], VECTOR_URL, VECTOR_FIELDS, signature)
    assert not signed_by(["new"], VECTOR_URL, VECTOR_FIELDS, signature)


def test_without_a_token_nothing_is_believed() -> None:
    signature = signed_by_hand("", VECTOR_URL, VECTOR_FIELDS)
    assert not signed_by([], VECTOR_URL, VECTOR_FIELDS, signature)
    assert not signed_by([""], VECTOR_URL, VECTOR_FIELDS, signature)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://line.example.org/voice", "https://line.example.org:443/voice"),
        ("https://line.example.org:443/voice", "https://line.example.org/voice"),
        ("https://line.example.org:8443/voice", "https://line.example.org/voice"),
        ("http://localhost/voice", "http://localhost:80/voice"),
        ("http://[::1]:8000/voice", "http://[::1]/voice"),
        ("http://[::1]/voice", "http://[::1]:80/voice"),
    ],
)
def test_the_port_may_be_written_or_left_out(ours: str, theirs: str) -> None:
    fields = [("Digits", "1")]
    assert signed_by(["t"], ours, fields, signed_by_hand("t", theirs, fields))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"To=%2B14135550101&City=&Zip=", [("To", "+14135550101"), ("City", ""), ("Zip", "")]),
        (b"a=1&b=2&a=1&a=0", [("a", "1"), ("b", "2"), ("a", "1"), ("a", "0")]),
        ("Body=Gra\u00e7as+%E2%98%8E".encode(), [("Body", "Gra\u00e7as \u260e")]),
        (b"Body=a%26b%3Dc", [("Body", "a&b=c")]),
        (b"Body", [("Body", "")]),
        (b"", []),
        (b"&&a=1&", [("a", "1")]),
        (b"a=100%&b=%zz", [("a", "100%"), ("b", "%zz")]),
    ],
)
def test_a_signed_form_is_read_with_its_blanks_and_repeats(body: bytes, fields: Fields) -> None:
    assert read_form(body) == fields
    url = public_url("https://line.example.org", b"/v/%2B1555/step", b"a=%20&b=+")
    assert url == "https://line.example.org/v/%2B1555/step?a=%20&b=+"
    assert signed_by(["t"], url, read_form(body), signed_by_hand("t", url, fields))


def test_the_public_url_is_the_base_and_what_came_over_the_wire() -> None:
    assert public_url("https://x.example", b"/voice", b"") == "https://x.example/voice"
    assert public_url("http://localhost:1/w", b"/\xff", b"\xff") == "http://localhost:1/w/ÿ?ÿ"


@pytest.mark.parametrize(
    "body",
    [
        b"a" * (LARGEST_FORM_BYTES + 1),
        b"&".join([b"a=1"] * (MOST_FIELDS + 1)),
        b"&" * MOST_FIELDS + b"a=1&b=2",
        b"a=\xff",
        b"a=%ff",
        b"a=%ed%a0%80",
        b"a=%00",
        b"a=\0",
    ],
    ids=[
        "huge",
        "fields",
        "blank fields",
        "raw bytes",
        "escaped bytes",
        "surrogate",
        "escaped NUL",
        "NUL",
    ],
)
def test_a_hostile_form_has_one_name_and_repeats_nothing(body: bytes) -> None:
    with pytest.raises(BadForm) as bad:
        read_form(body)
    assert bad.value.__cause__ is bad.value.__context__ is None


@given(st.binary(max_size=400))
def test_any_body_is_a_form_or_a_bad_form(body: bytes) -> None:
    try:
        fields = read_form(body)
    except BadForm:
        return
    assert all(isinstance(part, str) for pair in fields for part in pair)


@given(pairs)
def test_what_a_client_encodes_is_read_back(fields: Fields) -> None:
    named = [(k, v) for k, v in fields if k and "\0" not in k + v]
    assert read_form(urlencode(named).encode()) == named


@given(st.lists(st.sampled_from(["a", "=", "&", "%", "%2B", "%C3%B1", "+", "ñ", ";"])))
def test_a_form_is_read_as_the_standard_library_reads_it(pieces: list[str]) -> None:
    body = "".join(pieces)
    try:
        expected = parse_qsl(body, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(BadForm):
            read_form(body.encode())
    else:
        assert read_form(body.encode()) == expected
