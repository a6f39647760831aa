"""Somebody who waits would like to join: what it is, what it asks, and their own yes by a key."""

from typing import Final

from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.notices import duty
from warmline.conversations.steps import caller as line
from warmline.conversations.steps import where_they_were
from warmline.line import opening
from warmline.people import joining
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Words

TIME_FOR_A_KEY: Final = 8


def offer(turn: Turn, call: LiveCall) -> Words:
    """What listening with us is, said before anything is kept; the search goes on meanwhile."""
    words = [turn.say("join.what", line=call.line_name), turn.say("join.kept")]
    return [
        Ask([*words, turn.say("join.key")], join_key, TIME_FOR_A_KEY),
        GoTo(where_they_were(call)),
    ]


@line.step
def join_key(turn: Turn, call: LiveCall) -> Words:
    """1 = yes, keep my number for this; anything else, or silence, changes nothing."""
    if turn.key != keys.Answer.YES:
        return [turn.say("join.no"), GoTo(where_they_were(call))]
    return [turn.say(_note(turn, call)), GoTo(where_they_were(call))]


def _note(turn: Turn, call: LiveCall) -> str:
    """Keep the number, sealed, as JOIN by text does; the prompt that says what was done.

    It is kept nowhere where there is none to ring, or where too many came within the hour.
    """
    number = turn.caller_number
    if not opening.is_a_phone(turn.db, call.line_id, number):
        return "join.how_else"
    noted = joining.note(turn.db, turn.seal, call.line_id, number, turn.language, turn.now)
    if noted == "full":
        return "join.later"
    if noted == "new":
        duty.alert(turn, call.line_id, "wants_to_join")
    return "join.noted"
