"""One shift at the desk: added, changed, split or taken off; warned of before, undone after."""

from dataclasses import replace
from datetime import date

from shifts.claims.findings import Finding
from shifts.editing import editing, splitting
from shifts.editing.editing import Wish
from shifts.faults import Fault
from shifts.history.history import ChangedMeanwhile
from shifts.history.whole_shift import WholeShift
from shifts.models import AGREED, ASKED, PlaceState
from shifts.place_listing import ShownShift
from shifts.refusals import NoSuchPlace
from warmline.desk.roster import shift_form, undo_redo, view, week
from warmline.desk.roster.shift_form import FilledShift
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.people import shifts_by_others


def new(visit: Visit) -> Answer:
    """A form for one more shift."""
    query = visit.query
    day = view.day_asked(visit)
    starts, ends = query["starts"] or "18:00", query["ends"] or "22:00"
    fields = shift_form.blank(day, query.number("who"), starts, ends)
    return _form(visit, fields, None)


def add(visit: Visit) -> Answer:
    """One more shift, unless something forbids it."""
    read = _read(visit)
    wish = read.wish
    if wish is None:
        return _form(visit, read.fields, None, wrong=read.wrong)
    against = _against(visit, wish)
    if _must_ask(visit, against):
        return _form(visit, read.fields, None, against=against)
    who = visit.visitor.person_id
    change = editing.add(visit.db, visit.line.line_id, wish, who, visit.now)
    _note(visit, change, wish)
    return _to_week(visit, read.fields["day"], "added")


def show(visit: Visit) -> Answer:
    """A form with the shift as it is."""
    shift = the_shift(visit)
    return _form(visit, shift_form.of_shift(whole_shift_shown(shift), visit.line.zone), shift)


def save(visit: Visit) -> Answer:
    """The shift as it was typed; whoever has not seen what it is by now is shown it first."""
    shift, read = the_shift(visit), _read(visit)
    if visit.form.number("seen") != editing.version(shift):
        return _form(visit, read.fields, shift, wrong=read.wrong, meanwhile=True)
    if read.wish is None:
        return _form(visit, read.fields, shift, wrong=read.wrong)
    wish = read.wish
    against = _against(visit, wish, shift)
    if _must_ask(visit, against):
        return _form(visit, read.fields, shift, against=against)
    return _saved(visit, shift, wish, _state(visit, shift, wish))


def remove(visit: Visit) -> Answer:
    """The shift is off the roster."""
    shift = the_shift(visit)
    seen, who = visit.form.number("seen") or 0, visit.visitor.person_id
    place = shift.first.id or 0
    day = visit.telling.local(shift.first.starts_at).date().isoformat()
    try:
        gone = editing.remove(visit.db, visit.line.line_id, place, seen, who, visit.now)
    except ChangedMeanwhile:
        fields = shift_form.of_shift(whole_shift_shown(shift), visit.line.zone)
        return _form(visit, fields, shift, meanwhile=True)
    undo_redo.done(visit.db, who, gone)
    return _to_week(visit, day, "removed")


def split(visit: Visit) -> Answer:
    """Two shifts of one."""
    shift = the_shift(visit)
    fields = shift_form.of_shift(whole_shift_shown(shift), visit.line.zone)
    at = shift_form.instant(visit.form["at_day"], visit.form["at"], visit.line.zone)
    if at is None or not shift.span[0] < at < shift.span[1]:
        return _form(visit, fields, shift, wrong={"at": "bad_at"})
    who = visit.visitor.person_id
    try:
        line_id, place = visit.line.line_id, shift.first.id or 0
        change = splitting.split(visit.db, line_id, place, at, by_id=who, now=visit.now)
    except Fault:
        return _form(visit, fields, shift, wrong={"at": "bad_at"})
    undo_redo.done(visit.db, who, change)
    return _to_week(visit, fields["day"], "split")


def _state(visit: Visit, shift: WholeShift, wish: Wish) -> PlaceState:
    """As it was chosen; where nothing was chosen anew, a yes holds for its own hours alone."""
    if visit.form["how"] != visit.form["was_how"]:
        return wish.state
    as_asked = ASKED if wish.state == AGREED else wish.state
    return editing.state_after(shift, replace(wish, state=as_asked))


def _saved(visit: Visit, shift: WholeShift, wish: Wish, state: PlaceState) -> Answer:
    as_wished = replace(wish, state=state)
    who, seen = visit.visitor.person_id, editing.version(shift)
    line_id, place = visit.line.line_id, shift.first.id or 0
    change = editing.change(visit.db, line_id, place, seen, as_wished, who, visit.now)
    _note(visit, change, as_wished)
    day = visit.telling.local(wish.starts_at).date().isoformat()
    asked = state == ASKED and shift.first.on
    return _to_week(visit, day, "changed_asked" if asked else "changed")


def _note(visit: Visit, change: int, wish: Wish) -> None:
    undo_redo.done(visit.db, visit.visitor.person_id, change)
    if wish.state == AGREED and wish.person_id not in (None, visit.visitor.person_id):
        # They hear of it by text, and can say that it is not so.
        shifts_by_others.note_change(visit.db, change, visit.now)


def _read(visit: Visit) -> FilledShift:
    people = [one.person_id for one in week.everybody(visit)]
    return shift_form.read(visit.form, visit.line.zone, people)


def _against(visit: Visit, wish: Wish, shift: WholeShift | None = None) -> list[Finding]:
    without = shift.ids if shift else ()
    line = visit.line
    return editing.speaks_against(visit.db, line.line_id, wish, line.zone, visit.now, without)


def _must_ask(visit: Visit, against: list[Finding]) -> bool:
    """Whether it is forbidden, or warned of and not yet confirmed as it stands now."""
    if any(one.blocks and one.name == "double" for one in against):
        return True
    return bool(against) and visit.form["all_the_same"] != shift_form.seen_as(against)


def the_shift(visit: Visit) -> WholeShift:
    """The shift in the address; raises NotFound."""
    try:
        return editing.shift_at(visit.db, visit.line.line_id, int(visit.path["place"]))
    except NoSuchPlace:
        raise NotFound from None


def whole_shift_shown(shift: WholeShift) -> ShownShift:
    """A whole shift as it is shown."""
    first = shift.first
    begin, end = shift.span
    return ShownShift(
        begin, end, first.id or 0, first.person_id, first.state, first.duty, first.version
    )


def _form(
    visit: Visit,
    fields: dict[str, str],
    shift: WholeShift | None,
    *,
    wrong: dict[str, str] | None = None,
    against: list[Finding] | None = None,
    meanwhile: bool = False,
) -> Answer:
    against = against or []
    people = week.everybody(visit)
    values: dict[str, object] = {
        "fields": fields,
        "shift": whole_shift_shown(shift) if shift else None,
        "seen": editing.version(shift) if shift else 0,
        "people": people,
        "names": {one.person_id: one.name for one in people},
        "wrong": {name: visit.telling(f"place.{key}") for name, key in (wrong or {}).items()},
        "warnings": shift_form.spoken(against, visit.telling),
        "forbidden": any(one.blocks for one in against),
        "all_the_same": shift_form.seen_as(against),
        "meanwhile": meanwhile,
    }
    return HtmlPage("place.html", values, 422 if wrong or against or meanwhile else 200)


def _to_week(visit: Visit, day: str, done: str) -> Away:
    return Away(f"/desk/week?day={date.fromisoformat(day)}&done={done}&undo=1")
