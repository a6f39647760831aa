"""What the line itself says to the two of a talk by text, and how a talk ends."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from warmline import calls, talks
from warmline.conversations import parting
from warmline.metrics import Metrics
from warmline.models import Volunteer
from warmline.phone import passing
from warmline.phone.conversation import Turn

OFFERED: Final = "text offered"
ANSWERED: Final = "text answered"
NOT_REACHED: Final = "text not reached"


def tell_caller(turn: Turn, talk: Row[Any], key: str, **values: object) -> None:
    """Tell the texter something, from the line by its name."""
    said = turn.prompts.text(talk.language, f"talks.{key}", line=talk.line_name, **values)
    passing.to_caller(turn.db, turn.seal, talk, said, turn.now)


def tell_peer(turn: Turn, talk: Row[Any], key: str, **values: object) -> None:
    """Tell the peer something, from the line by its name; nothing if there is none."""
    if talk.person_id is None:
        return
    said = for_person(turn, talk, talk.person_id, key, **values)
    passing.to_peer(turn.db, turn.seal, talk, said, turn.now)


def for_person(turn: Turn, talk: Row[Any], person_id: int, key: str, **values: object) -> str:
    """What the line says to a volunteer about a talk, in their own language."""
    spoken = select(Volunteer.languages).where(Volunteer.person_id == person_id)
    own = (turn.db.execute(spoken).scalar() or "").split(",")
    offered = talk.line_languages.split(",")
    language = next((code for code in own if code in offered), offered[0])
    facts = {"line": talk.line_name, "name": talk.name, **values}
    return turn.prompts.text(language, f"talks.{key}", **facts)


def count_offered(turn: Turn, talk: Row[Any]) -> None:
    """Somebody would like to talk by text."""
    turn.count(Metrics.talk_offered)
    _tally(turn, talk, OFFERED)


def end(
    turn: Turn, talk: Row[Any], said: str | None, peer_told: str = "over", **more: object
) -> None:
    """End a talk: its number goes, both are told, its peer has a breather.

    `said` is what the texter is told; None when nothing may go to them (any more). Whatever waits
    unsent for a peer who never came goes with it, and what waits for a texter who wants quiet.
    """
    if talks.forget(turn.db, talk.id) is None:
        return
    passing.drop_unsent(turn.db, talk.token, passing.PEER)
    if said is None or talk.quiet:
        passing.drop_unsent(turn.db, talk.token, passing.CALLER)
    else:
        tell_caller(turn, talk, said, **more)
    tell_peer(turn, talk, peer_told)
    if talk.person_id is not None:
        calls.rest_after_talk(turn.db, talk.person_id, turn.now)
    turn.count(Metrics.talk_answered if talk.answered else Metrics.talk_not_reached)
    _tally(turn, talk, ANSWERED if talk.answered else NOT_REACHED)


def _tally(turn: Turn, talk: Row[Any], what: str) -> None:
    local = turn.now.astimezone(ZoneInfo(talk.line_zone))
    parting.tally(turn.db, talk.line_id, local, what)
