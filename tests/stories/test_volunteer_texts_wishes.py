"""How a volunteer wishes to be rung and texted, and what they share: theirs alone to say."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, Town, town_on
from warmline.models.people import ImportedTag, SharedWord, Volunteer
from warmline.texting import lengths


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def wishes(town: Town, name: str) -> dict[str, object]:
    with town.parts.database.reading() as db:
        mine = select(Volunteer.__table__).where(Volunteer.person_id == town.people[name])
        return dict(db.execute(mine).mappings().one())


def test_quiet_hours_are_ones_own_to_set(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "from 8 PM to 9 AM" in writes(town, ana, "QUIET")[0]
    assert "from 9 PM to 10 AM" in writes(town, ana, "quiet 9pm-10am")[0]
    assert (wishes(town, "Ana")["quiet_from"], wishes(town, "Ana")["quiet_until"]) == (1260, 600)
    assert "which? Write QUIET" in writes(town, ana, "QUIET 9-10")[0]
    assert "not clear to me" in writes(town, ana, "QUIET when I sleep")[0]
    assert "from 9 PM to 10 AM" in writes(town, ana, "QUIET")[0]
    assert "at any hour" in writes(town, ana, "QUIET NONE")[0]
    assert "from 8 PM to 9 AM" in writes(town, ana, "QUIET OFF")[0]
    bo = town.volunteer("Bo", on=None, languages="es")
    assert "de 21:00 a 9:00" in writes(town, bo, "Silencio 21 a 9")[0].replace("09:00", "9:00")


@pytest.mark.parametrize(
    ("written", "answer", "column", "wanted"),
    [
        ("REMIND", "the day before and at its start", "remind", "day"),
        ("REMIND HOUR", "an hour before and at its start", "remind", "hour"),
        ("remind off", "do not remind you", "remind", "off"),
        ("LATE", "at night too", "asked_at_night", True),
        ("LATE OFF", "in your quiet hours", "asked_at_night", False),
        ("LAST", "only when nobody else answers", "rung_last", True),
        ("LAST OFF", "like everybody's", "rung_last", False),
        ("SLOW", "rings 30 seconds", "ring_seconds", 30),
        ("SLOW OFF", "rings 15 seconds", "ring_seconds", None),
        ("MORE", "sooner than others", "often", 1),
        ("LESS", "later than others", "often", -1),
        ("LESS OFF", "as often as everybody's", "often", 0),
    ],
)
def test_a_wish_is_answered_with_what_now_holds(
    town: Town, written: str, answer: str, column: str, wanted: object
) -> None:
    ana = town.volunteer("Ana", on=None)
    [said] = writes(town, ana, written)
    assert answer in said
    assert wishes(town, "Ana")[column] == wanted


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("RECUERDA HORA", "una hora antes"),
        ("NOCHE", "también de noche"),
        ("ULTIMO", "solo si nadie más contesta"),
        ("LENTO", "30 segundos"),
        ("MÁS", "antes que otros"),
        ("MENOS NO", "tanto como los demás"),
        ("COMPARTO madre", "compartes: madre"),
    ],
)
def test_wishes_in_spanish(town: Town, written: str, answer: str) -> None:
    bo = town.volunteer("Bo", on=None, languages="es")
    [said] = writes(town, bo, written)
    assert answer in said
    assert lengths.fits(said, lengths.ANSWER)


def test_who_wishes_to_be_last_is_rung_when_nobody_else_answers_and_slowly(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    writes(town, ana, "LAST")
    writes(town, ana, "SLOW")
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    town.wait(10)
    assert not ana.rings
    town.until_rings(ana)
    rang_since = town.network.now()
    assert bo.rings
    town.network.run_until(lambda: not ana.is_ringing, 60)
    assert (town.network.now() - rang_since).total_seconds() > 25
    assert not town.phone("Cal").has_heard("nobody")


def test_two_missed_rings_are_told_to_the_volunteer_alone_and_forgotten(town: Town) -> None:
    ana, cal = town.volunteer("Ana"), town.phone("Cal")
    cal.dial(LINE)
    assert town.network.run_until(lambda: bool(ana.texts), 120), town.network.story()
    [told] = ana.texts
    assert (
        told.body == "Riverside: We missed you twice. No problem. BACK = ready, OUT = done for now."
    )
    assert len(ana.rings) == 2
    assert wishes(town, "Ana")["missed"] == 0


def test_whoever_writes_after_a_missed_ring_is_there(town: Town) -> None:
    ana, cal = town.volunteer("Ana"), town.phone("Cal")
    cal.dial(LINE)
    town.until_rings(ana)
    town.network.run_until(lambda: not ana.is_ringing, 60)
    town.wait(1)
    assert wishes(town, "Ana")["missed"] == 1
    writes(town, ana, "BACK")
    assert wishes(town, "Ana")["missed"] == 0


def test_words_are_shared_and_taken_back(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "share nothing" in writes(town, ana, "SHARE")[0]
    assert "you share: parent." in writes(town, ana, "Share Parent")[0]
    assert "you share: deaf, parent." in writes(town, ana, "SHARE deaf")[0]
    assert "parent is not shared any more" in writes(town, ana, "UNSHARE parent")[0]
    assert "do not share that" in writes(town, ana, "UNSHARE parent")[0]
    assert "40 letters" in writes(town, ana, "SHARE " + "x" * 41)[0]
    for number in range(9):
        writes(town, ana, f"SHARE word {number}")
    assert "ten words are the most" in writes(town, ana, "SHARE one more")[0]


def test_words_that_others_entered_are_asked_of_the_person_once(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    with town.parts.database.writing() as db:
        rows = [{"person_id": town.people["Ana"], "word": word} for word in ("parent", "veteran")]
        db.execute(insert(ImportedTag), rows)
    town.wait(700)
    [asked] = ana.texts
    assert asked.body == (
        "Riverside: the list says you share: 1 parent, 2 veteran. Only you decide."
        " OK and the number = yes, NO and the number = no."
    )
    assert "you share: parent." in writes(town, ana, "OK 1")[0]
    assert "veteran is not shared" in writes(town, ana, "NO")[0]
    with town.parts.database.reading() as db:
        assert db.scalars(select(SharedWord.word)).all() == ["parent"]
        assert db.scalars(select(ImportedTag.word)).all() == []
