"""Somebody writes by WhatsApp or RCS: they are who they are by text, and are told to text.

What they wrote is read by nobody and opens nothing, but a STOP, which is obeyed through any door.
"""

from datetime import timedelta
from typing import Final

from warmline import languages
from warmline.calls.records import LineFacts
from warmline.conversations.persons import Me
from warmline.conversations.text_talks.messages import answer_once
from warmline.line.opening import is_a_phone
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.outbox.outbox import Urgency
from warmline.telephony.conversation import Turn
from warmline.texting.caller_words import written_in

TOLD: Final = Limit("told that only texts are read", 2, timedelta(hours=1))


def answer(turn: Turn, line: LineFacts, me: Me | None) -> None:
    """Tell them so by text, twice an hour at most; `me` is whose number it is on the roster."""
    if not is_a_phone(turn.db, line.line_id, turn.sender):
        return
    if attempts.refused(turn.db, turn.seal, TOLD, turn.sender, turn.now) is None:
        offered = turn.offered(line.line_id) or (languages.FIRST,)
        language = written_in(turn.written, offered) if me is None else me.language
        answer_once(turn, line, turn.sender, language, "other_door", Urgency.STRANGER)
