"""The call back: somebody's phone rings, nothing names the line before their key, then hello."""

from typing import Final

from warmline.calls import call_backs, calls
from warmline.calls.call_backs import AskedBack
from warmline.calls.records import CallChanges
from warmline.conversations.arrivals import arrivals
from warmline.conversations.both_sides import parting
from warmline.conversations.caller import waiting
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.steps import back as line
from warmline.database.sealing import Unsealable
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, HangUp, Words

KEY_SECONDS: Final = 8


def ring_due(turn: Turn) -> int:
    """Ring as many as there are peers free for them, after whoever waits; how many."""
    found = turn.db.execute(calls.lines()).first()
    if found is None:
        return 0
    line_id = found.line_id
    free = whom_to_ring.spare(turn.db, line_id, turn.now).beyond
    free -= call_backs.at_the_door(turn.db, line_id)
    wished = call_backs.due(turn.db, line_id, turn.now)[: max(0, free)]
    taken = [one for one in wished if _is_taken(turn, one)]
    if taken:
        outbox.call_back(turn.db, line_id, taken, turn.now)
    return len(taken)


def _is_taken(turn: Turn, token: str) -> bool:
    return call_backs.move(turn.db, token, [call_backs.WISHED], call_backs.RINGING, turn.now)


@line.step
def answer(turn: Turn, asked: AskedBack) -> Words:
    """Hello. You asked for this call. Press your key."""
    call_backs.learn_id(turn.db, asked.token, turn.leg_id)
    call_backs.move(turn.db, asked.token, [call_backs.RINGING], call_backs.ANSWERED, turn.now)
    if asked.state in (call_backs.NOT_THEM, call_backs.WISHED):
        return sorry(turn)
    return [Ask([turn.say("back.hello")], pressed, KEY_SECONDS), *sorry(turn)]


@line.step
def pressed(turn: Turn, asked: AskedBack) -> Words:
    """Their own key leads to the line's hello; with any other we are sorry to have troubled."""
    if asked.state == call_backs.THROUGH or _is_theirs(turn, asked):
        return put_through(turn, asked)
    call_backs.move(turn.db, asked.token, [call_backs.ANSWERED], call_backs.NOT_THEM, turn.now)
    return sorry(turn)


def _is_theirs(turn: Turn, asked: AskedBack) -> bool:
    if asked.state != call_backs.ANSWERED or not turn.key:
        return False
    try:
        return turn.key == call_backs.key_and_number(turn.seal, asked)[0]
    except Unsealable:
        return False


def put_through(turn: Turn, asked: AskedBack) -> Words:
    """From here on they are a caller like any other, and first in line."""
    provider_id = turn.leg_id
    known = calls.by_provider_id(turn.db, provider_id)
    heard = known is None and call_backs.has_heard(turn.seal, asked)
    call = known or arrivals.arrive(turn, asked, provider_id)
    if call is None:
        return sorry(turn)
    turn.in_words_of(asked)
    turn.token, turn.language = call.token, asked.language
    if known is None:
        said = calls.PROMISE_HEARD if heard else None
        theirs: CallChanges = {"first_in_line": True, "language": asked.language, "saying": said}
        calls.change(turn.db, call.id, **theirs)
        call_backs.put_through(turn.db, asked, turn.now)
    return waiting.hello(turn, call)


@line.step
def again(turn: Turn, asked: AskedBack) -> Words:
    """After a fault of ours: their key is asked for once more, or they are a caller already."""
    through = asked.state == call_backs.THROUGH
    return put_through(turn, asked) if through else answer(turn, asked)


def sorry(turn: Turn) -> Words:
    """Nothing of whom we meant, or why."""
    return [turn.say("back.sorry"), HangUp()]


@line.callback
def status(turn: Turn, asked: AskedBack) -> None:
    """What the provider says of this leg: late, twice, out of order or never."""
    known = turn.leg_id
    if not known or asked.provider_id not in (None, known):
        return
    call_backs.learn_id(turn.db, asked.token, known)
    if turn.leg_is_over:
        leg_is_over(turn, asked, known)


def leg_is_over(turn: Turn, asked: AskedBack, provider_id: str | None) -> None:
    """Nobody picked up: once more. All else is done: their number is erased here and there."""
    call = calls.by_provider_id(turn.db, provider_id) if provider_id else None
    if call is not None:
        parting.caller_gone(turn, call)
    elif provider_id:
        outbox.erase(turn.db, asked.line_id, [provider_id], turn.now)
    if asked.state == call_backs.RINGING:
        call_backs.not_reached(turn.db, asked.token, turn.now)
    elif asked.state != call_backs.WISHED:
        call_backs.done(turn.db, asked.token)
