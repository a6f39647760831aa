"""Saying how it went by key, unnamed; the answer; a number for saying it within the hour."""

from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.notices import feedback as notices_feedback
from warmline.conversations.steps import caller as line
from warmline.conversations.steps import where_they_were
from warmline.privacy import feedback, notes
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Say, Words

TIME_FOR_A_KEY: Final = 8
TIME_FOR_DIGITS: Final = 10
ANSWER: Final = "5"
LATER: Final = "6"
LOOKED_UP: Final = 0
"""`menu_thing` of a call whose number has been looked up; asked twice, that counts once."""


def ask(turn: Turn, call: LiveCall) -> Words:
    """How did it go? Who reads it, what each key says, and how else it can be said."""
    words = [turn.say("how.what"), turn.say("how.keys")]
    if _peer(call) is not None:
        words.append(turn.say("how.later_key"))
    return [
        Ask([*words, turn.say("how.leave")], how_key, TIME_FOR_A_KEY),
        GoTo(where_they_were(call)),
    ]


@line.step
def how_key(turn: Turn, call: LiveCall) -> Words:
    """1 to 4 say how it went; 5 an answer; 6 a number for later. Anything else goes back."""
    key = turn.key
    if key == ANSWER:
        calls.change(turn.db, call.id, menu_thing=None)
        asked = Ask([turn.say("how.key_in")], answer_keyed, TIME_FOR_DIGITS, feedback.DIGITS)
        return [asked, GoTo(where_they_were(call))]
    if key == LATER and (peer := _peer(call)) is not None:
        return [_number_for_later(turn, call, peer), GoTo(where_they_were(call))]
    if key not in feedback.KINDS:
        return [GoTo(where_they_were(call))]
    calls.change(turn.db, call.id, menu_thing=int(key))
    if _peer(call) is not None:
        words = [turn.say("how.may_be_known")]
        return [Ask(words, known_key, TIME_FOR_A_KEY), GoTo(unknown)]
    words = [turn.say("how.have_number")]
    return [Ask(words, number_keyed, TIME_FOR_DIGITS, feedback.DIGITS), GoTo(unknown)]


@line.step
def known_key(turn: Turn, call: LiveCall) -> Words:
    """1 = they may know which peer it was; anything else, or silence: they do not."""
    return kept(turn, call, _peer(call) if turn.key == keys.Answer.YES else None)


@line.step
def number_keyed(turn: Turn, call: LiveCall) -> Words:
    """The number from a talk of the last hour lets the peer be known; any other does not."""
    digits = turn.digits
    about = None
    if _is_number(digits) and _may_look_up(turn, call):
        about = feedback.linked(turn.db, turn.seal, call.line_id, digits, turn.now)
    return kept(turn, call, about)


@line.step
def unknown(turn: Turn, call: LiveCall) -> Words:
    """Silence: it is kept, and the peer is not known."""
    return kept(turn, call, None)


def kept(turn: Turn, call: LiveCall, about: int | None) -> Words:
    """It is kept, and the number with which to hear the answer; asked twice, it is one."""
    key = str(call.menu_thing)
    if key not in feedback.KINDS:
        return [GoTo(where_they_were(call))]
    number = feedback.number_of_call(turn.seal, call.token, key)
    if feedback.answer_to(turn.db, turn.seal, call.line_id, number) is None:
        if not feedback.may_say(turn.db, call.line_id, "voice", turn.now):
            return [turn.say("how.too_many"), GoTo(where_they_were(call))]
        what = (turn.db, turn.seal, call.line_id, number, turn.now.date())
        feedback.say(*what, kind=feedback.KINDS[key], about=about)
        notices_feedback.tell(turn, call.line_id, about)
    thanks = "how.kept" if notices_feedback.is_read(turn, call.line_id) else "how.kept_unread"
    return [
        turn.say(thanks),
        turn.say("how.number", digits=_digits(number)),
        GoTo(where_they_were(call)),
    ]


def _number_for_later(turn: Turn, call: LiveCall, peer: int) -> Say:
    number = feedback.number_of_call(turn.seal, call.token, f"of {peer}")
    feedback.link(turn.db, turn.seal, call.line_id, number, peer, turn.now)
    return turn.say("how.later", digits=_digits(number))


@line.step
def answer_keyed(turn: Turn, call: LiveCall) -> Words:
    """Eight digits: the answer, if there is one yet; said twice."""
    digits = turn.digits
    if not _is_number(digits):
        return [turn.say("how.unknown"), GoTo(where_they_were(call))]
    if call.menu_thing != LOOKED_UP and not _may_look_up(turn, call):
        return [turn.say("how.too_many"), GoTo(where_they_were(call))]
    calls.change(turn.db, call.id, menu_thing=LOOKED_UP)
    found = feedback.answer_to(turn.db, turn.seal, call.line_id, digits)
    if not found:
        key = "how.unknown" if found is None else "how.no_answer"
        return [turn.say(key), GoTo(where_they_were(call))]
    answer = turn.speak(found)
    once_more = turn.say("ask.once_more")
    return [turn.say("how.answer"), answer, once_more, answer, GoTo(where_they_were(call))]


def _peer(call: LiveCall) -> int | None:
    """The person with whom they talk, or have just talked, in this very call."""
    return int(call.peer_id) if call.together and call.peer_id is not None else None


def _is_number(digits: str) -> bool:
    return len(digits) == feedback.DIGITS and digits.isascii() and digits.isdigit()


def _digits(number: str) -> str:
    return ". ".join(number)


def _may_look_up(turn: Turn, call: LiveCall) -> bool:
    """Counted for the call: a number may be withheld."""
    return notes.may_look_up(turn.db, turn.seal, call.line_id, "voice", call.token, turn.now)
