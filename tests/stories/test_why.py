"""WHY: a volunteer reads why their phone rang or did not, for two days; nobody else does."""

from sqlalchemy import select

from tests.stories.town import LINE, Town
from tests.stories.writing import texts_after
from warmline.models.people import RingReason
from warmline.simulator import Phone


def calls_in(town: Town, name: str = "Cal") -> Phone:
    phone = town.phone(name)
    phone.when_hears("Our promise", press="#")
    phone.dial(LINE)
    return phone


def why(town: Town, phone: Phone, word: str = "WHY") -> str:
    return " ".join(texts_after(town, phone, word))


def reasons(town: Town, name: str) -> list[str]:
    mine = select(RingReason.reason).where(RingReason.person_id == town.people[name])
    with town.parts.database.reading() as db:
        return list(db.scalars(mine.order_by(RingReason.id)))


def test_whose_phone_rang_out_reads_that_it_did(town: Town) -> None:
    ana = town.volunteer("Ana")
    calls_in(town)
    town.wait(40)
    assert "it rang, and nobody picked up" in why(town, ana)


def test_who_pressed_no_key_reads_that_none_was_pressed(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6)
    calls_in(town)
    town.wait(60)
    assert "no key was pressed" in why(town, ana)


def test_one_takes_it_and_the_other_reads_that_someone_was_faster(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    ana.picks_up(after=6).when_hears("Riverside", press="1")
    town.until_talking(calls_in(town), ana)
    assert "someone was faster" in why(town, bo)
    assert reasons(town, "Ana")[0] == "answered"


def test_who_passed_reads_that_they_did(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Riverside", press="2")
    calls_in(town)
    town.wait(30)
    assert "it rang and you passed" in why(town, ana)


def test_a_pause_and_its_end_are_the_reason(town: Town) -> None:
    ana = town.volunteer("Ana")
    texts_after(town, ana, "PAUSE 20")
    calls_in(town)
    town.wait(20)
    told = why(town, ana)
    assert "Your phone doesn't ring now: you paused until" in told
    assert reasons(town, "Ana") == ["paused"]


def test_whoever_talks_while_somebody_else_waits_reads_so(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Riverside", press="1")
    town.until_talking(calls_in(town), ana)
    calls_in(town, "Dot")
    town.wait(20)
    assert "talking" in reasons(town, "Ana")
    assert "you were in a talk" in why(town, ana)


def test_a_reason_that_goes_on_is_written_once_in_ten_minutes(town: Town) -> None:
    ana = town.volunteer("Ana")
    texts_after(town, ana, "PAUSE 60")
    for name in ("Cal", "Dot"):
        calls_in(town, name)
        town.wait(30)
    assert reasons(town, "Ana") == ["paused"]


def test_who_is_not_on_reads_so_and_who_was_never_needed_too(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo")
    assert "You're not on shift now" in why(town, ana)
    told = why(town, bo)
    assert "Your phone rings for whoever calls now" in told
    assert "nobody waited while you were on" in told


def test_in_spanish_the_word_and_the_answer_are_spanish(two_languages: Town) -> None:
    ana = two_languages.volunteer("Ana", languages="es")
    calls_in(two_languages)
    two_languages.wait(60)
    assert "sonó y nadie contestó" in why(two_languages, ana, "porqué")


def test_no_reason_tells_of_a_caller_or_of_the_second(town: Town) -> None:
    town.volunteer("Ana")
    calls_in(town)
    town.wait(60)
    with town.parts.database.reading() as db:
        rows = db.execute(select(RingReason.__table__)).mappings().all()
    assert rows
    for row in rows:
        assert set(row) == {"id", "line_id", "person_id", "at", "reason", "until", "code"}
        assert (row["at"].second, row["at"].microsecond) == (0, 0)


def test_after_two_days_nothing_is_known_any_more(town: Town) -> None:
    town.volunteer("Ana")
    calls_in(town)
    town.wait(60)
    assert reasons(town, "Ana")
    town.hours_pass(49)
    town.parts.forget()
    assert reasons(town, "Ana") == []


def test_who_leaves_takes_their_reasons_along(town: Town) -> None:
    ana = town.volunteer("Ana")
    calls_in(town)
    town.wait(200)
    texts_after(town, ana, "LEAVE")
    texts_after(town, ana, "LEAVE")
    assert reasons(town, "Ana") == []
