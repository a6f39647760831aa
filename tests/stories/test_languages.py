"""Who is rung for a caller who chose a language, and who is told of it."""

from collections.abc import Iterator

import pytest

from tests.stories.town import LINE, Town, town_on
from warmline.simulator import Phone


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def calls_in(town: Town, name: str = "Cal", *, spanish: bool = True) -> Phone:
    """A caller who chooses, and skips the promise."""
    phone = town.phone(name)
    if spanish:
        phone.when_hears("Para español", press="2").when_hears("Nuestra promesa", press="#")
    else:
        phone.when_hears("Our promise", press="#")
    phone.dial(LINE)
    return phone


def test_speakers_are_rung_first_and_others_when_no_speaker_is_left(town: Town) -> None:
    ana, bo, chi = (town.volunteer(name, on=(-3, 3)) for name in ("Ana", "Bo", "Chi"))
    dee = town.volunteer("Dee", languages="en,es", on=(-0.1, 3))
    cal = calls_in(town)
    town.until_rings(dee)
    town.wait(12)
    assert not [phone.name for phone in (ana, bo, chi) if phone.rings]
    town.until_rings(chi)
    assert ana.is_ringing
    assert bo.is_ringing
    assert not dee.is_ringing
    assert not cal.has_heard("no hay nadie que hable español")


def test_when_no_speaker_is_on_the_caller_hears_so_in_that_language(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Press 1", press="1")
    cal = calls_in(town)
    town.until_hears(cal, "En este momento no hay nadie que hable español")
    town.until_hears(ana, "They chose Spanish.")
    town.until_talking(cal, ana)


def test_a_speaker_in_a_talk_is_here_all_the_same(town: Town) -> None:
    ana = town.volunteer("Ana", languages="en,es", breather=0)
    ana.picks_up(after=6).when_hears("Press 1", press="1")
    town.until_talking(calls_in(town, "Dot", spanish=False), ana)
    bo = town.volunteer("Bo")
    cal = calls_in(town)
    town.until_rings(bo)
    town.until_hears(cal, "Estamos buscando a alguien.")
    assert not cal.has_heard("no hay nadie que hable español")


def test_one_who_spoke_only_their_callers_language_is_told_nothing_of_it(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es")
    ana.picks_up(after=6).when_hears("Oprima 1", press="1")
    town.until_talking(calls_in(town), ana)
    assert not ana.has_heard("Eligió")


def test_passing_when_the_language_is_told_is_passing_that_caller_alone(town: Town) -> None:
    ana = town.volunteer("Ana", languages="en,es")
    ana.picks_up(after=6).when_hears("someone would", press="1").when_hears("They chose", press="2")
    cal = calls_in(town)
    town.wait(2)
    dot = calls_in(town, "Dot", spanish=False)
    town.until_hears(ana, "All right. Thank you.")
    town.until_talking(dot, ana)
    assert not cal.talking_with


def test_phones_that_ring_go_on_for_a_caller_with_another_language(town: Town) -> None:
    ana = town.volunteer("Ana")
    dot = calls_in(town, "Dot", spanish=False)
    town.wait(6)
    cal = calls_in(town)
    town.until_rings(ana)
    town.until_hears(cal, "Nuestra promesa")
    dot.hang_up()
    town.wait(3)
    assert ana.is_ringing
    assert len(ana.rings) == 1
    ana.when_hears("Press 1", press="1").pick_up()
    town.until_talking(cal, ana)


def test_who_changes_the_language_has_the_phones_of_its_speakers(town: Town) -> None:
    ana = town.volunteer("Ana", languages="en")
    bo = town.volunteer("Bo", languages="es")
    cal = calls_in(town, spanish=False)
    town.until_hears(cal, "We're looking")
    town.until_rings(ana)
    cal.when_hears("3: another language", press="3", once=True)
    cal.press("0")
    town.until_rings(bo, within=30)
    town.wait(2)
    assert not ana.is_ringing
