"""Open places: whoever could take one is asked, once a day at most and never in quiet hours."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from shifts import places
from shifts.claims.findings import Limits
from shifts.claims.free import AROUND
from shifts.claims.presence import THEIRS
from shifts.claims.undoing import given_up_since
from shifts.hours.wanted import LINE
from shifts.local_time import Span
from shifts.models import ASKED, COVER_WANTED, OPEN, Away, Line, Person, Place
from shifts.places import PlaceRow
from shifts.who_is_on import LONGEST_PLACE
from warmline.conversations import persons
from warmline.conversations.notices import cover_rules
from warmline.conversations.notices import gaps as gaps_told
from warmline.conversations.notices.cover_rules import AHEAD, Somebody
from warmline.conversations.persons import Me
from warmline.conversations.shift_lists import OPEN_LIST, PLACE, Entry, page
from warmline.database.records import every, made_of
from warmline.line import opening
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.models.texts import ListNumber, OneTimeMark
from warmline.operations import one_time
from warmline.people import gaps, quiet_hours
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers

ONCE_IN: Final = timedelta(days=1)
SETTLES: Final = timedelta(minutes=1)
"""So long whoever gave a place up may think again before others are asked for it."""
NOW_OF_USE: Final = timedelta(minutes=30)
SECOND: Final = timedelta(seconds=1)
GAVE: Final = "gave"
COUNTED: Final = "cover"
"""Each time somebody is asked counts for a week."""
COVER: Final = "wanted"


def is_wanted(db: Connection, now: datetime) -> bool:
    """Whether somebody is to be asked now for a place."""
    return bool(_whom(db, now))


def ask_all(turn: Turn) -> int:
    """Ask everybody who could take one of the open places; how many were asked."""
    return sum(ask(turn, *one) for one in _whom(turn.db, turn.now))


def gave_up(db: Connection, place_id: int, person_id: int, now: datetime, until: datetime) -> None:
    """Whoever has given a place up is not asked whether they could take it."""
    if until > now:
        one_time.first(db, f"{GAVE}:{place_id}:{person_id}", now, until)


def ask(turn: Turn, person_id: int, could: Sequence[PlaceRow]) -> bool:
    """Ask one person for places, by start; False when they were asked within a day.

    Whoever hears as duty that too few are on now is not asked for the same once more.
    """
    me = persons.by_person(turn, person_id)
    is_now = could[0].starts_at <= turn.now
    if me is None or (is_now and gaps_told.hears_as_duty(turn, me)):
        return False
    if not _claim(turn.db, person_id, turn.now):
        return False
    if is_now:
        until = me.time(could[0].ends_at)
        persons.tell(turn, me, [me.text(turn, "cover_now", until=until)], texts.COVER, NOW_OF_USE)
        _note_asked(turn, me, could[:1], turn.now + NOW_OF_USE)
        return True
    _ask_ahead(turn, me, could)
    return True


def _ask_ahead(turn: Turn, me: Me, could: Sequence[PlaceRow]) -> None:
    bodies = page(turn, me, "cover", OPEN_LIST, [Entry((place,)) for place in could])
    persons.tell(turn, me, bodies, texts.COVER, could[0].starts_at - turn.now)
    shown = list_numbers.known(turn.db, me.person_id, PLACE, turn.now)
    _note_asked(turn, me, [one for one in could if one.id in shown])


def _note_asked(
    turn: Turn, me: Me, asked: Sequence[PlaceRow], until: datetime | None = None
) -> None:
    """What they were asked for, so that an OK alone can answer it, until it begins."""
    for one in asked:
        what = f"{COVER}:{me.person_id}:{one.id}"
        one_time.first(turn.db, what, turn.now, until or one.starts_at)


def asked_of(db: Connection, person_id: int, now: datetime) -> list[int]:
    """The places that somebody was asked to cover, and may still answer for."""
    begins = f"{COVER}:{person_id}:"
    marks = OneTimeMark.what.startswith(begins), OneTimeMark.until > now
    found = db.scalars(select(OneTimeMark.what).where(*marks).order_by(OneTimeMark.what))
    return [int(what.removeprefix(begins)) for what in found]


def answered(db: Connection, person_id: int, place_ids: Collection[int]) -> None:
    """They have said yes or no to these: nothing of it waits for an answer any more."""
    marks = [f"{COVER}:{person_id}:{one}" for one in place_ids]
    db.execute(delete(OneTimeMark).where(OneTimeMark.what.in_(marks)))


def _claim(db: Connection, person_id: int, now: datetime) -> bool:
    """Of several clocks, one asks: whoever has changed the row."""
    mine = update(Volunteer).where(Volunteer.person_id == person_id, not_lately(now))
    first = db.execute(mine.values(cover_asked_at=now)).rowcount == 1
    if first:
        what = f"{COUNTED}:{person_id}:{int(now.timestamp())}"
        one_time.first(db, what, now, now + cover_rules.A_WEEK)
    return first


def not_lately(now: datetime) -> ColumnElement[bool]:
    """Whoever was not asked for anything within a day."""
    return or_(Volunteer.cover_asked_at.is_(None), Volunteer.cover_asked_at <= now - ONCE_IN)


def _whom(db: Connection, now: datetime) -> list[tuple[int, list[PlaceRow]]]:
    """Who is asked now for which places; a few statements, however many people there are."""
    line = opening.find_line(db)
    needing = _needing(db, line, now) if line else []
    people = _may_be_asked(db, now) if needing else []
    if line is None or not people:
        return []
    found = (
        (one.person_id, cover_rules.to_ask(one, needing, line.zone, now))
        for one in somebodies(db, people, now)
    )
    return [(person_id, could) for person_id, could in found if could]


def _needing(db: Connection, line: TheLine, now: datetime) -> list[PlaceRow]:
    """Peers' places that somebody is looked for now, by start.

    Who was asked for a place can say yes until it begins: from then on it needs somebody.
    """
    lapsed = and_(Place.state == ASKED, Place.starts_at <= now)
    query = places.rows().where(
        Place.line_id == line.line_id,
        Place.duty.is_(False),
        Place.starts_at > now - LONGEST_PLACE,
        Place.starts_at <= now + AHEAD,
        Place.ends_at > now,
        or_(Place.state.in_((OPEN, COVER_WANTED)), lapsed),
    )
    rows = [PlaceRow(*row) for row in db.execute(query)]
    if not rows:
        return []
    settling = given_up_since(db, line.line_id, now - SETTLES)
    short = any(row.starts_at <= now for row in rows) and _is_short(db, line, now)
    return cover_rules.worth_asking(rows, settling, now, short=short)


def _is_short(db: Connection, line: TheLine, now: datetime) -> bool:
    """Whether fewer are on now than are wanted."""
    return any(lack.subject == LINE for lack in gaps.gaps(db, line, now, now + SECOND))


class AgreedPerson(NamedTuple):
    """Somebody who has agreed: when they may be asked, and their own limits.

    `of_line` is their line's zone; the rest is as in Volunteer and Person.
    """

    person_id: int
    time_zone: str | None
    of_line: str
    quiet_from: int | None
    quiet_until: int | None
    asked_at_night: bool
    most_hours_a_week: int | None
    rest_hours: int | None
    most_talks_a_shift: int | None


_AGREED: Final = (
    select(
        *(Volunteer.person_id, Volunteer.time_zone, Line.time_zone.label("of_line")),
        *(Volunteer.quiet_from, Volunteer.quiet_until, Volunteer.asked_at_night),
        *(Person.most_hours_a_week, Person.rest_hours, Person.most_talks_a_shift),
    )
    .join(Line, Line.id == Volunteer.line_id)
    .join(Person, Person.id == Volunteer.person_id)
    .where(Volunteer.agreed == "yes", Volunteer.voice | Volunteer.text)
    .order_by(Volunteer.person_id)
)
_agreed_person: Final = made_of(AgreedPerson, _AGREED.selected_columns)


def _may_be_asked(db: Connection, now: datetime) -> list[AgreedPerson]:
    """Volunteers who were not asked for a day, and for whom it is not quiet."""
    found = agreed_people(db, not_lately(now))
    return [one for one in found if one.asked_at_night or not is_quiet(one, now)]


def agreed_people(db: Connection, *which: ColumnElement[bool]) -> list[AgreedPerson]:
    """Everybody who has agreed, or `which` of them."""
    return every(db.execute(_AGREED.where(*which)), _agreed_person)


def is_quiet(one: AgreedPerson, now: datetime) -> bool:
    """Whether it is a quiet hour of somebody's."""
    zone = ZoneInfo(one.time_zone or one.of_line)
    return quiet_hours.until(now, zone, one.quiet_from, one.quiet_until) is not None


def somebodies(db: Connection, people: Sequence[AgreedPerson], now: datetime) -> list[Somebody]:
    """What each of these people has already, knows of and gave up, in a few statements."""
    ids = [row.person_id for row in people]
    own, away = _own(db, ids, now), _aways(db, ids)
    known, gave, asked = _known(db, ids, now), _gave(db), _asked(db, now)
    return [
        Somebody(
            row.person_id,
            own[row.person_id],
            away[row.person_id],
            Limits(row.most_hours_a_week, row.rest_hours, row.most_talks_a_shift),
            known[row.person_id],
            gave[row.person_id],
            asked[row.person_id],
        )
        for row in people
    ]


def _own(db: Connection, ids: Collection[int], now: datetime) -> Mapping[int, list[PlaceRow]]:
    query = places.rows().where(
        Place.person_id.in_(ids),
        Place.duty.is_(False),
        Place.starts_at > now - AROUND,
        Place.starts_at < now + AHEAD + AROUND,
        Place.state.in_(THEIRS),
    )
    found: dict[int, list[PlaceRow]] = defaultdict(list)
    for row in db.execute(query):
        found[row.person_id].append(PlaceRow(*row))
    return found


def _aways(db: Connection, ids: Collection[int]) -> Mapping[int, list[Span]]:
    query = select(Away.person_id, Away.starts_at, Away.ends_at).where(Away.person_id.in_(ids))
    found: dict[int, list[Span]] = defaultdict(list)
    for person_id, starts_at, ends_at in db.execute(query):
        found[person_id].append((starts_at, ends_at))
    return found


def _known(db: Connection, ids: Collection[int], now: datetime) -> Mapping[int, set[int]]:
    """The places that have a number for each: whatever was put to them, or listed."""
    query = select(ListNumber.person_id, ListNumber.thing_id).where(
        ListNumber.person_id.in_(ids), ListNumber.kind == PLACE, ListNumber.until > now
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, place_id in db.execute(query):
        found[person_id].add(place_id)
    return found


def _gave(db: Connection) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for what in db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.startswith(f"{GAVE}:"))):
        _, place_id, person_id = what.split(":")
        found[int(person_id)].add(int(place_id))
    return found


def _asked(db: Connection, now: datetime) -> Mapping[int, int]:
    """How often each was asked within the last week."""
    counted = (OneTimeMark.what.startswith(f"{COUNTED}:"), OneTimeMark.until > now)
    return Counter(
        int(what.split(":")[1]) for what in db.scalars(select(OneTimeMark.what).where(*counted))
    )
