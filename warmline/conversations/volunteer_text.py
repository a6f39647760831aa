"""A volunteer texts: their whole shift life in plain words, each a row in a table."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Row, update

from shifts.faults import Fault
from warmline.calls import talks
from warmline.conversations import (
    given_up,
    held,
    joining,
    looking,
    missed_rings,
    new_promise,
    own_talk,
    reminders,
    ringing,
    text_talk,
    texted_answers,
    texted_aways,
    texted_claims,
    texted_code,
    texted_days,
    texted_leaving,
    texted_lists,
    texted_own,
    texted_presence,
    texted_refusals,
    texted_shared,
    texted_swaps,
    texted_wishes,
    voting,
)
from warmline.conversations.steps import text
from warmline.conversations.texting import Me, Thread
from warmline.models.people import Volunteer
from warmline.privacy import erased
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words
from warmline.texting.caller_words import is_stop

Answer = Callable[[Turn, Me, str], list[str]]
"""What a word does, given what follows it; it returns the messages that answer it."""


def hear(turn: Turn, line: Row[Any], me: Me, body: str, thread: Thread = Thread.ONLY) -> None:
    """Do what a volunteer's message asks, and answer it; `thread` is where they have written."""
    turn.language = me.language
    own = own_talk.of(turn, me)
    if (me.agreed or me.held) and _is_a_stop(turn, me, own, body):
        stop(turn, me)
        return
    if not me.agreed and not me.held and is_stop(body):
        joining.refuse(turn, me)
    if own is None and not me.agreed and not _is_still_a_peer(turn, me):
        _outside(turn, line, me, body)
        return
    missed_rings.heard_of(turn.db, me.person_id)
    if own is None:
        ours = text_talk.hear(turn, me, body, thread)
    else:
        ours = own_talk.hear(turn, own, body, thread)
    if ours is None:
        return
    if not me.agreed:
        _outside(turn, line, me, ours)
        return
    answers = _answers(turn, line, me, ours)
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, answers, turn.now)
    looking.look(turn.db, me.line_id, turn.now, turn.odds)


def _is_still_a_peer(turn: Turn, me: Me) -> bool:
    """A talk goes on in which somebody is whom others have just paused."""
    return me.held and talks.of_peer(turn.db, me.person_id) is not None


def _outside(turn: Turn, line: Row[Any], me: Me, body: str) -> None:
    """What somebody writes who is neither rung nor texted: not yet, not any more, or in a pause."""
    (held if me.held else joining).hear(turn, line, me, body)


def _is_a_stop(turn: Turn, me: Me, own: Row[Any] | None, body: str) -> bool:
    """STOP, or plain words for it that are not part of a talk; in those it is answered once."""
    if volunteer_words.is_whole(body, volunteer_words.STOPS):
        return True
    if own is not None or talks.of_peer(turn.db, me.person_id) or not is_stop(body):
        return False
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, [me.text(turn, "stopped")], turn.now)
    return True


def _answers(turn: Turn, line: Row[Any], me: Me, body: str) -> list[str]:
    aside = joining.aside(turn, me, body)
    if aside is not None:
        return aside
    said = volunteer_words.read(body)
    if said.word == "LEAVE":
        return texted_leaving.leave(turn, me, line)
    if said.word is None:
        about_days = texted_days.hear(turn, me, body)
        return about_days or [turn.prompts.text(me.language, NOT_UNDERSTOOD)]
    return told(turn, me, said)


def told(turn: Turn, me: Me, said: volunteer_words.Said) -> list[str]:
    """What a word's function answers; a refusal is said in its own words and changes nothing."""
    try:
        with turn.db.begin_nested():
            answers = ANSWERS[said.word or ""](turn, me, said.rest)
    except Fault as fault:
        return [texted_refusals.why_not(turn, me, fault)]
    if said.word in SAYS_YES:
        reminders.need_none(turn, me.person_id)
    if said.word in COMES_ON:
        answers += new_promise.agree_first(turn, me)
    return answers


def stop(turn: Turn, me: Me) -> None:
    """STOP: no ring or text from this second; the entry stays, and START brings it back.

    The network itself answers the word, and lets nothing more through.
    """
    turn.db.execute(update(Volunteer).where(Volunteer.person_id == me.person_id).values(agreed=""))
    erased.note(turn.db, turn.seal, erased.YES, me.person_id, turn.now)
    ringing.end_of(turn.db, me.line_id, me.person_id, turn.now)
    text_talk.gone(turn, me)
    texted_claims.give_up_all(turn, me)
    looking.look(turn.db, me.line_id, turn.now, turn.odds)


def words(turn: Turn, me: Me, rest: str) -> list[str]:
    """WORDS: the eight that a shift needs."""
    return [turn.prompts.text(me.language, "text.words_2" if rest == "2" else "text.words")]


@text.callback
def told_of(turn: Turn, sent: Row[Any]) -> None:
    """How a text that we sent fares: once it has arrived, or never will, its row goes."""
    if turn.form.get("MessageStatus", "") in texts.ARRIVED:
        given_up.text_failed(turn, sent)
        texts.strike(turn.db, sent.token, turn.now)


SAYS_YES: Final = frozenset({"IN", "DUTY", "TAKE", "OK", "UNDO"})
"""Whoever has just written one of these knows of the shift they have."""
COMES_ON: Final = frozenset({"IN", "BACK"})
"""Whoever writes one of these expects to be rung."""
NOT_UNDERSTOOD: Final = "text.not_understood"
ANSWERS: Final[dict[str, Answer]] = {
    "IN": texted_presence.come_on_now,
    "OUT": texted_presence.go_off_now,
    "DUTY": texted_presence.duty,
    "PAUSE": texted_presence.pause,
    "BACK": texted_presence.back,
    "WHO": texted_presence.who,
    "SHIFTS": texted_lists.my_shifts,
    "OPEN": texted_lists.open_places,
    "NEXT": texted_days.next_ones,
    "TAKE": texted_days.take,
    "DROP": texted_claims.drop,
    "OFFER": texted_claims.offer,
    "SICK": texted_claims.sick,
    "SWAP": texted_swaps.swap,
    "OK": texted_answers.ok,
    "NO": texted_answers.no,
    "UNDO": texted_claims.undo,
    "HOURS": texted_own.hours,
    "AWAY": texted_aways.away,
    "BREAK": texted_own.breather,
    "MOST": texted_own.most,
    "QUIET": texted_wishes.quiet_hours,
    "REMIND": texted_wishes.remind,
    "LATE": texted_wishes.late,
    "LAST": texted_wishes.last,
    "SLOW": texted_wishes.slow,
    "MORE": texted_wishes.more,
    "LESS": texted_wishes.less,
    "SHARE": texted_shared.share,
    "UNSHARE": texted_shared.unshare,
    "JOIN": joining.already,
    "AGREE": voting.agree,
    "OBJECT": voting.object_to,
    "TALK": own_talk.begin,
    "WORDS": words,
    "CODE": texted_code.send,
}
"""Each word by its English name; LEAVE, which needs the line, is apart."""
