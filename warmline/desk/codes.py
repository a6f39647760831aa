"""The codes with which somebody comes in: asked for, sent and entered; and printed ones."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from warmline import once
from warmline.calls import new_token
from warmline.coordinators import of_phone
from warmline.desk.telling import Telling
from warmline.desk_models import DeskRole, RecoveryCode, SignInCode
from warmline.models import Volunteer
from warmline.opening import TheLine
from warmline.phone import outbox, texts
from warmline.sealed_columns import indexes
from warmline.sealing import Seal, Unsealable

TEXT, CALL = "text", "call"
GOOD_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
DIGITS: Final = 6
NO_CODE: Final = ""
SENT: Final = 3
A_WHILE: Final = timedelta(minutes=15)
"""So many codes go to one phone in a while, and no more: nobody can be rung without end."""
MOST_WAITING: Final = 1000
RECOVERY_CODES: Final = 10
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for others."""


def ask(
    db: Connection, seal: Seal, line: TheLine, phone: str, way: str, telling: Telling, now: datetime
) -> str:
    """Send a code to whoever has this phone (E.164), by text or call; the browser's slip.

    A number that is not on the roster is answered in the same way, and nothing is sent.
    """
    person_id = whose(db, line, phone)
    slip, token = secrets.token_urlsafe(24), new_token()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = {
        "line_id": line.line_id,
        "token": token,
        "slip": seal.digests(_about(slip))[0],
        "person_id": person_id,
        "code": seal.close(code, token),
        "made_at": now,
        "until": now + GOOD_FOR,
        "spoken": way == CALL,
    }
    _make_room(db)
    db.execute(insert(SignInCode).values(row))
    if person_id is not None and _may_send(db, person_id, now):
        _send(db, seal, line, person_id, token, code, way, telling, now)
    return slip


def ring_to_test(db: Connection, seal: Seal, line_id: int, person_id: int, now: datetime) -> bool:
    """Have somebody's own phone rung now, for they asked for it; False: often enough just now.

    It is the call of a sign-in code, with no code: it only says that it came through, and there is
    nothing that could be entered.
    """
    if not _may_send(db, person_id, now):
        return False
    token = new_token()
    row = {
        "line_id": line_id,
        "token": token,
        "slip": seal.digests(_about(secrets.token_urlsafe(24)))[0],
        "person_id": person_id,
        "code": seal.close(NO_CODE, token),
        "made_at": now,
        "until": now + GOOD_FOR,
        "tries": MOST_TRIES,
        "spoken": True,
    }
    db.execute(insert(SignInCode).values(row))
    outbox.say_code(db, line_id, token, now)
    return True


def whose(db: Connection, line: TheLine, phone: str) -> int | None:
    """The person with this phone; the first coordinator is entered when they first come."""
    theirs = (Volunteer.line_id == line.line_id, Volunteer.phone_index.in_(indexes(phone)))
    person_id = db.scalar(select(Volunteer.person_id).where(*theirs))
    if person_id is None and phone == line.coordinator_phone:
        person_id = of_phone(db, line, phone)
    if person_id is not None and phone == line.coordinator_phone:
        _let_them_lead(db, line.line_id, person_id)
    return person_id


def enter(db: Connection, seal: Seal, slip: str, code: str, now: datetime) -> int | None:
    """Whose code this is; None when it is wrong, over, or was tried too often. Good once."""
    digits = "".join(one for one in code if one.isdigit())
    tried = (
        update(SignInCode)
        .where(
            SignInCode.slip.in_(seal.digests(_about(slip))),
            SignInCode.until > now,
            SignInCode.tries < MOST_TRIES,
        )
        .values(tries=SignInCode.tries + 1)
        .returning(SignInCode.id, SignInCode.token, SignInCode.code, SignInCode.person_id)
    )
    row = db.execute(tried).first()
    if row is None:
        return None
    try:
        right = hmac.compare_digest(seal.open(row.code, row.token), digits)
    except Unsealable:
        right = False
    if not right or row.person_id is None:
        return None
    db.execute(delete(SignInCode).where(SignInCode.id == row.id))
    return int(row.person_id)


def new_recovery_codes(db: Connection, seal: Seal, person_id: int) -> list[str]:
    """Ten new codes, shown once; the old ones are good no longer."""
    made = [_recovery_code() for _ in range(RECOVERY_CODES)]
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    rows = [
        {"person_id": person_id, "digest": seal.digests(_of_recovery(person_id, one))[0]}
        for one in made
    ]
    db.execute(insert(RecoveryCode), rows)
    return made


def recovery_codes_left(db: Connection, person_id: int) -> int:
    """How many printed codes of somebody's are still good."""
    left = select(func.count()).select_from(RecoveryCode)
    return db.scalar(left.where(RecoveryCode.person_id == person_id)) or 0


def use_recovery_code(
    db: Connection, seal: Seal, line: TheLine, phone: str, code: str, now: datetime
) -> int | None:
    """Whose printed code this is; good once. None when it is not, or tried too often."""
    person_id = whose(db, line, phone)
    tries = f"recovery:{person_id}"
    if person_id is None or not once.one_of(db, tries, MOST_TRIES, now, now + A_WHILE):
        return None
    plain = "".join(one for one in code.casefold() if one.isalnum())
    digests = seal.digests(_of_recovery(person_id, plain))
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.digest.in_(digests))
    return person_id if db.execute(delete(RecoveryCode).where(*mine)).rowcount else None


def forget(db: Connection, now: datetime) -> int:
    """Erase codes that are over; how many."""
    return db.execute(delete(SignInCode).where(SignInCode.until <= now)).rowcount


def _send(
    db: Connection,
    seal: Seal,
    line: TheLine,
    person_id: int,
    token: str,
    code: str,
    way: str,
    telling: Telling,
    now: datetime,
) -> None:
    if way == CALL:
        outbox.say_code(db, line.line_id, token, now)
        return
    body = telling("coming.code_text", code=code, line=line.name[:40])
    seconds = GOOD_FOR.total_seconds()
    texts.tell(db, seal, line.line_id, person_id, [body], now, texts.REPLY, seconds)


def _may_send(db: Connection, person_id: int, now: datetime) -> bool:
    return once.one_of(db, f"code:{person_id}", SENT, now, now + A_WHILE)


def _make_room(db: Connection) -> None:
    """Codes asked for without end push out the oldest, not the database's walls."""
    newest = select(func.max(SignInCode.id)).scalar_subquery()
    db.execute(delete(SignInCode).where(SignInCode.id <= newest - MOST_WAITING))


def _let_them_lead(db: Connection, line_id: int, person_id: int) -> None:
    """The first coordinator has the desk for as long as nobody else leads it."""
    leads = (DeskRole.line_id == line_id, DeskRole.role == "coordinator")
    if db.execute(select(DeskRole.person_id).where(*leads)).first() is not None:
        return
    db.execute(delete(DeskRole).where(DeskRole.person_id == person_id))
    row = {"person_id": person_id, "line_id": line_id, "role": "coordinator"}
    db.execute(insert(DeskRole).values(row))


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _of_recovery(person_id: int, code: str) -> str:
    return f"recovery {person_id} {code.replace('-', '')}"


def _about(slip: str) -> str:
    return f"sign-in slip {slip}"


def numbered(codes: Sequence[str]) -> list[tuple[int, str]]:
    """The codes as they are printed."""
    return list(enumerate(codes, start=1))
