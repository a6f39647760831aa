"""The words of a texter: what each does in a talk, and while a peer is looked for."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from warmline.calls import calls, records, talks
from warmline.calls.records import LiveTalk
from warmline.conversations.text_talks import messages, nobody_on, search
from warmline.conversations.text_talks.messages import (
    GOODBYE,
    promise,
    promise_in_talk,
    tell_caller,
    tell_peer,
)
from warmline.models.line import OtherPlace
from warmline.sending import talk_texts
from warmline.telephony.conversation import Turn
from warmline.texting.caller_words import BYE, ELSE, LANGUAGES, LIST, QUIET, RULES, WAIT


def stay(turn: Turn, talk: LiveTalk) -> None:
    """Anything written while a talk is closing keeps it open."""
    due = turn.now + talks.QUIET_ENDS_AFTER
    stays = talk.state == talks.CLOSING
    if stays and talks.move(turn.db, talk.id, (talks.CLOSING,), talks.TALKING, due_at=due):
        tell_peer(turn, talk, "stays")


def bye(turn: Turn, talk: LiveTalk) -> None:
    """BYE closes after two quiet minutes, which both see; twice, at once."""
    closes = turn.now + talks.CLOSES_AFTER
    if talks.move(turn.db, talk.id, (talks.TALKING,), talks.CLOSING, due_at=closes) is None:
        messages.end(turn, talk, GOODBYE)
        return
    tell_caller(turn, talk, "closing")
    tell_peer(turn, talk, "closing_peer")


def bye_at_once(turn: Turn, talk: LiveTalk) -> None:
    """Nobody is there yet who would have to know."""
    messages.end(turn, talk, GOODBYE)


def somebody_else(turn: Turn, talk: LiveTalk) -> None:
    """ELSE: their peer is thanked and rests, and another one is looked for."""
    look_again(turn, talk)
    tell_caller(turn, talk, "else")
    tell_peer(turn, talk, "else_peer")


def look_again(turn: Turn, talk: LiveTalk) -> None:
    """Look for another peer; the one who was there rests and is not asked for this talk again."""
    without: records.TalkChanges = {
        "person_id": None,
        "held": None,
        "waiting_since": turn.now,
        "due_at": turn.now + talks.STILL_AFTER,
        "still_told": False,
    }
    moved = talks.move(turn.db, talk.id, talks.WITH_A_PEER, talks.LOOKING, **without)
    if moved is not None and talk.person_id is not None:
        talks.forget_tries(turn.db, talk.id)
        talks.ask(turn.db, talk.id, talk.person_id, turn.now)
        talks.passes(turn.db, talk.person_id, talk.id)
        calls.rest_after_talk(turn.db, talk.person_id, turn.now)
        search.ask_more(turn, talk.line_id)


def wait(turn: Turn, talk: LiveTalk) -> None:
    """WAIT: everybody who has not passed is asked once more, for ten minutes."""
    patience: records.TalkChanges = {"due_at": turn.now + talks.NOBODY_AFTER, "still_told": True}
    waits = talks.move(turn.db, talk.id, talks.WITHOUT_A_PEER, talks.LOOKING, **patience)
    talks.forget_tries(turn.db, talk.id)
    if waits is not None and nobody_on.tell_if_so(turn, waits) is None:
        tell_caller(turn, talk, "still")
    search.ask_more(turn, talk.line_id)


def go_on_looking(turn: Turn, talk: LiveTalk) -> None:
    """Whatever else they write: had they been told that we stop soon, it is as if it were WAIT."""
    if talk.state == talks.NOBODY and talk.still_told:
        wait(turn, talk)


def somebody(turn: Turn, talk: LiveTalk) -> None:
    """ELSE before anybody was there: it is somebody else whom we look for."""
    tell_caller(turn, talk, "else")
    go_on_looking(turn, talk)


def quiet(turn: Turn, talk: LiveTalk) -> None:
    """QUIET: nothing goes out to them, an answer neither, until they write again."""
    stay(turn, talk)
    talks.change(turn.db, talk.id, quiet=True)
    talk_texts.hold(turn.db, talk.token)
    tell_peer(turn, talk, "quiet_peer")


def other_places(turn: Turn, talk: LiveTalk) -> None:
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

    def turn_to(turn: Turn, talk: LiveTalk) -> None:
        stay(turn, talk)
        language = LANGUAGES[word]
        if language not in turn.offered(talk.line_id):
            tell_caller(turn, talk, "not_spoken")
            return
        talks.change(turn.db, talk.id, language=language)
        changed = talks.by_id(turn.db, talk.id)
        if changed is not None:
            promise(turn, changed)
            if talk.state == talks.NOBODY:
                nobody_on.tell(turn, changed)

    return turn_to


def rules(turn: Turn, talk: LiveTalk) -> None:
    """RULES: the promise again."""
    promise(turn, talk)


def rules_in_talk(turn: Turn, talk: LiveTalk) -> None:
    """RULES in a talk: the promise again, in one message."""
    stay(turn, talk)
    promise_in_talk(turn, talk)


def listed(turn: Turn, talk: LiveTalk) -> None:
    """LIST in a talk."""
    stay(turn, talk)
    other_places(turn, talk)


Answer = Callable[[Turn, LiveTalk], None]
_ALWAYS: Final[dict[str, Answer]] = {
    LIST: listed,
    QUIET: quiet,
    **{name: in_language(name) for name in LANGUAGES},
}
IN_A_TALK: Final = {BYE: bye, ELSE: somebody_else, RULES: rules_in_talk, **_ALWAYS}
WHILE_LOOKING: Final = {
    BYE: bye_at_once,
    WAIT: wait,
    ELSE: somebody,
    RULES: rules,
    **_ALWAYS,
}
