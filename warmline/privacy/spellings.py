"""What the byte search looks for: a secret in every way it could have been written down."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

import phonenumbers
from phonenumbers import PhoneNumberFormat

HASHES: Final = {"SHA-1": "sha1", "SHA-256": "sha256"}
SHORTEST: Final = 8
"""Bytes: whatever is shorter is found by chance."""


class Needle(NamedTuple):
    """Bytes to look for. `what` and `how` tell of them without saying them."""

    what: str
    how: str
    data: bytes


def of_number(what: str, number: str) -> Iterator[tuple[str, str]]:
    """A number (E.164) in the ways in which people and programs write it."""
    parsed = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(parsed)
    shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    _, _, grouped = shown.partition(" ")
    yield f"{what} in E.164", number
    yield f"{what} without its plus sign", number.removeprefix("+")
    yield f"{what} without its country", national
    national_shown = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    yield f"{what} as it is printed", national_shown
    yield f"{what} with hyphens", grouped
    yield f"{what} with spaces", grouped.replace("-", " ")
    yield f"{what} with dots", grouped.replace("-", ".")
    yield f"{what} in a form", quote(number, safe="")


def of_text(what: str, text: str) -> Iterator[tuple[str, str]]:
    """A text or an id as it is, in a form, in an address and in JSON."""
    written = {text: "", quote_plus(text): " in a form", quote(text): " in an address"}
    written |= {json.dumps(text)[1:-1]: " in JSON"}
    for data, how in reversed(written.items()):
        yield f"{what}{how if data != text else ''}", data


def needles(secrets: Sequence[tuple[str, str]], keys: Mapping[str, bytes]) -> Iterator[Needle]:
    """All that gives away these secrets: they themselves, and their digests under known `keys`.

    Each secret is what it is, and itself; of digests the raw bytes, hex digits and base64 count.
    """
    for what, secret in secrets:
        data = secret.encode()
        if len(data) < SHORTEST:
            raise ValueError(f"too short to be told from chance: {what}")
        yield Needle(what, "as it is", data)
        for name, digest in _digests(data, keys):
            for form, written in _forms(digest):
                yield Needle(what, f"{name}, {form}", written)


def _digests(data: bytes, keys: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, algorithm in HASHES.items():
        yield name, hashlib.new(algorithm, data).digest()
        for whose, key in keys.items():
            yield f"HMAC-{name} under {whose}", hmac.digest(key, data, algorithm)


def _forms(digest: bytes) -> Iterator[tuple[str, bytes]]:
    yield "raw", digest
    yield "hex", digest.hex().encode()
    yield "hex", digest.hex().upper().encode()
    # The last characters differ with padding or without.
    yield "base64", base64.b64encode(digest).rstrip(b"=")
    yield "base64", base64.urlsafe_b64encode(digest).rstrip(b"=")
