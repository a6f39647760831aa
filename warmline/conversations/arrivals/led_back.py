"""After a fault of ours the network's fallback leads a leg back: to where its call stood.

A leg may have fallen out of the queue, a room or a question meanwhile, so what it hears follows
from the call's state alone. Every conversation that can be led back has a step `again`.
"""

from warmline.calls import call_backs, calls
from warmline.calls.records import LiveCall
from warmline.conversations.arrivals import many_calls
from warmline.conversations.both_sides import rooms
from warmline.conversations.caller import questions, search_again, talk, third_person, waiting
from warmline.conversations.steps import BackStep, VolunteerStep
from warmline.conversations.steps import caller as line
from warmline.conversations.volunteer import calls_in
from warmline.telephony.conversation import Turn
from warmline.telephony.words import GoTo, Words


@line.step
def again(turn: Turn, call: LiveCall) -> Words:
    """To where a caller's call stands."""
    match call.state:
        case calls.HELLO:
            return at_the_door(turn, call)
        case calls.PROMISE:
            return waiting.promise(turn, call)
        case calls.JOINING | calls.TALKING:
            return talk.into_room(turn, call)
        case calls.CALLER_AWAY:
            told = call.asked == calls.THIRD_COMES
            return third_person.third_comes(turn, call) if told else talk.choices(turn, call)
        case calls.ASKED:
            return asked_anew(turn, call)
        case calls.GOODBYE:
            return talk.last_words(turn, call)
        case _:
            return rooms.to_queue(turn, call)


def asked_anew(turn: Turn, call: LiveCall) -> Words:
    """The question once more; those that lead on to waiting are asked in the queue."""
    if call.asked == search_again.TALK_ENDED:
        return talk.farewell(turn, call)
    if call.asked == search_again.NOBODY_ON and not call.in_queue:
        return questions.nobody_is_on(turn, call)
    return rooms.to_queue(turn, call)


def at_the_door(turn: Turn, call: LiveCall) -> Words:
    """The first words of a call: a volunteer's own, one of very many, or the line's hello."""
    if call.volunteer_id is not None:
        return calls_in.hello(turn, call)
    if call.asked == calls.MANY_CALL:
        return many_calls.slow(turn, call)
    return waiting.offer_languages(turn, call)


def placed(turn: Turn) -> Words | None:
    """The way back for a leg that we have placed; None if it is none that we know (any more)."""
    provider_id = turn.leg_id
    ring = calls.ring_by_provider_id(turn.db, provider_id)
    if ring is not None:
        turn.token = ring.token
        return [GoTo(VolunteerStep.AGAIN)]
    asked = call_backs.by_provider_id(turn.db, provider_id)
    if asked is not None:
        turn.token = asked.token
        return [GoTo(BackStep.AGAIN)]
    return None
