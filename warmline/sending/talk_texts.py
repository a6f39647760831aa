"""Texts of a talk on their way: sealed, one after the other to each side, until they have gone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from warmline.calls.calls import new_token
from warmline.calls.records import LiveTalk
from warmline.database.records import first, made_of
from warmline.database.sealing import Seal
from warmline.models.line import LineRules
from warmline.models.outbox import Effect
from warmline.models.talks import Talk, TalkSide, TalkText
from warmline.outbox import outbox
from warmline.outbox.outbox import Urgency
from warmline.sending import texts
from warmline.sending.guard import MayNotText, number_of_talk
from warmline.sending.texts import SentText
from warmline.texting.segments import parts

CALLER: Final[TalkSide] = "caller"
PEER: Final[TalkSide] = "peer"
ASKED: Final[TalkSide] = "asked"
VALID: Final[Mapping[TalkSide, int]] = {CALLER: 14400, PEER: 14400, ASKED: 120}
"""Seconds for which the network still delivers a text: nobody is asked what was answered long ago.
"""

LOST: Final = timedelta(days=1)
"""A text of whose fate nothing was heard for so long is struck out."""


_TABLE: Final[Any] = TalkText.__table__
_PUT: Final = insert(_TABLE)


def _first_on_its_way() -> Select[int, str]:
    """The first text of a way; none while one is with a sender, or the texter wants quiet."""
    on_it = (
        TalkText.talk == bindparam("talk"),
        TalkText.side == bindparam("side"),
        TalkText.body.is_not(None),
        TalkText.person_id.is_not_distinct_from(bindparam("person_id", type_=Integer)),
    )
    unsent = select(TalkText.token).where(*on_it)
    wished = select(Effect.id).where(Effect.kind == outbox.TALK, Effect.subject.in_(unsent))
    quiet = select(Talk.id).where(
        Talk.token == bindparam("talk"), Talk.quiet, bindparam("to_caller", type_=Boolean)
    )
    found = select(TalkText.line_id, TalkText.token).where(
        *on_it, ~wished.exists(), ~quiet.exists()
    )
    return found.order_by(TalkText.id).limit(1)


# Built once: it is asked with every text of every talk.
_FIRST: Final = _first_on_its_way()


def to_caller(
    db: Connection,
    seal: Seal,
    talk: LiveTalk,
    body: str,
    now: datetime,
    *,
    written: bool = False,
) -> None:
    """Send the texter of a talk this, after whatever is on its way to them.

    `written`: their peer wrote it, and not the line.
    """
    whose, number = (talk.line_id, talk.token, CALLER), seal.open(talk.number, talk.token)
    put(db, seal, *whose, parts(body), now, number=number, written=written)


def to_caller_uncut(
    db: Connection, seal: Seal, talk: LiveTalk, bodies: Sequence[str], now: datetime
) -> None:
    """Send the texter of a talk these, each as one message, however many segments it takes."""
    number = seal.open(talk.number, talk.token)
    put(db, seal, talk.line_id, talk.token, CALLER, bodies, now, number=number)


def to_peer(
    db: Connection, seal: Seal, talk: LiveTalk, body: str, now: datetime, prefix: str = ""
) -> None:
    """Send the peer of a talk this, each part behind `prefix`; without a peer it waits for one.

    What has a prefix was written by the texter, and not by the line.
    """
    whose, cut = (talk.line_id, talk.token, PEER), parts(body, prefix)
    put(db, seal, *whose, cut, now, person_id=talk.person_id, written=bool(prefix))


def ask(
    db: Connection, seal: Seal, talk: LiveTalk, person_id: int, body: str, now: datetime
) -> None:
    """Ask somebody whether they take a talk."""
    put(db, seal, talk.line_id, talk.token, ASKED, [body], now, person_id=person_id)


def put(
    db: Connection,
    seal: Seal,
    line_id: int,
    talk: str,
    side: TalkSide,
    bodies: Sequence[str],
    now: datetime,
    *,
    person_id: int | None = None,
    number: str | None = None,
    rank: Urgency = Urgency.TALK,
    written: bool = False,
) -> None:
    """Line texts up, in this order, once the transaction is committed. `number` is E.164."""
    whose = {"line_id": line_id, "talk": talk, "side": side, "person_id": person_id}
    for body in bodies:
        token = new_token()
        sealed = {"body": seal.close(body, token), "number": number and seal.close(number, token)}
        facts = {"token": token, "made_at": now, "written": written}
        db.execute(_PUT, whose | sealed | facts)
    go_on(db, talk, side, person_id, now, rank)


def go_on(
    db: Connection,
    talk: str,
    side: TalkSide,
    person_id: int | None,
    now: datetime,
    rank: Urgency = Urgency.TALK,
) -> None:
    """Wish for the first text that waits on this way, if none is with a sender already.

    Only one at a time is with a sender: a later one never overtakes it. Nothing goes to a peer
    who is not there yet, and nothing to a texter who has asked for quiet.
    """
    if side == PEER and person_id is None:
        return
    way = {"talk": talk, "side": side, "person_id": person_id, "to_caller": side == CALLER}
    first = db.execute(_FIRST, way).first()
    if first is not None:
        outbox.pass_on(db, first.line_id, first.token, now, rank)


def _chain(talk: str, side: TalkSide, person_id: int | None) -> ColumnElement[bool]:
    """Those of one talk to one phone that the network does not have yet."""
    on_it = (TalkText.talk == talk, TalkText.side == side, TalkText.body.is_not(None))
    return and_(*on_it, TalkText.person_id == person_id)


def give_to(db: Connection, talk: LiveTalk, now: datetime) -> None:
    """What has waited for a peer goes to the one who has taken the talk."""
    waiting = update(TalkText).where(_chain(talk.token, PEER, None))
    db.execute(waiting.values(person_id=talk.person_id))
    go_on(db, talk.token, PEER, talk.person_id, now)


def keep_for_the_next(db: Connection, seal: Seal, talk: LiveTalk, person_id: int) -> None:
    """What the texter wrote and a peer who has gone did not get waits for the next one.

    Each gets a new token, so that a sender who has the old one in its hands finds no words there.
    What the line itself had to say to that peer is dropped.
    """
    unsent = select(TalkText.id, TalkText.token, TalkText.body).order_by(TalkText.id)
    for row in db.execute(unsent.where(_chain(talk.token, PEER, person_id))).all():
        body, token = seal.open(row.body, row.token), new_token()
        db.execute(delete(Effect).where(Effect.kind == outbox.TALK, Effect.subject == row.token))
        if body.startswith(f"{talk.name}: "):
            anew = {"token": token, "body": seal.close(body, token), "person_id": None}
            db.execute(update(TalkText).where(TalkText.id == row.id).values(**anew))
        else:
            db.execute(delete(TalkText).where(TalkText.id == row.id))


def hold(db: Connection, talk: str) -> None:
    """Take back what is not yet with the network on its way to the texter; it waits."""
    unsent = select(TalkText.token).where(_chain(talk, CALLER, None))
    db.execute(
        delete(Effect).where(
            Effect.kind == outbox.TALK,
            Effect.subject.in_(unsent),
            Effect.taken_until.is_(None),
            Effect.unknown_since.is_(None),
        )
    )


def drop_unsent(db: Connection, talk: str, side: str) -> None:
    """Nothing more of this goes out: what waited for a peer, or for a texter who has left.

    Whatever a sender has in its hands finds no words any more.
    """
    unsent = delete(TalkText).where(
        TalkText.talk == talk, TalkText.side == side, TalkText.body.is_not(None)
    )
    db.execute(unsent.where(TalkText.person_id.is_(None)))


def to_send(db: Connection, seal: Seal, token: str, _now: datetime) -> texts.Outgoing:
    """What the provider is to send for this token; raises MayNotText."""
    from_number, to = number_of_talk(db, seal, token)
    row = db.execute(select(TalkText.body, TalkText.side).where(TalkText.token == token)).one()
    if row.body is None:
        raise MayNotText("the network has it already")
    return texts.Outgoing(from_number, to, seal.open(row.body, token), VALID[row.side])


def accepted(db: Connection, token: str, provider_id: str, now: datetime) -> None:
    """The network has taken a text: its words and its number are erased here; the next may go."""
    taken = update(TalkText).where(TalkText.token == token)
    done = taken.values(body=None, number=None, provider_id=provider_id)
    row = db.execute(done.returning(TalkText.talk, TalkText.side, TalkText.person_id)).first()
    if row is not None:
        go_on(db, row.talk, row.side, row.person_id, now)


def strike(db: Connection, token: str, now: datetime) -> None:
    """Nothing more will be heard of a text, or it will never be sent; the next may go.

    The provider's copy is erased.
    """
    gone = delete(_TABLE).where(_TABLE.c.token == token).returning(*_TABLE.c)
    row = db.execute(gone).first()
    if row is not None:
        outbox.erase(db, row.line_id, [row.provider_id] if row.provider_id else [], now)
        go_on(db, row.talk, row.side, row.person_id, now)


def may_be_sent_again(db: Connection, token: str) -> bool:
    """Whether a text that was never found at the network is sent once more; asked once it is."""
    once = update(TalkText).where(TalkText.token == token, TalkText.sent_again.is_(False))
    done = once.values(sent_again=True).returning(TalkText.id)
    return db.execute(done).first() is not None


_SENT: Final[Any] = select(
    TalkText.token,
    TalkText.line_id,
    TalkText.person_id,
    TalkText.talk,
    TalkText.side,
    TalkText.written,
    LineRules.languages.label("line_languages"),
).join(LineRules, LineRules.line_id == TalkText.line_id)
made_of(SentText, _SENT.selected_columns)


def by_token(db: Connection, token: str) -> SentText | None:
    """A text of a talk, or another that went out, as its callbacks need it."""
    found = first(db.execute(_SENT.where(TalkText.token == token)), texts.sent_text)
    return found or texts.by_token(db, token)


def forget(db: Connection, now: datetime) -> int:
    """Erase texts with the network of which nothing was heard for a day; how many."""
    return _forgotten(db, now, TalkText.made_at <= now - LOST)


def forget_sooner(db: Connection, now: datetime) -> int:
    """Erase texts that the network has, of talks that are over; how many."""
    return _forgotten(db, now, TalkText.talk.not_in(select(Talk.token)))


def _forgotten(db: Connection, now: datetime, which: ColumnElement[bool]) -> int:
    gone = delete(_TABLE).where(which, TalkText.body.is_(None))
    rows = db.execute(gone.returning(_TABLE.c.line_id, _TABLE.c.provider_id)).all()
    for row in rows:
        outbox.erase(db, row.line_id, [row.provider_id], now)
    return len(rows)
