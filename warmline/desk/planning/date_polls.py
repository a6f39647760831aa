"""Ask for dates: days are listed, whom the question reaches is said first, a draft is made."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from shifts.editing.drafting import drafts
from shifts.faults import Fault
from shifts.hours import opening_hours
from shifts.hours.wanted import LINE
from shifts.hours.wanted import read as wishes_of
from shifts.local_time import DAY, Span, local_day
from shifts.places import PlaceRow, in_span
from warmline.conversations.volunteer_texts import date_polls
from warmline.date_polls import poll_draft, polls
from warmline.date_polls.polls import Asking
from warmline.desk.planning import date_poll_form
from warmline.desk.planning.date_poll_form import Fields, FilledForm, NoDay
from warmline.desk.planning.holidays import holidays_near
from warmline.desk.roster import grid, shift_form, undo_redo, week
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.operations import one_time

HERE: Final = "/desk/dates"
HOLIDAYS: Final = 10
WAIT: Final = timedelta(days=7)
"""How long answers are wanted for unless somebody says otherwise."""
PRESSED_TWICE: Final = timedelta(days=1)


def show(visit: Visit) -> Answer:
    """Every asking, and a form for the days of a new one."""
    return HtmlPage("dates.html", _choosing(visit))


def new(visit: Visit) -> Answer:
    """The chosen days, each with its hours and how many are wanted; nobody is asked yet."""
    zone, words = visit.line.zone, visit.query["words"]
    try:
        days = date_poll_form.days_in(words, visit.now, zone, visit.telling.language)
    except NoDay as fault:
        wrong = visit.telling("dates.bad_words", words=fault.words)
        return HtmlPage("dates.html", _choosing(visit, wrong), 422)
    picked = filter(None, (shift_form.day_of(one) for one in visit.query.every("day")))
    days = sorted({*days, *picked})
    if not days:
        return HtmlPage("dates.html", _choosing(visit, visit.telling("dates.bad_none")), 422)
    rows = date_poll_form.rows_for(
        days,
        opening_hours.read(visit.db, visit.line.line_id),
        _usually_wanted(visit),
        dict(_holidays(visit)),
        zone,
    )
    until = max(_today(visit) + DAY, min(_today(visit) + WAIT, days[0] - DAY))
    return _rows(visit, FilledForm(rows, until.isoformat()))


def preview(visit: Visit) -> Answer:
    """Whom the question reaches; nobody is asked by looking. Or one more row to fill in."""
    found = _read(visit)
    if visit.form["more"] or visit.form["again"]:
        more = [_empty(found.rows)] if visit.form["more"] else []
        return _rows(visit, FilledForm([*found.rows, *more], found.until))
    if not found.is_right:
        return _rows(visit, found, 422)
    spans = [day.span for day in found.days]
    values = {
        "days": sorted(found.days, key=lambda one: one.span),
        "until": found.until,
        "reached": date_polls.reached(visit.db, visit.line, spans, visit.now),
        "pairs": [one for one in visit.form.pairs() if one[0] != "slip"],
        "slip": secrets.token_hex(8),
    }
    return HtmlPage("dates_preview.html", values)


def ask(visit: Visit) -> Answer:
    """Everybody whom it reaches is asked, each once; pressed twice, it is done once."""
    found = _read(visit)
    slip = f"dates:{visit.form['slip'][:32]}"
    if not one_time.first(visit.db, slip, visit.now, visit.now + PRESSED_TWICE):
        return Away(f"{HERE}?done=dates_asked")
    if not found.is_right or found.until_at is None:
        return _rows(visit, found, 422)
    made = date_polls.begin(visit.turn, visit.line, found.days, found.until_at)
    return Away(f"{HERE}/{made}?done=dates_asked")


def one(visit: Visit) -> Answer:
    """One asking: day by day who could, and how many others have answered or not."""
    asking = _asking(visit)
    names = {one.person_id: one.name for one in week.everybody(visit)}
    days = [
        (row, sorted(names[person] for person in row.can), _seats(visit, row.day.span))
        for row in polls.tally(visit.db, asking)
    ]
    values = {
        "asking": asking,
        "days": days,
        "names": names,
        "to_ask": sum(at == asking.id for at, _ in polls.waiting(visit.db, visit.now)),
        "weeks": _weeks_with_drafts(visit, asking),
    }
    return HtmlPage("dates_one.html", values)


def draft(visit: Visit) -> Answer:
    """A fair draft of the answers; it can be undone, and nobody is asked before publishing."""
    asking, who = _asking(visit), visit.visitor.person_id
    here = f"{HERE}/{asking.id}"
    try:
        with visit.db.begin_nested():
            done = poll_draft.make(visit.db, asking, who, visit.now, visit.line.zone)
    except Fault as fault:
        values = {"problem": "dates_drafted", "why": str(fault), "to": here}
        return HtmlPage("cannot.html", values, 409)
    undo_redo.done(visit.db, who, done.change_id)
    said = "dates_draft&undo=1" if done.change_id else "copy_nothing"
    return Away(f"{here}?done={said}")


def close(visit: Visit) -> Answer:
    """No more answers are taken, and nobody else is asked."""
    asking = _asking(visit)
    polls.close(visit.db, visit.line.line_id, asking.id, visit.now)
    return Away(f"{HERE}/{asking.id}?done=dates_closed")


def _choosing(visit: Visit, wrong: str = "") -> dict[str, object]:
    return {
        "askings": polls.of_line(visit.db, visit.line.line_id),
        "holidays": _holidays(visit)[:HOLIDAYS],
        "wrong": wrong,
        "tomorrow": _today(visit) + DAY,
    }


def _rows(visit: Visit, found: FilledForm, status: int = 200) -> Answer:
    blank: list[dict[str, str]] = [{} for _ in found.rows]
    wrong = [
        {name: visit.telling(f"dates.{key}") for name, key in one.items()}
        for one in found.wrong or blank
    ]
    values = {
        "rows": list(zip(found.rows, wrong, strict=True)),
        "until": found.until,
        "wrong_until": visit.telling(f"dates.{found.wrong_until}") if found.wrong_until else "",
        "most": date_poll_form.MOST_DAYS,
    }
    return HtmlPage("dates_new.html", values, status)


def _read(visit: Visit) -> FilledForm:
    known = polls.of_line(visit.db, visit.line.line_id)
    taken = {day.span for asking in known if asking.open for day in asking.days}
    found = date_poll_form.read(visit.form, visit.now, visit.line.zone, taken)
    if not found.rows:
        found.rows, found.wrong = [_empty([])], [{"day": "bad_day"}]
    return found


def _empty(rows: Sequence[Fields]) -> Fields:
    """One more row, with the hours of the last and no day yet."""
    last = rows[-1] if rows else {"starts": "18:00", "ends": "22:00", "wanted": "1"}
    return dict(last) | {"day": "", "name": ""}


def _asking(visit: Visit) -> Asking:
    found = polls.by_id(visit.db, visit.line.line_id, int(visit.path["asking"]))
    if found is None:
        raise NotFound
    return found


def _seats(visit: Visit, span: Span) -> list[PlaceRow]:
    """What the roster has for the very same hours."""
    there = in_span(visit.db, visit.line.line_id, *span)
    return [one for one in there if (one.starts_at, one.ends_at) == span]


def _weeks_with_drafts(visit: Visit, asking: Asking) -> list[tuple[date, int]]:
    """The Mondays of the asking's weeks, each with how many drafts can be published there."""
    days = (local_day(day.starts_at, visit.line.zone) for day in asking.days)
    found = []
    for monday in sorted({grid.week_of(day)[0] for day in days}):
        span = grid.span_of(grid.week_of(monday), visit.line.zone)
        many = len(drafts(visit.db, visit.line.line_id, span))
        found.append((monday, many))
    return found


def _usually_wanted(visit: Visit) -> int:
    always = (one for one in wishes_of(visit.db, visit.line.line_id) if one.window is None)
    return max([one.number for one in always if one.subject == LINE], default=1) or 1


def _holidays(visit: Visit) -> list[tuple[date, str]]:
    return holidays_near(visit.line.countries[0], _today(visit), visit.telling.language)


def _today(visit: Visit) -> date:
    return local_day(visit.now, visit.line.zone)
