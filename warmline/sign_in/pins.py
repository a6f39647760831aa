"""A PIN of one's own: keyed in before the menu, where a call shows a number that may be forged.

It is everybody's own choice, and nobody else's. It is kept as a digest under the line's key alone,
as printed codes are, and opens nothing but the menu of a call. Whoever guesses finds nine tries of
a million a day, and keeps the owner out of the menu by phone alone: never of a talk, of texts or of
the desk.
"""

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from warmline.database.sealing import Seal
from warmline.models.sign_in import Pin
from warmline.operations.attempts import Limit
from warmline.sign_in.codes import A_DAY, AN_HOUR

DIGITS: Final = 6
TRIES_OF_CALL: Final = Limit("PINs keyed in a call", 3, AN_HOUR)
TRIES_OF_ONE: Final = Limit("PINs keyed in for a person", 9, A_DAY)
UP: Final = "0123456789"


def is_a_pin(given: str, phone: str) -> bool:
    """Whether these are six digits that nobody tries first: no run, no one digit, not the phone's.

    `phone` is E.164.
    """
    plain = len(given) == DIGITS and given.isascii() and given.isdigit()
    runs = (UP, UP[::-1])
    easy = len(set(given)) == 1 or any(given in run for run in runs) or phone.endswith(given)
    return plain and not easy


def choose(db: Connection, seal: Seal, person_id: int, pin: str) -> None:
    """From now on this is somebody's PIN, and no other."""
    remove(db, person_id)
    digest = seal.digests(_about(person_id, pin))[0]
    db.execute(insert(Pin).values(person_id=person_id, digest=digest))


def remove(db: Connection, person_id: int) -> None:
    """Nothing is asked of them any more."""
    db.execute(delete(Pin).where(Pin.person_id == person_id))


def has_one(db: Connection, person_id: int) -> bool:
    """Whether somebody has chosen one."""
    return db.scalar(select(Pin.person_id).where(Pin.person_id == person_id)) is not None


def is_right(db: Connection, seal: Seal, person_id: int, given: str) -> bool:
    """Whether this is their PIN."""
    mine = (Pin.person_id == person_id, Pin.digest.in_(seal.digests(_about(person_id, given))))
    return db.scalar(select(Pin.person_id).where(*mine)) is not None


def _about(person_id: int, pin: str) -> str:
    return f"pin {person_id} {pin}"
