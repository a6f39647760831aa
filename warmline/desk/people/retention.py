"""For how long things are kept and who reads how it went: once the line is open, proposed."""

from typing import Final

from sqlalchemy import select

from shifts.models import Person
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.privacy import feedback_readers
from warmline.promise import proposals, retention
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = "/desk/proposals/keeping"


def show(visit: Visit) -> Answer:
    """What holds, to be changed."""
    if not _may(visit):
        return _not_yours()
    return HtmlPage("keeping.html", _values(visit))


def save(visit: Visit) -> Answer:
    """It holds at once before the line has opened; afterwards it is proposed."""
    if not _may(visit):
        return _not_yours()
    try:
        changed = retention.changes(visit.db, visit.line.line_id, _wanted(visit))
    except retention.NotSo as no:
        wrong = {no.name: visit.telling(f"keeps.bad_{no.name}", n=no.most)}
        return HtmlPage("keeping.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    if visit.line.opened_at is None:
        retention.put_in_force(visit.db, visit.line.line_id, changed)
        return Away(f"{HERE}?done=kept_so")
    who = visit.visitor.person_id
    proposals.propose_keeping(visit.db, visit.line.line_id, changed, who, visit.now)
    return Away("/desk/proposals?done=proposed")


def _wanted(visit: Visit) -> retention.Wanted:
    wanted: retention.Wanted = {}
    for name in retention.MOST:
        wanted[name] = visit.form.number(name) or 0
    two = [visit.form.number(name) for name in ("first", "second")]
    if any(two):
        wanted[retention.READERS] = sorted(one or 0 for one in two)
    return wanted


def _may(visit: Visit) -> bool:
    if visit.line.opened_at is None:
        return visit.visitor.may(COORDINATOR)
    return visit.visitor.person_id in proposals.roster(visit.db, visit.line.line_id).people


def _not_yours() -> HtmlPage:
    return HtmlPage("problem.html", {"problem": "not_yours"}, 403)


def _values(visit: Visit) -> dict[str, object]:
    db, line_id = visit.db, visit.line.line_id
    willing = feedback_readers.willing(db, line_id)
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(willing)))
    names = {row.id: row.name for row in rows}
    held = retention.kept_now(db, line_id)
    two = [*held[retention.READERS], "", ""][:2]
    return {
        "kept": held,
        "most": retention.MOST,
        "two": two,
        "to_choose": [("", visit.telling("pause.choose")), *names.items()],
        "opened": visit.line.opened_at is not None,
        "wrong": {},
        "typed": None,
    }
