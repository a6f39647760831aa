"""What a waiting call and a ring know from one request to the next, sealed into their addresses.

Several processes answer, and none of them may write: the network carries it for us. Sealed, so that
an address says nothing to whoever sees it and nobody can make one up; persons stand in it by their
id, numbers never.
"""

import json
import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple

from warmline.database.sealing import Seal, Unsealable

ABOUT: Final = "a call without a database"
QUEUE_BYTES: Final = 16
MOST_RUNG: Final = 60
"""Rings of one call that its address remembers, the latest: it must not grow without end."""


class Rung(NamedTuple):
    """A ring: whose phone, and when (seconds since 1970) it will have rung out."""

    person_id: int
    until: int


class Waits(NamedTuple):
    """A caller's wait: the queue's name, when it began (seconds since 1970), whom we rang.

    `heard` is how many documents they have heard while waiting; `round` is 1 after everybody was
    tried once.
    """

    queue: str
    began: int
    rung: tuple[Rung, ...] = ()
    heard: int = 0
    round: int = 0

    def tries(self, person_id: int) -> int:
        """How often this phone was rung for them."""
        return sum(one.person_id == person_id for one in self.rung)


class Offered(NamedTuple):
    """A ring: for which queue, whose phone, in which language."""

    queue: str
    person_id: int
    language: str


def new_wait(now: datetime) -> Waits:
    """A wait that begins, under a name that nobody can guess."""
    return Waits(secrets.token_hex(QUEUE_BYTES), int(now.timestamp()))


def with_rung(waits: Waits, rung: Rung) -> Waits:
    """The same, after one more ring."""
    return waits._replace(rung=(*waits.rung, rung)[-MOST_RUNG:])


def sealed(seal: Seal, what: Waits | Offered) -> str:
    """One piece of a path: letters, digits, `-` and `_`."""
    return seal.close(json.dumps(what, separators=(",", ":")), ABOUT).rstrip("=")


def waits_in(seal: Seal, piece: str) -> Waits:
    """The wait again; raises Unsealable."""
    queue, began, rung, heard, rounds = _opened(seal, piece, len(Waits._fields))
    return Waits(queue, began, tuple(Rung(*one) for one in rung), heard, rounds)


def offered_in(seal: Seal, piece: str) -> Offered:
    """The ring again; raises Unsealable."""
    return Offered(*_opened(seal, piece, len(Offered._fields)))


def _opened(seal: Seal, piece: str, fields: int) -> list[Any]:
    found = json.loads(seal.open(piece + "=" * (-len(piece) % 4), ABOUT))
    if len(found) != fields:
        raise Unsealable("an address of another kind")
    return list(found)
