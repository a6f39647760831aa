"""Patterns as they are kept: added, read, and said yes to as a whole."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from shifts.faults import Fault, NotInRoster
from shifts.history import history, related_rows
from shifts.history.related_rows import RelatedRow
from shifts.local_time import local_day
from shifts.models import AGREED, ASKED, Line, Person, Place
from shifts.patterns.rule import Rule, check, everybody
from shifts.patterns.rule_json import from_json, to_json
from shifts.patterns.seats import PatternRow
from shifts.places import COLUMNS, PlaceQuery, PlaceRow
from shifts.planning_models import Pattern, PatternYes

LONGEST_NAME = 80


class NoSuchPattern(Fault):
    """The line has no such pattern, or it has ended."""


class PatternOver(Fault):
    """The last day of a new pattern has passed."""


class BadName(Fault):
    """A pattern's name is empty, too long, or cannot be shown."""


class NotInPattern(Fault):
    """Somebody said yes to a pattern that does not name them."""


def add_pattern(
    connection: Connection, line_id: int, rule: Rule, name: str, duty: bool, now: datetime
) -> int:
    """Keep a new pattern; its id. Its places come with materialise.make_ahead.

    Raises BadPattern, BadName, PatternOver or NotInRoster.
    """
    check_people(connection, line_id, check(rule))
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadName(f"The pattern's name has from 1 to {LONGEST_NAME} characters.")
    if not name.isprintable():
        raise BadName("The pattern's name has characters that cannot be shown; leave them out.")
    zone = ZoneInfo(connection.execute(select(Line.time_zone).filter_by(id=line_id)).scalar_one())
    if rule.last_day is not None and rule.last_day < local_day(now, zone):
        raise PatternOver(f"The last day, {rule.last_day}, has passed; choose a later one or none.")
    values = {"line_id": line_id, "name": name, "duty": duty, "rule": to_json(rule)}
    made = connection.execute(insert(Pattern).values(values).returning(Pattern.id))
    return int(made.scalar_one())


def check_people(connection: Connection, line_id: int, rule: Rule) -> None:
    """Raises NotInRoster when the rule names somebody who is not of this line."""
    named = everybody(rule)
    of_line = select(Person.id).where(Person.line_id == line_id, Person.id.in_(named))
    missing = named - set(connection.scalars(of_line))
    if missing:
        numbers = ", ".join(str(one) for one in sorted(missing))
        raise NotInRoster(f"Nobody of this line's roster has the number {numbers}.")


def patterns_of(connection: Connection, line_id: int) -> list[PatternRow]:
    """The patterns of a line that have not ended, by id."""
    query = _patterns().where(Pattern.line_id == line_id, Pattern.ended.is_(False))
    return [_pattern(*row) for row in connection.execute(query)]


def pattern(connection: Connection, line_id: int, pattern_id: int) -> PatternRow:
    """One pattern that has not ended. Raises NoSuchPattern."""
    query = _patterns().where(Pattern.line_id == line_id, Pattern.id == pattern_id)
    row = connection.execute(query.where(Pattern.ended.is_(False))).first()
    if row is None:
        raise NoSuchPattern("There is no such pattern on this line, or it has ended.")
    return _pattern(*row)


def yes_to(connection: Connection, pattern_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who said yes to which of these patterns: (pattern, person) pairs."""
    query = select(PatternYes.pattern_id, PatternYes.person_id)
    rows = connection.execute(query.where(PatternYes.pattern_id.in_(pattern_ids)))
    return {(row.pattern_id, row.person_id) for row in rows}


def say_yes(
    connection: Connection, line_id: int, pattern_id: int, person_id: int, now: datetime
) -> int:
    """One yes for a whole pattern: what was asked and is not over is agreed; how many places.

    What the pattern makes later comes as agreed. Undo takes the yes back too; what came as agreed
    meanwhile stays theirs until dropped. Raises NoSuchPattern, NotInPattern or ChangedMeanwhile.
    """
    if person_id not in everybody(pattern(connection, line_id, pattern_id).rule):
        raise NotInPattern("That pattern has no shift of yours; take a single one instead.")
    done: list[RelatedRow] = []
    if (pattern_id, person_id) not in yes_to(connection, [pattern_id]):
        said = {"pattern_id": pattern_id, "person_id": person_id, "said_at": now}
        done = related_rows.make(connection, PatternYes, [said])
        # A change of the rule that was made before is not undone any more: the yes is to this one.
        bumped = update(Pattern).where(Pattern.id == pattern_id)
        connection.execute(bumped.values(version=Pattern.version + 1))
    asked = places_of(connection, line_id, pattern_id, now).where(
        Place.person_id == person_id, Place.state == ASKED
    )
    rows = [PlaceRow(*row) for row in connection.execute(asked)]
    if rows or done:
        pairs = [history.Pair(row, replace(row, state=AGREED)) for row in rows]
        change = history.Change(line_id, "pattern yes", person_id, now)
        history.write(connection, change, pairs, done)
    return len(rows)


def take_yes_back(connection: Connection, line_id: int, pattern_id: int, person_id: int) -> None:
    """What the pattern makes later is asked again; what was agreed stays theirs until dropped.

    Raises NoSuchPattern.
    """
    wanted = their_yes(pattern(connection, line_id, pattern_id).id, [person_id])
    connection.execute(delete(PatternYes).where(*wanted))


def their_yes(pattern_id: int, people: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
    """Which rows are the yes of these people to a whole pattern."""
    return PatternYes.pattern_id == pattern_id, PatternYes.person_id.in_(list(people))


def places_of(connection: Connection, line_id: int, pattern_id: int, now: datetime) -> PlaceQuery:
    """The query of a pattern's places that are not over, by start."""
    return (
        select(*COLUMNS)
        .where(Place.line_id == line_id, Place.pattern_id == pattern_id, Place.ends_at > now)
        .order_by(Place.starts_at, Place.id)
    )


def _patterns() -> Select[int, int, str, bool, str, datetime | None, bool, int]:
    columns = (Pattern.id, Pattern.line_id, Pattern.name, Pattern.duty, Pattern.rule)
    rest = (Pattern.made_until, Pattern.ended, Pattern.version)
    return select(*columns, *rest).order_by(Pattern.id)


def _pattern(
    pattern_id: int,
    line_id: int,
    name: str,
    duty: bool,
    rule: str,
    made_until: datetime | None,
    ended: bool,
    version: int,
) -> PatternRow:
    return PatternRow(pattern_id, line_id, name, duty, from_json(rule), made_until, ended, version)
