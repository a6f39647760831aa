"""Sign-in codes: made, limited, compared; and as the call that reads one needs it.

Six digits can be guessed, so that tries are counted for a phone over all browsers, and a stranger
may use them up. Whoever has the phone in hand is not kept out by that: to CODE it is then texted
a code that nobody guesses, which is counted by nothing.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    insert,
    literal,
    select,
)

from shifts.models import Line
from warmline.calls.calls import new_token
from warmline.database.records import first, made_of
from warmline.database.sealed_columns import indexes
from warmline.database.sealing import Seal, Unsealable
from warmline.languages import FIRST
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.sign_in import SignInCode
from warmline.operations import attempts
from warmline.operations.attempts import Limit

GOOD_FOR: Final = timedelta(minutes=10)
DIGITS: Final = 6
LONG: Final = 12
"""Digits of a code that is not counted: ten minutes at a thousand guesses a second try six in ten
million of them."""
NO_CODE: Final = ""
A_WHILE: Final = timedelta(minutes=15)
AN_HOUR: Final = timedelta(hours=1)
A_DAY: Final = timedelta(days=1)
SENT_A_WHILE: Final = Limit("codes sent to a phone", 3, A_WHILE)
SENT_A_DAY: Final = Limit("codes sent to a phone in a day", 6, A_DAY)
"""Texts and calls together that browsers which were never in can cause to one phone: so many that
a code may go astray twice, so few that nobody's night is spoilt by them. A code that was used was
wanted, and does not count."""
KNOWN_A_WHILE: Final = Limit("codes for a browser that was in", 3, A_WHILE)
KNOWN_A_DAY: Final = Limit("codes for a browser that was in, a day", 20, A_DAY)
TRIES_KNOWN: Final = Limit("codes entered in a browser that was in", 10, AN_HOUR)
TRIES: Final = Limit("codes of a phone", 10, AN_HOUR)
"""Wrong codes for one phone, over all browsers that were never in; a slip of the eye takes two."""
TRIES_BY_CALL: Final = Limit("codes of a phone by call", 5, AN_HOUR)
"""Then so many of a code that was read by a call, and no more: fifteen of a million an hour."""
SAME_CODE: Final = Limit("one code texted again", 2, GOOD_FOR)
TEXTED: Final = Limit("codes texted for", 24, A_DAY)
"""Answers to CODE. Whoever forges a phone's number can cause no more to it."""

OF_PHONE: Final = (SENT_A_WHILE, SENT_A_DAY, TRIES, TRIES_BY_CALL, TEXTED)
OF_PERSON: Final = (KNOWN_A_WHILE, KNOWN_A_DAY, TRIES_KNOWN)


class Code(NamedTuple):
    """A live code: `long` is not counted, `spoken` was read by a call, `own` was texted for."""

    id: int
    person_id: int
    text: str
    spoken: bool
    own: bool

    @property
    def long(self) -> bool:
        """Whether nobody can guess it."""
        return len(self.text) == LONG


def new_code(digits: int = DIGITS) -> str:
    """So many digits at random."""
    return f"{secrets.randbelow(10**digits):0{digits}}"


def of_phone(line_id: int, phone: str) -> ColumnElement[bool]:
    """The volunteer with this phone (E.164)."""
    return and_(Volunteer.line_id == line_id, Volunteer.phone_index.in_(indexes(phone)))


def put(
    db: Connection,
    seal: Seal,
    line_id: int,
    phone: str,
    slip: str,
    code: str,
    now: datetime,
    *,
    spoken: bool = False,
) -> str:
    """Keep a code for whoever has this phone, found by its slip (a digest); the code's token.

    Where nobody has it, the same statement keeps nothing.
    """
    token = new_token()
    row = {
        "line_id": line_id,
        "token": token,
        "slip": slip,
        "code": seal.close(code, token),
        "made_at": now,
        "until": now + GOOD_FOR,
        "spoken": spoken,
    }
    columns = {name: SignInCode.__table__.c[name] for name in row}
    values = (literal(row[name], column.type) for name, column in columns.items())
    theirs = select(*values, Volunteer.person_id).where(of_phone(line_id, phone))
    db.execute(delete(SignInCode).where(SignInCode.slip == slip))
    db.execute(insert(SignInCode).from_select([*columns, "person_id"], theirs))
    return token


def live(
    db: Connection, seal: Seal, line_id: int, phone: str, slips: Iterable[str], now: datetime
) -> list[Code]:
    """The codes of a phone that are good: those of these slips, and one that CODE has brought."""
    mine = seal.digests(about_phone(phone))
    found = (
        select(SignInCode.__table__)
        .join(Volunteer, Volunteer.person_id == SignInCode.person_id)
        .where(
            of_phone(line_id, phone), SignInCode.slip.in_([*slips, *mine]), SignInCode.until > now
        )
    )
    opened = [(row, _opened(seal, row.code, row.token)) for row in db.execute(found).all()]
    return [
        Code(row.id, row.person_id, text, row.spoken, row.slip in mine)
        for row, text in opened
        if text
    ]


def _opened(seal: Seal, code: str, token: str) -> str:
    try:
        return seal.open(code, token)
    except Unsealable:
        return NO_CODE


def texted_for(
    db: Connection, seal: Seal, line_id: int, phone: str, now: datetime
) -> tuple[str, datetime] | None:
    """What CODE brings to this phone: a code good in any browser, and until when (UTC).

    While it is good it is the same one, three times; then, and after 24 in a day, None: the one
    that came last is on the phone. Where tries were used up it is a code that nobody guesses.
    """
    mine = seal.digests(about_phone(phone))
    found = select(SignInCode.__table__).where(SignInCode.slip.in_(mine), SignInCode.until > now)
    row = db.execute(found).first()
    code = _opened(seal, row.code, row.token) if row is not None else NO_CODE
    guessed = attempts.used_up(db, seal, TRIES, phone, now) is not None
    if row is not None and (len(code) == LONG or not guessed):
        again = attempts.refused(db, seal, SAME_CODE, row.token, now) is None
        return (code, row.until) if again and _may_text(db, seal, phone, now) else None
    if not _may_text(db, seal, phone, now):
        return None
    code = new_code(LONG if guessed else DIGITS)
    put(db, seal, line_id, phone, mine[0], code, now)
    return code, now + GOOD_FOR


def _may_text(db: Connection, seal: Seal, phone: str, now: datetime) -> bool:
    return attempts.refused(db, seal, TEXTED, phone, now) is None


def as_written(code: str) -> str:
    """A code as somebody reads it: a long one in groups of four."""
    return code if len(code) != LONG else " ".join(code[at : at + 4] for at in range(0, LONG, 4))


def use(db: Connection, code: Code) -> None:
    """A code is good once."""
    db.execute(delete(SignInCode).where(SignInCode.id == code.id))


def tried_of_late(db: Connection, seal: Seal, phone: str, now: datetime) -> bool:
    """Whether a code was asked for or entered for this phone within a day."""
    return any(attempts.counts(db, seal, one, phone, now) for one in OF_PHONE)


def forget_person(db: Connection, seal: Seal, person_id: int) -> None:
    """Erase what is counted for somebody who leaves, and for their phone."""
    phones = select(Volunteer.phone).where(Volunteer.person_id == person_id)
    for phone in db.scalars(phones).all():
        for limit in OF_PHONE:
            attempts.erase(db, seal, limit, phone)
    for limit in OF_PERSON:
        attempts.erase(db, seal, limit, person_id)


def about_phone(phone: str) -> str:
    """What the digest of a code that CODE has brought is made of."""
    return f"sign-in code texted for by {phone}"


class CodeCall(NamedTuple):
    """A call that reads a code, sealed, or tests a phone; without code or person once it is over.

    `line_languages` and `volunteer_languages` hold codes with commas between them.
    """

    token: str | None
    code: str | None
    line_id: int
    line_name: str
    line_languages: str
    language: str
    volunteer_languages: str | None

    @property
    def spoken(self) -> str:
        """The first of their own languages."""
        return self.volunteer_languages.split(",")[0] if self.volunteer_languages else self.language


_BY_TOKEN: Final[Any] = (
    select(
        SignInCode.token,
        SignInCode.code,
        LineRules.line_id,
        Line.name.label("line_name"),
        LineRules.languages.label("line_languages"),
        literal(FIRST).label("language"),
        Volunteer.languages.label("volunteer_languages"),
    )
    .select_from(LineRules)
    .join(Line, Line.id == LineRules.line_id)
    .join(
        SignInCode,
        and_(SignInCode.line_id == LineRules.line_id, SignInCode.token == bindparam("token")),
        isouter=True,
    )
    .join(Volunteer, Volunteer.person_id == SignInCode.person_id, isouter=True)
    .order_by(SignInCode.token.is_(None))
)

_code_call: Final = made_of(CodeCall, _BY_TOKEN.selected_columns)


def by_token(db: Connection, token: str) -> CodeCall | None:
    """The code with this token, and of whom it is.

    Once it is used or over, the line alone, without code or person: a call outlives its code, and
    the provider's record of it is still to be erased.
    """
    return first(db.execute(_BY_TOKEN, {"token": token}), _code_call)
