"""How a web shows that it is this line's own: that it has our keys, our address and our database.

`doctor` asks the public address with a challenge that it has noted in the database. Only a web
with a key of WARMLINE_SECRET_KEY can answer it, and it says whether it finds the note. The key of
these answers is derived for them alone and opens nothing else; without a challenge of the right
form nothing is added to an answer, and nothing in it is about anybody.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, select

from warmline.database.sealing import derived
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time

CHALLENGE: Final = "X-Warmline-Challenge"
ANSWER: Final = "X-Warmline-Answer"
PURPOSE: Final = b"warmline: a web shows that it is this line's own"
NOTED_FOR: Final = timedelta(minutes=2)
_FORM: Final = re.compile(r"[0-9a-f]{32}")

Proof = Literal["this", "older key", "other database", "other"]
"""This instance; one whose first key is not ours; one with our keys and another database, or
address; one that has none of our keys."""


def new_challenge() -> str:
    """128 random bits in hexadecimal digits."""
    return secrets.token_hex(16)


def note(db: Connection, challenge: str, now: datetime) -> None:
    """Let a web that has this database find the challenge there, for two minutes."""
    one_time.first(db, _what(challenge), now, now + NOTED_FOR)


def is_one(challenge: str) -> bool:
    """Whether what came in a request has the form of a challenge."""
    return _FORM.fullmatch(challenge) is not None


def is_noted(db: Connection, challenge: str) -> bool:
    """Whether this database holds the challenge."""
    return (
        db.execute(select(OneTimeMark.what).where(OneTimeMark.what == _what(challenge))).first()
        is not None
    )


def answer(keys: Sequence[str], public_url: str, challenge: str, *, noted: bool) -> str:
    """What a web with these secret keys and this address answers, under its first key."""
    return _answer(keys[0], public_url, challenge, noted=noted)


def proven(keys: Sequence[str], public_url: str, challenge: str, given: str) -> Proof:
    """What an answer shows to somebody with these keys and this address."""
    for place, key in enumerate(keys):
        if _is(given, _answer(key, public_url, challenge, noted=True)):
            return "older key" if place else "this"
        if _is(given, _answer(key, public_url, challenge, noted=False)):
            return "other database"
    return "other"


def _answer(key: str, public_url: str, challenge: str, *, noted: bool) -> str:
    said = f"{challenge}\n{public_url}\n{'noted' if noted else 'not noted'}"
    return hmac.digest(derived(key, PURPOSE), said.encode(), "sha256").hex()


def _is(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _what(challenge: str) -> str:
    return f"doctor:{challenge}"
