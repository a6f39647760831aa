"""`who`: whether each who has a shift now would be rung, and why not; and that this is true."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from shifts.models import Line, Person, Place
from tests.at_work import ANA, BO, CHI, Commands
from tests.other_days import begins
from warmline.cli import who_command
from warmline.cli.who_command import IN_WORDS, On
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.database.engine import Database
from warmline.line.opening import the_line
from warmline.models.calls import Call, Ring
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.promise import Promise as PromiseRow
from warmline.models.talks import Talk
from warmline.routing.not_rung import NotRung
from warmline.routing.odds import Odds
from warmline.routing.peers import END_OF_SHIFT
from warmline.sending.guard import MayNotRing, number_to_ring

pytestmark = pytest.mark.usefixtures("fixed_clock")

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FOREIGN = f"+44{7400000000 + 123456}"
HEARD = {"arrived_at": NOW - HOUR, "heard_at": NOW}
LATER = NOW + 20 * MINUTE
STATES: dict[str, dict[str, Any]] = {
    "fine": {},
    "not asked yet": {"agreed": "", "agreed_at": None, "agreed_promise": None},
    "to be asked": {"agreed": "ask", "agreed_at": None, "agreed_promise": None},
    "said no": {"agreed": "", "agreed_promise": None},
    "stopped": {"agreed": ""},
    "held": {"agreed": "held"},
    "older promise": {"agreed_promise": 1},
    "no calls": {"voice": False},
    "paused": {"paused_until": LATER},
    "was paused": {"paused_until": NOW},
    "breather": {"breather_until": LATER},
    "both": {"breather_until": LATER, "paused_until": LATER + HOUR},
    "foreign": {"phone": FOREIGN},
    "missed": {"resting_until": LATER},
    "last": {"rung_last": True},
    "texts only now": {"voice": False, "paused_until": LATER},
}
LIVE = ("", "", "", "talking", "calls", "texts us", "writes", "quiet talk", "owed", "rings")
SHIFTS = ("", "", "", "ends now", "ends now, goes on", "asked", "asked and agreed", "duty")


class Evening:
    """A line with many people, each in a state of their own, all of them on the roster now."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people = 0
        rules = {"line_id": 1, "number": "+14135550100", "phones_at_once": 4}
        self.write(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        self.write(insert(LineRules).values(**rules, opened_at=NOW - HOUR))
        held = {"line_id": 1, "language": "en", "answers": "{}", "written_at": NOW - HOUR}
        for version in (1, 2):
            self.write(insert(PromiseRow).values(**held, version=version, in_force_at=NOW - HOUR))

    def write(self, statement: Any) -> None:
        with self.database.writing() as db:
            db.execute(statement)

    def person(self, state: str = "fine", live: str = "", shift: str = "") -> int:
        """Somebody more; their id."""
        self.people = one = self.people + 1
        own = {
            "person_id": one,
            "line_id": 1,
            "phone": f"+1413555{100 + one:04}",
            "languages": "en",
            "agreed": "yes",
            "agreed_at": NOW - HOUR,
            "agreed_promise": 2,
        }
        self.write(insert(Person).values(id=one, line_id=1, name=f"P{one:03}"))
        self.write(insert(Volunteer).values(**(own | STATES[state])))
        self._on(one, shift)
        self._lives(one, live)
        return one

    def told(self) -> dict[str, On]:
        with self.database.reading() as db:
            told = who_command.now(db, the_line(db), NOW)
        assert len({one.name for one in told}) == len(told)
        return {one.name: one for one in told}

    def rung(self) -> set[str]:
        """Whom the search and the guard ring for a new caller, one after the other, to the end."""
        self.write(delete(Ring))
        self._call(900, state="waiting", waiting_since=NOW)
        reached: set[int] = set()
        for _ in range(20 * self.people):
            if not (fresh := self._a_step()):
                break
            reached |= fresh
        else:
            raise AssertionError("the search does not come to an end")
        names = select(Person.name).where(Person.id.in_(reached))
        with self.database.reading() as db:
            return set(db.scalars(names))

    def _a_step(self) -> set[int]:
        """Whom one step of the search asks for: they pass, and it goes on."""
        found: set[int] = set()
        with self.database.writing() as db:
            whom_to_ring.decide(db, 1, NOW, Odds())
            for ring in db.execute(select(Ring.__table__)).all():
                try:
                    number_to_ring(db, ring.token, NOW)
                    found |= {ring.person_id} if ring.call_id == 900 else set()
                except MayNotRing:
                    pass
                if ring.bound:
                    rings.give_up_on_their_peer(db, ring.call_id, ring.person_id)
                else:
                    rings.note_try(db, ring.call_id, ring.person_id, passed=True)
                rings.strike(db, ring.id)
                found |= {0}
        return found

    def _on(self, one: int, shift: str) -> None:
        soon = NOW + END_OF_SHIFT - timedelta(seconds=1)
        ends = soon if shift.startswith("ends now") else NOW + HOUR
        state = "asked" if shift.startswith("asked") else "agreed"
        places = [{"ends_at": ends, "state": state, "duty": shift == "duty"}]
        if shift == "ends now, goes on":
            places.append({"starts_at": ends, "ends_at": ends + HOUR})
        if shift == "asked and agreed":
            places.append({"ends_at": NOW + HOUR, "state": "agreed"})
        usual = {"starts_at": NOW - HOUR, "state": "agreed", "duty": False}
        for place in places:
            self.write(insert(Place).values(line_id=1, person_id=one, **(usual | place)))

    def _lives(self, one: int, live: str) -> None:
        if live == "talking":
            self._call(one, state="talking", peer_id=one, ring_id=one)
        elif live == "calls":
            self._call(one, state="waiting", volunteer_id=one)
        elif live == "owed":
            self._call(one, state="waiting", peer_id=one, bound_to=one)
        elif live == "texts us":
            self._talk(one, volunteer_id=one)
        elif live in ("writes", "quiet talk"):
            ago = timedelta(seconds=10) if live == "writes" else HOUR
            self._talk(one, person_id=one, heard_at=NOW - ago)
        elif live == "rings":
            ring = {"line_id": 1, "token": f"{one:032x}", "person_id": one, "call_id": 1}
            times = {"asked_at": NOW, "heard_at": NOW, "state": "placed", "language": "en"}
            self.write(insert(Ring).values(**ring, **times))

    def _call(self, one: int, **facts: Any) -> None:
        ids = {"id": one, "token": f"{one:032x}", "provider_id": f"CA{one}", "language": "en"}
        self.write(insert(Call).values(line_id=1, **ids, **HEARD, **facts))

    def _talk(self, one: int, **facts: Any) -> None:
        ids = {"token": f"{one:032x}", "number_digest": f"{one}", "number": "", "name": f"F{one}"}
        whens = {"waiting_since": NOW - HOUR, "due_at": NOW + HOUR, "heard_at": NOW - HOUR}
        talk = {"line_id": 1, "language": "en", "state": "talking"}
        self.write(insert(Talk).values(**(talk | ids | whens | facts)))


@pytest.fixture
def evening(sqlite_url: str) -> Iterator[Evening]:
    database = Database(sqlite_url)
    yield Evening(database)
    database.close()


def test_who_is_said_to_be_rung_is_whom_the_search_and_the_guard_ring(evening: Evening) -> None:
    chosen = random.Random(14)  # noqa: S311 - the same people each time
    for state in STATES:
        for live in ("", chosen.choice(LIVE)):
            if state != "foreign" or not live:
                evening.person(state, live, chosen.choice(SHIFTS))
    for live in sorted(set(LIVE)):
        evening.person(live=live)
    for shift in sorted(set(SHIFTS)):
        evening.person(shift=shift)
    told = evening.told()
    said = {name for name, one in told.items() if one.not_rung is None}
    assert said == evening.rung()
    assert 5 < len(said) < len(told) - 10
    reasons = {one.not_rung.why for one in told.values() if one.not_rung}
    assert reasons == set(IN_WORDS)


@pytest.mark.parametrize(
    ("state", "live", "shift", "why"),
    [
        ("fine", "", "", None),
        ("paused", "", "", NotRung("paused", LATER)),
        ("both", "", "", NotRung("paused", LATER + HOUR)),
        ("breather", "", "", NotRung("breather", LATER)),
        ("fine", "talking", "", NotRung("talking")),
        ("fine", "calls", "", NotRung("talking")),
        ("to be asked", "", "", NotRung("has not agreed")),
        ("stopped", "", "", NotRung("stopped")),
        ("said no", "", "", NotRung("has said no")),
        ("held", "", "", NotRung("paused by others")),
        ("older promise", "", "", NotRung("has not agreed to the promise")),
        ("no calls", "", "", NotRung("takes no calls")),
        ("foreign", "", "", NotRung("number not allowed")),
        ("fine", "", "asked", NotRung("has not agreed to this shift")),
        ("fine", "", "asked and agreed", None),
        ("fine", "", "ends now, goes on", None),
        ("missed", "", "", None),
    ],
)
def test_each_reason_has_its_name(
    evening: Evening, state: str, live: str, shift: str, why: NotRung | None
) -> None:
    evening.person(state, live, shift)
    (one,) = evening.told().values()
    assert one.not_rung == why


def test_what_puts_somebody_after_the_others_is_noted(evening: Evening) -> None:
    evening.person("missed", "quiet talk")
    evening.person("last", "rings")
    first, second = evening.told().values()
    assert first.notes == [
        "in a talk by text: rung after the others",
        "missed a ring: rung after the others until 18:20",
    ]
    assert second.notes == ["rings now", "wishes to be rung last"]


def test_the_command_says_it_of_now_in_words_and_for_machines(commands: Commands) -> None:
    commands.set_up(
        f"Ana,{ANA},en es,,yes,yes,yes", f"Bo,{BO},en,,yes,no,ask", f"Chi,{CHI},en,,yes,yes,yes"
    )
    commands.on_now(ANA, BO, CHI)
    until = begins().replace(microsecond=0) + timedelta(minutes=30)
    database = commands.database()
    with database.writing() as db:
        theirs = select(Person.id).where(Person.name == "Chi").scalar_subquery()
        paused = update(Volunteer).where(Volunteer.person_id == theirs)
        db.execute(paused.values(paused_until=until))
    database.close()
    ana, bo, chi = commands.done("who").splitlines()
    assert ana.startswith(f"Ana  {ANA}  until ")
    assert ana.endswith("  would be rung (en, es; calls and texts)")
    assert "  not rung: has not agreed to rings and texts yet" in bo
    assert bo.endswith("(en; calls)")
    assert f"  not rung: paused until {until.astimezone(commands.line().zone):%H:%M} (" in chi
    first, second, third = json.loads(commands.done("who", "--json"))
    assert list(first)[:3] == ["name", "phone", "until"]
    assert (first["rung"], first["why"], first["why_until"]) == (True, None, None)
    assert (first["languages"], first["voice"], first["text"]) == (["en", "es"], True, True)
    assert (second["rung"], second["why"], second["text"]) == (False, "has not agreed", False)
    assert third["why"] == "paused"
    assert datetime.fromisoformat(third["why_until"]) == until


def test_of_another_instant_only_the_roster_is_known(commands: Commands) -> None:
    commands.set_up(f"Ana,{ANA},en,,yes,yes,yes", f"Bo,{BO},en,,yes,yes,ask")
    commands.on_now(ANA, BO)
    database = commands.database()
    with database.writing() as db:
        db.execute(update(Volunteer).values(paused_until=begins() + HOUR))
    database.close()
    soon = (begins() + HOUR).isoformat()
    (told,) = json.loads(commands.done("who", "--at", soon, "--json"))
    assert list(told) == ["name", "phone", "until"]
    assert commands.done("who", "--at", soon).startswith(f"Ana  {ANA}  until ")
    assert "rung" not in commands.done("who", "--at", soon)
