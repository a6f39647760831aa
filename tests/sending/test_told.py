"""What the line texts of its own accord: who may be told what at which hour, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from shifts.models import Line, Person
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.models.texts import Purpose, TextOut
from warmline.operations import one_time
from warmline.sending import texts
from warmline.sending.guard import MayNotText, NotNow

EVENING = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
"""Six in the evening in New York."""
NIGHT = EVENING + timedelta(hours=5)
NINE = datetime(2030, 3, 5, 14, 0, tzinfo=UTC)
LINE, ANA = "+14135550100", "+14135550111"
HOUR = 3600


@dataclass
class Desk:
    """Ana of Riverside, and a text for her."""

    database: Database

    def __post_init__(self) -> None:
        self.seal = Seal(["an imagined secret of thirty-two letters"])
        self.write(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        self.write(insert(LineRules).values(line_id=1, number=LINE))
        self.write(insert(Person).values(id=1, line_id=1, name="Ana"))
        who = {"person_id": 1, "line_id": 1, "phone": ANA, "languages": "en", "agreed": "yes"}
        self.write(insert(Volunteer).values(**who))

    def write(self, statement: object) -> None:
        with self.database.writing() as db:
            db.execute(statement)  # type: ignore[call-overload]  # any statement

    def ana(self, **changes: object) -> None:
        self.write(update(Volunteer).values(**changes))

    def in_a_talk(self, side: str) -> None:
        talk = {"line_id": 1, "token": "t", "number_digest": "d", "number": "", "name": "Fern"}
        when = dict.fromkeys(("waiting_since", "due_at", "heard_at"), EVENING)
        self.write(insert(Talk).values(**talk, language="en", state="talking", **when, **{side: 1}))

    def told(self, purpose: Purpose, at: datetime, *, valid: int = HOUR) -> texts.Outgoing:
        """What the guard lets out at this instant of a text that was made in the evening."""
        with self.database.writing() as db:
            db.execute(delete(TextOut))
            texts.tell(db, self.seal, 1, 1, ["Hello."], EVENING, purpose, valid)
            token = db.execute(select(TextOut.token)).scalar_one()
            return texts.to_send(db, self.seal, token, at)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield Desk(database)
    database.close()


@pytest.mark.parametrize("purpose", [texts.SHIFT, texts.DUTY, texts.ASK, texts.COVER])
def test_only_who_has_agreed_is_told_anything(desk: Desk, purpose: Purpose) -> None:
    assert desk.told(purpose, EVENING) == (LINE, ANA, "Hello.", HOUR)
    for answer in ("", "ask"):
        desk.ana(agreed=answer)
        with pytest.raises(MayNotText, match="not agreed"):
            desk.told(purpose, EVENING)


def test_only_who_expects_it_and_has_not_answered_is_invited(desk: Desk) -> None:
    for answer in ("", "yes"):
        desk.ana(agreed=answer)
        with pytest.raises(MayNotText, match="answered already"):
            desk.told(texts.INVITE, EVENING)
    desk.ana(agreed="ask")
    assert desk.told(texts.INVITE, EVENING) == (LINE, ANA, "Hello.", HOUR)


@pytest.mark.parametrize("purpose", [texts.ASK, texts.COVER, texts.INVITE])
def test_nobody_is_asked_anything_new_in_their_quiet_hours(desk: Desk, purpose: Purpose) -> None:
    if purpose == texts.INVITE:
        desk.ana(agreed="ask")
    with pytest.raises(NotNow) as refusal:
        desk.told(purpose, NIGHT, valid=24 * HOUR)
    assert refusal.value.then == NINE
    desk.ana(quiet_from=12 * 60, quiet_until=13 * 60)
    assert desk.told(purpose, NIGHT, valid=24 * HOUR).to == ANA


def test_who_wishes_it_is_asked_for_cover_at_night_too(desk: Desk) -> None:
    desk.ana(asked_at_night=True)
    assert desk.told(texts.COVER, NIGHT, valid=24 * HOUR).to == ANA
    with pytest.raises(NotNow):
        desk.told(texts.ASK, NIGHT, valid=24 * HOUR)


def test_what_is_about_a_shift_does_not_wait_for_the_morning(desk: Desk) -> None:
    for purpose in (texts.SHIFT, texts.DUTY, texts.REPLY):
        assert desk.told(purpose, NIGHT, valid=24 * HOUR).to == ANA


@pytest.mark.parametrize("side", ["person_id", "volunteer_id"])
def test_all_but_answers_waits_until_their_talk_is_over(desk: Desk, side: str) -> None:
    desk.in_a_talk(side)
    with pytest.raises(NotNow) as refusal:
        desk.told(texts.SHIFT, EVENING)
    assert refusal.value.then > EVENING
    assert desk.told(texts.REPLY, EVENING).to == ANA


def test_what_has_lost_its_use_never_goes_out(desk: Desk) -> None:
    late = EVENING + timedelta(minutes=40)
    assert desk.told(texts.SHIFT, late).valid_seconds == 20 * 60
    assert desk.told(texts.SHIFT, EVENING, valid=48 * HOUR).valid_seconds == texts.LONGEST_VALID
    with pytest.raises(MayNotText, match="use"):
        desk.told(texts.SHIFT, EVENING + timedelta(hours=1))


def test_a_thing_is_said_once_until_it_may_be_said_again(desk: Desk) -> None:
    hour = timedelta(hours=1)
    with desk.database.writing() as db:
        assert one_time.first(db, "gap:1", EVENING, EVENING + hour)
        assert not one_time.first(db, "gap:1", EVENING, EVENING + hour)
        assert one_time.first(db, "gap:2", EVENING, EVENING + hour)
        assert one_time.first(db, "gap:1", EVENING + hour, EVENING + 2 * hour)
        assert one_time.forget(db, EVENING + hour) == 1
