"""Volunteers are asked for shifts by text, told what others entered, and swap with both yeses."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from shifts.patterns.materialise import make_all_ahead
from shifts.patterns.pattern_rows import add_pattern
from shifts.patterns.rule import Rule, Weekly, Window
from tests.stories.test_volunteer_texts import writes
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import HOUR, Town, town_on
from warmline.cli.rosters import bring_in
from warmline.texting import lengths


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def bodies(town: Town, name: str) -> list[str]:
    return [text.body for text in town.phone(name).texts]


def test_what_somebody_is_asked_for_is_texted_once_with_numbers(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.volunteer("Bo", on=None)
    ask(town, "Ana", (20, 23), (44, 47))
    town.wait(200)
    [asked] = bodies(town, "Ana")
    assert asked == (
        "Riverside asks: 1 Tue 5 Mar 2 PM-5 PM, 2 Wed 6 Mar 2 PM-5 PM."
        " OK or NO and the number. No is fine."
    )
    assert bodies(town, "Bo") == []
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "OK 1")[0]
    assert "no is fine. You are free of Wed 6 Mar" in writes(town, ana, "NO")[0]


def test_nobody_is_asked_in_their_quiet_hours_and_everybody_after_them(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    writes(town, ana, "QUIET 6PM-7PM")
    ask(town, "Ana", (20, 23))
    town.wait(130)
    assert len(bodies(town, "Ana")) == 1
    town.hours_pass(0.9)
    town.wait(400)
    assert "Riverside asks: 1 Tue 5 Mar" in bodies(town, "Ana")[-1]
    assert len(bodies(town, "Ana")) == 2


def a_pattern(town: Town, name: str) -> None:
    """Every Tuesday evening, made eight weeks ahead."""
    window = Window(Weekly((1,)), time(18), time(21))
    rule = Rule(town.network.now().date(), window=window, persons=(town.people[name],))
    with town.parts.database.writing() as db:
        add_pattern(db, 1, rule, "Tuesdays", False, town.network.now())
        make_all_ahead(db, town.network.now())


def test_one_ok_covers_a_pattern_until_they_say_otherwise(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    a_pattern(town, "Ana")
    town.wait(70)
    [asked] = bodies(town, "Ana")
    assert asked == (
        "Riverside asks: 1 Tue 5 Mar 6 PM-9 PM and 7 more like it."
        " OK or NO and the number. No is fine."
    )
    [said] = writes(town, ana, "ok")
    assert said.startswith("Riverside: yours, Tue 5 Mar 6 PM-9 PM and every one like it until")
    assert "Tue 12 Mar 6 PM-9 PM" in writes(town, ana, "SHIFTS")[0]
    with town.parts.database.writing() as db:
        make_all_ahead(db, town.network.now() + 24 * 14 * HOUR)
    town.wait(70)
    assert not [said for said in bodies(town, "Ana")[1:] if "asks" in said]


def test_a_no_to_a_pattern_is_a_no_to_all_it_asked(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    a_pattern(town, "Ana")
    town.wait(70)
    assert "no is fine. You are free of Tue 5 Mar" in writes(town, ana, "NO 1")[0]
    assert "nothing is asked" in writes(town, ana, "OK")[0]


def test_who_is_entered_as_agreed_by_others_is_told_and_can_say_no(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = town.volunteer("Ana", on=None)
    starts, ends = (town.network.now() + hours * HOUR for hours in (20, 23))
    file = tmp_path / "shifts.csv"
    row = f"{starts.isoformat()},{ends.isoformat()},{ana.number},yes"
    file.write_text(f"starts,ends,phone,agreed\n{row}\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", town.parts.settings.database_url)
    monkeypatch.setenv("WARMLINE_SECRET_KEY", ",".join(town.parts.settings.secret_keys))
    for _ in range(2):
        bring_in(file, town.network.now(), dry_run=False, all_agreed=False)
    town.wait(130)
    assert bodies(town, "Ana") == [
        "Riverside: the list says you said yes to 1 Tue 5 Mar 2 PM-5 PM. Not so? NO 1."
    ]
    assert "You are free of Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "NO 1")[0]


def test_a_swap_with_both_yeses(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=(20, 23)), town.volunteer("Bo", on=(44, 47))
    town.shift("Ana", 68, 71)
    writes(town, bo, "SHIFTS")
    [choose] = writes(town, bo, "SWAP 1 Ana")
    assert choose == (
        "Riverside, Ana's: 2 Tue 5 Mar 2 PM-5 PM, 3 Thu 7 Mar 2 PM-5 PM."
        " SWAP 1 2 = for that one."
        " SWAP 1 Ana GIVE = just give it."
    )
    assert "we ask Ana" in writes(town, bo, "SWAP 1 2")[0]
    assert bodies(town, "Ana")[-1] == (
        "Riverside: Bo asks: your Tue 5 Mar 2 PM-5 PM for Wed 6 Mar 2 PM-5 PM?"
        " OK 1 or NO 1. No is fine."
    )
    assert writes(town, ana, "ok") == [
        "Riverside: swapped. Yours is now Wed 6 Mar 2 PM-5 PM. Thank you."
    ]
    assert bodies(town, "Bo")[-1] == (
        "Riverside: Ana said yes. Yours is now Tue 5 Mar 2 PM-5 PM. Thank you."
    )


def test_a_no_and_silence_reach_the_asker_in_the_same_words(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=(1, 2)), town.volunteer("Bo", on=(4, 5))
    writes(town, bo, "SHIFTS")
    writes(town, bo, "SWAP 1 ana")
    writes(town, bo, "SWAP 1 2")
    assert "no is fine" in writes(town, ana, "NO")[0]
    assert bodies(town, "Bo")[-1] == "Riverside: Ana can't this time."
    writes(town, bo, "SWAP 1 2")
    town.hours_pass(1)
    town.wait(130)
    assert bodies(town, "Bo")[-1] == "Riverside: Ana can't this time."
    assert len([said for said in bodies(town, "Bo") if "can't" in said]) == 2
    assert "nobody waits" in writes(town, ana, "OK 1")[0]


def test_a_shift_is_just_given(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=(44, 47))
    writes(town, bo, "SHIFTS")
    assert "has no shift to swap. SWAP 1 Ana GIVE" in writes(town, bo, "SWAP 1 ANA")[0]
    assert "is yours until somebody takes it" in writes(town, bo, "SWAP 1 ANA GIVE")[0]
    assert "Bo would give you Wed 6 Mar 2 PM-5 PM. OK 1 = yours" in bodies(town, "Ana")[-1]
    assert "yours, Wed 6 Mar 2 PM-5 PM" in writes(town, ana, "OK 1")[0]
    assert "no shifts ahead" in writes(town, bo, "SHIFTS")[0]


def test_names_are_found_whole_or_by_the_first(town: Town) -> None:
    bo = town.volunteer("Bo", on=(44, 47))
    town.volunteer("Ana María Ruiz", on=(20, 23), number="+14135550171")
    town.volunteer("Ana Lee", on=(68, 71), number="+14135550172")
    writes(town, bo, "SHIFTS")
    assert (
        "which ANA? Write the whole name: Ana Maria Ruiz, Ana Lee"
        in writes(town, bo, "SWAP 1 ANA")[0]
    )
    assert "Ana Maria Ruiz's: 2 Tue 5 Mar" in writes(town, bo, "SWAP 1 ana maria ruiz")[0]
    assert "nobody on the roster is called Zoe" in writes(town, bo, "SWAP 1 Zoe")[0]
    for written in ("SWAP", "SWAP 9 ANA", "SWAP ANA", "SWAP 1"):
        assert "write SWAP, a number" in writes(town, bo, written)[0]


def test_swaps_in_spanish_fit(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23), languages="es")
    bo = town.volunteer("Bo", on=(44, 47), languages="es")
    for day in range(1, 8):
        town.shift("Ana", 44 + 24 * day, 47 + 24 * day)
    writes(town, bo, "TURNOS")
    for said in (*writes(town, bo, "CAMBIO 1 ANA"), *writes(town, bo, "CAMBIO 1 2")):
        assert lengths.fits(said, lengths.LIST)
    assert "Bo pide tu mar 5 mar 14:00-17:00" in bodies(town, "Ana")[-1]
    assert "cambiado" in writes(town, ana, "OK")[0]
    assert "Ana dijo que sí" in bodies(town, "Bo")[-1]


def test_duty_hears_that_a_place_opened_and_not_why(town: Town) -> None:
    ana, chi = town.volunteer("Ana", on=(20, 23)), town.volunteer("Chi", on=None)
    writes(town, chi, "DUTY")
    writes(town, ana, "SHIFTS")
    writes(town, ana, "DROP 1")
    assert bodies(town, "Chi")[-1] == (
        "Riverside: a place opened: Tue 5 Mar 2 PM-5 PM. OPEN = places that need someone."
    )
