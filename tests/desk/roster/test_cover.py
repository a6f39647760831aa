"""Cover at eleven in the evening: whom asking reaches is said first; and what else can be done."""

from sqlalchemy import insert, select, update

from shifts.models import Place
from tests.desk.conftest import AtDesk
from tests.stories.town import EVENING, HOUR, LINE, Town
from warmline.line import opening
from warmline.models.people import Volunteer
from warmline.people import gaps


def open_place(town: Town, begin: float, end: float) -> int:
    now = town.network.now()
    with town.parts.database.writing() as db:
        times = {"starts_at": now + begin * HOUR, "ends_at": now + end * HOUR}
        made = insert(Place).values(line_id=1, state="open", **times).returning(Place.id)
        return int(db.execute(made).scalar_one())


def state(town: Town, place: int) -> tuple[str, int | None]:
    with town.parts.database.reading() as db:
        found = select(Place.state, Place.person_id).where(Place.id == place)
        row = db.execute(found).one()
    return row.state, row.person_id


def quiet_all_day(town: Town, *names: str) -> None:
    people = [town.people[name] for name in names]
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id.in_(people))
        db.execute(mine.values(quiet_from=0, quiet_until=23 * 60 + 59))


def test_whom_it_reaches_is_said_and_the_first_ok_has_it(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    town.volunteer("Chi", on=None)
    town.volunteer("Dee", on=(20, 30))
    quiet_all_day(town, "Chi")
    ana = at_desk(town)
    place = open_place(town, 24, 28)
    ana.open(f"/desk/place/{place}/cover")
    assert "2 can be asked now. 1 is in quiet hours they chose." in ana.text
    ana.send(f"/desk/place/{place}/cover")
    assert "Whoever takes it first has it" in ana.text
    town.wait(5)
    assert "Tue 5 Mar 6 PM-10 PM" in bo.texts[-1].body
    bo.write(LINE, "TAKE 1")
    town.wait(5)
    assert state(town, place) == ("agreed", town.people["Bo"])
    assert ana.open(f"/desk/place/{place}/cover").answer.status_code == 404


def test_a_coordinator_takes_it_herself(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town)
    place = open_place(town, 24, 28)
    ana.open(f"/desk/place/{place}/cover").send(r".*/cover/take")
    assert state(town, place) == ("agreed", town.people["Ana"])
    other = open_place(town, 25, 27)
    ana.open(f"/desk/place/{other}/cover").send(r".*/cover/take")
    assert ana.answer.status_code == 409


def test_who_is_on_until_then_is_asked_to_stay(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    ana = at_desk(town)
    now = town.network.now()
    with town.parts.database.writing() as db:
        times = {"starts_at": now - HOUR, "ends_at": now + HOUR}
        held = {"line_id": 1, "person_id": town.people["Bo"], "state": "agreed"}
        db.execute(insert(Place).values(held | times))
        later = {"starts_at": now + HOUR, "ends_at": now + 3 * HOUR}
        made = insert(Place).values(line_id=1, state="open", **later).returning(Place.id)
        place = int(db.execute(made).scalar_one())
    ana.open(f"/desk/place/{place}/cover").send(r".*/cover/stay")
    assert "whether they could stay" in ana.text
    assert state(town, place) == ("asked", town.people["Bo"])
    town.wait(70)
    assert "OK" in bo.texts[-1].body


def test_the_line_closes_in_honest_words_until_somebody_is_there(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town)
    place = open_place(town, 0, 4)
    ana.open(f"/desk/place/{place}/cover")
    assert dict(ana.page.forms[-1]["fields"])["until"] == "22:00"
    ana.send(r".*/cover/close", until="late")
    assert ana.answer.status_code == 422
    assert "A time at which the line opens again" in ana.text
    ana.send(r".*/cover/close", until="21:30")
    assert "Callers hear that nobody is here" in ana.text
    assert "Mon 4 Mar 2030: 00:00-18:00, 21:30-24:00 (nobody could be found)" in (
        ana.open("/desk/line").text
    )
    assert "9:30" in ana.open("/").text
    with town.parts.database.reading() as db:
        line = opening.the_line(db)
        begin = EVENING
        assert gaps.gaps(db, line, begin, begin + 3.5 * HOUR) == []
        assert gaps.gaps(db, line, begin, begin + 4 * HOUR) != []
