"""Two hundred texts a language as people write them: nothing changes that was not meant."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import delete, insert, select, update

from shifts.models import Away, Person, Place
from shifts.planning_models import Swap
from tests.stories.town import HOUR, LINE, Town, town_on
from warmline.models.people import SharedWord, Volunteer
from warmline.models.talks import Talk
from warmline.models.texts import ListNumber, OneTimeMark
from warmline.simulator import Phone

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "es")
CHANGED: Final[tuple[Any, ...]] = (Place, Away, SharedWord, Swap, Talk, Volunteer, Person)
LIST: Final = {"en": ("SHIFTS", "OPEN"), "es": ("TURNOS", "LIBRES")}
UNDERSTOOD: Final = 0.9
AS_USUAL: Final = {
    "rung_last": False,
    "asked_at_night": False,
    "ring_seconds": None,
    "often": 0,
    "breather_minutes": None,
    "remind": "day",
    "quiet_from": None,
    "quiet_until": None,
    "paused_until": None,
}


def table(language: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"phrasings.{language}.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[tuple[Town, str]]:
    """A line on which Ana is on, has two shifts to come, and Saturday needs somebody."""
    language: str = request.param
    with town_on(sqlite_url, languages="en,es") as town:
        yield town, language


def people(town: Town, language: str) -> Phone:
    ana = town.volunteer("Ana", languages=language, on=None)
    town.volunteer("Bo", on=None)
    begin(town, language, ana)
    return ana


def begin(town: Town, language: str, ana: Phone) -> None:
    """Everything as it was: nobody on, a shift tomorrow, one on Sunday, Saturday open."""
    now = town.network.now()
    with town.parts.database.writing() as db:
        for one in (Swap, Away, SharedWord, ListNumber, OneTimeMark, Place):
            db.execute(delete(one))
    town.shift("Ana", 20, 23)
    town.shift("Ana", 140, 143)
    with town.parts.database.writing() as db:
        place = {"line_id": 1, "state": "open", "starts_at": now + 116 * HOUR}
        db.execute(insert(Place).values(place | {"ends_at": now + 119 * HOUR}))
    for word in LIST[language]:
        says(town, ana, word)


def says(town: Town, phone: Phone, body: str) -> str:
    """What comes back, all of it."""
    before = len(phone.texts)
    phone.write(LINE, body)
    town.wait(3)
    return "\n".join(text.body for text in phone.texts[before:])


def state(town: Town) -> list[Any]:
    """All that a text may change; not when somebody was last asked for cover, or counted so."""
    with town.parts.database.reading() as db:
        return [
            [
                {**row, "cover_asked_at": None}
                for row in db.execute(select(one.__table__)).mappings()
            ]
            for one in CHANGED
        ]


def test_nothing_is_changed_that_was_not_meant_and_what_is_meant_is_understood(
    spoken: tuple[Town, str],
) -> None:
    town, language = spoken
    said, ana = table(language), people(town, language)
    before = state(town)
    changed, missed = [], []
    meant = [(one, "") for one in said["reads"]]
    meant += [(one, word) for word, texts in said["asks"].items() for one in texts]
    for body, word in [*((one, None) for one in said["nothing"]), *meant]:
        forget_how_often(town)
        answer = says(town, ana, body)
        if state(town) != before:
            changed.append(body)
            before = state(town)
        understood = (f"{word} " in answer and answer) or (word == "" and not is_lost(answer))
        if word is not None and not understood:
            missed.append((body, answer))

    assert not changed
    assert len(missed) <= (1 - UNDERSTOOD) * len(meant), missed


def forget_how_often(town: Town) -> None:
    """So many unclear texts come from nobody in an hour."""
    with town.parts.database.writing() as db:
        db.execute(delete(OneTimeMark).where(OneTimeMark.what.startswith("any:")))


def is_lost(answer: str) -> bool:
    return not answer or "machine" in answer or "máquina" in answer


def test_thanks_is_not_answered(spoken: tuple[Town, str]) -> None:
    town, language = spoken
    ana = people(town, language)
    before = state(town)
    assert [one for one in table(language)["silent"] if says(town, ana, one)] == []
    assert state(town) == before


def test_a_word_with_kind_words_a_signature_or_signs_acts(spoken: tuple[Town, str]) -> None:
    town, language = spoken
    ana = people(town, language)
    still = []
    for word, texts in table(language)["acts"].items():
        for body in texts:
            begin(town, language, ana)
            prepare(town, ana, word)
            before = state(town)
            answer = says(town, ana, body)
            if state(town) == before:
                still.append((body, answer))
    assert not still


def prepare(town: Town, ana: Phone, word: str) -> None:
    """What a word needs so that it changes something."""
    with town.parts.database.writing() as db:
        db.execute(update(Volunteer).values(**AS_USUAL))
        db.execute(insert(SharedWord).values(person_id=town.people["Ana"], word="parent"))
        db.execute(update(Person).values(most_talks_a_shift=None))
    if word in ("OUT", "SALGO"):
        says(town, ana, "IN")
    if word in ("BACK", "VOLVI"):
        says(town, ana, "PAUSE 200")
    if word in ("SICK", "ENFERMA"):
        town.shift("Ana", 2, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_two_hundred_in_each_language(language: str) -> None:
    said = table(language)
    listed = [*said["nothing"], *said["silent"], *said["reads"]]
    listed += [one for group in ("asks", "acts") for texts in said[group].values() for one in texts]
    assert len(set(listed)) >= 200
