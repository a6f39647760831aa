"""Sealing at rest: what is personal lies in the database only as ciphertext."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12
PURPOSE: Final = b"warmline: what lies sealed in the database"
DIGESTS: Final = b"warmline: by what a sealed number is found again"


class Unsealable(Exception):
    """No key opens it: it was sealed with another key, for another place, or is damaged."""


class Seal:
    """Seals short texts with AES-256-GCM (NIST SP 800-38D); the first key seals, all open.

    `secret_keys` are those of the settings, from which the keys are derived (HKDF, RFC 5869).
    """

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = [AESGCM(derived(key, PURPOSE)) for key in secret_keys]
        self._digesting = [derived(key, DIGESTS) for key in secret_keys]

    def close(self, text: str, about: str) -> str:
        """Ciphertext that opens only for the same `about`, such as the row's token."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._keys[0].encrypt(nonce, text.encode(), about.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The text again; raises Unsealable."""
        try:
            raw = base64.urlsafe_b64decode(sealed)
        except (binascii.Error, ValueError):
            raise Unsealable("what lies sealed is damaged") from None
        for key in self._keys:
            try:
                return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode()).decode()
            except (InvalidTag, ValueError):
                continue
        raise Unsealable("no key of WARMLINE_SECRET_KEY opens what lies sealed")

    def digests(self, text: str) -> list[str]:
        """By what a text that lies sealed is found again: keyed, so that nobody else can guess.

        HMAC-SHA-256 (RFC 2104) in hexadecimal digits, one for each key; the first is stored.
        """
        return [_digest(key, text) for key in self._digesting]


def _digest(key: bytes, text: str) -> str:
    made = HMAC(key, SHA256())
    made.update(text.encode())
    return made.finalize().hex()


def derived(secret: str, purpose: bytes) -> bytes:
    """The key for one purpose, 32 bytes, from one of the settings' secret keys."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
