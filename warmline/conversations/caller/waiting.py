"""The caller from hello on: the greeting, the promise, and waiting while we look for a peer."""

from datetime import datetime, timedelta
from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.both_sides import boundaries, parting, rooms
from warmline.conversations.both_sides.rooms import to_queue
from warmline.conversations.caller import (
    ask_call_back,
    outside_help,
    questions,
    receipts_by_key,
    saying,
    search_again,
    talk,
    third_person,
)
from warmline.conversations.ringing import moving, whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.promise.first_part import first_part
from warmline.promise.promise import promise_in
from warmline.routing.outlook import ALL_BUSY, LOOK_ON, NOBODY_ON, outlook, round_is_over
from warmline.routing.peers import Waiting
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Hush, LeaveQueue, Words

TO_THEIR_PEER: Final = (calls.JOINING, calls.TALKING)
"""From the promise or the queue into the room; asked twice, the second time they talk already."""
MEANWHILE: Final = {
    calls.CLAIMED: "one moment",
    calls.PEER_AWAY: "peer still here",
}
"""What is said in the queue while somebody is with them or on their way."""


UNTOLD: Final = {
    "looking": saying.IN_FULL,
    "looking, other language": saying.IN_FULL,
    saying.IN_FULL: saying.REST,
}
"""After which words more of the promise is said, to whoever waits and has skipped none of it."""


def offer_languages(turn: Turn, call: LiveCall) -> Words:
    """The first words of all: with one language the greeting, else which language."""
    offered = turn.offered(call.line_id)
    if len(offered) < 2:
        return hello(turn, call)
    words = [turn.say_in(code, "hello.language", digit=n) for n, code in enumerate(offered, 1)]
    return [Ask(words, choose_language, 3), GoTo(hello)]


@line.step
def choose_language(turn: Turn, call: LiveCall) -> Words:
    """A key chooses a language; any other goes on with the first, as silence does.

    5 says that the call may be counted, where it is no language's.
    """
    offered = turn.offered(call.line_id)
    if turn.key.isdigit() and 1 <= int(turn.key) <= len(offered):
        turn.language = offered[int(turn.key) - 1]
        calls.change(turn.db, call.id, language=turn.language)
    elif turn.key == keys.Waiting.COUNT:
        calls.change(turn.db, call.id, consent="yes")
        return [turn.say("wait.counted"), GoTo(hello)]
    return hello(turn, call)


@line.step
def hello(turn: Turn, call: LiveCall) -> Words:
    """A greeting of about three seconds; or that nobody is here, before anything else."""
    if call.state == calls.ASKED or not whom_to_ring.somebody_is_on(turn, call):
        return questions.nobody_is_on(turn, call)
    words = [turn.say("hello.greeting", line=call.line_name)]
    return [Ask(words, receipts_by_key.key_to(call, greeted, greeted_counted), 1), GoTo(promise)]


@line.step
def greeted(turn: Turn, call: LiveCall) -> Words:
    """A key in the greeting: 5 says that the call may be counted; any other goes on."""
    return _greeted(turn, call, consent="yes")


@line.step
def greeted_counted(turn: Turn, call: LiveCall) -> Words:
    """The same of a call that is counted: 5 takes it back."""
    return _greeted(turn, call, consent="no")


def _greeted(turn: Turn, call: LiveCall, consent: receipts_by_key.Consent) -> Words:
    if turn.key != keys.Waiting.COUNT:
        return [GoTo(promise)]
    said = receipts_by_key.answer_taken(turn, call, consent)
    to = greeted_counted if consent == "yes" else greeted
    return [Ask([said], to, 1), GoTo(promise)]


@line.step
def promise(turn: Turn, call: LiveCall) -> Words:
    """What decides of the promise, skippable with any key; phones begin to ring meanwhile.

    Whoever was called back has heard it when they asked.
    """
    begun = calls.move(
        turn.db,
        call.id,
        (calls.HELLO, calls.ASKED),
        calls.PROMISE,
        waiting_since=turn.now,
        patience_until=_begins(turn, call) + timedelta(seconds=call.patience_seconds),
    )
    if begun is not None:
        if call.volunteer_id is not None:
            parting.count_offered(turn, call)
        whom_to_ring.decide_now(turn, call.line_id)
    if call.saying == calls.PROMISE_HEARD:
        return after_promise(turn, call)
    # The second of silence at its end swallows a key that was meant to skip it.
    words = first_part(promise_in(turn.db, call.line_id, turn.language))
    key_to = receipts_by_key.key_to(call, after_promise, after_promise_counted)
    return [Ask([turn.speak(words)], key_to, 1), GoTo(after_promise)]


def _begins(turn: Turn, call: LiveCall) -> datetime:
    """When somebody is looked for: now, but for a phone that meets a boundary."""
    return max(turn.now, call.slow_until or turn.now)


@line.step
def after_promise(turn: Turn, call: LiveCall) -> Words:
    """Straight into the room if a peer is there already, else into the queue.

    There the whole is said, as long as nobody is ready and no key has skipped it. 5 says that the
    call may be counted; what it did is said in a breath.
    """
    if turn.key == keys.Waiting.COUNT:
        said = receipts_by_key.answer_taken(turn, call, "yes")
        return [Ask([said], after_promise_counted, 1), GoTo(after_promise)]
    if call.state in TO_THEIR_PEER:
        return talk.into_room(turn, call)
    calls.move(turn.db, call.id, (calls.PROMISE,), calls.WAITING)
    if turn.key and call.saying is None:
        calls.change(turn.db, call.id, saying=calls.PROMISE_HEARD)
    return to_queue(turn, call)


@line.step
def after_promise_counted(turn: Turn, call: LiveCall) -> Words:
    """The same of a call that is counted: 5 takes it back."""
    if turn.key == keys.Waiting.COUNT:
        said = receipts_by_key.answer_taken(turn, call, "no")
        return [Ask([said], after_promise, 1), GoTo(after_promise)]
    return after_promise(turn, call)


@line.step
def wait(turn: Turn, call: LiveCall) -> Words:
    """The network asks what to play while they wait: the heartbeat of every waiting call."""
    calls.change(turn.db, call.id, heard_at=turn.now)
    if saying.is_still_said(turn, call):
        return saying.hears_again(turn, call)
    if call.state == calls.JOINING:
        return on_the_way(turn, call)
    if call.state in MEANWHILE:
        return meanwhile(turn, call)
    match call.state:
        case calls.WAITING:
            return still_waiting(turn, call)
        case calls.PARTED:
            return cut_off(turn, call)
        case calls.ASKED:
            return questions.ask(turn, call)
        case calls.GOODBYE:
            return talk.last_words(turn, call)
        case _:
            return [LeaveQueue()]


def meanwhile(turn: Turn, call: LiveCall) -> Words:
    """Somebody is with them, or on their way; their peer may have something to ask them."""
    asked = call.asked if call.state == calls.PEER_AWAY else None
    if asked is not None and asked in third_person.MAY:
        return third_person.may_another(turn, asked)
    if asked == calls.OUTSIDE_HELP:
        return outside_help.in_the_queue(turn, call)
    if asked == calls.STOOD_BY:
        told = call.saying in saying.ASIDE
        return saying.now_saying(turn, call, "aside, still" if told else "aside")
    return saying.now_saying(turn, call, MEANWHILE[call.state])


def on_the_way(turn: Turn, call: LiveCall) -> Words:
    """Their peer is in the room, or on the way there; a move leads them out of the queue."""
    back = call.talking_since is not None
    name = "on the way back" if back else "on the way"
    if call.peer_in_room and call.saying == name:
        # The move that should have led them did not come: they go by foot.
        return [LeaveQueue()]
    return saying.now_saying(turn, call, name)


def slowed(turn: Turn, call: LiveCall) -> Words | None:
    """A boundary is on this phone: the wait is longer, and whoever stays is put through after it.

    None once that is over; taken back meanwhile, it holds nobody any more.
    """
    if call.slow_until is None or call.slow_until <= turn.now:
        return None
    ends = boundaries.spoken_end(turn, call, turn.caller_number)
    if not ends:
        calls.change(turn.db, call.id, slow_until=None)
        return None
    name = saying.SLOW if call.saying else f"{saying.SLOWED}{ends}"
    return saying.now_saying(turn, call, name)


def still_waiting(turn: Turn, call: LiveCall) -> Words:
    """Go one step on with the search, and say what is true now."""
    why_longer = slowed(turn, call)
    if why_longer is not None:
        return why_longer
    scene = whom_to_ring.seen_by_one(turn, call.line_id, call.id)
    me = scene.waiting.get(call.id)
    if me is None:
        return [Hush(1)]
    if me.bound_to is not None:
        return saying.now_saying(turn, call, "ringing them back")
    until = call.patience_until or turn.now
    view = outlook(me, scene.peers, scene.rings, turn.now, until)
    if call.last_round and until > turn.now and view != LOOK_ON:
        # They pressed nothing when asked: they are waited with, as long as the line's patience.
        return saying.now_saying(turn, call, "still here" if call.saying == "quiet" else "quiet")
    if view == NOBODY_ON:
        return questions.nobody_is_on(turn, call)
    if view != LOOK_ON:
        return questions.nobody_found(turn, call, all_busy=view == ALL_BUSY)
    return saying.now_saying(turn, call, next_words(call, scene, me, turn))


def next_words(call: LiveCall, scene: whom_to_ring.Scene, me: Waiting, turn: Turn) -> str:
    """Which words come now: that we look, the whole promise, a low word every 20 seconds."""
    first = first_words(call, scene)
    if first is not None:
        return first
    said = call.saying or ""
    if call.consent == "yes" and (said in saying.BEFORE_RECEIPT or said.endswith(": counted")):
        return "receipt key"
    if not call.round_told and round_is_over(me, scene.peers, scene.rings, turn.now):
        calls.change(turn.db, call.id, round_told=True)
        return "round is over"
    if call.saying in saying.LOW and ask_call_back.is_untold(turn, call):
        return "back key"
    if call.saying in ("quiet", search_again.CAME_ON):
        talking = [peer.talking for peer in scene.peers]
        return "still, all talk" if talking and all(talking) else "still looking"
    return "quiet"


def first_words(call: LiveCall, scene: whom_to_ring.Scene) -> str | None:
    """That we look; then the whole promise, to whoever has skipped none of it. None: all said."""
    heard = call.saying == calls.PROMISE_HEARD
    if call.saying is None or heard or call.saying.startswith(saying.SLOW):
        speaks = any(call.language in peer.languages for peer in scene.peers)
        looking = saying.LOOKING_AGAIN if heard else "looking"
        return looking if speaks else f"{looking}, other language"
    return UNTOLD.get(call.saying) if call.talking_since is None else None


def cut_off(turn: Turn, call: LiveCall) -> Words:
    """Their peer's phone has left the call: say so; only after these words does a phone ring."""
    if call.saying is None:
        return saying.now_saying(turn, call, "peer has left")
    patience = timedelta(seconds=call.patience_seconds)
    calls.move(
        turn.db,
        call.id,
        (calls.PARTED,),
        calls.WAITING,
        patience_until=turn.now + patience,
        round_told=False,
    )
    return still_waiting(turn, call)


@line.step
def wait_key(turn: Turn, call: LiveCall) -> Words:
    """A key while waiting: 5 count, 4 call back, 0 other choices; anything else changes nothing."""
    return key_pressed(turn, call, saying.AFTER_KEY)


@line.step
def another_key(turn: Turn, call: LiveCall) -> Words:
    """A key after what the last one did: a twin, so that no request sent twice undoes itself."""
    return key_pressed(turn, call, saying.AFTER_ANOTHER)


def key_pressed(turn: Turn, call: LiveCall, after: str) -> Words:
    """What a key does; once `after` it is being said, the same request can only be a repeat."""
    calls.change(turn.db, call.id, heard_at=turn.now)
    if call.saying is not None and call.saying.startswith(f"{after}:"):
        return saying.hears_again(turn, call)
    match turn.key:
        case keys.Waiting.COUNT if call.consent == "yes":
            calls.change(turn.db, call.id, consent="no")
            return saying.now_saying(turn, call, f"{after}: not counted")
        case keys.Waiting.COUNT:
            calls.change(turn.db, call.id, consent="yes")
            return saying.now_saying(turn, call, f"{after}: counted")
        case keys.Waiting.SEEN_OTHERWISE if call.slow_until is not None:
            boundaries.seen_otherwise(turn, call.line_id)
            return saying.now_saying(turn, call, f"{after}: duty told")
        case keys.Waiting.RECEIPT if call.consent == "yes":
            return saying.now_saying(turn, call, f"{after}: {saying.RECEIPT}")
        case keys.Waiting.CALL_BACK:
            return ask_call_back.offer(turn, call)
        case keys.Waiting.OTHER_CHOICES:
            return [questions.choices(turn, call), GoTo(wait)]
        case _:
            if call.saying in (saying.IN_FULL, saying.REST):
                calls.change(turn.db, call.id, saying=saying.LOOKING_AGAIN, saying_until=None)
            return [GoTo(wait)]


@line.step
def left_queue(turn: Turn, call: LiveCall) -> Words:
    """What comes after the queue: their peer, their choices, or the queue again.

    A caller who is said to have hung up while their leg goes on is looked up soon.
    """
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    led = moving.being_moved(turn, line, call.provider_id)
    if led is not None:
        return led
    if call.state in TO_THEIR_PEER:
        return [GoTo(CallerStep.INTO_ROOM)]
    if call.state == calls.CALLER_AWAY:
        return talk.choices(turn, call)
    words = to_queue(turn, call)
    if turn.hung_up_in_queue:
        calls.change(turn.db, call.id, heard_at=turn.now - rooms.LONGEST_LEG)
    return words
