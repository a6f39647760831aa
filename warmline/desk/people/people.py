"""People: who is on the roster, who would like to be, and what takes two yeses."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from shifts.models import Person
from warmline.desk.people import two_yeses
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.line.line_settings import line_name
from warmline.models.people import Joining, SharedWord, Volunteer
from warmline.models.sign_in import DeskRole
from warmline.phone_numbers import as_written
from warmline.sign_in.visitors import ROLES

HERE: Final = "/desk/people"


class _Somebody(NamedTuple):
    """Somebody on the roster; `languages` are codes, with commas between them."""

    id: int
    name: str
    role: str | None
    languages: str
    voice: bool
    text: bool
    agreed: str


class _Newcomer(NamedTuple):
    """Somebody who has asked to join, until (UTC); their number is sealed to its digest."""

    id: int
    number: str
    number_digest: str
    language: str
    until: datetime


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("people.html", _values(visit))


def welcome(visit: Visit) -> Answer:
    """Somebody who has asked to join is welcomed, by a name; a second person says so too."""
    number = visit.form.number("joining")
    found = next((one for one in _joining(visit) if one.id == number), None)
    if found is None:
        raise NotFound
    try:
        name = line_name(visit.form["name"])
    except ValueError:
        wrong = {"joining": found.id}
        return HtmlPage("people.html", _values(visit) | {"wrong": wrong}, 422)
    done = two_yeses.wish(visit, two_yeses.WELCOME, found.id, name)
    return Away(f"{HERE}?done={'welcomed' if done else 'second_needed'}")


def role(visit: Visit) -> Answer:
    """Somebody is to have another role."""
    person, wanted = visit.form.number("person"), visit.form["role"]
    if person is None or wanted not in (*ROLES, two_yeses.NO_ROLE) or not _is_there(visit, person):
        raise NotFound
    return _wished(visit, two_yeses.ROLE, person, wanted)


def remove(visit: Visit) -> Answer:
    """Somebody is to be on the roster no longer."""
    person = visit.form.number("person")
    if person is None or not _is_there(visit, person):
        raise NotFound
    return _wished(visit, two_yeses.REMOVE, person, "")


def second(visit: Visit) -> Answer:
    """The second yes, or a no."""
    number = visit.form.number("wish") or 0
    back = HERE if visit.visitor.role else "/desk/mine"
    try:
        if visit.form["deed"] == "no":
            two_yeses.take_back(visit, number)
            return Away(f"{back}?done=wish_no")
        two_yeses.second(visit, number)
    except LookupError:
        return Away(back)
    except (two_yeses.Alone, two_yeses.LastCoordinator) as no:
        key = f"people.{getattr(no, 'key', 'last')}"
        values = {"words": visit.telling(key), "to": back}
        return HtmlPage("not_alone.html", values, 409)
    return Away(f"{back}?done=wish_done")


def invite(visit: Visit) -> Answer:
    """Words and a flyer with which somebody texts JOIN themselves; the line never texts first."""
    return HtmlPage("invite.html", {"number": as_written(_to_text(visit))})


def _wished(visit: Visit, kind: str, person: int, words: str) -> Answer:
    try:
        done = two_yeses.wish(visit, kind, person, words)
    except (two_yeses.Alone, two_yeses.LastCoordinator) as no:
        values = {"words": visit.telling(f"people.{getattr(no, 'key', 'last')}"), "to": HERE}
        return HtmlPage("not_alone.html", values, 409)
    return Away(f"{HERE}?done={'wish_done' if done else 'second_needed'}")


def _values(visit: Visit) -> dict[str, object]:
    found = two_yeses.waiting(visit.db, visit.line.line_id)
    leads = visit.visitor.role == "coordinator"
    return {
        "people": _people(visit),
        "joining": [(one, _number_of(visit, one) if leads else "") for one in _joining(visit)],
        "waiting": found,
        "may_second": two_yeses.mine_to_second(found, visit),
        "welcomed": {one.about_id for one in found if one.kind == two_yeses.WELCOME},
        "shared": two_yeses.shared_words(visit.db, visit.line.line_id, SharedWord),
        "leads": leads,
        "wrong": {},
        "roles_to_choose": ROLES,
    }


def _people(visit: Visit) -> list[_Somebody]:
    columns = (Volunteer.languages, Volunteer.voice, Volunteer.text, Volunteer.agreed)
    query = (
        select(Person.id, Person.name, DeskRole.role, *columns)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .join(DeskRole, DeskRole.person_id == Person.id, isouter=True)
        .where(Person.line_id == visit.line.line_id)
        .order_by(Person.name, Person.id)
    )
    return [_Somebody(*row) for row in visit.db.execute(query)]


def _joining(visit: Visit) -> list[_Newcomer]:
    columns = (Joining.id, Joining.number, Joining.number_digest, Joining.language, Joining.until)
    query = select(*columns).where(Joining.line_id == visit.line.line_id, Joining.until > visit.now)
    return [_Newcomer(*row) for row in visit.db.execute(query.order_by(Joining.id))]


def _number_of(visit: Visit, one: _Newcomer) -> str:
    """Whoever rings a newcomer needs the number; the page is a coordinator's."""
    return as_written(visit.seal.open(one.number, one.number_digest))


def _is_there(visit: Visit, person: int) -> bool:
    theirs = (Volunteer.person_id == person, Volunteer.line_id == visit.line.line_id)
    return visit.db.execute(select(Volunteer.person_id).where(*theirs)).first() is not None


def _to_text(visit: Visit) -> str:
    return visit.line.volunteer_number or visit.line.number
