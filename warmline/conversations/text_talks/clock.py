"""What comes due in talks by text: still looking, nobody found, quiet for too long, goodbye."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, Row, select, update

from warmline.calls import talks
from warmline.calls.records import LiveTalk
from warmline.conversations import next_on
from warmline.conversations.text_talks import messages, nobody_on, search
from warmline.conversations.text_talks.messages import GOODBYE, tell_caller, tell_peer
from warmline.database.engine import Database
from warmline.models.talks import Talk
from warmline.telephony.conversation import Turn

Turns = Callable[[], AbstractContextManager[Turn]]
LATER: Final = timedelta(hours=1)
# Built once: the clock asks every few seconds.
_LINES_LOOKING: Final = select(Talk.line_id).where(Talk.state.in_(talks.WITHOUT_A_PEER)).distinct()
_OFF_SHIFT: Final = select(Talk.id, Talk.person_id).where(
    Talk.person_id.is_not(None), Talk.shift_end_told.is_(False), ~search.is_on(Talk.person_id)
)
"""Talks whose peer is not on shift any more, and has not been told what that means."""


class ToDo(NamedTuple):
    """What there is to do: talks that are due, lines that look for peers, peers whose shift ended.

    Ids; of the last, those of the talk and of the person.
    """

    due: Sequence[int]
    lines: Sequence[int]
    off: Sequence[Row[int, int | None]]


def to_do(db: Connection, now: datetime) -> ToDo:
    """What there is to do at `now` (UTC)."""
    off = db.execute(_OFF_SHIFT, search.at(now)).all()
    return ToDo(talks.due(db, now), db.scalars(_LINES_LOOKING).all(), off)


def run_due(database: Database, turns: Turns, now: datetime) -> int:
    """Do what is due in every talk, and ask the next peers; how many talks that were."""
    with database.reading() as db:
        due, lines, off = to_do(db, now)
    done = 0
    for talk_id in due:
        with turns() as turn:
            talk = talks.take_due(turn.db, talk_id, turn.now, turn.now + LATER)
            if talk is not None:
                DUE[talk.state](turn, talk)
                done += 1
    for line_id in lines:
        with turns() as turn:
            done += search.ask_more(turn, line_id)
            done += nobody_on.tell_all(turn, line_id)
    for one in off:
        with turns() as turn:
            done += shift_is_over(turn, one.id, one.person_id)
    return done


def shift_is_over(turn: Turn, talk_id: int, person_id: int | None) -> int:
    """Tell a peer, once, that their shift is over and the talk is not: they stay, or offer it."""
    told = update(Talk).where(Talk.id == talk_id, Talk.person_id == person_id)
    first = told.where(Talk.shift_end_told.is_(False)).values(shift_end_told=True)
    if turn.db.execute(first.returning(Talk.id)).first() is None:
        return 0
    talk = talks.by_id(turn.db, talk_id)
    if talk is not None:
        tell_peer(turn, talk, "shift_over")
    return 1


def still_looking(turn: Turn, talk: LiveTalk) -> None:
    """After two minutes they are told that we still look; after ten, what they can do."""
    if not talk.still_told:
        due = talk.waiting_since + talks.NOBODY_AFTER
        talks.change(turn.db, talk.id, still_told=True, due_at=due)
        tell_caller(turn, talk, "still")
        return
    due = turn.now + talks.STOPS_AFTER
    if talks.move(turn.db, talk.id, (talks.LOOKING,), talks.NOBODY, due_at=due) is not None:
        tell_caller(turn, talk, "nobody")


def give_up(turn: Turn, talk: LiveTalk) -> None:
    """They have written nothing for ten minutes more: when somebody is next on, and goodbye.

    Whoever has only been told that nobody is on hears first what they can do.
    """
    if not talk.still_told:
        talks.change(turn.db, talk.id, still_told=True, due_at=turn.now + talks.STOPS_AFTER)
        tell_caller(turn, talk, "nobody")
        return
    turn.language = talk.language
    messages.end(turn, talk, ("gave_up", *GOODBYE), next_on=next_on.texted(turn, talk))


def quiet_for_long(turn: Turn, talk: LiveTalk) -> None:
    """Sixty quiet minutes end a talk; only the peer is told, for nobody texts a caller unasked."""
    ends = talk.heard_at + talks.QUIET_ENDS_AFTER
    if ends > turn.now:
        talks.change(turn.db, talk.id, due_at=ends)
    else:
        messages.end(turn, talk, messages.NOTHING, "over_quiet")


def goodbye(turn: Turn, talk: LiveTalk) -> None:
    """Two quiet minutes after a BYE."""
    messages.end(turn, talk, GOODBYE)


DUE: Final = {
    talks.LOOKING: still_looking,
    talks.NOBODY: give_up,
    talks.TALKING: quiet_for_long,
    talks.CLOSING: goodbye,
}
