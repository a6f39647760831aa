"""How it went, at the desk: who reads it, by their own yes; for these two, what came."""

from typing import Final

from sqlalchemy import select

from shifts.models import Person
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.privacy import feedback, feedback_readers
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = "/desk/how"


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("how.html", _values(visit))


def offer(visit: Visit) -> Answer:
    """They would read it, or read it no longer."""
    if visit.form["willing"] == "yes":
        feedback_readers.offer(visit.db, visit.line.line_id, visit.visitor.person_id)
        return Away(f"{HERE}?done=how_willing")
    feedback_readers.take_back(visit.db, visit.visitor.person_id)
    return Away(f"{HERE}?done=how_not_willing")


def name(visit: Visit) -> Answer:
    """The line names the two."""
    if not may_name(visit):
        raise NotFound
    two = [visit.form.number("first") or 0, visit.form.number("second") or 0]
    try:
        feedback_readers.name(visit.db, visit.line.line_id, two)
    except feedback_readers.NotThese:
        wrong = {"second": visit.telling("how.not_these")}
        return HtmlPage("how.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    return Away(f"{HERE}?done=how_named")


def answer(visit: Visit) -> Answer:
    """One of the two answers."""
    words, said = visit.form["answer"].strip(), visit.form.number("said") or 0
    me = visit.visitor.person_id
    if me not in feedback_readers.named(visit.db, visit.line.line_id):
        raise NotFound
    if not words or len(words) > feedback.LONGEST:
        wrong = {f"answer-{said}": visit.telling("how.bad_words", n=feedback.LONGEST)}
        return HtmlPage("how.html", _values(visit) | {"wrong": wrong}, 422)
    if not feedback.answer(visit.db, visit.seal, said, me, words):
        raise NotFound
    return Away(f"{HERE}?done=how_answered")


def may_name(visit: Visit) -> bool:
    """Until the line has opened, and while one of the two is missing; then it is proposed."""
    few = len(feedback_readers.named(visit.db, visit.line.line_id)) < feedback_readers.TWO
    return visit.visitor.may(COORDINATOR) and (few or visit.line.opened_at is None)


def _values(visit: Visit) -> dict[str, object]:
    db, line_id, me = visit.db, visit.line.line_id, visit.visitor.person_id
    willing, named = feedback_readers.willing(db, line_id), feedback_readers.named(db, line_id)
    names = _names(visit)
    said = feedback.for_reader(db, visit.seal, line_id, me) if me in named else []
    return {
        "willing": me in willing,
        "reads": me in named,
        "named": [names[one] for one in named if one in names],
        "may_name": may_name(visit),
        "to_choose": [("", visit.telling("pause.choose"))]
        + [(one, names[one]) for one in willing if one in names],
        "said": said,
        "names": names,
        "most": feedback.LONGEST,
        "wrong": {},
        "typed": None,
    }


def _names(visit: Visit) -> dict[int, str]:
    found = select(Person.id, Person.name).where(Person.line_id == visit.line.line_id)
    return {row.id: row.name for row in visit.db.execute(found)}
