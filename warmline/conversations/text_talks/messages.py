"""What the line itself says to the two of a talk by text, and how a talk ends."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from warmline.calls import calls, talks
from warmline.calls.calls import new_token
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations.both_sides import parting
from warmline.conversations.notices import duty
from warmline.conversations.persons import Me
from warmline.counts import counting
from warmline.languages import FIRST, of
from warmline.models.people import Volunteer
from warmline.operations.metrics import Metrics
from warmline.outbox.outbox import Urgency
from warmline.privacy import notes
from warmline.promise.promise import Promise, in_force, texted, texted_in_talk
from warmline.prompts import Prompts
from warmline.sending import talk_texts
from warmline.telephony.conversation import Turn
from warmline.texting import lengths
from warmline.texting.lengths import fits, shortened

GOODBYE: Final = ("over_caller",)
"""What the texter is told at the end; after it, whether their talk may be counted is asked."""
NOTHING: Final = ()
LINE_NAMES: Final = (lengths.LINE_NAME, 16)
"""Characters of the line's name, where there is room for more and where there is not."""


def tell_caller(turn: Turn, talk: LiveTalk, key: str, **values: object) -> None:
    """Tell the texter something, from the line by its name.

    To somebody of the roster, whose number stays there, some of it is said otherwise.
    """
    own = f"own_{key}"
    if talk.volunteer_id is not None and f"talks.{own}" in turn.prompts.keys(FIRST):
        key = own
    said = words(turn.prompts, talk.language, key, line=talk.line_name, **values)
    talk_texts.to_caller(turn.db, turn.seal, talk, said, turn.now)


def tell_peer(turn: Turn, talk: LiveTalk, key: str, **values: object) -> None:
    """Tell the peer something, from the line by its name; nothing if there is none."""
    if talk.person_id is None:
        return
    said = for_person(turn, talk, talk.person_id, key, **values)
    talk_texts.to_peer(turn.db, turn.seal, talk, said, turn.now)


_SPOKEN: Final = select(Volunteer.languages).where(Volunteer.person_id == bindparam("person_id"))


def for_person(turn: Turn, talk: LiveTalk, person_id: int, key: str, **values: object) -> str:
    """What the line says to a volunteer about a talk, in their own language."""
    own = (turn.db.execute(_SPOKEN, {"person_id": person_id}).scalar() or "").split(",")
    offered = talk.line_languages.split(",")
    language = next((code for code in own if code in offered), offered[0])
    return words(turn.prompts, language, key, line=talk.line_name, name=talk.name, **values)


def words(prompts: Prompts, language: str, key: str, *, line: str, **values: object) -> str:
    """A text of a talk, from the line by as much of its name as leaves room."""
    said = ""
    for most in LINE_NAMES:
        name = shortened(line, most)
        said = prompts.text(language, f"talks.{key}", line=name, **values)
        said = lengths.written(said, language)
        if fits(said, lengths.ANSWER):
            break
    return said


OfLine = LineFacts | Me
"""Whatever knows a line's id and its name: who it is, or somebody of its roster."""


def answer_once(
    turn: Turn,
    line: OfLine,
    number: str,
    language: str,
    key: str,
    rank: Urgency = Urgency.ANSWER,
    **values: object,
) -> None:
    """One answer to a text of theirs, with no talk behind it."""
    said = words(turn.prompts, language, key, line=line.line_name, **values)
    talk_texts.put(
        turn.db,
        turn.seal,
        line_id=line.line_id,
        talk=new_token(),
        side=talk_texts.CALLER,
        bodies=[said],
        now=turn.now,
        number=number,
        rank=rank,
    )


def promise(turn: Turn, talk: LiveTalk, *, is_first: bool = False) -> None:
    """What the line promises, in two messages, and that texts pass through a peer's phone.

    With the first of them the line's other languages are offered, each in its own words.
    """
    nobody_on = talk.state == talks.NOBODY
    answers, for_texts = texted(_promised(turn, talk), talk.line_name, nobody_on=nobody_on)
    others = _other_languages(turn, talk) if is_first else []
    said = [answers, "\n".join([for_texts, *others])]
    talk_texts.to_caller_uncut(turn.db, turn.seal, talk, said, turn.now)


def promise_in_talk(turn: Turn, talk: LiveTalk) -> None:
    """What the line promises, in one message, to somebody who is with a peer."""
    said = [texted_in_talk(_promised(turn, talk), talk.line_name)]
    talk_texts.to_caller_uncut(turn.db, turn.seal, talk, said, turn.now)


def _promised(turn: Turn, talk: LiveTalk) -> Promise:
    promised = in_force(turn.db, talk.line_id)
    return promised.get(talk.language) or next(iter(promised.values()))


def _other_languages(turn: Turn, talk: LiveTalk) -> list[str]:
    return [
        words(turn.prompts, code, "this_language", line=talk.line_name, word=of(code).name.upper())
        for code in turn.offered(talk.line_id)
        if code != talk.language
    ]


def count_offered(turn: Turn, talk: LiveTalk) -> None:
    """Somebody would like to talk by text."""
    turn.count(Metrics.talk_offered)
    counting.count_offered(turn.db, talk.line_id, turn.now, talk.zone)


def end(
    turn: Turn,
    talk: LiveTalk,
    said: Sequence[str],
    peer_told: str = "over",
    **more: object,
) -> None:
    """End a talk: its number goes, both are told, its peer has a breather.

    `said` is what the texter is told; NOTHING when nothing may go to them (any more). Whatever
    waits unsent for a peer who never came goes with it, and what waits for a texter who wants
    quiet.
    """
    if talks.forget(turn.db, talk.id) is None:
        return
    talk_texts.drop_unsent(turn.db, talk.token, talk_texts.PEER)
    if not said or talk.quiet:
        talk_texts.drop_unsent(turn.db, talk.token, talk_texts.CALLER)
    else:
        _see_off(turn, talk, said, **more)
    tell_peer(turn, talk, peer_told)
    if talk.person_id is not None:
        calls.rest_after_talk(turn.db, talk.person_id, turn.now)
    turn.count(Metrics.talk_answered if talk.answered else Metrics.talk_not_reached)
    if not talk.answered and turn.now - talk.waiting_since >= counting.SOON:
        duty.alert(turn, talk.line_id, "not_reached")
    counting.count_over(turn.db, talk.line_id, turn.now, talk.zone, answered=talk.answered)


def _see_off(turn: Turn, talk: LiveTalk, said: Sequence[str], **more: object) -> None:
    for key in said:
        tell_caller(turn, talk, key, **more)
    if talk.answered and GOODBYE[0] in said:
        tell_caller(turn, talk, "may_count")
        about = turn.seal.close(str(talk.person_id), talk.number_digest) if talk.person_id else ""
        notes.ask(turn.db, turn.seal, _facts(turn, talk), talk.number_digest, about, turn.now)


def _facts(turn: Turn, talk: LiveTalk) -> notes.Facts:
    """Where somebody else was looked for, how long they waited for the first is not known."""
    began, came = talk.waiting_since, talk.talking_since
    if came is not None and came < began:
        began, came = came, None
    wait = counting.wait_band(began, came, turn.now, answered=talk.answered)
    return parting.facts(turn, talk, began.astimezone(talk.zone), wait, answered=talk.answered)
