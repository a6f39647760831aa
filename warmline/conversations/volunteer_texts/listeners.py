"""Whom a volunteer's text is for: an ordered table of listeners, each with the reason of its place.

The first that deals with a text ends it; what a listener leaves of it goes to the next.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy import update

from warmline.calls import talks
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations import repeated_texts
from warmline.conversations.membership import joining, leaving, pauses
from warmline.conversations.persons import Me, Thread
from warmline.conversations.ringing import missed_rings, rings, whom_to_ring
from warmline.conversations.text_talks import own_talk, peer
from warmline.conversations.volunteer_texts import (
    answers,
    claims,
    date_polls,
    openings,
    words_table,
)
from warmline.models.people import Volunteer
from warmline.privacy import erased
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import machines, plain_speech, volunteer_words, whole_words
from warmline.texting.caller_words import is_stop, is_the_networks

NOT_UNDERSTOOD: Final = "text.not_understood"


@dataclass(frozen=True, slots=True)
class Text:
    """What is left of a text to listen to, and of whom it is.

    `own` is the talk in which they are the texter; `thread` is where they have written.
    """

    turn: Turn
    line: LineFacts
    me: Me
    body: str
    own: LiveTalk | None
    thread: Thread

    def answered(self, bodies: list[str]) -> None:
        """Answer it; a word may have changed who can be rung, so the search goes on."""
        to = self.me
        texts.reply(self.turn.db, self.turn.seal, to.line_id, to.person_id, bodies, self.turn.now)
        whom_to_ring.decide_now(self.turn, to.line_id)


class Listener(NamedTuple):
    """Who listens at this place, and why here; `hear` leaves None of what it has dealt with."""

    hear: Callable[[Text], Text | None]
    why_here: str


def hear(turn: Turn, line: LineFacts, me: Me, body: str, thread: Thread = Thread.ONLY) -> None:
    """Do what a volunteer's message asks, and answer it."""
    turn.language = me.language
    left: Text | None = Text(turn, line, me, body, own_talk.of(turn, me), thread)
    for listener in LISTENERS:
        if left is None:
            return
        left = listener.hear(left)


def _stop(text: Text) -> Text | None:
    turn, me = text.turn, text.me
    answered = turn.network_took_stop or is_the_networks(text.body)
    if not (me.agreed or me.held):
        if answered or is_stop(text.body):
            joining.refuse(turn, me)
        return text
    if not answered:
        alone = volunteer_words.is_whole(text.body, volunteer_words.STOPS)
        in_talk = text.own is not None or talks.of_peer(turn.db, me.person_id)
        if not is_stop(text.body) or (in_talk and not alone):
            return text
        # Plain words for it, which the network does not answer.
        said = [me.text(turn, "stopped")]
        texts.reply(turn.db, turn.seal, me.line_id, me.person_id, said, turn.now)
    stop(turn, me)
    return None


def stop(turn: Turn, me: Me) -> None:
    """STOP: no ring or text from this second; the entry stays, and START brings it back.

    The network itself answers the word, and lets nothing more through.
    """
    turn.db.execute(update(Volunteer).where(Volunteer.person_id == me.person_id).values(agreed=""))
    erased.note(turn.db, turn.seal, erased.YES, me.person_id, turn.now)
    rings.end_of(turn.db, me.line_id, me.person_id, turn.now)
    peer.gone(turn, me)
    claims.give_up_all(turn, me)
    whom_to_ring.decide_now(turn, me.line_id)


def _phones_own(text: Text) -> Text | None:
    if not machines.is_a_phones_own(text.body):
        return text
    in_talk = text.own is not None or talks.of_peer(text.turn.db, text.me.person_id)
    return text if in_talk else None


def _whoever_is_in_no_talk(text: Text) -> Text | None:
    turn, me = text.turn, text.me
    still_a_peer = me.held and talks.of_peer(turn.db, me.person_id) is not None
    if text.own is not None or me.agreed or still_a_peer:
        return text
    return _whoever_has_not_agreed(text)


def _whoever_is_invited(text: Text) -> Text | None:
    if text.own is None or text.me.agreed or text.me.held:
        return text
    heard = joining.hear_in_talk(text.turn, text.line, text.me, text.own, text.body)
    return None if heard else text


def _missed_rings(text: Text) -> Text:
    missed_rings.heard_of(text.turn.db, text.me.person_id)
    return text


def _own_talk(text: Text) -> Text | None:
    if text.own is None:
        return text
    left = own_talk.hear(text.turn, text.own, text.body, text.thread)
    return None if left is None else replace(text, body=left)


def _peers_talk(text: Text) -> Text | None:
    if text.own is not None:
        return text
    left = peer.hear(text.turn, text.me, text.body, text.thread)
    return None if left is None else replace(text, body=left)


def _whoever_has_not_agreed(text: Text) -> Text | None:
    if text.me.agreed:
        return text
    (pauses if text.me.held else joining).hear(text.turn, text.line, text.me, text.body)
    return None


def _required_words(text: Text) -> Text | None:
    says_yes = plain_speech.answer(text.body, text.me.language) == plain_speech.YES
    if says_yes and len(answers.all_open(text.turn, text.me)) == 1:
        return text
    said = joining.aside(text.turn, text.me, text.body)
    if said is None:
        return text
    text.answered(said)
    return None


def _leave(text: Text) -> Text | None:
    said = volunteer_words.read(text.body, (text.me.name,))
    if said.word != "LEAVE" or not whole_words.is_whole(said):
        return text
    text.answered(leaving.leave(text.turn, text.me, text.line))
    return None


def _word(text: Text) -> Text | None:
    said = volunteer_words.read(text.body, (text.me.name,))
    if said.word is None or not words_table.understands(text.turn, text.me, said):
        return text
    text.answered(words_table.answers_to(text.turn, text.me, said))
    return None


def _plain_speech(text: Text) -> Text | None:
    said = openings.answer(text.turn, text.me, text.body)
    if said is None:
        return text
    text.answered(said)
    return None


def _word_in_a_sentence(text: Text) -> Text | None:
    turn, me = text.turn, text.me
    said = volunteer_words.read(text.body, (me.name,))
    if said.word is None:
        return text
    if said.word != "LEAVE" and whole_words.is_whole(said):
        text.answered(words_table.answers_to(turn, me, said))
        return None
    asked = openings.in_doubt(turn, me, said)
    if asked is None:
        return text
    text.answered(asked)
    return None


def _dates_asked(text: Text) -> Text | None:
    said = date_polls.hear(text.turn, text.me, text.body)
    if not said:
        return text
    text.answered(said)
    return None


def _anything_else(text: Text) -> None:
    """What two machines could tell each other all night is said a few times an hour."""
    turn, person = text.turn, text.me.person_id
    if repeated_texts.may_answer(turn.db, turn.seal, str(person), text.body, turn.now):
        text.answered([turn.prompts.text(text.me.language, NOT_UNDERSTOOD)])


LISTENERS: Final = (
    Listener(_stop, "STOP holds whatever else is open: nothing goes out after it (FIELD 5.2)"),
    Listener(
        _phones_own, "what a phone writes by itself says neither yes nor that somebody is there"
    ),
    Listener(
        _whoever_is_in_no_talk, "who has not agreed, or is paused, has no words but these few"
    ),
    Listener(_whoever_is_invited, "what answers an open invitation is about it, in a talk too"),
    Listener(_missed_rings, "whoever writes is there: rings that they missed count no more"),
    Listener(_own_talk, "who needs somebody is a caller first, and a volunteer after"),
    Listener(_peers_talk, "in a talk everything is for the caller but what begins with #"),
    Listener(_whoever_has_not_agreed, "what a talk has left of a text is heard as above"),
    Listener(
        _required_words,
        "HELP and START are answered as the law has it; a YES is one to the one thing asked",
    ),
    Listener(_leave, "leaving asks once more, and needs the line"),
    Listener(_word, "a word acts only where the whole message is understood"),
    Listener(_plain_speech, "whoever does not know our words is understood, and asked"),
    Listener(_word_in_a_sentence, "a word with more than it can read is asked about"),
    Listener(_dates_asked, "else it may say on which of the days asked about somebody can"),
    Listener(_anything_else, "nobody is left without an answer"),
)
"""In this order; tests/stories/test_volunteer_texts.py holds what each place decides."""
