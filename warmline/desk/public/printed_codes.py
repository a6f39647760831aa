"""The printed codes, ten for each who wants them; a test ring; and codes that are over.

A printed code is twelve letters and digits, good once. There are 31^12 of them: nobody guesses
one, so that tries are counted for the network they come from alone. A count for the person would
let any stranger lock them out.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from warmline.calls.calls import new_token
from warmline.database.sealing import Seal
from warmline.desk.public.asked_codes import CodeTried, Desk, whose
from warmline.desk.slips import Asker
from warmline.models.sign_in import RecoveryCode, SignInCode
from warmline.operations import attempts, one_time
from warmline.operations.attempts import Limit
from warmline.outbox import outbox
from warmline.sign_in.codes import A_WHILE, AN_HOUR, GOOD_FOR, NO_CODE

RECOVERY_CODES: Final = 10
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for others."""
TRIES_BY: Final = Limit("printed codes entered from a network", 20, AN_HOUR)
TESTS: Final = 3
"""Test rings in a while."""


def new_recovery_codes(db: Connection, seal: Seal, person_id: int) -> list[str]:
    """Ten new codes, shown once; the old ones are good no longer."""
    made = [_one() for _ in range(RECOVERY_CODES)]
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    rows = [
        {"person_id": person_id, "digest": seal.digests(_about(person_id, one))[0]} for one in made
    ]
    db.execute(insert(RecoveryCode), rows)
    return made


def recovery_codes_left(db: Connection, person_id: int) -> int:
    """How many printed codes of somebody's are still good."""
    count = select(func.count()).select_from(RecoveryCode)
    return db.scalar(count.where(RecoveryCode.person_id == person_id)) or 0


def use_recovery_code(at: Desk, phone: str, given: str, asker: Asker) -> CodeTried:
    """Whose printed code this is; a phone (E.164) of nobody's takes the same work."""
    person_id = whose(at.db, at.line, phone)
    if asker.network and (person_id is None or person_id != asker.known):
        again_at = attempts.refused(at.db, at.seal, TRIES_BY, asker.network, at.now)
        if again_at is not None:
            return CodeTried(None, "asker", again_at)
    plain = "".join(one for one in given.casefold() if one.isalnum())
    digests = at.seal.digests(_about(person_id or 0, plain))
    mine = (RecoveryCode.person_id == (person_id or 0), RecoveryCode.digest.in_(digests))
    if not at.db.execute(delete(RecoveryCode).where(*mine)).rowcount:
        return CodeTried(None)
    if asker.network:
        attempts.take_back(at.db, at.seal, TRIES_BY, asker.network)
    return CodeTried(person_id)


def ring_to_test(db: Connection, seal: Seal, line_id: int, person_id: int, now: datetime) -> bool:
    """Have somebody's own phone rung now, for they asked for it; False: often enough just now.

    It is the call of a sign-in code, with no code: it only says that it came through, and there is
    nothing that could be entered.
    """
    if not one_time.one_of(db, f"test ring:{person_id}", TESTS, now, now + A_WHILE):
        return False
    token = new_token()
    row = {
        "line_id": line_id,
        "token": token,
        "slip": seal.digests(f"test ring {secrets.token_urlsafe(24)}")[0],
        "person_id": person_id,
        "code": seal.close(NO_CODE, token),
        "made_at": now,
        "until": now + GOOD_FOR,
        "spoken": True,
    }
    db.execute(insert(SignInCode).values(row))
    outbox.say_code(db, line_id, token, now)
    return True


def forget(db: Connection, now: datetime) -> int:
    """Erase codes that are over; how many."""
    return db.execute(delete(SignInCode).where(SignInCode.until <= now)).rowcount


def numbered(made: Sequence[str]) -> list[tuple[int, str]]:
    """The codes as they are printed."""
    return list(enumerate(made, start=1))


def _one() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _about(person_id: int, code: str) -> str:
    return f"recovery {person_id} {code.replace('-', '')}"
