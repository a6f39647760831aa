"""Practice by phone: a caller hears scripted partners, and stays where they were in the search."""

from collections.abc import Sequence
from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.caller import search_again
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.prompts.partners import STAR, Beat, Partner, partners
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Hush, Say, Words

SAYING: Final = "practice"
"""What `saying` of a call begins with while its caller practises: `practice star 2`."""
LOOKED_FOR: Final = f"{SAYING} again"
"""The same of one who was asked whether to keep looking, and hears that they are looked for."""
PRACTISES: Final = (calls.WAITING, calls.ASKED)
"""In any other state somebody is with them, or on the way: practice is left."""
ENDS: Final = frozenset("*9")
TIME_FOR_A_KEY: Final = 6


@line.step
def practice(turn: Turn, call: LiveCall) -> Words:
    """That it is practice, that nobody is called and nothing kept; and whom there is."""
    if call.state not in PRACTISES:
        return leave_practice(turn, call)
    looks_on = looked_for_again(turn, call)
    go_on_looking(turn, call, saying=LOOKED_FOR if looks_on else SAYING)
    named = partners(turn.language).values()
    offered = [
        turn.say("practice.partner", digit=number, title=one.title)
        for number, one in enumerate(named, 1)
    ]
    words = [*looks_on, turn.say("practice.hello"), *offered, turn.say("practice.ends")]
    return [Ask(words, partner_chosen, TIME_FOR_A_KEY), GoTo(leave_practice)]


def looked_for_again(turn: Turn, call: LiveCall) -> Sequence[Say]:
    """Who was asked whether to keep looking, and practises meanwhile, is looked for again."""
    asked = call.state == calls.ASKED and call.asked != search_again.NOBODY_ON
    if not asked and call.saying != LOOKED_FOR:
        return []
    search_again.keep_looking(turn, call)
    return [turn.say("ask.looking_on")]


@line.step
def partner_chosen(turn: Turn, call: LiveCall) -> Words:
    """A key chooses the partner; any that is none leads back to where the caller was."""
    known = list(partners(turn.language))
    if not turn.key.isdigit() or not 1 <= int(turn.key) <= len(known):
        return leave_practice(turn, call)
    return at_beat(turn, call, known[int(turn.key) - 1], 0)


def at_beat(turn: Turn, call: LiveCall, name: str, number: int, back: str = "") -> Words:
    """What the partner says at a beat, after `back`; beyond the last, how such talks go well."""
    if call.state not in PRACTISES:
        return leave_practice(turn, call)
    if somebody_came(turn, call):
        return search_again.somebody_came_on(turn, call)
    go_on_looking(turn, call, saying=f"{SAYING} {name} {number}")
    return words_at(turn, partners(turn.language)[name], number, back)


def words_at(turn: Turn, partner: Partner, number: int, back: str = "") -> Words:
    """The document of a beat."""
    beats = partner.beats["voice"]
    answered: list[Say | Hush] = [turn.speak(back), Hush(1)] if back else []
    if number >= len(beats):
        helpful = turn.speak(partner.helpful["voice"])
        last = [*answered, turn.say("practice.over"), helpful, turn.say("practice.another")]
        return [Ask(last, practise_more, TIME_FOR_A_KEY), GoTo(leave_practice)]
    beat = beats[number]
    keyed = beat_key if number % 2 == 0 else next_beat_key
    silent = beat_silence if number % 2 == 0 else next_beat_silence
    said = [*answered, turn.speak(beat.says), *star_pressed(turn, beat), Hush(1)]
    return [Ask([*said, *spoken_choices(turn, beat)], keyed, TIME_FOR_A_KEY), GoTo(silent)]


def star_pressed(turn: Turn, beat: Beat) -> Sequence[Say]:
    """What a volunteer hears while the other one has pressed `*`: the line's own words."""
    return [turn.say("room.they_are_choosing")] if beat.does == STAR else []


def spoken_choices(turn: Turn, beat: Beat) -> Sequence[Say]:
    """What can be said, each with its key; and the keys that a volunteer has there."""
    offered = [
        turn.say("practice.say", digit=number, words=choice.say)
        for number, choice in enumerate(beat.choices, 1)
        if choice.say
    ]
    return [*([turn.speak(beat.tip)] if beat.tip else []), *offered, turn.say("practice.quiet")]


@line.step
def beat_key(turn: Turn, call: LiveCall) -> Words:
    """A key at an even beat: what was said to them; `*` or 9 ends."""
    return answered_at(turn, call, 0, turn.key)


@line.step
def next_beat_key(turn: Turn, call: LiveCall) -> Words:
    """A key at an odd beat: a twin, so that no request sent twice goes two beats on."""
    return answered_at(turn, call, 1, turn.key)


@line.step
def beat_silence(turn: Turn, call: LiveCall) -> Words:
    """No key at an even beat: being quiet with them is an answer too."""
    return answered_at(turn, call, 0, "")


@line.step
def next_beat_silence(turn: Turn, call: LiveCall) -> Words:
    """No key at an odd beat."""
    return answered_at(turn, call, 1, "")


def answered_at(turn: Turn, call: LiveCall, odd: int, key: str) -> Words:
    """Go a beat on, once: a request for a beat that is over gets what followed it again."""
    name, number = where(call)
    if key in ENDS or not name or call.state not in PRACTISES:
        return leave_practice(turn, call)
    beats = partners(turn.language)[name].beats["voice"]
    told = number % 2 == odd and number < len(beats)
    choices = beats[number if told else max(0, number - 1)].choices
    spoken = [choice for choice in choices if choice.say]
    quiet = next((choice.back for choice in choices if not choice.say), "")
    chosen = int(key) - 1 if key.isdigit() else -1
    back = spoken[chosen].back if 0 <= chosen < len(spoken) else quiet
    return at_beat(turn, call, name, number + 1 if told else number, back)


def where(call: LiveCall) -> tuple[str, int]:
    """The partner and the beat at which a call is; no name when it practises no more."""
    what, _, rest = (call.saying or "").partition(" ")
    name, _, number = rest.rpartition(" ")
    return (name, int(number)) if what == SAYING and number.isdigit() else ("", 0)


@line.step
def practise_more(turn: Turn, call: LiveCall) -> Words:
    """1 = practise with another; anything else leads back."""
    return practice(turn, call) if turn.key == keys.Answer.YES else leave_practice(turn, call)


@line.step
def leave_practice(turn: Turn, call: LiveCall) -> Words:
    """Practice is over; the caller is where they were, or where their peer is by now."""
    if call.state not in PRACTISES:
        return [GoTo(CallerStep.ASK_AGAIN)]
    if (call.saying or "").startswith(SAYING):
        calls.change(turn.db, call.id, heard_at=turn.now, saying=None, saying_until=None)
    if somebody_came(turn, call):
        return search_again.somebody_came_on(turn, call)
    return [turn.say("practice.left"), GoTo(CallerStep.ASK_AGAIN)]


def somebody_came(turn: Turn, call: LiveCall) -> bool:
    """Whether nobody was on when the call came, and somebody is by now."""
    waits_for_nobody = call.state == calls.ASKED and call.asked == search_again.NOBODY_ON
    if call.saying == search_again.CAME_ON:
        return True
    return waits_for_nobody and whom_to_ring.somebody_is_on(turn, call)


def go_on_looking(turn: Turn, call: LiveCall, *, saying: str) -> None:
    """The caller is still there, and the search goes a step on meanwhile."""
    calls.change(turn.db, call.id, heard_at=turn.now, saying=saying, saying_until=None)
    whom_to_ring.decide_now(turn, call.line_id)
