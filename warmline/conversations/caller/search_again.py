"""On with the search, and other places to call: what every question to a caller leads to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, select

from warmline import phone_numbers
from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.models.calls import TriedPeer
from warmline.models.line import OtherPlace
from warmline.telephony.conversation import Turn
from warmline.telephony.words import GoTo, Hush, Say, Words

NOBODY_ON: Final = "nobody on"
ALL_BUSY: Final = "all busy"
NO_ANSWER: Final = "no answer"
TALK_ENDED: Final = "talk ended"
CAME_ON: Final = "somebody came on"
"""What `saying` is when somebody came on for whoever had been told that nobody was."""


def places_key(turn: Turn, call: LiveCall) -> list[Say]:
    """That 2 leads to other places to call, if the line has any."""
    return [turn.say("ask.places_key")] if places(turn, call) else []


def keep_looking(turn: Turn, call: LiveCall) -> Words:
    """Everybody may be rung for this caller again, but those who passed."""
    if call.state == calls.ASKED:
        not_passed = (TriedPeer.call_id == call.id, ~TriedPeer.passed)
        turn.db.execute(delete(TriedPeer).where(*not_passed))
        look_on(turn, call, last_round=False)
    return [turn.say("ask.looking_on"), GoTo(CallerStep.WAIT)]


def look_on(turn: Turn, call: LiveCall, *, last_round: bool) -> None:
    """Go on waiting, with patience anew.

    `last_round`: after it they are asked once more, and not before it has run out.
    """
    patience = timedelta(seconds=call.patience_seconds)
    calls.move(
        turn.db,
        call.id,
        (calls.ASKED,),
        calls.WAITING,
        asked=None,
        saying="quiet",
        saying_until=None,
        round_told=False,
        last_round=last_round,
        patience_until=turn.now + patience,
    )
    whom_to_ring.decide_now(turn, call.line_id)


def somebody_came_on(turn: Turn, call: LiveCall) -> Words:
    """Nobody was on when we asked, and somebody is now: the promise, or on with the search."""
    if not call.in_queue:
        return [GoTo(CallerStep.PROMISE)]
    if call.saying != CAME_ON:
        look_on(turn, call, last_round=False)
        calls.change(turn.db, call.id, saying=CAME_ON)
    return [turn.say("ask.looking_on"), GoTo(CallerStep.WAIT)]


def other_places(turn: Turn, call: LiveCall, *, twice: bool) -> list[Say | Hush]:
    """Other places to call, each with its word on police."""
    known = places(turn, call)
    if not known:
        return [turn.say("ask.no_other_places")]
    said: list[Say | Hush] = []
    for place in known:
        facts = {
            "name": place.name,
            "number": phone_numbers.in_groups(place.number),
            "police": place.on_police,
        }
        said += [turn.say_in(place.language, "ask.other_place", **facts), Hush(1)]
    return [*said, turn.say("ask.once_more"), *said] if twice else said


def places(turn: Turn, call: LiveCall) -> Sequence[Row[*tuple[Any, ...]]]:
    """The line's other places to call, in the language of this leg.

    Where there are none in it, those in the caller's, else in the line's first: a place that is
    named in another language is of more use than none.
    """
    found = select(
        OtherPlace.language, OtherPlace.name, OtherPlace.number, OtherPlace.on_police
    ).where(OtherPlace.line_id == call.line_id)
    of: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in turn.db.execute(found.order_by(OtherPlace.position)):
        of.setdefault(row.language, []).append(row)
    asked = (turn.language, call.language, *call.line_languages.split(","))
    return next((of[one] for one in asked if one in of), [])
