"""A crash of the database has lost talks by text: both sides hear so, and can go on anew."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select, update

from warmline.calls.records import LiveTalk
from warmline.conversations import persons
from warmline.conversations.text_talks import messages
from warmline.database.records import every, made_of
from warmline.models.talks import LostTalk
from warmline.sending import texts
from warmline.telephony.conversation import Turn

AN_HOUR: Final = timedelta(hours=1)


class Lost(NamedTuple):
    """A talk that was lost: its peer, until they are told, and how they knew the texter."""

    person_id: int | None
    name: str


_UNTOLD: Final = select(LostTalk.person_id, LostTalk.name).where(LostTalk.until.is_(None))
_lost: Final = made_of(Lost, _UNTOLD.selected_columns)


def are_any(db: Connection, now: datetime) -> bool:
    """Whether a peer is still to be told, or a row is to go."""
    over = (LostTalk.until.is_(None)) | (LostTalk.until <= now)
    return db.execute(select(LostTalk.id).where(over).limit(1)).first() is not None


def tell(turn: Turn) -> int:
    """Tell the peers; how many. After the hour in which texters are told, the rows go."""
    turn.db.execute(delete(LostTalk).where(LostTalk.until <= turn.now))
    lost = every(turn.db.execute(_UNTOLD), _lost)
    seen = {"until": turn.now + AN_HOUR, "person_id": None}
    turn.db.execute(update(LostTalk).where(LostTalk.until.is_(None)).values(seen))
    return sum(_tell_peer(turn, one) for one in lost)


def _tell_peer(turn: Turn, lost: Lost) -> bool:
    me = None if lost.person_id is None else persons.by_person(turn, lost.person_id)
    if me is None:
        return False
    body = turn.prompts.text(me.language, "talks.lost_peer", line=me.line_name, name=lost.name)
    persons.tell(turn, me, [body], texts.REPLY, AN_HOUR)
    return True


def tell_texter(turn: Turn, talk: LiveTalk) -> None:
    """Somebody writes anew: if it was theirs, they learn what became of it."""
    lost = select(LostTalk.id).where(LostTalk.line_id == talk.line_id)
    still = (LostTalk.until.is_(None)) | (LostTalk.until > turn.now)
    if turn.db.execute(lost.where(still).limit(1)).first() is not None:
        messages.tell_caller(turn, talk, "lost")
