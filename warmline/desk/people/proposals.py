"""What everybody decides together: proposals, one's own vote and one's own yes to the promise."""

from typing import Final, NamedTuple

from sqlalchemy import select

from shifts.faults import Fault
from shifts.models import Person
from warmline.conversations.membership import voting
from warmline.conversations.ringing import whom_to_ring
from warmline.desk.people import promise_form, promise_pages
from warmline.desk.visit import Answer, Away, Form, HtmlPage, Visit
from warmline.models.people import Volunteer
from warmline.promise import promise, proposals
from warmline.promise.promise import QUESTIONS, Promise
from warmline.promise.proposals import Standing
from warmline.prompts import LANGUAGES
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = "/desk/proposals"


class _Mine(NamedTuple):
    """What somebody has agreed to: whether to the line, and to which version of its promise."""

    agreed: str
    agreed_promise: int | None


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("proposals.html", _values(visit))


def vote(visit: Visit) -> Answer:
    """My yes, or my objection; or I take back what I proposed."""
    number, deed = visit.form.number("proposal") or 0, visit.form["deed"]
    found = proposals.standing(visit.db, visit.line.line_id, number)
    if not found:
        return Away(f"{HERE}?done=vote_late")
    [one] = found
    if deed == "back" and _may_take_back(visit, one):
        proposals.take_back(visit.db, one)
        return Away(f"{HERE}?done=taken_back")
    if deed not in ("yes", "no") or not _has_a_voice(visit):
        return Away(HERE)
    voting.say(visit.turn, one, visit.visitor.person_id, agrees=deed == "yes")
    return Away(f"{HERE}?done=voted")


def agree(visit: Visit) -> Answer:
    """I have read the promise that holds, and answer under it."""
    version, mine = visit.form.number("version"), _mine(visit)
    if version is None or version != _version(visit) or mine.agreed != promise.YES:
        return Away(HERE)
    voting.agree_to(visit.db, visit.visitor.person_id, version)
    whom_to_ring.decide(visit.db, visit.line.line_id, visit.now, visit.turn.odds)
    return Away(f"{HERE}?done=agreed")


def new(visit: Visit) -> Answer:
    """The promise as it stands, to be changed."""
    if not _may_propose(visit):
        return _not_yours()
    return _form(visit, promise_form.filled(_promises_in_force(visit)))


def add(visit: Visit) -> Answer:
    """How it would sound; or it is proposed. What is wrong is said, nothing typed is lost."""
    if not _may_propose(visit):
        return _not_yours()
    given = promise_form.promises(visit.form)
    wrong = _wrong(visit, given)
    if wrong:
        return _form(visit, visit.form, wrong, 422)
    if visit.form["deed"] != "propose":
        return _form(visit, visit.form)
    who = visit.visitor.person_id
    saved = proposals.propose(visit.db, visit.line.line_id, given, who, visit.now)
    return Away(f"{HERE}?done={'promised' if saved.in_force else 'proposed'}")


def _wrong(visit: Visit, given: list[Promise]) -> dict[str, str]:
    if not given:
        return {"languages": visit.telling("proposals.no_language")}
    try:
        for one in given:
            promise.check_time(one, visit.line.name)
    except Fault:
        return {"promise": visit.telling("line.bad_promise")}
    if promise_form.say_not_when(given):
        return {"promise": visit.telling("start.say_when")}
    if visit.form["deed"] == "propose" and {
        one.language: one for one in given
    } == _promises_in_force(visit):
        return {"promise": visit.telling("proposals.same")}
    return {}


def _form(
    visit: Visit, typed: Form, wrong: dict[str, str] | None = None, status: int = 200
) -> HtmlPage:
    given = promise_form.promises(typed)
    chosen = {one.language for one in given}
    values: dict[str, object] = {
        "typed": typed,
        "wrong": wrong or {},
        "questions": QUESTIONS,
        "known": LANGUAGES,
        "spoken": promise_form.sounds(given, visit.line.name),
        "left_out": [code for code in _promises_in_force(visit) if code not in chosen],
        "opened": visit.line.opened_at is not None,
    }
    return HtmlPage("propose.html", values, status)


def _values(visit: Visit) -> dict[str, object]:
    roster = proposals.roster(visit.db, visit.line.line_id)
    standing = promise_pages.proposed(visit, roster)
    mine, me = _mine(visit), visit.visitor.person_id
    return {
        "held": promise_pages.spoken_version(visit, _promises_in_force(visit)),
        "version": _version(visit),
        "answers": mine.agreed == promise.YES,
        "agreed": mine.agreed_promise == _version(visit),
        "proposed": standing,
        "votes": {one.standing.id: _own_vote(one.standing, me) for one in standing},
        "names": _names(visit, standing),
        "may_take_back": {
            one.standing.id for one in standing if _may_take_back(visit, one.standing)
        },
        "has_a_voice": me in roster.people,
        "on_roster": len(roster.people),
        "may_propose": _may_propose(visit),
    }


def _own_vote(one: Standing, person_id: int) -> str:
    if person_id in one.rules.yeses:
        return "yes"
    return "no" if person_id in one.rules.objections else ""


def _names(visit: Visit, standing: list[promise_pages.Proposed]) -> dict[int, str]:
    ids = [one.standing.by_id for one in standing if one.standing.by_id is not None]
    rows = visit.db.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _may_take_back(visit: Visit, one: Standing) -> bool:
    """Whoever proposed it; what nobody stands for any more, or came by command, a coordinator."""
    if one.by_id is None:
        return visit.visitor.may(COORDINATOR)
    return one.by_id == visit.visitor.person_id


def _has_a_voice(visit: Visit) -> bool:
    roster = proposals.roster(visit.db, visit.line.line_id)
    return visit.visitor.person_id in roster.people


def _may_propose(visit: Visit) -> bool:
    """Anybody on the roster; before the line has opened, what is written holds at once."""
    if visit.line.opened_at is None:
        return visit.visitor.may(COORDINATOR)
    return _has_a_voice(visit)


def _not_yours() -> HtmlPage:
    return HtmlPage("problem.html", {"problem": "not_yours"}, 403)


def _promises_in_force(visit: Visit) -> dict[str, Promise]:
    return promise.in_force(visit.db, visit.line.line_id)


def _version(visit: Visit) -> int:
    return next((one.version for one in _promises_in_force(visit).values()), 0)


def _mine(visit: Visit) -> _Mine:
    mine = select(Volunteer.agreed, Volunteer.agreed_promise)
    theirs = mine.where(Volunteer.person_id == visit.visitor.person_id)
    return _Mine(*visit.db.execute(theirs).one())
