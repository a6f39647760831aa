"""Patterns: what repeats, looked at for eight weeks before anything changes; and holidays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from shifts.faults import Fault
from shifts.local_time import DAY, local_day, start_of_day
from shifts.overrides import holidays
from shifts.patterns import materialise
from shifts.patterns.changing import Difference, change_pattern, end_pattern, preview
from shifts.patterns.materialise import AHEAD
from shifts.patterns.occurrences import occurrences
from shifts.patterns.pattern_rows import BadName, add_pattern, pattern, patterns_of
from shifts.patterns.rule import UNITS, BadPattern, Rule
from shifts.patterns.seats import PatternRow
from shifts.planning_models import RosterChange
from warmline.desk.planning import pattern_form
from warmline.desk.planning.holidays import holidays_near
from warmline.desk.planning.pattern_form import Unreadable
from warmline.desk.roster import shift_form, undo_redo, week
from warmline.desk.roster.grid import Somebody
from warmline.desk.visit import Answer, Away, Form, HtmlPage, NotFound, Visit

HERE: Final = "/desk/patterns"
WEEKS: Final = 8
MOST_SHOWN: Final = 120


def show(visit: Visit) -> Answer:
    """Every pattern, and the holidays ahead."""
    people = week.everybody(visit)
    names = {one.person_id: one.name for one in people}
    found = patterns_of(visit.db, visit.line.line_id)
    near = holidays_near(visit.line.countries[0], _today(visit), visit.telling.language)
    told = [(one, described(visit, one.rule, names)) for one in found]
    return HtmlPage("patterns.html", {"patterns": told, "holidays": near})


def new(visit: Visit) -> Answer:
    """A form for a new pattern."""
    start = [("first_day", _today(visit).isoformat()), ("starts", "18:00"), ("ends", "22:00")]
    return _form(visit, Form([*start, ("how", "people"), ("open_places", "1")]), 0)


def edit(visit: Visit) -> Answer:
    """A form with a pattern as it is."""
    one = _pattern(visit)
    fields = pattern_form.fields(one.rule, one.name, week.everybody(visit))
    return _form(visit, Form([*fields, ("from", _today(visit).isoformat())]), one.id)


def eight_weeks(visit: Visit) -> Answer:
    """The next eight weeks as they would be; nothing is changed by looking."""
    number = visit.form.number("pattern") or 0
    people = week.everybody(visit)
    try:
        rule = pattern_form.rule(visit.form, people)
        difference = _difference(visit, number, rule)
    except (Unreadable, BadPattern, BadName, Fault) as fault:
        return _form(visit, visit.form, number, wrong=_wrong(visit, fault))
    values = {
        "shifts": _ahead(visit, rule, people),
        "described": described(visit, rule, {one.person_id: one.name for one in people}),
        "difference": difference,
        "names": {one.person_id: one.name for one in people},
        "pairs": visit.form.pairs(),
        "number": number,
    }
    return HtmlPage("pattern_preview.html", values)


def save(visit: Visit) -> Answer:
    """The pattern is made, or changed from a day on; its places of eight weeks are there."""
    number, line = visit.form.number("pattern") or 0, visit.line
    try:
        rule = pattern_form.rule(visit.form, week.everybody(visit))
        with visit.db.begin_nested():
            if number:
                _change(visit, number, rule)
            else:
                duty = visit.form["duty"] == "yes"
                add_pattern(visit.db, line.line_id, rule, visit.form["name"], duty, visit.now)
            until = visit.now + AHEAD
            materialise.make_ahead(visit.db, line.line_id, line.zone, visit.now, until)
    except (Unreadable, BadPattern, BadName, Fault) as fault:
        return _form(visit, visit.form, number, wrong=_wrong(visit, fault))
    return Away(f"{HERE}?done=pattern")


def end(visit: Visit) -> Answer:
    """The pattern makes nothing from a day on; who has said yes keeps their shifts."""
    one = _pattern(visit)
    day = shift_form.day_of(visit.form["from"]) or _today(visit)
    since = max(start_of_day(day, visit.line.zone), visit.now)
    try:
        with visit.db.begin_nested():
            end_pattern(
                *(visit.db, visit.line.line_id, visit.line.zone, one.id, since, visit.now),
                keep_agreed=True,
                by_id=visit.visitor.person_id,
            )
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": visit.telling.fault(fault), "to": HERE}
        return HtmlPage("cannot.html", values, 409)
    _note_step(visit)
    return Away(f"{HERE}?done=pattern_ended")


def holiday(visit: Visit) -> Answer:
    """On a day the line is closed, or has other hours; nobody is on that day if wished."""
    day = shift_form.day_of(visit.form["day"])
    if day is None:
        return Away(HERE)
    try:
        with visit.db.begin_nested():
            holidays.holiday(
                *(visit.db, visit.line.line_id, day, day, visit.line.zone),
                by_id=visit.visitor.person_id,
                now=visit.now,
                hide=visit.form["hide"] == "yes",
                note=visit.form["note"][:80],
            )
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": visit.telling.fault(fault), "to": HERE}
        return HtmlPage("cannot.html", values, 409)
    _note_step(visit)
    return Away(f"{HERE}?done=holiday")


def described(visit: Visit, rule: Rule, names: dict[int, str]) -> str:
    """A rule in one sentence."""
    t, window = visit.telling, rule.window
    fields = Form(pattern_form.fields(rule, "", []))
    weekdays = t.listed([t(f"weekday.{one}") for one in fields.every("weekdays")])
    kind = fields["kind"] or "always"
    nths = t.listed([t(f"nth.{one.replace('-', 'last')}") for one in fields.every("nths")])
    days = t(
        f"patterns.days_{kind}",
        weekdays=weekdays,
        n=int(fields["every"] or 1),
        dates=fields["dates"],
        nths=nths,
    )
    times = f"{window.starts:%H:%M}\N{EN DASH}{window.ends:%H:%M}" if window else ""
    who = [names.get(one, "") for one in rule.persons]
    who += [t("patterns.open", n=rule.open_places)] if rule.open_places else []
    if rule.turns:
        groups = [" + ".join(names.get(p, "") for p in group) for group in rule.turns.groups]
        who.append(t("patterns.turns", groups=", ".join(groups), unit=t(f"unit.{rule.turns.unit}")))
    return f"{days}, {times}: {t.listed(who)}"


def _difference(visit: Visit, number: int, rule: Rule) -> Difference | None:
    if not number:
        return None
    line, since = visit.line, _since(visit)
    return preview(visit.db, line.line_id, line.zone, number, rule, since, visit.now)


def _change(visit: Visit, number: int, rule: Rule) -> None:
    line = visit.line
    change_pattern(
        *(visit.db, line.line_id, line.zone, number, rule, _since(visit), visit.now),
        keep_agreed=True,
        by_id=visit.visitor.person_id,
    )
    _note_step(visit)


def _note_step(visit: Visit) -> None:
    """The change just written can be undone at the desk."""
    query = select(RosterChange.id).where(RosterChange.line_id == visit.line.line_id)
    newest = visit.db.scalar(query.order_by(RosterChange.id.desc()).limit(1))
    undo_redo.done(visit.db, visit.visitor.person_id, newest)


def _since(visit: Visit) -> datetime:
    day = shift_form.day_of(visit.form["from"]) or _today(visit)
    return max(start_of_day(day, visit.line.zone), visit.now)


def _ahead(visit: Visit, rule: Rule, people: Sequence[Somebody]) -> list[tuple[str, str]]:
    names = {one.person_id: one.name for one in people}
    until = visit.now + WEEKS * 7 * DAY
    found = []
    for one in occurrences(rule, visit.line.zone, visit.now, until):
        who = [names.get(person, "") for person in one.persons]
        who += [visit.telling("week.needs_someone")] * one.open_places
        found.append((visit.telling.dated(one.starts_at, one.ends_at), ", ".join(who)))
        if len(found) == MOST_SHOWN:
            break
    return found


def _form(
    visit: Visit, fields: Form, number: int, *, wrong: dict[str, str] | None = None
) -> Answer:
    values: dict[str, object] = {
        "fields": fields,
        "number": number,
        "people": week.everybody(visit),
        "wrong": wrong or {},
        "kinds": pattern_form.KINDS,
        "units": UNITS,
        "nths": ("1", "2", "3", "4", "5", "-1"),
    }
    return HtmlPage("pattern.html", values, 422 if wrong else 200)


def _wrong(visit: Visit, fault: Exception) -> dict[str, str]:
    if isinstance(fault, Unreadable):
        return {name: visit.telling(f"patterns.{key}") for name, key in fault.wrong.items()}
    if isinstance(fault, BadName):
        return {"name": visit.telling("patterns.bad_name")}
    if isinstance(fault, BadPattern):
        fields = {one.field.split(".")[0] for one in fault.bad}
        named = {"window": "kind", "turns": "groups", "persons": "persons"}
        return {named.get(one, one): visit.telling("patterns.bad_rule") for one in fields}
    return {"first_day": visit.telling("patterns.bad_rule")}


def _pattern(visit: Visit) -> PatternRow:
    try:
        return pattern(visit.db, visit.line.line_id, int(visit.path["pattern"]))
    except Fault:
        raise NotFound from None


def _today(visit: Visit) -> date:
    return local_day(visit.now, visit.line.zone)
