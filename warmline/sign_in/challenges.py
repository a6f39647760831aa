"""Challenges: what a passkey is made or proven with, once, on one site, within five minutes."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection

from warmline.database.sealing import Seal, Unsealable
from warmline.operations import one_time

LASTS: Final = timedelta(minutes=5)
SIGN_IN: Final = "sign in"
"""What the challenge for a sign-in is for; `making` says it of the other kind."""


class Unproven(Exception):
    """Nothing was proven: wrong, late, used before, or of a passkey that is not known (here)."""


@dataclass(frozen=True, slots=True)
class Site:
    """For whom a passkey is good: `rp_id` is a host name, `origin` the address before any path."""

    rp_id: str
    origin: str


def site_of(public_url: str) -> Site | None:
    """The site at this address; None where browsers make no passkeys.

    They do for names under https, and on the machine itself for `localhost`; never for a bare
    IP address.
    """
    parts = urlsplit(public_url)
    host = _as_browsers_write(parts.hostname or "")
    if not host or _is_address(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return Site(host, f"{parts.scheme}://{host}{port}")


def _as_browsers_write(host: str) -> str:
    """In letters of ASCII; nothing, where it is no host name."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def making(person_id: int) -> str:
    """What the challenge for a new passkey of somebody's is for."""
    return f"a passkey of {person_id}"


def sealed(seal: Seal, challenge: bytes, what_for: str, now: datetime) -> str:
    """A challenge as a browser's cookie keeps it, good for five minutes and `what_for` alone."""
    until = now + LASTS
    return seal.close(f"{until.isoformat()} {challenge.hex()}", _about(what_for))


def unsealed(seal: Seal, cookie: str, what_for: str, now: datetime) -> bytes:
    """The challenge again; raises Unproven when it is over, for something else, or not ours."""
    try:
        until, challenge = seal.open(cookie, _about(what_for)).split()
    except Unsealable:
        raise Unproven("the challenge is not ours") from None
    if datetime.fromisoformat(until) <= now:
        raise Unproven("the challenge is over")
    return bytes.fromhex(challenge)


def _about(what_for: str) -> str:
    return f"passkey challenge: {what_for}"


def use_up(db: Connection, challenge: bytes, now: datetime) -> None:
    """A challenge is good once; raises Unproven the second time, in whichever process."""
    what = f"passkey:{sha256(challenge).hexdigest()}"
    if not one_time.first(db, what, now, now + LASTS):
        raise Unproven("the challenge was used before")
