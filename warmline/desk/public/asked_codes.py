"""The codes with which somebody comes in: asked for, sent and entered.

What strangers do is counted apart from what browsers do that were in before. A phone that is on
nobody's roster is counted, answered and written about in the same statements as one that is.
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, exists, select

from warmline.database.sealing import Seal
from warmline.desk.slips import CALL, OWN, TEXT, Asker, Slip, Way, Why
from warmline.desk.wording import Telling
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.models.sign_in import SignInCode
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.outbox import outbox
from warmline.sending import texts
from warmline.sign_in import codes, recovery
from warmline.sign_in.codes import (
    AN_HOUR,
    GOOD_FOR,
    KNOWN_A_DAY,
    KNOWN_A_WHILE,
    SENT_A_DAY,
    SENT_A_WHILE,
    TRIES,
    TRIES_BY_CALL,
    TRIES_KNOWN,
    Code,
)

ASKED_BY: Final = Limit("codes asked for from a network", 10, AN_HOUR)
ASKED_OF_LINE: Final = Limit("codes asked for", 200, AN_HOUR)

TRIES_OF_SLIP: Final = Limit("codes entered with a slip", 5, GOOD_FOR)
TRIES_BY: Final = Limit("codes entered from a network", 20, AN_HOUR)
TRIES_OF_LINE: Final = Limit("codes entered", 60, AN_HOUR)
"""Wrong codes of all strangers together: with as many people on the roster as may be, somebody
who tries them all has sixty of a million an hour."""


Counted = Sequence[tuple[Limit, object, Why]]
"""Limits with whom they are for, and what is said when one refuses."""


class CodeTried(NamedTuple):
    """Whose code it was; None: nobody's, or (with `why`) it was not looked at before `again_at`."""

    person_id: int | None
    why: Why = ""
    again_at: datetime | None = None


class Desk(NamedTuple):
    """In what everything happens: the transaction, the keys, the line, the instant (UTC)."""

    db: Connection
    seal: Seal
    line: TheLine
    now: datetime


def ask(
    at: Desk, phone: str, way: Way, telling: Telling, asker: Asker, before: Slip | None
) -> Slip:
    """Send a code to whoever has this phone (E.164), unless one is good or it was often enough.

    `before` is the slip that this browser has already. The new one says what was done.
    """
    recovery.let_the_first_lead(at.db, at.line)
    known = _is_known(at, phone, asker)
    slip = Slip(phone, way, at.now + AN_HOUR)
    if before is not None and before.phone == phone and not _over(at, before):
        slip = replace(slip, key=before.key, left=before.left)
    if slip.alive(way, at.now):
        return replace(slip, anew=False)
    if way == OWN:
        return slip
    refused = _too_often(at, phone, way, asker, known=known)
    if refused is not None:
        return replace(slip, why=refused[0], again_at=refused[1], anew=False)
    _send(at, slip, telling)
    return replace(slip, left={**slip.left, way: at.now})


def _over(at: Desk, slip: Slip) -> bool:
    """Whether so many wrong codes were entered with it that it is good for nothing more."""
    return attempts.used_up(at.db, at.seal, TRIES_OF_SLIP, slip.key, at.now) is not None


def _is_known(at: Desk, phone: str, asker: Asker) -> bool:
    """Whether this browser was in before, for whoever has this phone."""
    person_id = whose(at.db, at.line, phone)
    return person_id is not None and person_id == asker.known


def _too_often(
    at: Desk, phone: str, way: Way, asker: Asker, *, known: bool
) -> tuple[Why, datetime] | None:
    """Why no code leaves, and when the next can (UTC); None: it was counted, and one does."""
    if not known:
        tried = attempts.used_up(at.db, at.seal, TRIES, phone, at.now)
        by_call = attempts.used_up(at.db, at.seal, TRIES_BY_CALL, phone, at.now)
        if tried is not None and (way == TEXT or by_call is not None):
            return "tries", tried
    return _refused(at, _sendings(at, phone, asker, known=known))


def _sendings(at: Desk, phone: str, asker: Asker, *, known: bool) -> Counted:
    if known:
        mine = asker.known
        return (KNOWN_A_WHILE, mine, "phone"), (KNOWN_A_DAY, mine, "phone")
    return (
        *_of_network(asker, ASKED_BY),
        (ASKED_OF_LINE, at.line.line_id, "line"),
        (SENT_A_WHILE, phone, "phone"),
        (SENT_A_DAY, phone, "phone"),
    )


def _refused(at: Desk, counted: Counted) -> tuple[Why, datetime] | None:
    """Count one more against each of these in turn; the first that refuses it."""
    for limit, subject, why in counted:
        again_at = attempts.refused(at.db, at.seal, limit, subject, at.now)
        if again_at is not None:
            return why, again_at
    return None


def _send(at: Desk, slip: Slip, telling: Telling) -> None:
    """The code is kept and leaves; where nobody has that phone the same statements do nothing."""
    code, line_id = codes.new_code(), at.line.line_id
    digest, spoken = _digests(at.seal, slip, slip.way)[0], slip.way == CALL
    who = (at.db, at.seal, line_id, slip.phone)
    token = codes.put(*who, digest, code, at.now, spoken=spoken)
    if spoken:
        there = exists().where(SignInCode.token == token)
        outbox.send_code(at.db, line_id, outbox.CODE, token, there, at.now)
        return
    body = telling("coming.code_text", code=code, line=at.line.name[:40])
    theirs = codes.of_phone(line_id, slip.phone)
    seconds = GOOD_FOR.total_seconds()
    texts.send_code(at.db, at.seal, line_id, theirs, body, at.now, seconds)


def enter(at: Desk, slip: Slip, given: str, asker: Asker) -> CodeTried:
    """Whose code this is: one that this browser asked for, or one that CODE has brought."""
    plain = "".join(one for one in given if one.isascii() and one.isdigit())
    known = _is_known(at, slip.phone, asker)
    slips = [one for way in (TEXT, CALL) for one in _digests(at.seal, slip, way)]
    held = codes.live(at.db, at.seal, at.line.line_id, slip.phone, slips, at.now)
    if len(plain) == codes.LONG:
        # Nobody guesses these: they are not counted, so that nobody can be kept out of them.
        return _compared(at, [one for one in held if one.long], plain)
    held = [one for one in held if not one.long]
    again_at = attempts.refused(at.db, at.seal, TRIES_OF_SLIP, slip.key, at.now)
    if again_at is not None:
        return CodeTried(None, "slip", again_at)
    right: tuple[Limit, object] = (TRIES_KNOWN, asker.known)
    if known and attempts.refused(at.db, at.seal, *right, at.now) is None:
        entered = _compared(at, held, plain)
    else:
        entered, right = _entered_by_a_stranger(at, slip, held, plain, asker)
    if entered.person_id is not None:
        attempts.take_back(at.db, at.seal, *right)
    return entered


def _entered_by_a_stranger(
    at: Desk, slip: Slip, held: Sequence[Code], plain: str, asker: Asker
) -> tuple[CodeTried, tuple[Limit, object]]:
    """Compared with what may still be tried for this phone; and by what it was counted.

    Neither a network nor the line that is used up keeps out whom CODE has brought a code. Where
    there is nothing to be guessed, neither the phone's tries nor the line's are used up.
    """
    network = _refused(at, _of_network(asker, TRIES_BY))
    own = [one for one in held if one.own]
    some = bool(own) or (network is None and any(slip.alive(way, at.now) for way in (TEXT, CALL)))
    counted: tuple[Limit, object] = (TRIES, slip.phone if some else slip.key)
    again_at = attempts.refused(at.db, at.seal, *counted, at.now)
    if again_at is not None and slip.alive(CALL, at.now) and network is None:
        held, own, counted = [one for one in held if one.spoken], [], (TRIES_BY_CALL, slip.phone)
        again_at = attempts.refused(at.db, at.seal, *counted, at.now)
    if again_at is not None:
        return CodeTried(None, "tries", again_at), counted
    of_line: Counted = [(TRIES_OF_LINE, at.line.line_id if some else slip.key, "line")]
    strangers = network or _refused(at, of_line)
    entered = _compared(at, held if strangers is None else own, plain)
    if entered.person_id is None:
        return CodeTried(None, *(strangers or ("",))), counted
    if strangers is None:
        sent = _sendings(at, slip.phone, asker, known=False) if slip.left else ()
        _take_back(at, (*_of_network(asker, TRIES_BY), *of_line, *sent))
    return entered, counted


def _take_back(at: Desk, counted: Counted) -> None:
    """What was right was no guess; a code that was used was wanted."""
    for limit, subject, _why in counted:
        attempts.take_back(at.db, at.seal, limit, subject)


def _of_network(asker: Asker, by: Limit) -> Counted:
    """What is counted for a network, where it can be told."""
    return ((by, asker.network, "asker"),) if asker.network else ()


def _compared(at: Desk, held: Sequence[Code], plain: str) -> CodeTried:
    """Whose code this is of those held; used, it is good no longer."""
    for one in held:
        if hmac.compare_digest(one.text.encode(), plain.encode()):
            codes.use(at.db, one)
            return CodeTried(one.person_id)
    return CodeTried(None)


def _digests(seal: Seal, slip: Slip, way: str) -> list[str]:
    return seal.digests(f"sign-in slip {slip.key} {way}")


def whose(db: Connection, line: TheLine, phone: str) -> int | None:
    """The person with this phone."""
    theirs = select(Volunteer.person_id).where(codes.of_phone(line.line_id, phone))
    return db.scalar(theirs)
