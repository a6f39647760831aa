"""Somebody texts who is not of the roster: promise, wait while we look, talk, goodbye."""

from typing import Final

from warmline.calls import call_backs, talks
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations import repeated_texts
from warmline.conversations.both_sides import boundaries
from warmline.conversations.text_talks import (
    afterwards,
    caller_words,
    lost_talks,
    messages,
    nobody_on,
    search,
)
from warmline.conversations.text_talks.messages import answer_once, promise, tell_caller, tell_peer
from warmline.languages import FIRST
from warmline.line.opening import is_a_phone
from warmline.sending import talk_texts
from warmline.telephony.conversation import Turn
from warmline.texting import machines, plain_speech
from warmline.texting.caller_words import (
    BYE,
    LANGUAGES,
    LIST,
    QUIET,
    asks_who_we_are,
    is_stop,
    is_the_networks,
    language_of,
    opens_the_way,
    receipt_in,
    word_of,
    written_in,
)

LONG: Final = 40
"""Characters; who is in need may well write the same few words again and again."""
SILENT: Final = frozenset({QUIET})
"""First texts on which nothing goes out, and nobody is looked for."""


def hear(turn: Turn, line: LineFacts, body: str) -> None:
    """A text has come in from somebody who is not of the roster."""
    number = turn.sender
    talk = talks.of_number(turn.db, line.line_id, turn.seal.digests(number))
    if talk is None and not is_a_phone(turn.db, line.line_id, number):
        return
    stops = turn.network_took_stop or is_stop(body)
    if talk is not None and not stops:
        next_text(turn, talk, body)
        return
    if talk is None and not stops and asks_for_nothing(turn, line, body):
        return
    language = spoken_in(turn, line.line_id, body)
    answered = afterwards.hear(turn, line, number, language or FIRST, body)
    if stops:
        stop(turn, line, talk, number, body)
    elif not answered:
        first_text(turn, line, number, language, body)


def asks_for_nothing(turn: Turn, line: LineFacts, body: str) -> bool:
    """Whether a text outside a talk opens nothing: a reaction, a reply of a phone's own, thanks.

    Just after a goodbye, an emoji or an OK is none either. A long text that comes for the third
    time in an hour is a machine's.
    """
    if machines.is_a_phones_own(body) or plain_speech.is_thanks(body):
        return word_of(body) != BYE
    if plain_speech.asks_for_nothing(body, FIRST) and afterwards.was_asked(turn, line, turn.sender):
        return word_of(body) != BYE and not turn.has_pictures
    who = (turn.db, turn.seal, turn.sender, body, turn.now)
    return len(body) > LONG and not repeated_texts.is_early(*who)


def spoken_in(turn: Turn, line_id: int, body: str) -> str | None:
    """The language that a first text asks for by its word, or else is written in.

    None while the line is not open.
    """
    offered = turn.offered(line_id)
    if not offered:
        return None
    wished = LANGUAGES.get(word_of(body) or "") or language_of(body)
    return wished if wished in offered else written_in(body, offered)


def stop(turn: Turn, line: LineFacts, talk: LiveTalk | None, number: str, body: str) -> None:
    """STOP, or the same in plain words: the talk is over, and nothing more goes out.

    The network itself answers its own words; plain ones get the one answer that they were obeyed.
    """
    call_backs.erase(turn.db, turn.seal, line.line_id, number)
    if talk is not None:
        messages.end(turn, talk, messages.NOTHING, "stopped")
    if not (turn.network_took_stop or is_the_networks(body)):
        language = talk.language if talk else line.line_languages.split(",")[0]
        answer_once(turn, line, number, language, "stopped_caller")


def first_text(turn: Turn, line: LineFacts, number: str, language: str | None, body: str) -> None:
    """The promise goes out at once, a peer is asked, and what they wrote waits sealed."""
    word = word_of(body)
    if word in SILENT:
        return
    if language is None or word == BYE:
        key = "not_open" if language is None else "over_caller"
        answer_once(turn, line, number, language or FIRST, key)
        return
    talk = begin(turn, line.line_id, number, language)
    if talk is None:
        _again(turn, line, number, body)
        return
    talk = nobody_on.tell_if_so(turn, talk) or talk
    if asks_who_we_are(body) or opens_the_way(body):
        who_we_are(turn, talk)
    lost_talks.tell_texter(turn, talk)
    promise(turn, talk, is_first=True)
    if word not in LANGUAGES:
        take_in(turn, talk, body)
    if word == LIST:
        caller_words.other_places(turn, talk)
    if talk.slow_until is not None:
        turn.language = language
        ends = boundaries.spoken_end(turn, talk, number)
        tell_caller(turn, talk, "slowed", time=ends)
    look_for_a_peer(turn, talk)


def _again(turn: Turn, line: LineFacts, number: str, body: str) -> None:
    """Two first texts came at once, and this is the second."""
    talk = talks.of_number(turn.db, line.line_id, turn.seal.digests(number))
    if talk is not None:
        next_text(turn, talk, body)


def begin(
    turn: Turn, line_id: int, number: str, language: str, volunteer_id: int | None = None
) -> LiveTalk | None:
    """Write the talk, its number sealed; None if this number has one."""
    digest = turn.seal.digests(number)[0]
    talk_id = talks.begin(turn.db, line_id, digest, language, turn.now, volunteer_id)
    talk = None if talk_id is None else talks.by_id(turn.db, talk_id)
    if talk is None:
        return None
    slow = None
    if volunteer_id is None:
        slow = boundaries.slow_until(turn, line_id, number)
    sealed = turn.seal.close(number, talk.token)
    talks.change(turn.db, talk.id, number=sealed, slow_until=slow)
    return talks.by_id(turn.db, talk.id)


def look_for_a_peer(turn: Turn, talk: LiveTalk) -> None:
    """The search for a peer begins."""
    messages.count_offered(turn, talk)
    search.ask_more(turn, talk.line_id)


def take_in(turn: Turn, talk: LiveTalk, body: str) -> None:
    """Pass what they wrote on to their peer, or keep it sealed until they have one."""
    if body:
        talk_texts.to_peer(turn.db, turn.seal, talk, body, turn.now, f"{talk.name}: ")
    if turn.has_pictures:
        tell_caller(turn, talk, "no_pictures")
        tell_peer(turn, talk, "picture_from")
        talks.change(turn.db, talk.id, pictured=talk.person_id is None)


def next_text(turn: Turn, was: LiveTalk, body: str) -> None:
    """One more text in a live talk: it reaches the peer, and its word, if it is one, is done."""
    talks.change(turn.db, was.id, heard_at=turn.now, quiet=False)
    talk = (talks.by_id(turn.db, was.id) if was.quiet else None) or was
    word, receipt = word_of(body), receipt_in(body)
    with_peer = talk.person_id is not None
    if machines.is_a_phones_own(body):
        if with_peer:
            take_in(turn, talk, body)
        return
    answer = caller_words.IN_A_TALK if with_peer else caller_words.WHILE_LOOKING
    if with_peer or (word not in answer and receipt is None):
        take_in(turn, talk, body)
    otherwise = caller_words.stay if with_peer else caller_words.go_on_looking
    answer.get(word or "", otherwise)(turn, talk)
    if receipt is not None:
        tell_caller(turn, talk, afterwards.forget(turn, talk.line_id, receipt))
    if asks_who_we_are(body) and not talk.help_told:
        who_we_are(turn, talk)
    if was.quiet and word != QUIET:
        talk_texts.go_on(turn.db, talk.token, talk_texts.CALLER, None, turn.now)


def who_we_are(turn: Turn, talk: LiveTalk) -> None:
    """HELP and its like: the line's name, what it is, how to stop it, what it costs; once."""
    talks.change(turn.db, talk.id, help_told=True)
    tell_caller(turn, talk, "help")
