"""Open books at the desk: any two people enter what was done, and who runs the machine is said."""

from datetime import date
from typing import Final

from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.promise import open_books
from warmline.prompts.own_words import tidy
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = "/desk/books"
LONGEST_NAME: Final = 200
MONTHS: Final = 13


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("books.html", _values(visit))


def enter(visit: Visit) -> Answer:
    """The first of the two, or the second where somebody has entered the same."""
    kind, month = visit.form["kind"], _month(visit)
    words = tidy(visit.form["words"]) if kind == open_books.CHANGED else ""
    if kind not in open_books.KINDS or month is None:
        raise NotFound
    if kind == open_books.CHANGED and not 0 < len(words) <= open_books.LONGEST:
        wrong = {"words": visit.telling("books.bad_words", n=open_books.LONGEST)}
        return HtmlPage("books.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    me, line_id = visit.visitor.person_id, visit.line.line_id
    public = open_books.enter(visit.db, line_id, kind, month, words, me, visit.now)
    return Away(f"{HERE}?done={'book_public' if public else 'book_waits'}")


def second(visit: Visit) -> Answer:
    """Somebody else says so too."""
    me, entry = visit.visitor.person_id, visit.form.number("entry") or 0
    if not open_books.second(visit.db, visit.line.line_id, entry, me, visit.now):
        raise NotFound
    return Away(f"{HERE}?done=book_public")


def about(visit: Visit) -> Answer:
    """Who runs the machine, and where the source is."""
    runs_it, source = tidy(visit.form["runs_it"]), tidy(visit.form["source"])
    if max(len(runs_it), len(source)) > LONGEST_NAME:
        wrong = {"runs_it": visit.telling("books.bad_words", n=LONGEST_NAME)}
        return HtmlPage("books.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    open_books.say_about(visit.db, visit.line.line_id, runs_it, source)
    return Away(f"{HERE}?done=line")


def _months(visit: Visit) -> list[date]:
    """This month and those before it, the newest first."""
    this = visit.telling.local(visit.now).date().replace(day=1)
    return [_before(this, back) for back in range(MONTHS)]


def _before(month: date, back: int) -> date:
    years, rest = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(years, rest + 1, 1)


def _month(visit: Visit) -> date | None:
    return next((one for one in _months(visit) if f"{one:%Y-%m}" == visit.form["month"]), None)


def _values(visit: Visit) -> dict[str, object]:
    db, line_id = visit.db, visit.line.line_id
    runs_it, source = open_books.about(db, line_id)
    months = [(f"{one:%Y-%m}", visit.telling.day(one, "MMMM y")) for one in _months(visit)]
    return {
        "kinds": [(kind, visit.telling(f"books.kind_{kind}")) for kind in open_books.KINDS],
        "months": months,
        "waiting": open_books.waiting(db, line_id, visit.now),
        "me": visit.visitor.person_id,
        "books": open_books.public(db, line_id),
        "runs_it": runs_it,
        "source": source,
        "may_change": visit.visitor.may(COORDINATOR),
        "most": open_books.LONGEST,
        "wrong": {},
        "typed": None,
    }
