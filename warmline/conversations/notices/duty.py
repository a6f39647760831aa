"""Texts whoever is on duty about what they can act on: never who, never why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from shifts.local_time import Span
from shifts.who_is_on import who_is_on
from warmline.conversations import persons
from warmline.conversations.persons import Me
from warmline.models.line import LineRules
from warmline.operations import one_time
from warmline.sending import texts
from warmline.telephony.conversation import Turn

ONCE_AN_HOUR: Final = timedelta(hours=1)


def on_duty(turn: Turn, line_id: int) -> list[Me]:
    """Whoever is on call as the coordinator now."""
    on = who_is_on(turn.db, line_id, turn.now, duty=True)
    found = (persons.by_person(turn, one.person_id) for one in on)
    return [me for me in found if me is not None and me.agreed]


def coordinator(turn: Turn, line_id: int) -> list[Me]:
    """The coordinator who was named when the line was set up, if theirs is a volunteer's phone."""
    named = select(LineRules.coordinator_phone).where(LineRules.line_id == line_id)
    phone = turn.db.execute(named).scalar()
    me = persons.by_phone(turn, line_id, phone) if phone else None
    return [me] if me is not None and me.agreed else []


def tell(
    turn: Turn, line_id: int, key: str, useful: timedelta, besides: int = 0, **values: object
) -> int:
    """Text whoever is on duty now; with nobody on duty the coordinator, but not at night.

    `besides` is a person who need not be told. How many were.
    """
    on = on_duty(turn, line_id)
    people, purpose = (on, texts.DUTY) if on else (coordinator(turn, line_id), texts.ASK)
    told = [me for me in people if me.person_id != besides]
    for me in told:
        persons.tell(turn, me, [me.text(turn, key, **values)], purpose, useful)
    return len(told)


def alert(
    turn: Turn,
    line_id: int,
    key: str,
    about: str = "",
    at_most: timedelta = ONCE_AN_HOUR,
    **values: object,
) -> int:
    """Text whoever is on duty at once, of one kind of thing once an hour at most.

    `about` tells things of one kind apart, such as the code of a fault; `at_most` is another
    while than the hour.
    """
    if not one_time.first(turn.db, _what(line_id, key, about), turn.now, turn.now + at_most):
        return 0
    return tell(turn, line_id, key, ONCE_AN_HOUR, 0, **values)


def was_alerted(turn: Turn, line_id: int, key: str) -> bool:
    """Whether whoever was on duty has heard of this within the hour."""
    return one_time.stands(turn.db, _what(line_id, key, ""), turn.now)


def _what(line_id: int, key: str, about: str) -> str:
    return f"duty:{line_id}:{key}:{about}"


def places_opened(turn: Turn, me: Me, spans: Sequence[Span]) -> None:
    """Somebody has given up shifts: a place opened, not whose and not why."""
    people = on_duty(turn, me.line_id) or coordinator(turn, me.line_id)
    tell_opened(turn, [one for one in people if one.person_id != me.person_id], spans)


def tell_opened(turn: Turn, people: Sequence[Me], spans: Sequence[Span]) -> None:
    """Tell these people that places are open now."""
    if not spans:
        return
    useful = max(end for _, end in spans) - turn.now
    for one in people:
        for begins, _ in spans:
            one_time.first(turn.db, _opened(one, begins), turn.now, turn.now + ONCE_AN_HOUR)
        persons.tell(turn, one, [one.text_of(turn, "place_opened", spans)], texts.DUTY, useful)


def knows_of(turn: Turn, me: Me, begins: datetime) -> bool:
    """Whether they have heard within the hour that what begins then was given up."""
    return one_time.stands(turn.db, _opened(me, begins), turn.now)


def _opened(me: Me, begins: datetime) -> str:
    return f"opened:{me.person_id}:{int(begins.timestamp()) // 60}"
