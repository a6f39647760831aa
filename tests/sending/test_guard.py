"""The one guard before a phone rings: who agreed, who is on, and which numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from shifts.models import Line, Person, Place
from warmline.database.engine import Database
from warmline.models.calls import Call, Ring
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.sending.guard import MayNotRing, number_to_ring

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ANA = "+14135550111"
TOKEN = "a" * 32


@dataclass
class Evening:
    """Ana, on for an hour yet, and a ring for her that is about to be placed."""

    database: Database

    def __post_init__(self) -> None:
        rules = {"line_id": 1, "number": "+14135550100"}
        self.write(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        self.write(insert(LineRules).values(**rules))
        self.write(insert(Person).values(id=1, line_id=1, name="Ana"))
        self.write(insert(Volunteer).values(person_id=1, line_id=1, phone=ANA, languages="en"))
        self.ana(agreed="yes")
        self.place(-HOUR, HOUR)
        ring = {"line_id": 1, "token": TOKEN, "person_id": 1, "call_id": 1, "language": "en"}
        times = {"asked_at": NOW, "heard_at": NOW}
        self.write(insert(Ring).values(state="asked for", **ring, **times))

    def write(self, statement: object) -> None:
        with self.database.writing() as db:
            db.execute(statement)  # type: ignore[call-overload]  # any insert or update

    def ana(self, **changes: object) -> None:
        self.write(update(Volunteer).values(**changes))

    def rules(self, **changes: object) -> None:
        self.write(update(LineRules).values(**changes))

    def place(self, starts: timedelta, ends: timedelta, state: str = "agreed") -> None:
        spans = {"starts_at": NOW + starts, "ends_at": NOW + ends}
        self.write(insert(Place).values(line_id=1, person_id=1, state=state, **spans))

    def the_shift(self, **changes: object) -> None:
        self.write(update(Place).values(**changes))

    def call(self, **facts: object) -> None:
        call = {"id": 1, "line_id": 1, "token": "b" * 32, "provider_id": "CA1", "language": "en"}
        times = {"arrived_at": NOW, "heard_at": NOW}
        self.write(insert(Call).values(**call, **times, **facts))

    def number_to_ring(self) -> tuple[str, int]:
        with self.database.reading() as db:
            return number_to_ring(db, TOKEN, NOW)


@pytest.fixture
def evening(database_url: str) -> Iterator[Evening]:
    database = Database(database_url)
    yield Evening(database)
    database.close()


def refuses(evening: Evening, why: str) -> None:
    with pytest.raises(MayNotRing, match=why) as refusal:
        evening.number_to_ring()
    assert ANA not in str(refusal.value)


def test_who_is_on_and_agreed_is_rung_for_as_long_as_the_line_says(evening: Evening) -> None:
    assert evening.number_to_ring() == (ANA, 15)
    evening.rules(ring_seconds=20)
    assert evening.number_to_ring() == (ANA, 20)


@pytest.mark.parametrize("state", ["placed", "ending", "leaving", "in talk"])
def test_a_ring_that_is_not_wanted_any_more(evening: Evening, state: str) -> None:
    evening.write(update(Ring).values(state=state))
    refuses(evening, "not wanted any more")


def test_a_ring_that_is_gone(evening: Evening) -> None:
    with evening.database.reading() as db, pytest.raises(MayNotRing, match="not wanted any more"):
        number_to_ring(db, "f" * 32, NOW)


@pytest.mark.parametrize("unwilling", [{"agreed": "ask"}, {"agreed": ""}, {"voice": False}])
def test_nobody_who_has_not_agreed_to_calls(evening: Evening, unwilling: dict[str, object]) -> None:
    evening.ana(**unwilling)
    refuses(evening, "not agreed")


@pytest.mark.parametrize("rest", ["paused_until", "breather_until"])
def test_nobody_in_a_pause_or_a_breather(evening: Evening, rest: str) -> None:
    evening.ana(**{rest: NOW + SECOND})
    refuses(evening, "pause or a breather")
    evening.ana(**{rest: NOW})
    assert evening.number_to_ring()


def test_a_missed_ring_forbids_nothing(evening: Evening) -> None:
    evening.ana(resting_until=NOW + HOUR)
    assert evening.number_to_ring()


@pytest.mark.parametrize(
    "off",
    [
        {"ends_at": NOW},
        {"starts_at": NOW + SECOND},
        {"ends_at": NOW + 19 * SECOND},
        {"state": "asked"},
        {"state": "open", "person_id": None},
        {"state": "draft"},
    ],
)
def test_nobody_who_is_off_shift_or_about_to_be(evening: Evening, off: dict[str, object]) -> None:
    evening.the_shift(**off)
    refuses(evening, "off shift")


def test_up_to_twenty_seconds_before_the_end_of_a_shift(evening: Evening) -> None:
    evening.the_shift(ends_at=NOW + 20 * SECOND)
    assert evening.number_to_ring()


def test_to_the_last_second_when_the_next_shift_adjoins(evening: Evening) -> None:
    evening.the_shift(ends_at=NOW + SECOND)
    evening.place(2 * SECOND, HOUR)
    refuses(evening, "off shift")
    evening.place(SECOND, HOUR)
    assert evening.number_to_ring()


def test_who_wants_cover_is_on_until_somebody_takes_it(evening: Evening) -> None:
    evening.the_shift(state="cover wanted")
    assert evening.number_to_ring()


def test_nobody_in_a_talk(evening: Evening) -> None:
    evening.call(state="talking", peer_id=1, ring_id=1)
    refuses(evening, "in a talk")


def test_who_has_left_a_talk_may_be_rung_back(evening: Evening) -> None:
    evening.call(state="waiting", peer_id=1, bound_to=1)
    assert evening.number_to_ring()


def test_nobody_who_is_calling_the_line_themselves(evening: Evening) -> None:
    evening.call(state="waiting", volunteer_id=1)
    refuses(evening, "in a talk")


def test_nobody_who_texts_with_a_peer_of_their_own(evening: Evening) -> None:
    talk = {"line_id": 1, "token": "t", "number_digest": "d", "number": "", "name": "Fern"}
    when = dict.fromkeys(("waiting_since", "due_at", "heard_at"), NOW)
    own = insert(Talk).values(**talk, **when, language="en", state="looking", volunteer_id=1)
    evening.write(own)
    refuses(evening, "in a talk")


@pytest.mark.parametrize(
    "number",
    [
        "988",
        "911",
        "+14135550",  # number: too short
        "+19005550111",  # number: premium
        "+493055501110",  # number: another country
    ],
)
def test_only_phones_in_the_lines_countries(evening: Evening, number: str) -> None:
    evening.ana(phone=number)
    refuses(evening, "no phone to dial")
