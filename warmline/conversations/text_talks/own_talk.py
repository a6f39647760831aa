"""TALK: a volunteer who needs somebody is a caller like any other, unknown to the peer."""

from typing import Final

from warmline.calls import talks
from warmline.calls.records import LiveTalk
from warmline.conversations.persons import Me, Thread
from warmline.conversations.text_talks import caller, messages, nobody_on, peer
from warmline.conversations.text_talks.messages import tell_caller
from warmline.telephony.conversation import Turn
from warmline.texting.caller_words import is_a_volunteers_word, is_stop, word_of
from warmline.texting.volunteer_words import is_whole, read

BY_TEXT: Final = frozenset({"TEXT", "TEXTO", "BYTEXT", "PORTEXTO"})


def begin(turn: Turn, me: Me, rest: str) -> list[str]:
    """TALK: a talk by text begins, in which they are the texter; ringing the line does as well.

    What follows the word is the first that their peer reads. They are neither rung nor asked for
    others until their talk is over.
    """
    number = turn.sender
    if of(turn, me) is None:
        _end_older(turn, me)
    talk = caller.begin(turn, me.line_id, number, me.language, me.person_id)
    if talk is None:
        return [_not_now(turn, me)]
    talks.passes(turn.db, me.person_id)
    talk = nobody_on.tell_if_so(turn, talk) or talk
    tell_caller(turn, talk, "own_waits" if talk.state == talks.NOBODY else "own_begun")
    messages.promise(turn, talk)
    if rest and not is_whole(rest, BY_TEXT):
        caller.take_in(turn, talk, rest)
    caller.look_for_a_peer(turn, talk)
    return []


def of(turn: Turn, me: Me) -> LiveTalk | None:
    """The talk in which they are the texter, also when it is older than their place here."""
    digests = turn.seal.digests(turn.sender)
    own = talks.of_number(turn.db, me.line_id, digests)
    if own is not None and own.volunteer_id is None:
        _end_older(turn, me)
        talks.change(turn.db, own.id, volunteer_id=me.person_id)
        own = talks.by_id(turn.db, own.id)
    return own


def _end_older(turn: Turn, me: Me) -> None:
    """Their phone is another than when that talk began: it can go on no more."""
    older = talks.of_volunteer(turn.db, me.person_id)
    if older is not None:
        messages.end(turn, older, messages.NOTHING)


def _not_now(turn: Turn, me: Me) -> str:
    """They are in a talk, as peer or as texter."""
    other = talks.of_peer(turn.db, me.person_id)
    if other is not None:
        return me.text(turn, "talk_later", name=other.name)
    return me.text(turn, "talk_already")


def hear(turn: Turn, own: LiveTalk, body: str, thread: Thread) -> str | None:
    """What a volunteer who is the texter of a talk writes; returned is what is for the shift words.

    As with a peer, those are lines that begin with `#`, and a word of ours alone is held; or all
    that comes to the volunteers' number, where the line has one.
    """
    if thread is Thread.SHIFTS:
        return body
    held = own.own_held and turn.seal.open(own.own_held, own.token)
    if held:
        talks.change(turn.db, own.id, own_held=None)
    if held and is_whole(body, peer.FOR_US):
        return held
    if held and is_whole(body, peer.SEND_IT):
        caller.next_text(turn, own, held)
    elif body.lstrip().startswith("#"):
        return _hashed(turn, own, body.lstrip()[1:])
    elif is_stop(body):
        messages.end(turn, own, ("own_stopped",), "stopped")
    elif thread is Thread.ONLY and is_a_volunteers_word(body) and word_of(body) is None:
        _ask_whom(turn, own, body)
    else:
        caller.next_text(turn, own, body)
    return None


def _hashed(turn: Turn, own: LiveTalk, said: str) -> str | None:
    """A shift word; or a word about their talk, which needs no `#` and may have one."""
    if read(said).word is not None or word_of(said) is None:
        return said
    caller.next_text(turn, own, said)
    return None


def _ask_whom(turn: Turn, own: LiveTalk, body: str) -> None:
    """Passed on, it would show that they are of the roster: ask whether it was meant for us."""
    sealed = turn.seal.close(body, own.token)
    talks.change(turn.db, own.id, heard_at=turn.now, quiet=False, own_held=sealed)
    means = peer.what_it_means(turn, body)
    tell_caller(turn, own, "held_own", word=body.strip().upper(), means=means)
