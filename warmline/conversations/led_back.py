"""After a fault of ours the network's fallback leads a leg back: to where its call stood.

A leg may have fallen out of the queue, a room or a question meanwhile, so what it hears follows
from the call's state alone. Every conversation that can be led back has a step `again`.
"""

from typing import Any

from sqlalchemy import Row

from warmline.calls import call_backs, calls
from warmline.conversations import (
    caller_questions,
    caller_talk,
    caller_voice,
    many_calls,
    third_asked,
    volunteer_menu,
)
from warmline.conversations.steps import BackStep, VolunteerStep
from warmline.conversations.steps import caller as line
from warmline.telephony.conversation import Turn
from warmline.telephony.words import GoTo, Words


@line.step
def again(turn: Turn, call: Row[Any]) -> Words:
    """To where a caller's call stands."""
    match call.state:
        case calls.HELLO:
            return at_the_door(turn, call)
        case calls.PROMISE:
            return caller_voice.promise(turn, call)
        case calls.JOINING | calls.TALKING:
            return caller_talk.into_room(turn, call)
        case calls.CALLER_AWAY:
            told = call.asked == calls.THIRD_COMES
            return third_asked.third_comes(turn, call) if told else caller_talk.choices(turn, call)
        case calls.ASKED:
            return asked_anew(turn, call)
        case calls.GOODBYE:
            return caller_talk.last_words(turn, call)
        case _:
            return caller_voice.to_queue(turn, call)


def asked_anew(turn: Turn, call: Row[Any]) -> Words:
    """The question once more; those that lead on to waiting are asked in the queue."""
    if call.asked == caller_questions.TALK_ENDED:
        return caller_talk.farewell(turn, call)
    if call.asked == caller_questions.NOBODY_ON and not call.in_queue:
        return caller_questions.nobody_is_on(turn, call)
    return caller_voice.to_queue(turn, call)


def at_the_door(turn: Turn, call: Row[Any]) -> Words:
    """The first words of a call: a volunteer's own, one of very many, or the line's hello."""
    if call.volunteer_id is not None:
        return volunteer_menu.hello(turn, call)
    if call.asked == calls.MANY_CALL:
        return many_calls.slow(turn, call)
    return caller_voice.offer_languages(turn, call)


def placed(turn: Turn) -> Words | None:
    """The way back for a leg that we have placed; None if it is none that we know (any more)."""
    provider_id = turn.form.get("CallSid", "")
    ring = calls.ring_by_provider_id(turn.db, provider_id)
    if ring is not None:
        turn.token = ring.token
        return [GoTo(VolunteerStep.AGAIN)]
    asked = call_backs.by_provider_id(turn.db, provider_id)
    if asked is not None:
        turn.token = asked.token
        return [GoTo(BackStep.AGAIN)]
    return None
