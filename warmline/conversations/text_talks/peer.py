"""A peer's side of a talk by text: asked, takes it or passes, writes, ends it or hands it on."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from warmline import languages
from warmline.calls import talks
from warmline.calls.records import AskedForTalk, LiveTalk, TalkChanges
from warmline.conversations.both_sides import boundaries
from warmline.conversations.notices import new_promise
from warmline.conversations.persons import Me, Thread
from warmline.conversations.text_talks import afterwards, caller_words, messages, search
from warmline.conversations.text_talks.messages import tell_caller, tell_peer
from warmline.models.people import Volunteer
from warmline.sending import talk_texts, texts
from warmline.sending.texts import SentText
from warmline.telephony.conversation import Turn
from warmline.texting import plain_speech
from warmline.texting.caller_words import is_a_volunteers_word
from warmline.texting.volunteer_words import is_whole, read

LATEST_OK: Final = timedelta(minutes=20)
"""An OK so long after we asked is one to something else."""
CLOSED: Final = 21610
"""The provider's code for a number whose owner has said STOP to it."""
TAKES: Final = frozenset(languages.all_words("answers", "takes"))
PASSES: Final = frozenset(languages.all_words("answers", "passes"))
FOR_US: Final = frozenset({"1"})
SEND_IT: Final = frozenset({"2"})
"""The answers to the question for whom a word of ours was meant."""


def hear(turn: Turn, me: Me, body: str, thread: Thread) -> str | None:
    """What of a volunteer's message is for the shift words; None when all of it was for a talk.

    Where the line has a number for its volunteers, nothing that is written there is for a talk.
    """
    talk = None if thread is Thread.SHIFTS else talks.of_peer(turn.db, me.person_id)
    if talk is not None:
        return in_talk(turn, talk, body, asks=thread is Thread.ONLY)
    mine = turn.sender
    if afterwards.hear(turn, me, mine, me.language, body, on_roster=True):
        return None
    asked = talks.asked_of(turn.db, me.person_id, turn.now - LATEST_OK)
    said = plain_speech.answer(body, me.language, (me.name,))
    if asked is not None and (is_whole(body, TAKES) or said == plain_speech.YES):
        if first := new_promise.agree_first(turn, me):
            # They were asked under the promise before: the talk is theirs once they agree.
            texts.reply(turn.db, turn.seal, me.line_id, me.person_id, first, turn.now)
        else:
            take(turn, me, asked)
        return None
    if asked is not None and (is_whole(body, PASSES) or said == plain_speech.NO):
        talks.passes(turn.db, me.person_id, asked.talk_id)
        search.ask_more(turn, me.line_id)
        texts.reply(turn.db, turn.seal, me.line_id, me.person_id, [_thanks(turn, me)], turn.now)
        return None
    return body


def _thanks(turn: Turn, me: Me) -> str:
    return messages.words(turn.prompts, me.language, "passed", line=me.line_name)


def take(turn: Turn, me: Me, asked: AskedForTalk) -> None:
    """OK: the talk is theirs, or another that waits; else somebody was faster."""
    quiet_ends = turn.now + talks.QUIET_ENDS_AFTER
    talk = talks.claim(turn.db, me.line_id, me.person_id, turn.now, quiet_ends)
    talks.passes(turn.db, me.person_id, asked.talk_id)
    if talk is None:
        gone = messages.words(turn.prompts, me.language, "taken", line=me.line_name)
        texts.reply(turn.db, turn.seal, me.line_id, me.person_id, [gone], turn.now)
        return
    if not turn.db.execute(select(search.is_on(me.person_id)), search.at(turn.now)).scalar_one():
        # They have taken it all the same: nobody needs to tell them that their shift is over.
        talks.change(turn.db, talk.id, shift_end_told=True)
    tell_peer(turn, talk, "yours")
    talk_texts.give_to(turn.db, talk, turn.now)
    if talk.pictured:
        talks.change(turn.db, talk.id, pictured=False)
        tell_peer(turn, talk, "picture_from")
    named = select(Volunteer.caller_name).where(Volunteer.person_id == me.person_id)
    name = turn.db.execute(named).scalar()
    if name:
        tell_caller(turn, talk, "here_named", name=name)
    else:
        tell_caller(turn, talk, "here")


def in_talk(turn: Turn, talk: LiveTalk, body: str, *, asks: bool) -> str | None:
    """Everything is passed on, but `#…` lines and what may have been meant for the line.

    `asks`: one of our words is held and asked about, for there is no other number for them.
    """
    held = talk.held and turn.seal.open(talk.held, talk.token)
    if held:
        talks.change(turn.db, talk.id, held=None)
    if held and is_whole(body, FOR_US):
        return held
    if held and is_whole(body, SEND_IT):
        pass_on(turn, talk, held)
    elif body.lstrip().startswith("#"):
        return hashed(turn, talk, body.lstrip()[1:])
    elif asks and is_a_volunteers_word(body):
        talks.change(turn.db, talk.id, held=turn.seal.close(body, talk.token))
        ask_whom(turn, talk, body)
    else:
        pass_on(turn, talk, body)
    return None


def ask_whom(turn: Turn, talk: LiveTalk, body: str) -> None:
    """Ask whether a word was meant for us, and say what it would do."""
    means = what_it_means(turn, body)
    tell_peer(turn, talk, "held", word=body.strip().upper(), means=means)


def what_it_means(turn: Turn, body: str) -> str:
    """What a shift word would do."""
    key = f"means.{read(body).word}"
    known = key in turn.prompts.keys(languages.FIRST)
    return turn.prompts.text(turn.language, key if known else "means.other")


def pass_on(turn: Turn, talk: LiveTalk, body: str) -> None:
    """Send the texter what their peer wrote; the two quiet minutes of a goodbye begin anew."""
    changes: TalkChanges = {"heard_at": turn.now}
    if talk.state == talks.CLOSING:
        changes["due_at"] = turn.now + talks.CLOSES_AFTER
    talks.change(turn.db, talk.id, **changes)
    if body:
        talk_texts.to_caller(turn.db, turn.seal, talk, body, turn.now, written=True)
    if turn.has_pictures:
        tell_caller(turn, talk, "picture_from_peer")
        tell_peer(turn, talk, "no_pictures_peer")


def hashed(turn: Turn, talk: LiveTalk, said: str) -> str | None:
    """A line that begins with `#`: about the talk, else for the shift words."""
    answer = next((do for word, do in HASHED.items() if is_whole(said, frozenset({word}))), None)
    if answer is None:
        return said
    answer(turn, talk)
    return None


def bye(turn: Turn, talk: LiveTalk) -> None:
    """#BYE closes after two quiet minutes, which both see; twice, at once."""
    closes = turn.now + talks.CLOSES_AFTER
    if talks.move(turn.db, talk.id, (talks.TALKING,), talks.CLOSING, due_at=closes) is None:
        messages.end(turn, talk, messages.GOODBYE)
        return
    tell_caller(turn, talk, "closing_by_peer")
    tell_peer(turn, talk, "closing_own")


def offer_somebody_else(turn: Turn, talk: LiveTalk) -> None:
    """#PASS offers the texter somebody else; the talk goes on until they say ELSE."""
    tell_caller(turn, talk, "pass_offered")
    tell_peer(turn, talk, "pass_own")


def block(turn: Turn, talk: LiveTalk) -> None:
    """#BLOCK: a line was crossed. The talk is over at once, and that phone waits longer."""
    if talk.volunteer_id is None:
        number = turn.seal.open(talk.number, talk.token)
        boundaries.remember(turn, talk, number, talk.person_id)
    messages.end(turn, talk, ("crossed",), "crossed_peer")
    if talk.person_id is not None:
        boundaries.rest(turn, talk.person_id)
        boundaries.tell(turn, talk.line_id, talk.person_id)


_DOES: Final[Mapping[str, Callable[[Turn, LiveTalk], None]]] = {
    "BYE": bye,
    "PASS": offer_somebody_else,
    "BLOCK": block,
}
HASHED: Final = {
    word: does for name, does in _DOES.items() for word in languages.all_words("peers", name)
}


def gone(turn: Turn, me: Me) -> None:
    """A volunteer has said STOP: nothing is asked of them, and their talk goes to somebody else.

    One in which they were the texter themselves is over.
    """
    talks.passes(turn.db, me.person_id)
    talk, own = talks.of_peer(turn.db, me.person_id), talks.of_volunteer(turn.db, me.person_id)
    if talk is not None:
        _hand_on(turn, talk, me.person_id)
    if own is not None:
        messages.end(turn, own, messages.NOTHING, "stopped")


def _hand_on(turn: Turn, talk: LiveTalk, person_id: int) -> None:
    talk_texts.keep_for_the_next(turn.db, turn.seal, talk, person_id)
    caller_words.look_again(turn, talk)
    tell_caller(turn, talk, "peer_gone")


def closed(turn: Turn, sent: SentText) -> None:
    """A phone company lets nothing through any more.

    To the texter: their peer is told, the talk is over. To the peer: it goes to somebody else.
    """
    talk = None if sent.talk is None else talks.by_token(turn.db, sent.talk)
    if talk is not None and sent.side == talk_texts.CALLER:
        messages.end(turn, talk, messages.NOTHING, "closed_by_network")
    elif talk is not None and talk.person_id is not None and talk.person_id == sent.person_id:
        _hand_on(turn, talk, talk.person_id)
