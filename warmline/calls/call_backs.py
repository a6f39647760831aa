"""Whom we have promised to call back: their number, sealed, until that is done or over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from warmline.calls import calls
from warmline.calls.call_back_times import Window
from warmline.database.records import first, made_of
from warmline.database.sealing import Seal
from warmline.models.calls import Call, CallBack

CallBackState = Literal["wished", "ringing", "answered", "not them", "through"]
WISHED: Final[CallBackState] = "wished"
RINGING: Final[CallBackState] = "ringing"
ANSWERED: Final[CallBackState] = "answered"
"""Somebody, or a mailbox, has picked up."""
NOT_THEM: Final[CallBackState] = "not them"
"""Another key was pressed: there is no second try."""
THROUGH: Final[CallBackState] = "through"
"""They pressed their key: from there on they are a caller like any other."""
AT_THE_DOOR: Final[tuple[CallBackState, ...]] = (RINGING, ANSWERED, NOT_THEM)
MOST_TRIES: Final = 2
HEARD: Final = "h"
"""Sealed between the key and the number of whoever has heard the promise."""
PAUSE: Final = timedelta(minutes=15)
"""Between the first try and the second."""
OVER: Final = timedelta(hours=4)
"""The provider ends a leg after so long: whatever is left of one then is left over."""


class AskedBack(NamedTuple):
    """Somebody to be called back, with the rules of their line; see models/calls.py.

    `key_and_number` is sealed (the function of that name opens it); instants are UTC.
    """

    line_id: int
    line_name: str
    line_zone: str
    line_number: str
    line_second: str | None
    line_languages: str
    line_countries: str
    patience_seconds: int
    phones_at_once: int
    opened_at: datetime | None
    line_words: int
    id: int
    token: str
    key_and_number: str
    digest: str
    language: str
    starts_at: datetime
    until: datetime
    state: CallBackState
    tries: int
    provider_id: str | None
    heard_at: datetime

    @property
    def spoken(self) -> str:
        """The language in which this leg is spoken to."""
        return self.language

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.line_zone)


_TABLE: Final[Any] = CallBack.__table__
_ASKED: Final[Any] = (
    calls.lines()
    .join(_TABLE, _TABLE.c.line_id == calls.LINE_ID)
    .add_columns(*(column for column in _TABLE.c if column.name != "line_id"))
)
_BY_TOKEN: Final[Any] = _ASKED.where(_TABLE.c.token == bindparam("token"))
_BY_PROVIDER_ID: Final[Any] = _ASKED.where(_TABLE.c.provider_id == bindparam("provider_id"))

_asked_back: Final = made_of(AskedBack, _ASKED.selected_columns)


def by_token(db: Connection, token: str) -> AskedBack | None:
    """What somebody asked for, and their line's rules, in one row."""
    return first(db.execute(_BY_TOKEN, {"token": token}), _asked_back)


def by_provider_id(db: Connection, provider_id: str) -> AskedBack | None:
    """The same, of whom the provider knows the leg by this id."""
    return first(db.execute(_BY_PROVIDER_ID, {"provider_id": provider_id}), _asked_back)


def note(
    db: Connection,
    seal: Seal,
    line_id: int,
    number: str,
    key: str,
    language: str,
    window: Window,
    now: datetime,
    *,
    heard: bool = False,
) -> int:
    """Remember to ring `number` (E.164) in a window; asked for again, it replaces what was.

    `heard`: they have heard the promise, and need not hear it again. The id by which the live call
    knows of it, so that nobody is rung who is still on the line.
    """
    token = calls.new_token()
    erase(db, seal, line_id, number)
    row = {
        "line_id": line_id,
        "token": token,
        "key_and_number": seal.close(f"{key}{HEARD if heard else ''}{number}", token),
    }
    when = {"starts_at": window.starts_at, "until": window.until, "heard_at": now}
    state = {"digest": seal.digests(number)[0], "language": language, "state": WISHED}
    made = insert(CallBack).values(row | when | state).returning(CallBack.id)
    return int(db.execute(made).scalar_one())


def key_and_number(seal: Seal, asked: AskedBack) -> tuple[str, str]:
    """The key they chose and their number (E.164); raises Unsealable."""
    return _opened(seal, asked)[0], _opened(seal, asked)[1].removeprefix(HEARD)


def has_heard(seal: Seal, asked: AskedBack) -> bool:
    """Whether they heard the promise before they asked; raises Unsealable."""
    return _opened(seal, asked)[1].startswith(HEARD)


def _opened(seal: Seal, asked: AskedBack) -> tuple[str, str]:
    opened = seal.open(asked.key_and_number, asked.token)
    return opened[0], opened[1:]


def of_number(db: Connection, seal: Seal, line_id: int, number: str) -> AskedBack | None:
    """What whoever has this number (E.164) has asked for; None: nothing."""
    theirs = _theirs(seal, line_id, number)
    return first(db.execute(_ASKED.where(*theirs)), _asked_back)


def erase(db: Connection, seal: Seal, line_id: int, number: str) -> bool:
    """Forget whoever has this number; whether they were known. One who is through stays so."""
    theirs = _theirs(seal, line_id, number)
    return db.execute(delete(CallBack).where(*theirs)).rowcount > 0


def _theirs(seal: Seal, line_id: int, number: str) -> Sequence[ColumnElement[bool]]:
    digests = seal.digests(number)
    line = CallBack.line_id == line_id
    return line, CallBack.digest.in_(digests), CallBack.state != THROUGH


def are_due(db: Connection, now: datetime) -> bool:
    """Whether anybody may be rung now."""
    return db.execute(select(CallBack.id).where(*_due(now)).limit(1)).first() is not None


def due(db: Connection, line_id: int, now: datetime) -> Sequence[str]:
    """Tokens of those who may be rung now: whose time runs out first, before the others."""
    found = select(CallBack.token).where(CallBack.line_id == line_id, *_due(now))
    return db.scalars(found.order_by(CallBack.until, CallBack.id)).all()


def _due(now: datetime) -> Sequence[ColumnElement[bool]]:
    still_here = exists().where(Call.call_back_id == CallBack.id)
    in_time = (CallBack.starts_at <= now, CallBack.until > now)
    return CallBack.state == WISHED, *in_time, ~still_here


def not_needed(db: Connection, call_back_id: int) -> None:
    """Whoever asked in this very call is put through: nobody is to ring them."""
    this = (CallBack.id == call_back_id, CallBack.state == WISHED)
    db.execute(delete(CallBack).where(*this))


def at_the_door(db: Connection, line_id: int) -> int:
    """How many are being rung, or have picked up and pressed nothing yet."""
    found = select(func.count()).select_from(CallBack)
    return db.scalar(found.where(CallBack.line_id == line_id, CallBack.state.in_(AT_THE_DOOR))) or 0


def move(
    db: Connection, token: str, old: Sequence[CallBackState], new: CallBackState, now: datetime
) -> bool:
    """From one of these states to another; False if it was in none of them any more."""
    this = update(CallBack).where(CallBack.token == token, CallBack.state.in_(old))
    return db.execute(this.values(state=new, heard_at=now)).rowcount == 1


def put_through(db: Connection, asked: AskedBack, now: datetime) -> None:
    """They are a caller from here on: of their number nothing stays."""
    gone = {"state": THROUGH, "key_and_number": "", "digest": asked.token, "heard_at": now}
    db.execute(update(CallBack).where(CallBack.id == asked.id).values(gone))


def learn_id(db: Connection, token: str, provider_id: str) -> None:
    """The provider's id of their leg, from whoever names it first."""
    this = update(CallBack).where(CallBack.token == token, CallBack.provider_id.is_(None))
    db.execute(this.values(provider_id=provider_id))


def not_reached(db: Connection, token: str, now: datetime) -> None:
    """It rang out, was busy or could not be placed: once more later, or never again."""
    row = db.execute(select(_TABLE).where(CallBack.token == token)).first()
    if row is None:
        return
    again = now + PAUSE
    if row.tries + 1 >= MOST_TRIES or again >= row.until:
        done(db, token)
        return
    later = {"state": WISHED, "tries": row.tries + 1, "starts_at": again, "provider_id": None}
    db.execute(update(CallBack).where(CallBack.id == row.id).values(later))


def done(db: Connection, token: str) -> None:
    """It is done, one way or another: nothing of it stays."""
    db.execute(delete(CallBack).where(CallBack.token == token))


def forget(db: Connection, now: datetime) -> int:
    """Erase those whose time was over before a peer was free; how many."""
    over = delete(CallBack).where(CallBack.state == WISHED, CallBack.until <= now)
    left = delete(CallBack).where(CallBack.state != WISHED, CallBack.heard_at <= now - OVER)
    return db.execute(over).rowcount + db.execute(left).rowcount
