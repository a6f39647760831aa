"""What the clock texts: reminders, asking for cover, and what whoever is on duty hears."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from shifts.planning_models import NumberWanted
from tests.stories.test_volunteer_texts import open_place, writes
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.models.people import Volunteer


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def bodies(town: Town, name: str) -> list[str]:
    return [text.body for text in town.phone(name).texts]


def wish(town: Town, name: str, **columns: object) -> None:
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id == town.people[name])
        db.execute(mine.values(**columns))


def test_a_shift_has_two_texts_whatever_it_is_made_of(town: Town) -> None:
    town.volunteer("Ana", on=(24.05, 25))
    town.shift("Ana", 25, 26)
    town.wait(400)
    [ahead] = bodies(town, "Ana")
    assert ahead == (
        "Riverside: your shift is Tue 5 Mar 6:03 PM-8 PM. Thank you."
        " SHIFTS = yours, DROP and its number frees you."
    )
    town.volunteer("Bo", on=(0.3, 1), languages="es")
    town.shift("Bo", 1, 2)
    town.wait(1300)
    assert bodies(town, "Bo") == [
        "Riverside: estás de turno hasta 20:06. Gracias. SALGO = fuera, PAUSA = ahora no."
    ]


def test_reminders_are_as_one_wishes_and_never_late(town: Town) -> None:
    for name in ("Ana", "Bo", "Chi"):
        town.volunteer(name, on=(1.02, 3))
    wish(town, "Ana", remind="hour")
    wish(town, "Bo", remind="off")
    town.wait(200)
    assert "your shift is Mon 4 Mar 7:01 PM-9 PM" in bodies(town, "Ana")[0]
    assert bodies(town, "Bo") == bodies(town, "Chi") == []
    # The clock stood still over the start: nobody is told that they are on half an hour later.
    with town.parts.database.writing() as db:
        db.execute(update(Volunteer).values(agreed=""))
    town.hours_pass(1.4)
    with town.parts.database.writing() as db:
        db.execute(update(Volunteer).values(agreed="yes"))
    town.wait(130)
    assert bodies(town, "Chi") == []


def test_whoever_comes_on_by_a_text_is_not_told_so_twice(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    writes(town, ana, "IN")
    open_place(town, 20, 23)
    writes(town, ana, "OPEN")
    writes(town, ana, "TAKE 1")
    town.wait(150)
    assert len(bodies(town, "Ana")) == 3


def test_whoever_could_take_an_open_place_is_asked_once_a_day(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.volunteer("Bo", on=(19, 22))
    town.volunteer("Chi", on=(20, 23))
    wish(town, "Bo", quiet_from=17 * 60, quiet_until=18 * 60)
    dropper = town.phone("Chi")
    writes(town, dropper, "SHIFTS")
    writes(town, dropper, "DROP 1")
    town.wait(260)
    [asked] = bodies(town, "Ana")
    assert asked == (
        "Riverside, can you cover: 1 Tue 5 Mar 2 PM-5 PM? TAKE and the number = yours."
        " No answer needed."
    )
    assert bodies(town, "Bo") == []
    assert len(bodies(town, "Chi")) == 2
    open_place(town, 44, 47)
    town.wait(260)
    assert len(bodies(town, "Ana")) == 1
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "TAKE 1")[0]


def test_what_is_given_up_by_a_slip_is_nobodys_errand(town: Town) -> None:
    town.volunteer("Ana", on=None)
    bo = town.volunteer("Bo", on=(20, 23))
    writes(town, bo, "SHIFTS")
    town.wait(40)
    writes(town, bo, "DROP 1")
    town.wait(20)
    assert "undone" in writes(town, bo, "UNDO")[0]
    town.wait(200)
    assert bodies(town, "Ana") == []


def test_who_knows_of_a_place_is_left_in_peace_until_its_last_day(town: Town) -> None:
    town.volunteer("Ana", on=None)
    open_place(town, 24.2, 27)
    town.wait(70)
    [asked] = bodies(town, "Ana")
    assert "can you cover: 1 Tue 5 Mar 6:12 PM-9 PM?" in asked
    wish(town, "Ana", cover_asked_at=None)
    town.wait(200)
    assert len(bodies(town, "Ana")) == 1
    town.wait(600)
    assert bodies(town, "Ana") == [asked, asked]


def test_somebody_is_asked_to_come_on_now_while_the_line_is_short(town: Town) -> None:
    want(town, 1)
    ana, bo = town.volunteer("Ana", on=(-1, 2)), town.volunteer("Bo", on=None)
    writes(town, ana, "OUT")
    town.wait(70)
    assert bodies(town, "Bo") == [
        "Riverside: someone is needed now, until 8 PM. IN = on now. No answer needed."
    ]
    assert len(bodies(town, "Ana")) == 1
    assert "you are on until 8:01 PM" in writes(town, bo, "IN")[0]
    chi = town.volunteer("Chi", on=None, languages="es")
    town.wait(130)
    assert chi.texts == []


def test_a_shift_that_somebody_was_only_asked_for_needs_another_once_it_begins(town: Town) -> None:
    want(town, 1)
    for name in ("Ana", "Bo"):
        town.volunteer(name, on=None)
    ask(town, "Ana", (0.04, 2))
    town.wait(90)
    assert "Riverside asks: 1 Mon 4 Mar" in bodies(town, "Ana")[0]
    assert bodies(town, "Bo") == []
    town.wait(120)
    assert ["needed now" in said for said in bodies(town, "Bo")] == [True]
    assert len(bodies(town, "Ana")) == 1


def test_nobody_is_asked_for_cover_in_their_quiet_hours_but_who_wishes_it(town: Town) -> None:
    for name in ("Ana", "Bo"):
        town.volunteer(name, on=None)
        wish(town, name, quiet_from=17 * 60, quiet_until=19 * 60)
    wish(town, "Bo", asked_at_night=True)
    open_place(town, 20, 23)
    town.wait(260)
    assert bodies(town, "Ana") == []
    assert len(bodies(town, "Bo")) == 1


def want(town: Town, number: int) -> None:
    """One who takes calls is enough: nobody is missed for texts, Spanish or on duty."""
    with town.parts.database.writing() as db:
        wishes = ({"number": number}, {"number": 0, "channel": "text"}, {"number": 0, "duty": True})
        for one in (*wishes, {"number": 0, "language": "es"}):
            db.execute(NumberWanted.__table__.insert().values(line_id=1, **one))  # type: ignore[attr-defined]  # a table


def test_duty_hears_of_gaps_as_they_come_nearer(town: Town) -> None:
    want(town, 1)
    town.volunteer("Ana", on=(-1, 30))
    chi = town.volunteer("Chi", on=None)
    town.shift("Ana", 32, 200)
    writes(town, chi, "DUTY")
    town.wait(700)
    told = [said for said in bodies(town, "Chi") if "gaps" in said]
    assert told == [
        "Riverside, gaps ahead: Wed 6 Mar 12 AM-2 AM (nobody). OPEN = places that need someone."
    ]
    town.wait(700)
    assert len([said for said in bodies(town, "Chi") if "gaps" in said]) == 1


def test_with_nobody_on_duty_in_time_the_coordinator_of_the_line_hears_of_it(town: Town) -> None:
    want(town, 1)
    town.volunteer("Ana", on=(-1, 0.5))
    town.shift("Ana", 1, 1.5)
    town.shift("Ana", 2, 400)
    town.volunteer("Dee", on=None)
    town.set_rules(coordinator_phone=NUMBERS["Dee"])
    # Chi is on duty before the second gap, and hears of it then: nobody else needs to.
    town.volunteer("Chi", on=None)
    town.duty("Chi", 0.3, 12)
    town.wait(700)
    told = "Riverside, gaps ahead: Mon 4 Mar {} (nobody). OPEN = places that need someone."
    assert bodies(town, "Dee") == [told.format("6:30 PM-7 PM")]
    town.wait(600)
    assert told.format("7:30 PM-8 PM") in bodies(town, "Chi")
    assert len(bodies(town, "Dee")) == 1


def test_duty_hears_at_once_of_a_caller_who_was_not_reached_hourly_at_most(town: Town) -> None:
    chi = town.volunteer("Chi", on=None)
    writes(town, chi, "DUTY")
    for name in ("Cal", "Dot"):
        phone = town.phone(name)
        phone.dial(LINE)
        town.wait(25)
        phone.hang_up()
        town.wait(10)
    told = [said for said in bodies(town, "Chi") if "not reached" in said]
    assert len(told) == 1
    assert NUMBERS["Cal"] not in told[0]


def test_duty_hears_that_several_wait_and_that_cover_has_fallen(town: Town) -> None:
    want(town, 1)
    ana, chi = town.volunteer("Ana").picks_up(after=2), town.volunteer("Chi", on=None)
    ana.when_hears("Press 1", press="1")
    writes(town, chi, "DUTY")
    town.phone("Gus").dial(LINE)
    town.until_talking(town.phone("Gus"), ana)
    for name in ("Cal", "Dot"):
        town.phone(name).dial(LINE)
    town.wait(170)
    assert any("waited more than two minutes" in said for said in bodies(town, "Chi"))
    writes(town, ana, "OUT")
    town.wait(70)
    assert any("fewer are on now than wanted" in said for said in bodies(town, "Chi"))
    assert "Ana" not in "".join(bodies(town, "Chi"))


def hears_why(town: Town, told: str) -> bool:
    """Whether Chi, on duty, is told so within a minute, by the line's name."""
    town.wait(60)
    return f"Riverside: {told}" in bodies(town, "Chi")


def test_duty_hears_in_plain_words_why_texts_do_not_go_out(town: Town) -> None:
    ana, bo, chi = (town.volunteer(name, on=None) for name in ("Ana", "Bo", "Chi"))
    writes(town, chi, "DUTY")
    refused, lost = town.network.faults.texts_refused, town.network.faults.texts_lost
    town.network.faults.opted_out.add(ana.number)
    ana.write(LINE, "SHIFTS")
    assert hears_why(
        town, "Ana's phone takes no texts of the line. START, texted from it, opens it again."
    )
    refused[bo.number] = 30034
    bo.write(LINE, "SHIFTS")
    unregistered = (
        "texts do not go out: the number is not registered yet (30034)."
        " Please look at the provider's account."
    )
    assert hears_why(town, unregistered)
    refused[bo.number] = 99999
    bo.write(LINE, "SHIFTS")
    assert hears_why(
        town,
        "texts do not go out just now (the phone company's code 99999)."
        " Please look at the provider's account.",
    )
    del refused[bo.number]
    lost[bo.number] = 30006
    bo.write(LINE, "SHIFTS")
    wrong = "Bo's phone is not reached (30006). A landline, or a wrong number? Please ask them."
    assert hears_why(town, wrong)
    # A phone that is off is nobody's errand; and what was told is not told again for an hour.
    before = len(chi.texts)
    for code in (30003, 30006, 30034):
        lost[bo.number] = code
        writes(town, bo, "SHIFTS")
    town.wait(60)
    assert len(chi.texts) == before


def test_of_a_callers_phone_duty_hears_nothing_and_of_a_talks_texts_why(town: Town) -> None:
    town.volunteer("Ana")
    chi = town.volunteer("Chi", on=None)
    writes(town, chi, "DUTY")
    dot = town.phone("Dot")
    for code, known in ((21614, False), (30005, False), (30007, True)):
        town.network.faults.texts_lost[dot.number] = code
        dot.write(LINE, "RULES")
        town.wait(30)
        assert any(str(code) in said for said in bodies(town, "Chi")) is known
        assert dot.number not in "".join(bodies(town, "Chi"))


def test_two_clocks_say_each_thing_once(town: Town) -> None:
    town.volunteer("Ana", on=(24.01, 26))
    for job in town.parts.jobs():
        if job.seconds <= 120:
            town.network.every(job.seconds, lambda _now, run=job.run: run())  # type: ignore[misc]  # mypy cannot infer a lambda's default
    town.wait(200)
    assert len(bodies(town, "Ana")) == 1


@pytest.mark.parametrize("how", ["DUTY", "coordinator"])
def test_duty_who_could_come_on_hears_of_one_shortage_once(town: Town, how: str) -> None:
    want(town, 1)
    ana, bo = town.volunteer("Ana", on=(-1, 2)), town.volunteer("Bo", on=None)
    chi = town.volunteer("Chi", on=None)
    if how == "DUTY":
        writes(town, chi, "DUTY")
    else:
        town.set_rules(coordinator_phone=NUMBERS["Chi"])
    before = len(chi.texts)
    writes(town, ana, "OUT")
    town.wait(200)
    [told] = [text.body for text in chi.texts[before:]]
    assert told.startswith("Riverside: fewer are on now than wanted. IN = on now, WHO = who is on,")
    assert ["needed now" in said for said in bodies(town, "Bo")] == [True]
    assert bo.texts


def test_duty_who_heard_that_a_place_opened_is_not_told_of_the_same_gap(town: Town) -> None:
    want(town, 1)
    town.volunteer("Ana", on=(-1, 20))
    for day in range(8):
        town.shift("Ana", 23 + 24 * day, 47 + 24 * day)
    bo, chi = town.volunteer("Bo", on=(20, 23)), town.volunteer("Chi", on=None)
    writes(town, chi, "DUTY")
    writes(town, bo, "SHIFTS")
    town.wait(70)
    before = len(chi.texts)
    writes(town, bo, "DROP 1")
    town.wait(1300)
    told = [text.body for text in chi.texts[before:] if "2 PM-5 PM" in text.body]
    assert ["can you cover" in one for one in told] == [False, True]
    assert told[0].startswith("Riverside: a place opened: Tue 5 Mar 2 PM-5 PM.")
