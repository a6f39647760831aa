"""A calendar's events beside the roster: which entry holds, what moved, what is gone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Connection,
    String,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union,
    update,
)

from shifts.files.comparing import REMOVED, SEAT, meet, meet_equals, plan_the_rest
from shifts.files.importing import Imported, finish, lock_people
from shifts.files.staging import (
    OCCURRENCE,
    UID_KEY,
    file_change,
    file_event,
    file_met,
    file_place,
    file_there,
    settle_statistics,
)
from shifts.history.history import uid
from shifts.ical.merging_rows import merge_what_differs, pair_what_moved
from shifts.models import DRAFT, Place
from shifts.planning_models import HiddenPlace, RemovedPlace

OWN = "own:"
"""Marks the occurrence of an entry of the line's own, which is told by its place's id."""


def import_events(
    connection: Connection,
    line_id: int,
    key: str,
    names: Mapping[int, str],
    now: datetime,
    *,
    dry_run: bool = False,
    by_id: int | None = None,
) -> Imported:
    """Bring the roster to what staged events say: the same file twice changes nothing.

    `key` is the line's calendar key, `now` a UTC instant: what is over by then is not removed.
    `names` are those of persons who are not on the roster yet (a dry run's); `by_id` is who brings
    it in. Raises BadFile when an event would put a person on twice at one instant.
    """
    lock_people(connection, line_id)
    stands = plan_events(connection, line_id, key, now)
    done = finish(connection, line_id, names, "", now, dry_run=dry_run, stands=stands, by_id=by_id)
    if not dry_run:
        _adopt(connection)
    return done


def plan_events(connection: Connection, line_id: int, key: str, now: datetime) -> list[str]:
    """Plan what staged events change (see merging); in words, what is left alone."""
    _drop_what_does_not_hold(connection)
    _find_there(connection, line_id)
    stands = _find_own(connection, line_id, key)
    settle_statistics(connection)
    _meet_what_was_said_before(connection, line_id)
    _meet_own(connection)
    pair_what_moved(connection)
    stands += merge_what_differs(connection, line_id, now)
    _plan_removed(connection, now)
    meet_equals(connection, line_id, unmade_only=True)
    plan_the_rest(connection)
    return stands


def _drop_what_does_not_hold(connection: Connection) -> None:
    """Of several entries for one event the latest revision holds, one for an occurrence before
    the event itself; of a cancelled event nothing does (RFC 5546, section 3.2.5)."""
    event, about = file_event.c, file_event.alias("about").c
    latest = func.row_number().over(
        partition_by=(event.uid_key, event.occurrence),
        order_by=(event.sequence.desc(), event.id.desc()),
    )
    ranked = select(event.id, latest.label("rank")).subquery()
    older = select(ranked.c.id).where(ranked.c.rank > 1)
    connection.execute(delete(file_place).where(file_place.c.event.in_(older)))
    connection.execute(delete(file_event).where(event.id.in_(older)))
    cancelled = select(about.uid_key).where(about.occurrence.is_(None), about.cancelled)
    of_cancelled = select(event.id).where(event.uid_key.in_(cancelled))
    connection.execute(delete(file_place).where(file_place.c.event.in_(of_cancelled)))
    changed = (
        select(file_place.c.id)
        .join(file_event, event.occurrence == file_place.c.occurrence)
        .where(event.occurrence.is_not(None), event.id != file_place.c.event)
    )
    connection.execute(delete(file_place).where(file_place.c.id.in_(changed)))


def _find_there(connection: Connection, line_id: int) -> None:
    """The roster's places of the events in the file."""
    uid_key, keys = func.substr(Place.origin, 1, UID_KEY), select(file_event.c.uid_key)
    occurrence = func.substr(Place.origin, 1, OCCURRENCE)
    there = select(Place.id, uid_key, occurrence, Place.origin, literal(False)).where(
        Place.line_id == line_id, Place.origin.is_not(None), uid_key.in_(keys)
    )
    columns = ["place_id", "uid_key", "occurrence", "origin", "met"]
    connection.execute(insert(file_there).from_select(columns, there))


def _find_own(connection: Connection, line_id: int, key: str) -> list[str]:
    """Entries of the line's own are the places they name, while those are there.

    One that was removed here since stays removed; one that is not known at all (the database
    was brought back from a copy) is an event like any other.
    """
    event, named = file_event.c, OWN + cast(file_event.c.own_id, String)
    known = select(file_there.c.uid_key)
    connection.execute(update(file_event).where(event.uid_key.in_(known)).values(own_id=None))
    own = select(Place.id, named, null(), literal(False)).join(
        file_event, and_(event.own_id == Place.id, Place.line_id == line_id)
    )
    of_others = exists().where(file_there.c.place_id == Place.id)
    columns = ["place_id", "occurrence", "origin", "met"]
    there = own.where(Place.state != DRAFT, ~of_others)
    connection.execute(insert(file_there).from_select(columns, there))
    found = select(file_there.c.place_id).where(file_there.c.origin.is_(None))
    connection.execute(update(file_event).where(event.own_id.in_(found)).values(occurrence=named))
    mine = select(named).where(event.id == file_place.c.event).scalar_subquery()
    of_mine = select(event.id).where(event.own_id.in_(found))
    connection.execute(
        update(file_place)
        .where(file_place.c.event.in_(of_mine))
        .values(occurrence=mine, origin=None)
    )
    return _drop_removed(connection, line_id, key)


def _drop_removed(connection: Connection, line_id: int, key: str) -> list[str]:
    event = file_event.c
    before, after = uid(key, 0).split("0", 1)
    named = literal(before) + cast(event.own_id, String) + literal(after)
    there = exists().where(file_there.c.place_id == event.own_id).correlate(file_event)
    removed = select(event.id).where(
        event.own_id.is_not(None),
        ~there,
        exists().where(RemovedPlace.uid == named, RemovedPlace.line_id == line_id),
    )
    gone = delete(file_place).where(file_place.c.event.in_(removed))
    number = connection.execute(gone).rowcount
    return [f"places taken off here since, and that stands: {number}"] if number else []


def _meet_what_was_said_before(connection: Connection, line_id: int) -> None:
    """Where the file says what it said last, whatever was done here since stands."""
    staged, there = file_place.c, file_there.c
    first = (
        select(func.min(staged.id).label("id"), staged.origin)
        .group_by(staged.origin)
        .where(staged.origin.is_not(None))
        .subquery()
    )
    same = select(first.c.id, there.place_id).where(first.c.origin == there.origin)
    meet(connection, same)
    hidden = select(HiddenPlace.origin).where(
        HiddenPlace.line_id == line_id, HiddenPlace.origin.is_not(None)
    )
    # One after the other: joined by OR, PostgreSQL reads the one list anew for every place.
    for said in (select(there.origin), hidden):
        connection.execute(update(file_place).where(staged.origin.in_(said)).values(met=True))
    again = update(file_there).where(there.origin.in_(select(first.c.origin)))
    connection.execute(again.values(met=True))


def _meet_own(connection: Connection) -> None:
    """Our own entries that are as the roster is, or older than the roster's place."""
    staged, event = file_place.c, file_event.c
    whole = select(staged.event).group_by(staged.event).having(func.count() == 1)
    as_it_is = (
        select(staged.id, Place.id)
        .join(file_event, event.id == staged.event)
        .join(Place, Place.id == event.own_id)
        .where(
            event.occurrence.like(f"{OWN}%"),
            staged.event.in_(whole),
            staged.starts_at == Place.starts_at,
            staged.ends_at == Place.ends_at,
            staged.duty == Place.duty,
            or_(staged.person_id == Place.person_id, staged.person_id.is_(None)),
        )
    )
    meet(connection, as_it_is)
    older = (
        select(event.occurrence)
        .join(Place, Place.id == event.own_id)
        .where(event.occurrence.like(f"{OWN}%"), Place.version - 1 > event.sequence)
    )
    connection.execute(update(file_place).where(staged.occurrence.in_(older)).values(met=True))
    met = select(staged.occurrence).where(staged.met, staged.occurrence.like(f"{OWN}%"))
    there = file_there.c.occurrence
    for settled in (met, older):
        connection.execute(update(file_there).where(there.in_(settled)).values(met=True))


def _plan_removed(connection: Connection, now: datetime) -> None:
    """What the file no longer has goes, unless it is over; a seat that is gone from a shift which
    is still there goes only if nobody else has claimed it."""
    there, event = file_there.c, file_event.c
    all_there = file_there.alias("all_there").c
    in_the_file = union(
        select(all_there.place_id)
        .join(file_event, all_there.uid_key == event.uid_key)
        .where(event.occurrence.is_(None)),
        select(all_there.place_id).join(file_event, all_there.occurrence == event.occurrence),
    )
    takes_place = exists().where(file_place.c.occurrence == there.occurrence)
    said = func.substr(there.origin, 1, OCCURRENCE) + literal(":")
    made_for = said + cast(Place.person_id, String) + literal(":%")
    unclaimed = or_(Place.person_id.is_(None), there.origin.like(made_for))
    seat = [Place.__table__.c[name] for name in SEAT]
    gone = (
        select(literal(REMOVED), literal(0), Place.id, *seat)
        .join(file_there, there.place_id == Place.id)
        .where(
            ~there.met,
            Place.ends_at > now,
            there.place_id.in_(in_the_file),
            or_(~takes_place, unclaimed),
        )
        .order_by(Place.id)
    )
    columns = ["kind", "line", "place_id", *SEAT]
    connection.execute(insert(file_change).from_select(columns, gone))


def _adopt(connection: Connection) -> None:
    """A place that an event has met is that event's from now on."""
    settle_statistics(connection, Place.__tablename__)
    staged = file_place.c
    mine = exists().where(file_there.c.place_id == Place.id)
    said = (
        select(func.min(staged.origin))
        .join(file_met, file_met.c.file_id == staged.id)
        .where(file_met.c.place_id == Place.id)
        .correlate(Place)
        .scalar_subquery()
    )
    another = (
        select(file_met.c.place_id)
        .join(file_place, staged.id == file_met.c.file_id)
        .join(Place, Place.id == file_met.c.place_id)
        .where(
            staged.origin.is_not(None),
            staged.origin.is_distinct_from(Place.origin),
            or_(Place.origin.is_(None), mine),
        )
    )
    connection.execute(update(Place).where(Place.id.in_(another)).values(origin=said))
