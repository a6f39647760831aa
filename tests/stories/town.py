"""A town on a simulated network: a line, its volunteers, and phones in the hand."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, update

from shifts.models import Line, Person, Place
from tests.stories.job_clock import JobClock, TownNetwork
from tests.stories.served import ACCOUNT, AT_ONCE, TOKEN, InFlight, served
from tests.stories.written import Written
from tests.waiting import LONG
from warmline.models.line import LineRules, OtherPlace
from warmline.models.people import Volunteer
from warmline.parts import Parts
from warmline.promise import promise
from warmline.simulator import Exchange, Phone

LINE = "+14135550100"
SECOND = "+14135550190"
"""The volunteers' own number, where a line has one."""
EVENING = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
"""A Monday, six in the evening in New York."""
HOUR = timedelta(hours=1)
HAND = 0.3
"""Seconds between hearing something and what a hand does next."""
NUMBERS = {
    "Ana": "+14135550111",
    "Bo": "+14135550112",
    "Chi": "+14135550113",
    "Dee": "+14135550114",
    "Eli": "+14135550115",
    "Fay": "+14135550116",
    "Cal": "+14135550151",
    "Dot": "+14135550152",
    "Gus": "+14135550153",
}


class Roster(Written):
    """A line's people, brought onto its roster as a test needs them."""

    def __init__(self, network: Exchange, parts: Parts) -> None:
        self.network = network
        self.parts = parts
        self.people: dict[str, int] = {}

    def phone(self, name: str) -> Phone:
        return self.network.phone(NUMBERS[name], name)

    def volunteer(
        self,
        name: str,
        *,
        languages: str = "en",
        on: tuple[float, float] | None = (-1, 3),
        breather: int | None = None,
        number: str = "",
    ) -> Phone:
        """Somebody of the roster, who has agreed; on shift between these hours from now."""
        phone = number or NUMBERS[name]
        with self.parts.database.writing() as db:
            person = _one(db, insert(Person).values(line_id=1, name=name).returning(Person.id))
            self.people[name] = person
            db.execute(
                insert(Volunteer).values(
                    person_id=person,
                    line_id=1,
                    phone=phone,
                    languages=languages,
                    agreed="yes",
                    agreed_at=EVENING,
                    agreed_promise=1,
                    breather_minutes=breather,
                )
            )
            if on is not None:
                self._place(db, person, on)
        return self.network.phone(phone, name)

    def shift(self, name: str, starts: float, ends: float) -> None:
        """One more shift for somebody, in hours from now."""
        with self.parts.database.writing() as db:
            self._place(db, self.people[name], (starts, ends))

    def duty(self, name: str, starts: float, ends: float) -> None:
        """A time on duty for somebody, in hours from now."""
        with self.parts.database.writing() as db:
            self._place(db, self.people[name], (starts, ends), duty=True)

    def _place(
        self, db: Connection, person: int, on: tuple[float, float], *, duty: bool = False
    ) -> None:
        now = self.network.now()
        db.execute(
            insert(Place).values(
                line_id=1,
                person_id=person,
                state="agreed",
                duty=duty,
                starts_at=now + on[0] * HOUR,
                ends_at=now + on[1] * HOUR,
            )
        )

    def other_place(self, name: str, number: str, on_police: str) -> None:
        """Another place to call, in English."""
        with self.parts.database.writing() as db:
            db.execute(
                insert(OtherPlace).values(
                    line_id=1,
                    language="en",
                    position=1,
                    name=name,
                    number=number,
                    on_police=on_police,
                )
            )

    def set_rules(self, **rules: object) -> None:
        with self.parts.database.writing() as db:
            db.execute(update(LineRules).values(**rules))

    def add_language_without_promise(self, language: str) -> None:
        self.set_rules(languages=f"en,{language}")


class Town(Roster):
    """The network, the service, and what the test knows of the people; time is the network's."""

    network: TownNetwork

    def __init__(self, network: TownNetwork, parts: Parts, in_flight: InFlight) -> None:
        super().__init__(network, parts)
        self.in_flight = in_flight
        self.clock = JobClock(network, parts)
        network.settled = self._settle
        network.on_start = self._settle
        network.on_stop = self.clock.catch_up
        self._awaited: dict[str, tuple[datetime, str]] = {}

    def wait(self, seconds: float) -> None:
        self.network.run_for(seconds)

    def hours_pass(self, hours: float) -> None:
        """A long quiet time: whoever waits for somebody may find them late, by a sixtieth of it."""
        self.clock.late = hours * HOUR / 60
        self.network.run_for(hours * 3600)
        self.clock.late = timedelta(0)

    def _settle(self) -> None:
        self.in_flight.wait_for_none()
        self.clock.look_again()

    def until_hears(self, phone: Phone, words: str, within: float = 120) -> None:
        """Let time pass until these words are said to this phone, after those awaited last."""

        last, before = self._awaited.get(phone.number, (EVENING, ""))

        def fresh() -> list[tuple[datetime, str]]:
            return [
                (at, said)
                for at, said in phone.heard
                if words in said and (at > last or (at == last and said != before))
            ]

        heard = self.network.run_until(lambda: bool(fresh()), within)
        assert heard, f"{phone.name} did not hear {words!r}\n{self.network.story()}"
        self._awaited[phone.number] = fresh()[0]
        self.network.run_for(HAND)

    def until_talking(self, one: Phone, other: Phone, within: float = 120) -> None:
        together = self.network.run_until(lambda: other.name in one.talking_with, within)
        assert together, f"{one.name} and {other.name} do not talk\n{self.network.story()}"
        self.network.run_for(HAND)

    def until_rings(self, phone: Phone, within: float = 120) -> None:
        rang = self.network.run_until(lambda: phone.is_ringing, within)
        assert rang, f"{phone.name}'s phone does not ring\n{self.network.story()}"

    def until_over(self, phone: Phone, within: float = 120) -> None:
        over = self.network.run_until(lambda: not phone.is_in_call, within)
        assert over, f"{phone.name} is still in a call\n{self.network.story()}"


def _one(db: Connection, statement: object) -> int:
    return int(db.execute(statement).scalar_one())  # type: ignore[call-overload]  # any insert


@contextmanager
def town_on(
    database_url: str,
    *,
    languages: str = "en",
    promised: bool = True,
    per_second: float = 1.0,
    texts_per_second: float = AT_ONCE,
    **rules: object,
) -> Iterator[Town]:
    """A line with a promise in these languages and nobody on the roster yet."""
    with ExitStack() as stack:
        network = TownNetwork(
            ACCOUNT, TOKEN, start=EVENING, calls_per_second=per_second, patience=LONG
        )
        stack.callback(network.close)
        parts, in_flight = stack.enter_context(
            served(database_url, network.open(), network.now, per_second, texts_per_second)
        )
        _set_up(parts, languages if promised else "", languages, rules)
        url = parts.settings.public_url
        for number in (LINE, SECOND):
            network.add_number(
                number,
                voice_url=f"{url}/voice",
                status_url=f"{url}/voice/status",
                text_url=f"{url}/text",
                fallback_url=f"{url}/voice/fallback",
            )
        town = Town(network, parts, in_flight)
        stack.callback(town.clock.close)
        yield town


def _set_up(parts: Parts, promised: str, languages: str, rules: dict[str, object]) -> None:
    with parts.database.writing() as db:
        line = {"id": 1, "name": "Riverside", "time_zone": "America/New_York"}
        db.execute(insert(Line).values(line | {"calendar_key": "0123456789abcdef"}))
        db.execute(insert(LineRules).values(line_id=1, number=LINE, languages=languages, **rules))
        never = dict.fromkeys(promise.QUESTIONS, promise.NEVER)
        words = [promise.Promise(code, never) for code in promised.split(",") if code]
        if words:
            promise.save(db, 1, words, EVENING)
