"""Somebody texts who is not of the roster: promise, wait while we look, talk, goodbye."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, select

from warmline import calls, talks
from warmline.calls import new_token
from warmline.conversations import asking, between
from warmline.conversations.between import tell_caller, tell_peer
from warmline.models import LineRules, OtherPlace
from warmline.numbers import NotDialled, may_be_dialled
from warmline.phone import passing
from warmline.phone.conversation import Turn
from warmline.promise import in_force, offered_languages, texted
from warmline.talk_words import (
    BYE,
    ELSE,
    ENGLISH,
    LIST,
    QUIET,
    RULES,
    SPANISH,
    WAIT,
    is_the_networks,
    word_of,
)
from warmline.talk_words import is_stop as is_a_stop

STILL_AFTER: Final = timedelta(minutes=2)
NOBODY_AFTER: Final = timedelta(minutes=10)
STOPS_AFTER: Final = timedelta(minutes=10)
"""After nobody was found and the texter has written nothing, the search goes on so long."""
CLOSES_AFTER: Final = timedelta(minutes=2)
QUIET_ENDS_AFTER: Final = timedelta(minutes=60)
LANGUAGES: Final = {ENGLISH: "en", SPANISH: "es"}


def hear(turn: Turn, line: Row[Any], body: str) -> None:
    """A text has come in from somebody who is not of the roster."""
    number = turn.form.get("From", "")
    talk = talks.of_number(turn.db, line.line_id, turn.seal.digests(number))
    if talk is None and not _is_a_phone(turn, line.line_id, number):
        return
    if is_a_stop(body):
        stop(turn, line, talk, number, body)
    elif talk is None:
        first_text(turn, line, number, body)
    else:
        next_text(turn, talk, body)


def _is_a_phone(turn: Turn, line_id: int, number: str) -> bool:
    """Whether the line may ever text there; short codes and names get no answer."""
    countries = select(LineRules.countries).where(LineRules.line_id == line_id)
    try:
        may_be_dialled(number, turn.db.execute(countries).scalar_one().split(","))
    except NotDialled:
        return False
    return True


def stop(turn: Turn, line: Row[Any], talk: Row[Any] | None, number: str, body: str) -> None:
    """STOP, or the same in plain words: the talk is over, and nothing more goes out.

    The network itself answers its own words; plain ones get the one answer that they were obeyed.
    """
    if talk is not None:
        between.end(turn, talk, None, "stopped")
    if not is_the_networks(body):
        language = talk.language if talk else line.line_languages.split(",")[0]
        answer_once(turn, line, number, language, "stopped_caller")


def answer_once(turn: Turn, line: Row[Any], number: str, language: str, key: str) -> None:
    """One answer to a text of theirs, with no talk behind it."""
    said = turn.prompts.text(language, f"talks.{key}", line=line.line_name)
    once = {"line_id": line.line_id, "talk": new_token(), "side": passing.CALLER}
    passing.put(turn.db, turn.seal, bodies=[said], now=turn.now, number=number, **once)


def first_text(turn: Turn, line: Row[Any], number: str, body: str) -> None:
    """The promise goes out at once, a peer is asked, and what they wrote waits sealed."""
    offered = offered_languages(turn.db, line.line_id)
    word = word_of(body)
    language = LANGUAGES.get(word or "", "")
    language = language if language in offered else (offered or ("en",))[0]
    if not offered or word == BYE:
        answer_once(turn, line, number, language, "over_caller" if offered else "not_open")
        return
    talk = begin(turn, line, number, language)
    promise(turn, talk)
    if word not in LANGUAGES:
        take_in(turn, talk, body)
    if word == LIST:
        other_places(turn, talk)
    between.count_offered(turn, talk)
    asking.ask_more(turn, talk.line_id)


def begin(turn: Turn, line: Row[Any], number: str, language: str) -> Any:
    """Write the talk, its number sealed."""
    when = {"waiting_since": turn.now, "heard_at": turn.now, "due_at": turn.now + STILL_AFTER}
    digest = turn.seal.digests(number)[0]
    talk_id = talks.begin(turn.db, line.line_id, digest, language, when)
    talk = talks.by_id(turn.db, talk_id)
    if talk is not None:
        talks.change(turn.db, talk_id, number=turn.seal.close(number, talk.token))
    return talks.by_id(turn.db, talk_id)


def promise(turn: Turn, talk: Row[Any]) -> None:
    """What the line promises, in two messages, and that texts pass through a peer's phone."""
    promised = in_force(turn.db, talk.line_id)
    mine = promised.get(talk.language) or next(iter(promised.values()))
    for words in texted(mine, talk.line_name):
        passing.to_caller(turn.db, turn.seal, talk, words, turn.now)


def take_in(turn: Turn, talk: Row[Any], body: str) -> None:
    """Pass what they wrote on to their peer, or keep it sealed until they have one."""
    if body:
        passing.to_peer(turn.db, turn.seal, talk, body, turn.now, f"{talk.name}: ")
    if turn.form.get("NumMedia", "0") not in ("", "0"):
        tell_caller(turn, talk, "no_pictures")
        tell_peer(turn, talk, "picture_from")


def next_text(turn: Turn, was: Row[Any], body: str) -> None:
    """One more text in a live talk: it reaches the peer, and its word, if it is one, is done."""
    talks.change(turn.db, was.id, heard_at=turn.now, quiet=False)
    talk = (talks.by_id(turn.db, was.id) if was.quiet else None) or was
    word = word_of(body)
    answer = IN_A_TALK if talk.person_id is not None else WHILE_LOOKING
    if talk.person_id is not None or word not in answer:
        take_in(turn, talk, body)
    answer.get(word or "", stay)(turn, talk)
    if was.quiet and word != QUIET:
        passing.go_on(turn.db, talk.token, passing.CALLER, None, turn.now)


def stay(turn: Turn, talk: Row[Any]) -> None:
    """Anything written while a talk is closing keeps it open."""
    due = turn.now + QUIET_ENDS_AFTER
    stays = talk.state == talks.CLOSING
    if stays and talks.move(turn.db, talk.id, (talks.CLOSING,), talks.TALKING, due_at=due):
        tell_peer(turn, talk, "stays")


def bye(turn: Turn, talk: Row[Any]) -> None:
    """BYE closes after two quiet minutes, which both see; twice, at once."""
    closes = turn.now + CLOSES_AFTER
    if talks.move(turn.db, talk.id, (talks.TALKING,), talks.CLOSING, due_at=closes) is None:
        between.end(turn, talk, "over_caller")
        return
    tell_caller(turn, talk, "closing")
    tell_peer(turn, talk, "closing_peer")


def bye_at_once(turn: Turn, talk: Row[Any]) -> None:
    """Nobody is there yet who would have to know."""
    between.end(turn, talk, "over_caller")


def somebody_else(turn: Turn, talk: Row[Any]) -> None:
    """ELSE: their peer is thanked and rests, and another one is looked for."""
    look_again(turn, talk)
    tell_caller(turn, talk, "else")
    tell_peer(turn, talk, "else_peer")


def look_again(turn: Turn, talk: Row[Any]) -> None:
    """Look for another peer; the one who was there rests and is not asked for this talk again."""
    anew = {"waiting_since": turn.now, "due_at": turn.now + STILL_AFTER, "still_told": False}
    without = {"person_id": None, "held": None, **anew}
    moved = talks.move(turn.db, talk.id, talks.WITH_A_PEER, talks.LOOKING, **without)
    if moved is not None and talk.person_id is not None:
        talks.forget_tries(turn.db, talk.id)
        talks.ask(turn.db, talk.id, talk.person_id, turn.now)
        talks.passes(turn.db, talk.person_id, talk.id)
        calls.rest_after_talk(turn.db, talk.person_id, turn.now)
        asking.ask_more(turn, talk.line_id)


def wait(turn: Turn, talk: Row[Any]) -> None:
    """WAIT: everybody who has not passed is asked once more, for ten minutes."""
    patience = {"due_at": turn.now + NOBODY_AFTER, "still_told": True}
    talks.move(turn.db, talk.id, talks.WITHOUT_A_PEER, talks.LOOKING, **patience)
    talks.forget_tries(turn.db, talk.id)
    tell_caller(turn, talk, "still")
    asking.ask_more(turn, talk.line_id)


def quiet(turn: Turn, talk: Row[Any]) -> None:
    """QUIET: nothing goes out to them, an answer neither, until they write again."""
    stay(turn, talk)
    talks.change(turn.db, talk.id, quiet=True)
    passing.hold(turn.db, talk.token)
    tell_peer(turn, talk, "quiet_peer")


def other_places(turn: Turn, talk: Row[Any]) -> None:
    """LIST: other places to call, each with its own word on police."""
    mine = (OtherPlace.line_id == talk.line_id, OtherPlace.language == talk.language)
    rows = turn.db.execute(select(OtherPlace.__table__).where(*mine).order_by(OtherPlace.position))
    listed = [f"{row.name} {row.number}: {row.on_police}" for row in rows]
    if listed:
        tell_caller(turn, talk, "list", places="\n".join(listed))
    else:
        tell_caller(turn, talk, "list_none")


def in_language(word: str) -> "Answer":
    """A language word: what the line says from now on is in that language, the promise first."""

    def turn_to(turn: Turn, talk: Row[Any]) -> None:
        stay(turn, talk)
        language = LANGUAGES[word]
        if language not in offered_languages(turn.db, talk.line_id):
            tell_caller(turn, talk, "not_spoken")
            return
        talks.change(turn.db, talk.id, language=language)
        changed = talks.by_id(turn.db, talk.id)
        if changed is not None:
            promise(turn, changed)

    return turn_to


def rules(turn: Turn, talk: Row[Any]) -> None:
    """RULES: the promise again."""
    stay(turn, talk)
    promise(turn, talk)


def listed(turn: Turn, talk: Row[Any]) -> None:
    """LIST in a talk."""
    stay(turn, talk)
    other_places(turn, talk)


Answer = Callable[[Turn, Row[Any]], None]
_ALWAYS: Final[dict[str, Answer]] = {
    RULES: rules,
    LIST: listed,
    QUIET: quiet,
    ENGLISH: in_language(ENGLISH),
    SPANISH: in_language(SPANISH),
}
IN_A_TALK: Final = {BYE: bye, ELSE: somebody_else, **_ALWAYS}
WHILE_LOOKING: Final = {BYE: bye_at_once, WAIT: wait, **_ALWAYS}
