"""The verbs that speak, listen and lead on: Say, Play, Pause, Gather, Redirect, Hangup, Reject."""

from collections.abc import Iterable
from itertools import repeat
from typing import TYPE_CHECKING

from warmline.simulator.legs.speech import spoken_seconds
from warmline.simulator.webhooks.documents import HungUp, Target
from warmline.simulator.webhooks.sounds import sound_at
from warmline.simulator.webhooks.strand import ALL_KEYS, Key, Program, Wait
from warmline.simulator.webhooks.twiml import Document, Verb

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

TONE_SECONDS = 0.25
NO_KEYS = ""


def say(leg: "Leg", verb: Verb, _: Document) -> Program[Target | None]:
    """Speaks the words; keys pressed meanwhile are lost."""
    yield from _prompt(leg, verb, NO_KEYS)
    return None


def play(leg: "Leg", verb: Verb, _: Document) -> Program[Target | None]:
    """Plays a recording or tones; keys pressed meanwhile are lost."""
    yield from _prompt(leg, verb, NO_KEYS)
    return None


def pause(leg: "Leg", verb: Verb, _: Document) -> Program[Target | None]:
    """Says nothing for `length` seconds, one unless given."""
    yield from _prompt(leg, verb, NO_KEYS)
    return None


def redirect(_: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    """Leads to another document, or to this one again."""
    yield from ()  # a program, although nothing is waited for
    return Target(document.resolve(verb.text), verb.get("method", "POST"))


def hangup(_: "Leg", __: Verb, ___: Document) -> Program[Target | None]:
    """Ends the call."""
    yield from ()  # a program, although nothing is waited for
    raise HungUp


def reject(leg: "Leg", verb: Verb, _: Document) -> Program[Target | None]:
    """Ends a call that was not answered, with the busy tone or without a word."""
    yield from ()  # a program, although nothing is waited for
    if leg.answered_at is None:
        leg.ends_as = "busy" if verb.get("reason") == "busy" else "no-answer"
    raise HungUp


def gather(leg: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    """Listens for keys while it speaks and after; a key breaks the speech off."""
    digits, finished_on = yield from _collect(leg, verb)
    if not digits and not verb.flag("actionOnEmptyResult", False):
        return None
    params = (("msg", "Gather End"), ("Digits", digits), ("FinishedOnKey", finished_on))
    action = document.resolve(verb.get("action"))
    return Target(action, verb.get("method", "POST"), params)


def _collect(leg: "Leg", verb: Verb) -> Program[tuple[str, str]]:
    most = verb.number("numDigits", 1000)
    last_key = verb.get("finishOnKey", "#")
    digits = ""
    event = yield from _prompts(leg, verb)
    if event is None:
        event = yield from _next_key(verb.number("timeout", 5))
    while event is not None:
        if event.digit == last_key:
            return digits, last_key
        digits += event.digit
        if len(digits) >= most:
            break
        event = yield from _next_key(verb.number("timeout", 5))
    return digits, ""


def _prompts(leg: "Leg", gather_verb: Verb) -> Program[Key | None]:
    for verb in gather_verb.children:
        key = yield from _prompt(leg, verb, ALL_KEYS)
        if key is not None:
            return key
    return None


def _prompt(leg: "Leg", verb: Verb, keys: str) -> Program[Key | None]:
    """One Say, Play or Pause; the key that broke it off."""
    if verb.name == "Pause":
        return (yield from _quiet(verb.number("length", 1), keys))
    if verb.name == "Say":
        words, seconds = _say_words(verb)
    else:
        words, seconds = yield from _play_words(leg, verb)
    for _ in _times(verb.number("loop", 1)):
        key = yield from _aloud(leg, words, seconds, keys, verb.get("language"))
        if key is not None:
            return key
    return None


def _times(loops: int) -> Iterable[None]:
    return repeat(None, loops) if loops else repeat(None)


def _say_words(verb: Verb) -> tuple[str, float]:
    breaks = sum(_break_seconds(child) for child in verb.children if child.name == "break")
    return verb.text, spoken_seconds(verb.text) + breaks


def _break_seconds(verb: Verb) -> float:
    time = verb.get("time", "1s")
    return float(time[:-2]) / 1000 if time.endswith("ms") else float(time.removesuffix("s"))


def _play_words(leg: "Leg", verb: Verb) -> Program[tuple[str, float]]:
    if "digits" in verb.attributes:
        return f"[tones {verb.get('digits')}]", TONE_SECONDS * max(1, len(verb.get("digits")))
    sound = yield from sound_at(leg, verb.text)
    return sound.words, max(TONE_SECONDS, sound.seconds)


def _aloud(leg: "Leg", words: str, seconds: float, keys: str, language: str) -> Program[Key | None]:
    hearing = leg.hear(words, seconds, language)
    try:
        return (yield from _quiet(seconds, keys))
    finally:
        hearing.stop(leg.board.clock.seconds)


def _quiet(seconds: float, keys: str) -> Program[Key | None]:
    event = yield Wait(seconds, keys)
    return event if isinstance(event, Key) else None


def _next_key(timeout: int) -> Program[Key | None]:
    return (yield from _quiet(timeout, ALL_KEYS))


SPEAKING = {"Say": say, "Play": play, "Pause": pause}
LEADING = {**SPEAKING, "Redirect": redirect}
EVERYWHERE = {**LEADING, "Gather": gather, "Hangup": hangup}
