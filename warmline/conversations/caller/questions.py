"""What a caller is asked when nobody could be found, and the other choices while they wait."""

from typing import Final

from sqlalchemy import update

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import keys, next_on
from warmline.conversations.caller import (
    ask_call_back,
    feedback,
    join_by_key,
    nobody_free,
    practising,
    receipts_by_key,
    talk,
)
from warmline.conversations.caller.search_again import (
    ALL_BUSY,
    CAME_ON,
    NO_ANSWER,
    NOBODY_ON,
    TALK_ENDED,
    keep_looking,
    look_on,
    other_places,
    places_key,
    somebody_came_on,
)
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.models.calls import TriedPeer
from warmline.promise.promise import spoken_promise
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Say, Words

TIME_FOR_A_KEY: Final = 8
AFTER_ASKED: Final = "after asked"
"""What a key at the question did, until the question is asked again: `after asked: counted`."""


def nobody_is_on(turn: Turn, call: LiveCall) -> Words:
    """Nobody is on shift: said first, with when somebody is, and what can be done meanwhile."""
    old = (calls.HELLO, calls.WAITING, calls.ASKED)
    calls.move(turn.db, call.id, old, calls.ASKED, asked=NOBODY_ON, saying=None)
    words = [
        turn.say("ask.nobody_on", line=call.line_name),
        next_on.words(turn, call),
        *places_key(turn, call),
        *ask_call_back.key(turn, call),
        turn.say("ask.more_key"),
    ]
    return [Ask(words, asked_key, TIME_FOR_A_KEY), GoTo(no_key)]


def nobody_found(turn: Turn, call: LiveCall, *, all_busy: bool) -> Words:
    """Everyone was tried or patience ran out: the line never ends a call without asking."""
    asked = ALL_BUSY if all_busy else NO_ANSWER
    moved = calls.move(turn.db, call.id, (calls.WAITING,), calls.ASKED, asked=asked, saying=None)
    nobody_free.ask_who_rests(turn, call)
    # Whoever still rings for this caller alone is let off: they will be asked for anew.
    whom_to_ring.decide_now(turn, call.line_id)
    return ask(turn, call if moved is None else calls.moved(call, moved))


def ask(turn: Turn, call: LiveCall) -> Words:
    """Ask what a caller who could not be put through would like."""
    if (call.saying or "").startswith(AFTER_ASKED):
        calls.change(turn.db, call.id, saying=None)
    if call.asked == NOBODY_ON:
        return nobody_is_on(turn, call)
    if call.asked == TALK_ENDED:
        return talk.farewell(turn, call)
    words = [
        nobody_free.why(turn, call),
        turn.say("ask.keep_looking"),
        *places_key(turn, call),
        *ask_call_back.key(turn, call),
        turn.say(f"ask.{_if_silent(turn, call)}"),
    ]
    return [Ask(words, asked_key, TIME_FOR_A_KEY), GoTo(no_key)]


def _if_silent(turn: Turn, call: LiveCall) -> str:
    """What comes of silence: goodbye, another round of rings, or waiting on with them."""
    if call.last_round:
        return "or_goodbye"
    return "or_nothing" if nobody_free.may_ring(turn, call) else "or_stay"


@line.step
def ask_again(turn: Turn, call: LiveCall) -> Words:
    """The question once more, after something else was said."""
    return ask(turn, call) if call.state == calls.ASKED else [GoTo(CallerStep.WAIT)]


@line.step
def asked_key(turn: Turn, call: LiveCall) -> Words:
    """1 keep looking, as often as wanted; 2 other places; 4 call me back; 8 a receipt; 0 more."""
    calls.change(turn.db, call.id, heard_at=turn.now)
    match turn.key:
        case keys.NobodyFound.KEEP_LOOKING if call.asked != NOBODY_ON:
            return keep_looking(turn, call)
        case keys.NobodyFound.PLACES:
            return [*other_places(turn, call, twice=True), GoTo(ask_again)]
        case keys.NobodyFound.CALL_BACK:
            return ask_call_back.offer(turn, call)
        case keys.Waiting.COUNT:
            return [turn.say(f"wait.{_consent_after_key(turn, call)}"), GoTo(ask_again)]
        case keys.Waiting.RECEIPT if call.consent == "yes":
            return [receipts_by_key.receipt_spoken(turn, call), GoTo(ask_again)]
        case keys.NobodyFound.OTHER_CHOICES:
            return [choices(turn, call), GoTo(ask_again)]
        case _:
            return [GoTo(ask_again)]


def _consent_after_key(turn: Turn, call: LiveCall) -> str:
    """Whether the call is counted after this key; a request that comes twice turns it once."""
    known = (call.saying or "").removeprefix(f"{AFTER_ASKED}: ").replace(" ", "_")
    if known in ("counted", "not_counted"):
        return known
    said = "not_counted" if call.consent == "yes" else "counted"
    consent = "yes" if said == "counted" else "no"
    calls.change(
        turn.db,
        call.id,
        consent=consent,
        saying=f"{AFTER_ASKED}: {said.replace('_', ' ')}",
        saying_until=None,
    )
    return said


@line.step
def no_key(turn: Turn, call: LiveCall) -> Words:
    """Silence: the line's patience anew; after that, when somebody is next on, and goodbye.

    Whoever came while nobody was on, and so has not waited, has heard it all.
    """
    if call.saying == CAME_ON:
        return somebody_came_on(turn, call)
    if call.state not in (calls.ASKED, calls.GOODBYE):
        return _waits_on(turn, call)
    if call.asked == NOBODY_ON and whom_to_ring.somebody_is_on(turn, call):
        return somebody_came_on(turn, call)
    if call.last_round or call.waiting_since is None or call.state == calls.GOODBYE:
        return last_words(turn, call)
    turn.db.execute(
        update(TriedPeer).where(TriedPeer.call_id == call.id, TriedPeer.rings > 1).values(rings=1)
    )
    look_on(turn, call, last_round=True)
    return _waits_on(turn, call)


def _waits_on(turn: Turn, call: LiveCall) -> Words:
    """Everyone once more, if a phone rings; else that they are waited with."""
    said = "one_more_round" if nobody_free.rings_now(turn, call) else "waiting_on"
    return [turn.say(f"ask.{said}"), GoTo(CallerStep.WAIT)]


def last_words(turn: Turn, call: LiveCall) -> Words:
    """Nobody was found and nothing was wished: who is there until when, 4, and goodbye."""
    if call.asked == NOBODY_ON or call.state == calls.GOODBYE:
        return not_reached(turn, call)
    words = [next_on.words(turn, call), *ask_call_back.key(turn, call)]
    return [Ask(words, asked_key, TIME_FOR_A_KEY), GoTo(not_reached)]


@line.step
def not_reached(turn: Turn, call: LiveCall) -> Words:
    """Goodbye to somebody for whom nobody could be there."""
    calls.move(turn.db, call.id, (calls.ASKED,), calls.GOODBYE)
    return [turn.say("goodbye.not_reached"), HangUp()]


def choices(turn: Turn, call: LiveCall) -> Ask:
    """What somebody in distress may need while they wait; their place is kept."""
    words = [*places_key(turn, call)]
    if (other := _next_language(turn, call)) is not None:
        # Fixed here: the key that leads there, pressed once and sent twice, leads there once.
        calls.change(turn.db, call.id, menu_thing=other)
        words.append(turn.say("ask.language_key"))
    words += [turn.say("ask.rules_key"), *ask_call_back.key(turn, call)]
    words += [turn.say("ask.how_key"), turn.say("ask.more_key")]
    return Ask([*words, _way_back(turn, call)], choice, 5)


def _way_back(turn: Turn, call: LiveCall) -> Say:
    return turn.say("ask.go_back" if call.state == calls.ASKED else "ask.go_on_waiting")


def more_choices(turn: Turn, call: LiveCall) -> Ask:
    """Practice, joining and erasing a count: for whoever is in no distress."""
    words = [turn.say("ask.practice_key")]
    if call.volunteer_id is None:
        words.append(turn.say("ask.join_key"))
    words.append(turn.say("ask.forget_key"))
    return Ask([*words, _way_back(turn, call)], more_choice, 5)


@line.step
def choice(turn: Turn, call: LiveCall) -> Words:
    """1 rules, 2 places, 3 a language, 4 call back, 5 count, 9 how it went, 0 more."""
    if turn.key == keys.OtherChoices.COUNT:
        return [turn.say(f"wait.{_consent_after_key(turn, call)}"), GoTo(CallerStep.WAIT)]
    return _chosen(turn, call)


def _chosen(turn: Turn, call: LiveCall) -> Words:
    match turn.key:
        case keys.OtherChoices.RULES:
            rules = spoken_promise(turn.db, call.line_id, call.line_name, turn.language)
            return [turn.speak(rules), GoTo(CallerStep.WAIT)]
        case keys.OtherChoices.PLACES:
            return [*other_places(turn, call, twice=False), GoTo(CallerStep.WAIT)]
        case keys.OtherChoices.LANGUAGE:
            return [another_language(turn, call), GoTo(CallerStep.WAIT)]
        case keys.OtherChoices.CALL_BACK:
            return ask_call_back.offer(turn, call)
        case keys.OtherChoices.FEEDBACK:
            return feedback.ask(turn, call)
        case keys.OtherChoices.MORE:
            return [more_choices(turn, call), GoTo(CallerStep.WAIT)]
        case _:
            return _joins_or_erases(turn, call)


@line.step
def more_choice(turn: Turn, call: LiveCall) -> Words:
    """4 practice, 6 join, 7 erase."""
    if turn.key == keys.MoreChoices.PRACTICE:
        return practising.practice(turn, call)
    return _joins_or_erases(turn, call)


def _joins_or_erases(turn: Turn, call: LiveCall) -> Words:
    """Keys that a web page, a text or a number's own words may have told before."""
    if turn.key == keys.MoreChoices.JOIN and call.volunteer_id is None:
        return join_by_key.offer(turn, call)
    if turn.key == keys.MoreChoices.ERASE:
        return receipts_by_key.ask(turn, call)
    return [GoTo(CallerStep.WAIT)]


def another_language(turn: Turn, call: LiveCall) -> Say:
    """Go on in the next of the line's languages; the phones that ring are those of its speakers."""
    offered = list(turn.offered(call.line_id))
    if len(offered) < 2:
        return turn.say("ask.one_language")
    turn.language = offered[(call.menu_thing or 0) % len(offered)]
    calls.change(turn.db, call.id, language=turn.language, saying=None)
    return turn.say("ask.language_now")


def _next_language(turn: Turn, call: LiveCall) -> int | None:
    """The place among the line's languages of the one after theirs; None where there is but one."""
    offered = list(turn.offered(call.line_id))
    if len(offered) < 2:
        return None
    here = offered.index(turn.language) if turn.language in offered else -1
    return (here + 1) % len(offered)
