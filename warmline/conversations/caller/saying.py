"""What a waiting caller hears, by name; the same words again when a request comes twice."""

from datetime import timedelta
from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.caller import receipts_by_key
from warmline.conversations.steps import CallerStep
from warmline.promise.promise import promise_in, spoken_in_two
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, Hush, Say, Word, Words

HEARTBEAT: Final = 10
"""Seconds at most between two requests of a waiting call, but for one longer sentence."""
PROMPT_OF: Final = {
    "looking": "wait.looking",
    "looking again": "wait.looking",
    "looking again, other language": "wait.looking_other_language",
    "looking, other language": "wait.looking_other_language",
    "round is over": "wait.round_is_over",
    "back key": "back.key",
    "still here": "wait.still_here",
    "still looking": "wait.still_looking",
    "still, all talk": "wait.still_all_talk",
    "one moment": "wait.one_moment",
    "on the way": "wait.coming",
    "on the way back": "talk.peer_still_here",
    "peer still here": "talk.peer_still_here",
    "aside": "stand.caller",
    "aside, still": "stand.caller_still",
    "peer has left": "talk.peer_has_left",
    "ringing them back": "talk.ringing_them_back",
    "counted": "wait.counted",
    "receipt key": "wait.receipt_key",
    "not counted": "wait.not_counted",
    "duty told": "wait.duty_told",
}
LOW: Final = {"round is over", "still looking", "still, all talk"}
"""Words after the first of which it is said, once, that they may be called back."""
RECEIPT: Final = "receipt"
"""Said with the number that is this call's own."""
SLOW: Final = "slow"
"""Quiet, while a boundary makes the wait longer; and, with a time after it, why that is so."""
SLOWED: Final = "slowed until "
IN_FULL: Final = "the promise in full"
REST: Final = "the rest of it"
"""The whole promise, said in two while nobody is ready."""
LOOKING_AGAIN: Final = "looking again"
"""That somebody is looked for, and nothing of the promise after it."""
OTHER_LANGUAGE_AGAIN: Final = f"{LOOKING_AGAIN}, other language"
SHORT: Final = {"looking", "looking, other language", LOOKING_AGAIN, OTHER_LANGUAGE_AGAIN}
"""Words after which the network asks again at once; a key counts in them too."""
BEFORE_RECEIPT: Final = {REST, LOOKING_AGAIN, OTHER_LANGUAGE_AGAIN, "round is over"}
"""Words after which whoever said yes hears of the key for their receipt."""
ASIDE: Final = {"aside", "aside, still"}
"""Words while somebody stands by their peer; in these a key chooses somebody else."""
HUSH_AFTER: Final = {
    "one moment": 3,
    "on the way": 3,
    "on the way back": 3,
    "peer still here": 3,
    "peer has left": 1,
}
"""Words in which no key counts, and the seconds of silence after them."""
AFTER_KEY: Final = "after key"
AFTER_ANOTHER: Final = "after another key"
"""What a key did, said by one step or by its twin: `after key: counted`."""


def is_still_said(turn: Turn, call: LiveCall) -> bool:
    """Whether this request must be a repeat: what we answered last is still being said."""
    return bool(call.saying) and call.saying_until is not None and turn.now < call.saying_until


def hears_again(turn: Turn, call: LiveCall) -> Words:
    """The words they are hearing now, once more."""
    return words_for(turn, call, call.saying or "")


def now_saying(turn: Turn, call: LiveCall, name: str) -> Words:
    """Say the words of this name, and remember until when they are being said."""
    words = words_for(turn, call, name)
    # One second less than they take: the next request must never look like a repeat.
    until = turn.now + timedelta(seconds=max(0.5, _seconds(words) - 1))
    calls.change(turn.db, call.id, saying=name, saying_until=until)
    return words


def words_for(turn: Turn, call: LiveCall, name: str) -> Words:
    """The document of this name: its words, then silence in which a key counts."""
    after, _, what = name.rpartition(": ")
    spoken = [turn.say(PROMPT_OF[what])] if what in PROMPT_OF else []
    if what == RECEIPT:
        spoken = [receipts_by_key.receipt_spoken(turn, call)]
    if name.startswith(SLOWED):
        spoken = [turn.say("wait.slowed", time=name.removeprefix(SLOWED))]
    if name in (IN_FULL, REST):
        return [Ask([_promised(turn, call, name)], CallerStep.WAIT_KEY, 1)]
    if name in SHORT:
        return [Ask(spoken, CallerStep.WAIT_KEY, 1)]
    if name in HUSH_AFTER:
        return [*spoken, Hush(HUSH_AFTER[name])]
    if after:
        twin = CallerStep.ANOTHER_KEY if after == AFTER_KEY else CallerStep.WAIT_KEY
        return [*spoken, Ask([], twin, 3)]
    left = HEARTBEAT - sum(word.seconds for word in spoken)
    key_to = CallerStep.ASIDE_KEY if name in ASIDE else CallerStep.WAIT_KEY
    return [Ask(spoken, key_to, max(1, round(left)))]


def _promised(turn: Turn, call: LiveCall, name: str) -> Say:
    held = promise_in(turn.db, call.line_id, turn.language)
    return turn.speak(spoken_in_two(held, call.line_name)[name == REST])


def _seconds(words: Words) -> float:
    return sum(_length(word) for word in words)


def _length(word: Word) -> float:
    match word:
        case Say():
            return word.seconds
        case Hush(seconds):
            return seconds
        case Ask(spoken, _, seconds):
            return seconds + sum(_length(one) for one in spoken)
        case _:
            return 0
