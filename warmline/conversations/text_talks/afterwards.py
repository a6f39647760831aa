"""After a talk by text: whether it may be counted, how that is erased, and SAY how it went."""

from typing import Final

from warmline.conversations.text_talks import feedback, messages
from warmline.conversations.text_talks.messages import OfLine
from warmline.models.privacy import Channel
from warmline.privacy import notes
from warmline.telephony.conversation import Turn
from warmline.texting.caller_words import KEEP, receipt_in, word_of

TEXT: Final[Channel] = "text"


def hear(
    turn: Turn, line: OfLine, number: str, language: str, body: str, *, on_roster: bool = False
) -> bool:
    """Whether a text outside a talk was for us: KEEP just after a talk, FORGET, SAY and its answer.

    KEEP is an answer only as the very next text: whatever else
    comes is a no.
    """
    asked = notes.asked(turn.db, turn.seal, line.line_id, turn.seal.digests(number), turn.now)
    word, receipt = word_of(body), receipt_in(body)
    text = (turn, line, number, language, body, asked)
    if feedback.hear(*text, on_roster=on_roster):
        return True
    if asked is not None and word == KEEP:
        receipt = notes.keep(turn.db, turn.seal, asked, TEXT)
        messages.answer_once(turn, line, number, asked["language"], "counted", receipt=receipt)
    elif receipt is not None:
        messages.answer_once(turn, line, number, language, forget(turn, line.line_id, receipt))
    else:
        return False
    return True


def was_asked(turn: Turn, line: OfLine, number: str) -> bool:
    """Whether a talk with this number has ended a moment ago."""
    digests = turn.seal.digests(number)
    return notes.is_asked(turn.db, line.line_id, digests, turn.now)


def forget(turn: Turn, line_id: int, receipt: str, call: str = "") -> str:
    """FORGET 12345678: that note is erased at once; by which words whoever wrote it is told.

    By voice it is the `call` (its token) that is counted, for a number may be withheld.
    """
    way: notes.Way = "voice" if call else "text"
    by = call or turn.sender
    if not notes.may_look_up(turn.db, turn.seal, line_id, way, by, turn.now):
        return "forget_later"
    known = notes.erase(turn.db, turn.seal, line_id, receipt, turn.now)
    return "forgotten" if known else "not_known"
