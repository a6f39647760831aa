"""A volunteer texts: their whole shift life in plain words, each a row in a table."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import update

from shifts.faults import Fault
from warmline.calls import talks
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations import persons
from warmline.conversations.membership import joining, leaving, pauses, sign_in_code, voting
from warmline.conversations.notices import new_promise, reminders
from warmline.conversations.persons import Me, Thread
from warmline.conversations.ringing import missed_rings, rings, whom_to_ring
from warmline.conversations.steps import text
from warmline.conversations.text_talks import own_talk, peer, refused_by_provider
from warmline.conversations.volunteer_texts import (
    answers,
    claims,
    date_polls,
    own_page,
    presence,
    shared_words,
    swaps,
    when,
    wishes,
)
from warmline.models.people import Volunteer
from warmline.privacy import erased
from warmline.sending import texts
from warmline.sending.texts import SentText
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words
from warmline.texting.caller_words import is_stop

Answer = Callable[[Turn, Me, str], list[str]]
"""What a word does, given what follows it; it returns the messages that answer it."""


def hear(turn: Turn, line: LineFacts, me: Me, body: str, thread: Thread = Thread.ONLY) -> None:
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
        ours = peer.hear(turn, me, body, thread)
    else:
        ours = own_talk.hear(turn, own, body, thread)
    if ours is None:
        return
    if not me.agreed:
        _outside(turn, line, me, ours)
        return
    answers = _answers(turn, line, me, ours)
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, answers, turn.now)
    whom_to_ring.look_now(turn, me.line_id)


def _is_still_a_peer(turn: Turn, me: Me) -> bool:
    """A talk goes on in which somebody is whom others have just paused."""
    return me.held and talks.of_peer(turn.db, me.person_id) is not None


def _outside(turn: Turn, line: LineFacts, me: Me, body: str) -> None:
    """What somebody writes who is neither rung nor texted: not yet, not any more, or in a pause."""
    (pauses if me.held else joining).hear(turn, line, me, body)


def _is_a_stop(turn: Turn, me: Me, own: LiveTalk | None, body: str) -> bool:
    """STOP, or plain words for it that are not part of a talk; in those it is answered once."""
    if volunteer_words.is_whole(body, volunteer_words.STOPS):
        return True
    if own is not None or talks.of_peer(turn.db, me.person_id) or not is_stop(body):
        return False
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, [me.text(turn, "stopped")], turn.now)
    return True


def _answers(turn: Turn, line: LineFacts, me: Me, body: str) -> list[str]:
    aside = joining.aside(turn, me, body)
    if aside is not None:
        return aside
    said = volunteer_words.read(body)
    if said.word == "LEAVE":
        return leaving.leave(turn, me, line)
    if said.word is None:
        about_days = date_polls.hear(turn, me, body)
        return about_days or [turn.prompts.text(me.language, NOT_UNDERSTOOD)]
    return told(turn, me, said)


def told(turn: Turn, me: Me, said: volunteer_words.Said) -> list[str]:
    """What a word's function answers; a refusal is said in its own words and changes nothing."""
    try:
        with turn.db.begin_nested():
            answers = ANSWERS[said.word or ""](turn, me, said.rest)
    except Fault as fault:
        return [persons.why_not(turn, me, fault)]
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
    rings.end_of(turn.db, me.line_id, me.person_id, turn.now)
    peer.gone(turn, me)
    claims.give_up_all(turn, me)
    whom_to_ring.look_now(turn, me.line_id)


def words(turn: Turn, me: Me, rest: str) -> list[str]:
    """WORDS: the eight that a shift needs."""
    return [turn.prompts.text(me.language, "text.words_2" if rest == "2" else "text.words")]


@text.callback
def told_of(turn: Turn, sent: SentText) -> None:
    """How a text that we sent fares: once it has arrived, or never will, its row goes."""
    if turn.text_has_fared:
        refused_by_provider.text_failed(turn, sent)
        texts.strike(turn.db, sent.token, turn.now)


SAYS_YES: Final = frozenset({"IN", "DUTY", "TAKE", "OK", "UNDO"})
"""Whoever has just written one of these knows of the shift they have."""
COMES_ON: Final = frozenset({"IN", "BACK"})
"""Whoever writes one of these expects to be rung."""
NOT_UNDERSTOOD: Final = "text.not_understood"
ANSWERS: Final[dict[str, Answer]] = {
    "IN": presence.come_on_now,
    "OUT": presence.go_off_now,
    "DUTY": presence.duty,
    "PAUSE": presence.pause,
    "BACK": presence.back,
    "WHO": presence.who,
    "SHIFTS": when.my_shifts,
    "OPEN": when.open_places,
    "NEXT": date_polls.next_ones,
    "TAKE": date_polls.take,
    "DROP": claims.drop,
    "OFFER": claims.offer,
    "SICK": claims.sick,
    "SWAP": swaps.swap,
    "OK": answers.ok,
    "NO": answers.no,
    "UNDO": claims.undo,
    "HOURS": own_page.hours,
    "AWAY": presence.away,
    "BREAK": own_page.breather,
    "MOST": own_page.most,
    "QUIET": wishes.quiet_hours,
    "REMIND": wishes.remind,
    "LATE": wishes.late,
    "LAST": wishes.last,
    "SLOW": wishes.slow,
    "MORE": wishes.more,
    "LESS": wishes.less,
    "SHARE": shared_words.share,
    "UNSHARE": shared_words.unshare,
    "JOIN": joining.already,
    "AGREE": voting.agree,
    "OBJECT": voting.object_to,
    "TALK": own_talk.begin,
    "WORDS": words,
    "CODE": sign_in_code.send,
}
"""Each word by its English name; LEAVE, which needs the line, is apart."""
