"""Erases a person who leaves from the whole roster; their hours stay, by nobody."""

import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, delete, insert, or_, select, update

from shifts.claims.presence import NotOn, go_off
from shifts.editing import templates
from shifts.local_time import Span, local_day
from shifts.models import DRAFT, ON_STATES, OPEN, Away, Person, Place
from shifts.patterns.rule import Rule, everybody
from shifts.patterns.rule_json import from_json, to_json
from shifts.planning_models import (
    DatedChange,
    HiddenPlace,
    HoursGiven,
    Pattern,
    PatternYes,
    RemovedPlace,
    RosterChange,
    Swap,
)

MINUTE = timedelta(minutes=1)


def leave(
    connection: Connection, line_id: int, person_id: int, zone: ZoneInfo, now: datetime
) -> list[Span]:
    """Erase a person from the roster; the spans (UTC) that are open now because of it.

    What is over becomes hours by month, of nobody in particular; the rest of the present shift
    and all that was to come is open; no pattern, change or history names them. Whatever else
    points at the person must be gone before.
    """
    for duty in (False, True):
        with suppress(NotOn):
            go_off(connection, line_id, person_id, now, duty=duty)
    _keep_hours(connection, line_id, person_id, zone, now)
    opened = _open_what_was_to_come(connection, person_id, now)
    _out_of_patterns(connection, line_id, person_id)
    _out_of_the_rest(connection, line_id, person_id)
    connection.execute(delete(Person).where(Person.id == person_id))
    return opened


def without(rule: Rule, person_id: int) -> Rule | None:
    """The rule without a person: their seat is open; None when turns without days have nobody."""
    seats = rule.persons.count(person_id)
    persons = tuple(one for one in rule.persons if one != person_id)
    rule = replace(rule, persons=persons, open_places=rule.open_places + seats)
    if rule.turns is None:
        return rule
    groups = [tuple(one for one in group if one != person_id) for group in rule.turns.groups]
    left = tuple(group for group in groups if group)
    if left:
        return replace(rule, turns=replace(rule.turns, groups=left))
    still = replace(rule, turns=None, open_places=rule.open_places + 1)
    return None if still.window is None else still


def _keep_hours(
    connection: Connection, line_id: int, person_id: int, zone: ZoneInfo, now: datetime
) -> None:
    over = (Place.person_id == person_id, Place.ends_at <= now)
    spans = select(Place.starts_at, Place.ends_at).where(*over, Place.state.in_(ON_STATES))
    months: Counter[date] = Counter()
    for starts_at, ends_at in connection.execute(spans):
        months[local_day(starts_at, zone).replace(day=1)] += (ends_at - starts_at) // MINUTE
    for month, minutes in months.items():
        known = (HoursGiven.line_id == line_id, HoursGiven.month == month)
        more = update(HoursGiven).where(*known).values(minutes=HoursGiven.minutes + minutes)
        if connection.execute(more).rowcount == 0:
            row = {"line_id": line_id, "month": month, "minutes": minutes}
            connection.execute(insert(HoursGiven).values(row))
    connection.execute(delete(Place).where(*over))


def _open_what_was_to_come(connection: Connection, person_id: int, now: datetime) -> list[Span]:
    """Drafts stay drafts, of nobody: they have not been published."""
    theirs = update(Place).where(Place.person_id == person_id)
    state = case((Place.state == DRAFT, DRAFT), else_=OPEN)
    changed = theirs.values(person_id=None, state=state, version=Place.version + 1)
    rows = connection.execute(changed.returning(Place.starts_at, Place.ends_at, Place.state)).all()
    opened = (row for row in rows if row.state == OPEN and row.ends_at > now)
    return sorted((row.starts_at, row.ends_at) for row in opened)


def _out_of_patterns(connection: Connection, line_id: int, person_id: int) -> None:
    """Of ended ones too: whoever undoes the end must not bring them back.

    Where others' turns come another way now, their yes to the old way is none to the new.
    """
    connection.execute(delete(PatternYes).where(PatternYes.person_id == person_id))
    kept = select(Pattern.id, Pattern.rule).where(Pattern.line_id == line_id)
    for row in connection.execute(kept).all():
        was = from_json(row.rule)
        if person_id not in everybody(was):
            continue
        rule = without(was, person_id)
        changes = {"ended": True} if rule is None else {"rule": to_json(rule)}
        one = update(Pattern).where(Pattern.id == row.id)
        connection.execute(one.values(**changes, version=Pattern.version + 1))
        if rule is not None and _turns(rule) != _turns(was):
            connection.execute(delete(PatternYes).where(PatternYes.pattern_id == row.id))


def _turns(rule: Rule) -> int:
    return 0 if rule.turns is None else len(rule.turns.groups)


def _out_of_the_rest(connection: Connection, line_id: int, person_id: int) -> None:
    """Away times, swaps, dated changes, hidden and removed places, and the history."""
    connection.execute(delete(Away).where(Away.person_id == person_id))
    of_swap = or_(Swap.asking_id == person_id, Swap.asked_id == person_id)
    connection.execute(delete(Swap).where(of_swap))
    hidden = update(HiddenPlace).where(HiddenPlace.person_id == person_id)
    still = case((HiddenPlace.state == DRAFT, DRAFT), else_=OPEN)
    connection.execute(hidden.values(person_id=None, state=still))
    comes = update(DatedChange).where(DatedChange.comes_id == person_id)
    connection.execute(comes.values(comes_id=None, kind="remove"))
    connection.execute(delete(DatedChange).where(DatedChange.leaves_id == person_id))
    removed = update(RemovedPlace).where(RemovedPlace.person_id == person_id)
    connection.execute(removed.values(person_id=None))
    templates.without_person(connection, line_id, person_id)
    _out_of_history(connection, line_id, person_id)


def _out_of_history(connection: Connection, line_id: int, person_id: int) -> None:
    """A change that names them cannot be undone any more, and is forgotten."""
    changes = select(RosterChange.id, RosterChange.by_id, RosterChange.places)
    rows = connection.execute(changes.where(RosterChange.line_id == line_id)).all()
    named = [
        row.id
        for row in rows
        if row.by_id == person_id or person_id in _persons(json.loads(row.places))
    ]
    connection.execute(delete(RosterChange).where(RosterChange.id.in_(named)))


def _persons(thing: object) -> set[int]:
    """Every person that a piece of history names, however deep."""
    if isinstance(thing, dict):
        own = {value for key, value in thing.items() if key in PERSON_KEYS}
        found = {one for one in own if isinstance(one, int)}
        if isinstance(thing.get("rule"), str):
            found |= everybody(from_json(thing["rule"]))
        return found.union(*(_persons(value) for value in thing.values()))
    if isinstance(thing, list):
        return set[int]().union(*(_persons(one) for one in thing))
    return set()


PERSON_KEYS = frozenset({"person_id", "by_id", "leaves_id", "comes_id", "asking_id", "asked_id"})
