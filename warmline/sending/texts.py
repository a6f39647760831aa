"""Texts on their way out: sealed in the transaction that wants them, until the network has them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    delete,
    exists,
    false,
    insert,
    literal,
    null,
    select,
    update,
)

from warmline.calls.calls import new_token
from warmline.database.records import first, made_of
from warmline.database.sealing import Seal, Unsealable
from warmline.database.turns import of_own_row
from warmline.models.line import LineRules
from warmline.models.outbox import Effect
from warmline.models.people import Volunteer
from warmline.models.talks import TalkSide, TalkText
from warmline.models.texts import Purpose, TextIn, TextOut
from warmline.outbox import outbox
from warmline.outbox.outbox import Urgency
from warmline.sending.guard import MayNotText, number_to_text
from warmline.telephony.port import FoundText, Provider

STATUS_URL: Final = "/t/{token}/told_of"
TALK_STATUS_URL: Final = "/t/{token}/passed_on"
REPLY: Final[Purpose] = "reply"
SHIFT: Final[Purpose] = "shift"
DUTY: Final[Purpose] = "duty"
ASK: Final[Purpose] = "ask"
COVER: Final[Purpose] = "cover"
INVITE: Final[Purpose] = "invite"
"""Why a text goes out: which rule of the guard lets it (guard.py)."""
REPLY_VALID: Final = 600
"""Seconds for which an answer is of use: later it would be read as one to something else."""
LONGEST_VALID: Final = 36000
"""Seconds for which the network keeps trying at most (TELEPHONY 3)."""
"""Message statuses of which no later one is true."""
REMEMBERED: Final = timedelta(minutes=15)
"""How long the id of a message that came in is known, so that it is not read twice."""
LOST: Final = timedelta(days=1)
"""A text of whose fate nothing was heard for so long is struck out."""


class SentText(NamedTuple):
    """A text that went out, as its callbacks need it.

    `person_id` is somebody of the roster, None where it went to a caller; a text of a talk has the
    talk's token, to which side it went, and whether the other of the two wrote it.
    """

    token: str
    line_id: int
    person_id: int | None
    talk: str | None
    side: TalkSide | None
    written: bool
    line_languages: str

    @property
    def spoken(self) -> str:
        """Nobody hears an answer to a callback: any language will do."""
        return self.line_languages.split(",")[0]


_SENT: Final[Any] = select(
    TextOut.token,
    TextOut.line_id,
    TextOut.person_id,
    null().label("talk"),
    null().label("side"),
    false().label("written"),
    LineRules.languages.label("line_languages"),
).join(LineRules, LineRules.line_id == TextOut.line_id)
sent_text: Final = made_of(SentText, _SENT.selected_columns)


def reply(
    db: Connection, seal: Seal, line_id: int, person_id: int, bodies: Sequence[str], now: datetime
) -> None:
    """Answer somebody who has just texted, in this order, once the transaction is committed."""
    tell(db, seal, line_id, person_id, bodies, now, REPLY, REPLY_VALID)


def tell(
    db: Connection,
    seal: Seal,
    line_id: int,
    person_id: int,
    bodies: Sequence[str],
    now: datetime,
    purpose: Purpose,
    valid_seconds: float,
) -> None:
    """Text somebody of the roster, in this order, once the transaction is committed.

    The guard lets each out by the rule of its `purpose`, or keeps it back: through their quiet
    hours, or until their talk by text is over. What was not sent within `valid_seconds` has lost
    its use and never is.
    """
    tokens = [new_token() for _ in bodies]
    rows = [
        {
            "line_id": line_id,
            "token": token,
            "person_id": person_id,
            "purpose": purpose,
            "body": seal.close(body, token),
            "valid_seconds": int(valid_seconds),
            "made_at": now,
        }
        for token, body in zip(tokens, bodies, strict=True)
    ]
    if rows:
        db.execute(insert(TextOut), rows)
        rank = Urgency.ANSWER if purpose == REPLY else Urgency.NOTICE
        outbox.texts(db, line_id, tokens, now, rank)


def send_code(
    db: Connection,
    seal: Seal,
    line_id: int,
    whose: ColumnElement[bool],
    body: str,
    now: datetime,
    valid_seconds: float,
) -> None:
    """Text a sign-in code to the volunteer for whom `whose` is true, before all other texts.

    The statements are the same where there is nobody: then nothing is written or sent.
    """
    token = new_token()
    row = {
        "line_id": line_id,
        "token": token,
        "purpose": REPLY,
        "body": seal.close(body, token),
        "valid_seconds": int(valid_seconds),
        "made_at": now,
    }
    columns = {name: TextOut.__table__.c[name] for name in row}
    values = (literal(row[name], column.type) for name, column in columns.items())
    of_them = select(*values, Volunteer.person_id).where(Volunteer.line_id == line_id, whose)
    db.execute(insert(TextOut).from_select([*columns, "person_id"], of_them))
    there = exists().where(TextOut.token == token)
    outbox.send_code(db, line_id, outbox.TEXT, token, there, now)


class Outgoing(NamedTuple):
    """A text as the provider is to send it: numbers in E.164, seconds for which it is of use."""

    from_number: str
    to: str
    body: str
    valid_seconds: int


def to_send(db: Connection, seal: Seal, token: str, now: datetime) -> Outgoing:
    """What the provider is to send for this token; raises MayNotText or NotNow."""
    from_number, to = number_to_text(db, token, now)
    found = select(TextOut.body, TextOut.valid_seconds, TextOut.made_at)
    body, valid, made_at = db.execute(found.where(TextOut.token == token)).one()
    left = int((made_at + timedelta(seconds=valid) - now).total_seconds())
    if body is None or left <= 0:
        raise MayNotText("the network has it already, or it has lost its use")
    try:
        return Outgoing(from_number, to, seal.open(body, token), min(left, LONGEST_VALID))
    except Unsealable as no:
        raise MayNotText(str(no)) from None


def accepted(db: Connection, token: str, provider_id: str) -> None:
    """The network has taken a text: its words are erased here."""
    taken = update(TextOut).where(TextOut.token == token)
    db.execute(of_own_row(taken.values(body=None, provider_id=provider_id)))


def by_token(db: Connection, token: str) -> SentText | None:
    """A text that went out, as its callbacks need it."""
    return first(db.execute(_SENT.where(TextOut.token == token)), sent_text)


def strike(db: Connection, token: str, now: datetime) -> None:
    """Nothing more will be heard of a text, or it will never be sent; the provider's copy goes."""
    _struck(db, delete(TextOut).where(TextOut.token == token), now)


def _struck(db: Connection, gone: Delete, now: datetime) -> int:
    rows = db.execute(gone.returning(TextOut.line_id, TextOut.provider_id)).all()
    for row in rows:
        outbox.erase(db, row.line_id, [row.provider_id] if row.provider_id else [], now)
    return len(rows)


def found_among(
    db: Connection, provider: Provider, out: Outgoing, since: datetime
) -> FoundText | None:
    """The text at the provider whose creation was never confirmed to us, if it is there."""
    named = select(TextOut.provider_id).where(TextOut.provider_id.is_not(None))
    passed = select(TalkText.provider_id).where(TalkText.provider_id.is_not(None))
    known = set(db.scalars(named.union_all(passed)))
    listed = provider.find_text(out.from_number, out.to, since)
    alike = (one for one in listed if one.body == out.body)
    return next((one for one in alike if one.provider_id not in known), None)


def forget_sooner(db: Connection, now: datetime) -> int:
    """Erase the ids of all messages that came in, and texts that the network has; how many."""
    came = db.execute(delete(TextIn))
    return came.rowcount + _struck(db, delete(TextOut).where(TextOut.body.is_(None)), now)


def forget(db: Connection, now: datetime) -> int:
    """Erase the ids of messages that came in, and texts nothing was heard of."""
    came = db.execute(delete(TextIn).where(TextIn.came_at <= now - REMEMBERED))
    waits = select(Effect.subject).where(Effect.kind == outbox.TEXT)
    lost = (TextOut.made_at <= now - LOST, TextOut.token.not_in(waits))
    return came.rowcount + _struck(db, delete(TextOut).where(*lost), now)
