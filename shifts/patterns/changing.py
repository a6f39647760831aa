"""Changing a pattern: what would change is said first, what people agreed to is kept or asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from shifts.faults import Fault
from shifts.history import history, related_rows
from shifts.history.history import Change, ChangedMeanwhile, Pair
from shifts.history.related_rows import RelatedRow
from shifts.models import ASKED
from shifts.overrides import override_rows
from shifts.overrides.override_rules import HasAnother, HiddenRow
from shifts.patterns.comparing import Compared, asks_nothing_new, compare, places_since, seats_since
from shifts.patterns.materialise import make, settled, unmade_seats
from shifts.patterns.pattern_rows import check_people, pattern, places_of, their_yes, yes_to
from shifts.patterns.rule import Rule, check
from shifts.patterns.rule_json import to_json
from shifts.patterns.seats import Made, PatternRow, Seat
from shifts.places import PlaceRow
from shifts.planning_models import HiddenPlace, Pattern, PatternYes

KIND = "pattern"
YEAR = timedelta(days=366)


class TooFarAhead(Fault):
    """A pattern's change would begin so far ahead that years of places had to be made first."""


@dataclass(frozen=True)
class Difference:
    """What a change of a pattern does to the places there are, from its instant on.

    `detached`: agreed to, not held by the new rule, and kept for their persons all the same.
    `asked_again`: persons who had said yes and are asked for new places. `already_on`: where
    the new rule wants somebody who is on already.
    """

    kept: tuple[PlaceRow, ...]
    added: tuple[PlaceRow, ...]
    removed: tuple[PlaceRow, ...]
    detached: tuple[PlaceRow, ...]
    asked_again: tuple[int, ...]
    already_on: tuple[HasAnother, ...]


@dataclass(frozen=True)
class _Wish:
    """What a pattern (as it is) is to follow from `since` (UTC) on; no rule: nothing."""

    pattern: PatternRow
    new_rule: Rule | None
    zone: ZoneInfo
    since: datetime
    keep_agreed: bool

    def seats(self, rule: Rule | None, until: datetime) -> dict[str, Seat]:
        return seats_since(self.pattern, rule, self.zone, self.since, until)


@dataclass(frozen=True)
class _Thought:
    """A change as it is thought out before anything is written; `shown`: no longer hidden."""

    pairs: list[Pair]
    shown: list[int]
    hidden: list[HiddenRow]
    no_longer: set[int]
    difference: Difference


def preview(
    connection: Connection,
    line_id: int,
    zone: ZoneInfo,
    pattern_id: int,
    new_rule: Rule | None,
    from_instant: datetime,
    now: datetime,
    *,
    keep_agreed: bool = True,
) -> Difference:
    """What `change_pattern` (with None: `end_pattern`) would do; nothing is changed.

    Raises NoSuchPattern, BadPattern, NotInRoster or TooFarAhead.
    """
    _check(connection, line_id, new_rule)
    one = pattern(connection, line_id, pattern_id)
    wish = _Wish(one, new_rule, zone, _since(from_instant, now), keep_agreed)
    unmade: list[PlaceRow] = []
    if one.made_until is None or one.made_until < wish.since:
        wanted = unmade_seats(one, zone, now, wish.since)
        unmade = settled(connection, [one], wanted, yes_to(connection, [one.id])).places
    return _think(connection, wish, unmade).difference


def change_pattern(
    connection: Connection,
    line_id: int,
    zone: ZoneInfo,
    pattern_id: int,
    new_rule: Rule,
    from_instant: datetime,
    now: datetime,
    *,
    keep_agreed: bool,
    by_id: int | None = None,
) -> Difference:
    """From an instant on the pattern follows another rule, for shifts that begin then or later.

    A turn without a window that is under way then is cut there. A shift that both rules hold
    stays as it is, whatever became of its places; people are asked for new ones. What was agreed
    to and the new rule does not hold is kept as single shifts (`keep_agreed`) or removed. A yes
    to the whole pattern goes on for whom the new rule asks nothing new.

    Undo brings all of it back, until the pattern has made places by its new rule. Raises
    NoSuchPattern, BadPattern, NotInRoster, TooFarAhead or ChangedMeanwhile.
    """
    _check(connection, line_id, new_rule)
    change = Change(line_id, KIND, by_id, now)
    return _change(connection, change, zone, pattern_id, new_rule, from_instant, keep_agreed)


def end_pattern(
    connection: Connection,
    line_id: int,
    zone: ZoneInfo,
    pattern_id: int,
    from_instant: datetime,
    now: datetime,
    *,
    keep_agreed: bool,
    by_id: int | None = None,
) -> Difference:
    """The pattern makes nothing that begins at an instant or later; else as `change_pattern`."""
    change = Change(line_id, KIND, by_id, now)
    return _change(connection, change, zone, pattern_id, None, from_instant, keep_agreed)


def _check(connection: Connection, line_id: int, rule: Rule | None) -> None:
    if rule is not None:
        check_people(connection, line_id, check(rule))


def _since(from_instant: datetime, now: datetime) -> datetime:
    """A change begins now at the earliest: nobody is taken off, or put on, in the past."""
    if from_instant > now + YEAR:
        raise TooFarAhead(
            "A pattern's change begins within a year from now; choose an earlier day."
        )
    return max(from_instant, now)


def _change(
    connection: Connection,
    change: Change,
    zone: ZoneInfo,
    pattern_id: int,
    new_rule: Rule | None,
    from_instant: datetime,
    keep_agreed: bool,
) -> Difference:
    now, since = change.made_at, _since(from_instant, change.made_at)
    make(connection, [pattern(connection, change.line_id, pattern_id)], zone, now, since)
    one = pattern(connection, change.line_id, pattern_id)
    thought = _think(connection, _Wish(one, new_rule, zone, since, keep_agreed))
    done = [_follow(connection, one, new_rule)]
    done += related_rows.take(connection, HiddenPlace, HiddenPlace.id.in_(thought.shown))
    done += override_rows.keep_hidden(connection, thought.hidden)
    done += related_rows.take(connection, PatternYes, *their_yes(one.id, thought.no_longer))
    history.write(connection, change, thought.pairs, done)
    return thought.difference


def _think(connection: Connection, wish: _Wish, unmade: Sequence[PlaceRow] = ()) -> _Thought:
    """Compare both rules as far as places are made (`unmade` as if they were)."""
    one, since = wish.pattern, wish.since
    until = max(one.made_until or since, since)
    stored = connection.execute(places_of(connection, one.line_id, one.id, since))
    rows = places_since([*(PlaceRow(*row) for row in stored), *unmade], one.rule, since)
    hidden = places_since(_hidden(connection, one), one.rule, since)
    origins = {row.origin or "" for row in hidden}
    old, new = wish.seats(one.rule, until), wish.seats(wish.new_rule, until)
    compared = compare(rows, origins, old, new, since)
    said = {person for _, person in yes_to(connection, [one.id])}
    still = _still_covered(wish, said)
    lost = [row for row in compared.lost if not (wish.keep_agreed and row.on)]
    yes = {(one.id, person) for person in still}
    made = settled(connection, [one], compared.wanted, yes, {row.id for row in lost})
    return _Thought(
        pairs=_pairs(compared, lost, made, since),
        shown=[row.id or 0 for row in hidden if row.origin not in compared.same],
        hidden=made.hidden,
        no_longer=said - still,
        difference=_difference(compared, lost, made, since, said),
    )


def _still_covered(wish: _Wish, people: set[int]) -> set[int]:
    """Those whose yes to the old rule covers, for a year, all that the new one wants of them."""
    until = wish.since + YEAR
    old = wish.seats(wish.pattern.rule, until).values() if people else ()
    new = wish.seats(wish.new_rule, until).values() if people else ()
    return {person for person in people if asks_nothing_new(person, old, new)}


def _difference(
    compared: Compared, lost: Sequence[PlaceRow], made: Made, since: datetime, said: set[int]
) -> Difference:
    agreed = said | {row.person_id for row in compared.lost if row.on and row.person_id}
    asked = {row.person_id for row in made.places if row.state == ASKED and row.person_id}
    return Difference(
        kept=tuple(pair.after for pair in compared.kept if pair.after),
        added=tuple(made.places),
        removed=tuple(replace(row, starts_at=max(row.starts_at, since)) for row in lost),
        detached=tuple(replace(row, pattern_id=None) for row in compared.lost if row not in lost),
        asked_again=tuple(sorted(agreed & asked)),
        already_on=tuple(made.already_on),
    )


def _pairs(compared: Compared, lost: Sequence[PlaceRow], made: Made, since: datetime) -> list[Pair]:
    detached = (row for row in compared.lost if row not in lost)
    return [
        *compared.kept,
        *(Pair(row, replace(row, pattern_id=None)) for row in detached),
        *(Pair(row, _until(row, since)) for row in lost),
        *(Pair(None, row) for row in made.places),
    ]


def _until(row: PlaceRow, since: datetime) -> PlaceRow | None:
    """What stays of a place that ends at an instant; nothing of one that begins only then."""
    return replace(row, ends_at=since) if row.starts_at < since else None


def _hidden(connection: Connection, one: PatternRow) -> list[PlaceRow]:
    """The pattern's places that dated changes hide; their ids are those of the hidden rows."""
    query = select(
        *(HiddenPlace.id, HiddenPlace.starts_at, HiddenPlace.ends_at, HiddenPlace.person_id),
        *(HiddenPlace.state, HiddenPlace.duty, HiddenPlace.pattern_id, HiddenPlace.origin),
    ).where(HiddenPlace.line_id == one.line_id, HiddenPlace.pattern_id == one.id)
    rows: Iterable[Any] = connection.execute(query)
    return [PlaceRow(row.id, one.line_id, *row[1:]) for row in rows]


def _follow(connection: Connection, one: PatternRow, new_rule: Rule | None) -> RelatedRow:
    """The pattern has its new rule, or has ended, unless somebody was faster."""
    as_it_was = (
        Pattern.id == one.id,
        Pattern.version == one.version,
        Pattern.made_until.is_not_distinct_from(one.made_until),
    )
    was: dict[str, Any] = {"id": one.id, "version": one.version, "made_until": one.made_until}
    was |= {"rule": to_json(one.rule), "ended": False}
    new = {"ended": True} if new_rule is None else {"rule": to_json(new_rule)}
    row = was | new | {"version": one.version + 1}
    if connection.execute(update(Pattern).where(*as_it_was).values(row)).rowcount != 1:
        raise ChangedMeanwhile("Somebody has changed that pattern meanwhile; look again.")
    return RelatedRow(Pattern.__tablename__, row, made=True, was=was)
