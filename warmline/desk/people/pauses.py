"""Pausing somebody else: by one alone for urgent harm and a day, by two for longer."""

from typing import Final, NamedTuple

from sqlalchemy import select

from shifts.models import Person
from warmline.conversations import persons
from warmline.conversations.membership import pauses
from warmline.desk.people import two_yeses
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.models.people import Volunteer
from warmline.people import paused_by_others
from warmline.promise.promise import YES
from warmline.prompts.own_words import tidy

ALONE: Final = "alone"


class _Fellow(NamedTuple):
    """Somebody else, whose own yes is held."""

    id: int
    name: str


def show(visit: Visit) -> Answer:
    """What a pause by others is, and for whom it is to be."""
    return HtmlPage("pause.html", _values(visit))


def begin(visit: Visit) -> Answer:
    """One alone pauses somebody for a day, or says the first yes to more."""
    why, person = tidy(visit.form["why"]), visit.form.number("person") or 0
    days = visit.form.number("days")
    if not any(one.id == person for one in _fellows(visit)):
        return _again(visit, {"person": visit.telling("pause.whom")})
    if not why or len(why) > paused_by_others.MOST_WORDS:
        return _again(visit, {"why": visit.telling("pause.bad_why", n=paused_by_others.MOST_WORDS)})
    try:
        if days in paused_by_others.DAYS:
            two_yeses.wish(visit, two_yeses.PAUSE, person, f"{days} {why}")
            return Away(f"{_back(visit)}?done=second_needed")
        _alone(visit, person, why)
    except (two_yeses.Alone, paused_by_others.NotNow) as no:
        return _again(visit, {"person": visit.telling(f"people.{no.key}")}, 409)
    return Away(f"{_back(visit)}?done=paused")


def end(visit: Visit) -> Answer:
    """Whoever paused somebody alone ends it alone; else two do."""
    person = visit.form.number("person") or 0
    hold = paused_by_others.of(visit.db, person)
    if hold is None or person == visit.visitor.person_id:
        raise NotFound
    if hold.alone and hold.by_id == visit.visitor.person_id:
        pauses.end(visit.turn, person)
        return Away(f"{_back(visit)}?done=pause_over")
    try:
        done = two_yeses.wish(visit, two_yeses.RESUME, person, "")
    except two_yeses.Alone as no:
        return _again(visit, {"person": visit.telling(f"people.{no.key}")}, 409)
    return Away(f"{_back(visit)}?done={'pause_over' if done else 'second_needed'}")


def _alone(visit: Visit, person: int, why: str) -> None:
    turn = visit.turn
    me = persons.by_person(turn, visit.visitor.person_id)
    if me is None:
        raise NotFound
    with visit.db.begin_nested():
        pauses.begin(turn, visit.line.line_id, person, me, why)


def _again(visit: Visit, wrong: dict[str, str], status: int = 422) -> Answer:
    values = _values(visit) | {"wrong": wrong, "typed": visit.form}
    return HtmlPage("pause.html", values, status)


def _values(visit: Visit) -> dict[str, object]:
    found = paused_by_others.all_of(visit.db, visit.line.line_id)
    fellows = _fellows(visit)
    return {
        "fellows": [("", visit.telling("pause.choose"))] * bool(fellows)
        + [(one.id, one.name) for one in fellows],
        "paused": [(one, found[one.id]) for one in fellows if one.id in found],
        "lengths": [(ALONE, visit.telling("pause.alone"))]
        + [(days, visit.telling("pause.two", n=days)) for days in paused_by_others.DAYS],
        "person": visit.query.number("person"),
        "most": paused_by_others.MOST_WORDS,
        "to": _back(visit),
        "wrong": {},
        "typed": None,
    }


def _back(visit: Visit) -> str:
    return "/desk/people" if visit.visitor.role else "/desk/mine"


def _fellows(visit: Visit) -> list[_Fellow]:
    """Everybody else whose own yes is held, by name."""
    query = (
        select(Person.id, Person.name)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(
            Volunteer.line_id == visit.line.line_id,
            Volunteer.agreed.in_((YES, paused_by_others.HELD)),
            Person.id != visit.visitor.person_id,
        )
    )
    rows = visit.db.execute(query.order_by(Person.name, Person.id))
    return [_Fellow(*row) for row in rows]
