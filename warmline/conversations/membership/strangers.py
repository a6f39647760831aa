"""JOIN from somebody who is not of the roster, and what they write while it is open.

Their number is kept for this alone until somebody has rung, for thirty days at most, or until
they say LEAVE, NO or STOP.
"""

from typing import Final

from warmline import languages
from warmline.calls import call_backs, talks
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations.membership import sign_in_code
from warmline.conversations.membership.joining import JOIN, LEAVE, NO, OK
from warmline.conversations.notices import duty
from warmline.conversations.text_talks import caller
from warmline.conversations.text_talks.messages import answer_once
from warmline.line import opening
from warmline.outbox.outbox import Urgency
from warmline.people import joining
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words
from warmline.texting.caller_words import asks_what_this_is, is_stop, language_of

ABOUT_IT: Final = OK | NO | JOIN | LEAVE
"""What is about an open JOIN, in a talk too."""


def hear(turn: Turn, line: LineFacts, body: str) -> bool:
    """Whether a text was about joining, or erased a wish to; STOP erases it, and goes on.

    While a JOIN is open, a yes, a no and a question are about it, and a peer with whom they are
    reads them as well. Whatever else they write is a text like any caller's: somebody answers.
    """
    digests = turn.seal.digests(turn.sender)
    if is_stop(body):
        joining.erase(turn.db, turn.seal, line.line_id, turn.sender)
        return False
    talk = talks.of_number(turn.db, line.line_id, digests)
    spoken = joining.spoken_by(turn.db, line.line_id, digests)
    if spoken is None:
        return talk is None and _without_a_wish(turn, line, body)
    about_it = volunteer_words.is_whole(body, ABOUT_IT) or asks_what_this_is(body)
    if about_it:
        if talk is not None and talk.person_id is not None:
            caller.next_text(turn, talk, body)
        _with_a_wish(turn, line, talk, spoken, body)
    return about_it or (talk is None and sign_in_code.of_the_first(turn, line, body))


def _without_a_wish(turn: Turn, line: LineFacts, body: str) -> bool:
    """Nothing is kept of them: JOIN is noted, and LEAVE is told so."""
    if sign_in_code.of_the_first(turn, line, body):
        return True
    if not opening.is_a_phone(turn.db, line.line_id, turn.sender):
        return False
    language = _language(turn, line, body)
    if volunteer_words.is_whole(body, LEAVE):
        call_backs.erase(turn.db, turn.seal, line.line_id, turn.sender)
        _answer(turn, line, language, "nothing_kept")
        return True
    if volunteer_words.is_whole(body, JOIN):
        _noted(turn, line, language)
        return True
    return False


def _with_a_wish(
    turn: Turn, line: LineFacts, talk: LiveTalk | None, spoken: str, body: str
) -> None:
    """Answer what they write about their open JOIN, in the language in which they wrote it."""
    if volunteer_words.is_whole(body, LEAVE | NO):
        joining.erase(turn.db, turn.seal, line.line_id, turn.sender)
        _answer(turn, line, spoken, "join_erased" if talk is None else "join_erased_in_talk")
    elif volunteer_words.is_whole(body, JOIN):
        _noted(turn, line, _language(turn, line, body))
    elif volunteer_words.is_whole(body, OK):
        if talk is None or joining.may_say_known(turn.db, turn.seal, turn.sender, turn.now):
            _answer(turn, line, spoken, "join_known")
    else:
        _answer(turn, line, spoken, "join", "join_kept")


def _noted(turn: Turn, line: LineFacts, language: str) -> None:
    """Note a stranger's JOIN and answer it, after everything that somebody waits for.

    Where more came within the hour than are noted, so many are told so once, and whoever is on
    duty is: nobody thinks that they were noted and is forgotten.
    """
    number, line_id = turn.sender, line.line_id
    about = (turn.db, turn.seal, line_id, number)
    known = joining.spoken_by(turn.db, line_id, turn.seal.digests(number)) is not None
    noted = "known" if known else joining.note(*about, language, turn.now)
    answers: tuple[str, ...] = ()
    if noted == "full":
        duty.alert(turn, line_id, "many_to_join")
        answers = ("join_later",) if joining.may_put_off(*about, turn.now) else ()
    elif joining.may_answer(turn.db, turn.seal, number, turn.now):
        answers = ("join", "join_kept")
    if noted == "new":
        duty.alert(turn, line_id, "wants_to_join")
    _answer(turn, line, language, *answers)


def _language(turn: Turn, line: LineFacts, body: str) -> str:
    """The language that the word itself is of, where the line offers it; else its first."""
    offered = turn.offered(line.line_id) or (languages.FIRST,)
    spoken = language_of(body) or volunteer_words.language_of(body, "JOIN", "LEAVE")
    return spoken if spoken in offered else offered[0]


def _answer(turn: Turn, line: LineFacts, language: str, *keys: str) -> None:
    for key in keys:
        answer_once(turn, line, turn.sender, language, key, Urgency.STRANGER)
