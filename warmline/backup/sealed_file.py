"""A sealed file: readable with the secret key alone, in pieces, so that its length costs no memory.

Format: one line of plain text with the version, 32 bytes of salt, then pieces of at most 64 KiB,
each sealed with AES-256-GCM and 16 bytes longer for it. The key is made of WARMLINE_SECRET_KEY and
the salt (HKDF, RFC 5869), so that it is this file's own. A piece's nonce is its number and, in the
last byte, whether it is the last: pieces that are missing, moved or cut off do not open (the STREAM
construction, Hoang, Reyhanitabar, Rogaway and Vizar, 2015). What is sealed is zlib's.
"""

import secrets
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shifts.faults import Fault

MAGIC: Final = b"warmline backup 1\n"
NAME: Final = b"warmline backup "
PURPOSE: Final = b"warmline: a backup"
SALT_BYTES: Final = 32
PIECE: Final = 65536
TAG_BYTES: Final = 16
NUMBER_BYTES: Final = 11


class Unreadable(Fault):
    """It is no backup of ours, sealed with another key, damaged, or cut off."""


class SealedWriter:
    """Seals what is written, with the first of the keys; `close` writes the last piece."""

    def __init__(self, file: BinaryIO, secret_keys: Sequence[str]) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        file.write(MAGIC + salt)
        self._file = file
        self._key = _key(secret_keys[0], salt)
        self._small = zlib.compressobj()
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> None:
        """Add to what will be read."""
        self._add(self._small.compress(data))

    def close(self) -> None:
        """Write what is left: without this the file does not open."""
        self._add(self._small.flush())
        self._seal(bytes(self._waiting), last=True)

    def _add(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def _seal(self, piece: bytes, *, last: bool) -> None:
        sealed = self._key.encrypt(_nonce(self._number, last=last), piece, MAGIC)
        self._file.write(sealed)
        self._number += 1


def lines(file: BinaryIO, secret_keys: Sequence[str]) -> Iterator[bytes]:
    """What was written, line by line, without their ends; raises Unreadable."""
    small = zlib.decompressobj()
    begun = bytearray()
    for piece in _pieces(file, secret_keys):
        begun += small.decompress(piece)
        *whole, rest = begun.split(b"\n")
        yield from map(bytes, whole)
        begun = bytearray(rest)
    if begun or not small.eof:
        raise Unreadable("is damaged: its last line is not whole")


def _pieces(file: BinaryIO, secret_keys: Sequence[str]) -> Iterator[bytes]:
    _check_name(file)
    salt = file.read(SALT_BYTES)
    keys = [_key(one, salt) for one in secret_keys]
    number, sealed = 0, file.read(PIECE + TAG_BYTES)
    while True:
        following = file.read(PIECE + TAG_BYTES)
        nonce = _nonce(number, last=not following)
        found = [(key, piece) for key in keys if (piece := _opened(key, nonce, sealed)) is not None]
        if not found:
            raise Unreadable(_why(number))
        keys = [found[0][0]]
        yield found[0][1]
        if not following:
            return
        number, sealed = number + 1, following


def _check_name(file: BinaryIO) -> None:
    name = file.read(len(MAGIC))
    if name == MAGIC:
        return
    if name.startswith(NAME):
        raise Unreadable("is a backup of a newer version; install that version to restore it")
    raise Unreadable("is no backup of a line")


def _why(number: int) -> str:
    if number == 0:
        return (
            "cannot be opened: no key of WARMLINE_SECRET_KEY is the one it was sealed with"
            " (or it is damaged); add that key"
        )
    return f"is damaged or cut off, in piece {number + 1}"


def _opened(key: AESGCM, nonce: bytes, sealed: bytes) -> bytes | None:
    try:
        return key.decrypt(nonce, sealed, MAGIC)
    except (InvalidTag, ValueError):
        return None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NUMBER_BYTES, "big") + bytes([last])


def _key(secret: str, salt: bytes) -> AESGCM:
    made = HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE)
    return AESGCM(made.derive(secret.encode()))
