"""The demo's roster: who is on now, and some weeks of shifts as a small line would have them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from shifts.hours import opening_hours, wanted
from shifts.hours.wanted import LINE, Subject, Wish
from shifts.hours.weekly import window
from shifts.local_time import DAY, start_instant
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Person, Place, PlaceState
from warmline.date_polls import polls
from warmline.demo.cast import OTHERS, VOLUNTEERS, Part
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole

BEGAN: Final = timedelta(hours=1)
"""How long ago the shift began on which all of them are."""
DAYS: Final = 30
TURN: Final = timedelta(hours=6)
TURNS: Final = (("Ana", "Bo"), ("Chi",), ("Ana",), ("Chi",))
"""Who is on from tomorrow evening, turn by turn: always somebody for texts and for Spanish."""
OPEN_TURNS: Final = (4, 6, 7, 11)
"""Turns from now, of six hours each, that have one place more: everybody could take two."""
EVENINGS: Final = ("Dee", "Eli", "Fay", "Gia", "Hal", "Ivo")
ROUNDS: Final = ((18, 22, 0), (20, 23, 2), (22, 26, 4))
"""Who comes besides, evening after evening: from which hour to which, and from whom on."""
FIRST_EVENING: Final = 2
"""Days from today: until then the people on the page are among themselves."""
STATES: Final[Mapping[int, PlaceState]] = {3: ASKED, 5: COVER_WANTED, 8: ASKED, 12: OPEN}
"""How some of those evenings' shifts stand; of all others it is agreed."""
DRAFTED_FROM: Final = 9
"""Days from today from which on the evenings are only planned."""
DATES: Final = (17, 18, 24)
COULD: Final[Mapping[str, tuple[int, ...]]] = {
    "Dee": (0, 2),
    "Eli": (0, 1, 2),
    "Fay": (),
    "Gia": (1,),
}
"""Evenings some were asked about, days from today, and which of them somebody could take."""


class Planned(NamedTuple):
    """A place as it is planned, by the clocks of the line; nobody's where there is no person."""

    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: PlaceState
    duty: bool = False


def fill(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Everybody on the roster, those with a phone on the page on now, and the weeks to come."""
    people = {part.name: _add(db, line_id, part, now) for part in (*VOLUNTEERS, *OTHERS)}
    here = now.astimezone(zone).replace(tzinfo=None)
    began = here - BEGAN
    present = {part.name: people[part.name] for part in VOLUNTEERS}
    planned = [*_shifts(present, began), *_open_places(began), *_evenings(people, here.date())]
    planned += _duty(people, began)
    rows = [_at_instants(row, zone) for row in planned]
    db.execute(insert(Place), [{"line_id": line_id, **row._asdict()} for row in rows])
    lead = {"person_id": people["Ana"], "line_id": line_id, "role": "coordinator"}
    db.execute(insert(DeskRole).values(lead))
    opening_hours.set_weekly(db, line_id, [window("daily 16:00-02:00")])
    wanted.set_wishes(db, line_id, LINE, [Wish(LINE, 2, window("fri,sat 18:00-23:00"))])
    spanish = Subject(language="es")
    wanted.set_wishes(db, line_id, spanish, [Wish(spanish, 1)])
    _dates(db, line_id, people, now, zone)


def _add(db: Connection, line_id: int, part: Part, now: datetime) -> int:
    """Somebody who has agreed to be rung and texted; their person's id."""
    adding = insert(Person).values(line_id=line_id, name=part.name).returning(Person.id)
    person = int(db.execute(adding).scalar_one())
    db.execute(
        insert(Volunteer).values(
            person_id=person,
            line_id=line_id,
            phone=part.number,
            languages=part.languages,
            text=part.takes_texts,
            agreed="yes",
            agreed_at=now,
            agreed_promise=1,
        )
    )
    return person


def _at_instants(row: Planned, zone: ZoneInfo) -> Planned:
    """A row whose times were the line's own: its clocks may change in the weeks to come."""
    starts_at, ends_at = (start_instant(at, zone) for at in (row.starts_at, row.ends_at))
    return row._replace(starts_at=starts_at, ends_at=ends_at)


def _shifts(people: Mapping[str, int], began: datetime) -> Iterator[Planned]:
    """A day on which all of them are on, and then some weeks in turns."""
    for person in people.values():
        yield _place(began, DAY, person)
    for turn, names in enumerate(TURNS * DAYS):
        for name in names:
            yield _place(began + DAY + turn * TURN, TURN, people[name])


def _open_places(began: datetime) -> Iterator[Planned]:
    for turn in OPEN_TURNS:
        yield _place(began + turn * TURN, TURN, None)


def _evenings(people: Mapping[str, int], today: date) -> Iterator[Planned]:
    """Two weeks of evenings with the others, in the states in which a roster's shifts are."""
    number = 0
    for evening in range(FIRST_EVENING, FIRST_EVENING + 14):
        midnight = datetime.combine(today + evening * DAY, time.min)
        for begins, ends, first in ROUNDS:
            number += 1
            name = EVENINGS[(evening + first) % len(EVENINGS)]
            state = DRAFT if evening >= DRAFTED_FROM else STATES.get(number, AGREED)
            yield Planned(
                midnight + timedelta(hours=begins),
                midnight + timedelta(hours=ends),
                None if state == OPEN else people[name],
                state,
            )


def _duty(people: Mapping[str, int], began: datetime) -> Iterator[Planned]:
    """Somebody is on duty every evening."""
    for day in range(14):
        person = people["Ana" if day % 2 == 0 else "Eli"]
        yield _place(began + day * DAY, timedelta(hours=8), person)._replace(duty=True)


def _dates(
    db: Connection, line_id: int, people: Mapping[str, int], now: datetime, zone: ZoneInfo
) -> None:
    """Some were asked about three evenings after those weeks; most have answered."""
    today = datetime.combine(now.astimezone(zone).date(), time(18))
    begins = (start_instant(today + day * DAY, zone) for day in DATES)
    days = [polls.NewDay(at, at + timedelta(hours=4), 2) for at in begins]
    asked = [people[name] for name in EVENINGS]
    made = polls.make(db, line_id, days, now + 7 * DAY, asked, now)
    asking = polls.by_id(db, line_id, made)
    for person in asked:
        polls.claim(db, made, person, now)
    for name, could in COULD.items():
        if asking is not None:
            ids = [asking.days[one].id for one in could]
            polls.answer(db, asking, people[name], ids, now)


def _place(starts_at: datetime, long: timedelta, person: int | None) -> Planned:
    state = OPEN if person is None else AGREED
    return Planned(starts_at, starts_at + long, person, state)
