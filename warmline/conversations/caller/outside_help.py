"""Outside help was asked for: what a caller can do from their own phone. The line dials nobody."""

from warmline.calls import calls, records
from warmline.calls.records import LiveCall
from warmline.conversations.both_sides import parting
from warmline.conversations.caller import search_again
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import caller as line
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Hush, LeaveQueue, Say, Words


def words(turn: Turn, call: LiveCall) -> list[Say | Hush]:
    """That it was asked for, what can be done, and who helps: the same to both of a talk.

    Each hears it in their own language; any key goes back.
    """
    return [
        turn.say("talk.outside_asked"),
        turn.say("talk.outside_help"),
        turn.say("talk.any_key_back"),
        *search_again.other_places(turn, call, twice=False),
    ]


def in_the_queue(turn: Turn, call: LiveCall) -> Words:
    """Heard in the queue, while their peer hears the same and waits for them."""
    return [Ask(words(turn, call), outside_heard, 1), GoTo(outside_heard)]


@line.step
def outside_heard(turn: Turn, call: LiveCall) -> Words:
    """They have heard it, or would rather talk on: back together, also with who still listens."""
    if call.state == calls.PEER_AWAY and call.asked == calls.OUTSIDE_HELP:
        back: records.CallChanges = {"asked": None, "saying": None, "saying_until": None}
        calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **back)
        if not call.peer_in_room:
            parting.lead_peer(turn, call, VolunteerStep.COME_IN)
        return [LeaveQueue()]
    return [LeaveQueue()] if call.state == calls.JOINING else [GoTo(CallerStep.WAIT)]
