"""SAY: how it went, in the next text, unnamed; and the answer, for whoever has its number."""

from typing import Final

from warmline.conversations.notices import feedback as notices_feedback
from warmline.conversations.text_talks import messages
from warmline.conversations.text_talks.messages import OfLine
from warmline.database.sealing import Unsealable
from warmline.privacy import feedback, notes
from warmline.telephony.conversation import Turn
from warmline.texting.caller_words import SAY, answer_wanted, is_stop, names_peer, word_of
from warmline.texting.volunteer_words import read

MOST_WORDS: Final = 6
"""AWAY 20 DEC TO 3 JAN: no shift word needs more."""


def hear(
    turn: Turn,
    line: OfLine,
    number: str,
    language: str,
    body: str,
    after: notes.Asked | None,
    *,
    on_roster: bool = False,
) -> bool:
    """Whether a text outside a talk was SAY, what was to follow it, or SAY 12345678.

    `after` is what they were asked when their talk ended a moment ago (privacy/notes.py). Of
    somebody `on_roster` a shift word is never taken for how it went.
    """
    digests = turn.seal.digests(number)
    was_asked = feedback.was_asked(turn.db, line.line_id, digests, turn.now)
    wanted = answer_wanted(body)
    if wanted is not None:
        _answer(turn, line, number, language, wanted)
    elif word_of(body) == SAY:
        _ask(turn, line, number, language, after)
    elif was_asked is not None and not _means_us(body, on_roster=on_roster):
        _keep(turn, line, number, language, body, was_asked)
    else:
        return False
    return True


def _means_us(body: str, *, on_roster: bool) -> bool:
    """Whether it is a word of ours: who says how it went in so few words opens with none."""
    shift_word = on_roster and read(body).word is not None and len(body.split()) <= MOST_WORDS
    return shift_word or word_of(body) is not None or is_stop(body)


def _ask(turn: Turn, line: OfLine, number: str, language: str, after: notes.Asked | None) -> None:
    about = after["about"] if after else ""
    feedback.ask_to_write(turn.db, line.line_id, turn.seal.digests(number), about, turn.now)
    messages.answer_once(turn, line, number, language, "say_how_known" if about else "say_how")


def _keep(
    turn: Turn, line: OfLine, number: str, language: str, body: str, asked: tuple[str, str]
) -> None:
    if not feedback.may_say(turn.db, line.line_id, "text", turn.now):
        messages.answer_once(turn, line, number, language, "say_later")
        return
    named = names_peer(body)
    about = None if named is None else _peer(turn, *asked)
    words = body if named is None else named
    receipt = feedback.fresh_number()
    day = turn.now.date()
    what = (turn.db, turn.seal, line.line_id, receipt, day)
    feedback.say(*what, words=words.strip(), about=about)
    notices_feedback.tell(turn, line.line_id, about)
    key = "say_kept" if notices_feedback.is_read(turn, line.line_id) else "say_kept_unread"
    messages.answer_once(turn, line, number, language, key, receipt=receipt)


def _peer(turn: Turn, digest: str, about: str) -> int | None:
    try:
        return int(turn.seal.open(about, digest)) if about else None
    except Unsealable:
        return None


def _answer(turn: Turn, line: OfLine, number: str, language: str, wanted: str) -> None:
    if not notes.may_look_up(turn.db, turn.seal, line.line_id, "text", number, turn.now):
        messages.answer_once(turn, line, number, language, "say_later")
        return
    found = feedback.answer_to(turn.db, turn.seal, line.line_id, wanted)
    if found:
        messages.answer_once(turn, line, number, language, "say_answer", answer=found)
    else:
        key = "say_unknown" if found is None else "say_no_answer"
        messages.answer_once(turn, line, number, language, key)
