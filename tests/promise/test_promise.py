"""The promise: how it is said, written in a file, and kept by version."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from shifts.models import Line
from warmline.database.engine import Database
from warmline.models import line as line_models
from warmline.models.line import LineRules
from warmline.promise.promise import (
    NEVER,
    QUESTIONS,
    OtherPlace,
    Promise,
    TooLong,
    check_time,
    in_force,
    offered_languages,
    save,
    spoken,
    spoken_promise,
)
from warmline.promise.promise_file import BadPromise, from_exceptions, from_toml
from warmline.prompts import LANGUAGES, spoken_seconds

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINE = 1
ALL_NEVER = dict.fromkeys(QUESTIONS, NEVER)

IN_BOTH = """
[en]
police = "only if somebody in the call holds a weapon"
ambulance = "never"
protection = "Never."
immigration = "never"
family = "never"
[[en.other_places]]
name = "Night Line"
number = "413 555 0150"
on_police = "They call nobody unless you ask."

[es]
police = "solo si alguien tiene un arma"
ambulance = "nunca"
protection = "nunca"
immigration = "nunca"
family = "nunca"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "promise.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(folder: Path, text: str, *languages: str) -> list[str]:
    with pytest.raises(BadPromise) as caught:
        from_toml(written(folder, text), languages)
    return list(caught.value.lines)


def test_a_line_without_exceptions_says_so_in_one_breath() -> None:
    (promise,) = from_exceptions("There are none.", ["en"])
    assert spoken(promise, "Maple Line") == (
        "Our promise at Maple Line. Unless you ask, we never contact the police. Not an ambulance"
        " or a hospital. Not child or adult protection. Not immigration. Not your family, school or"
        " employer. We don't record. Your phone company may list this call, and we can't erase"
        " that. Without your yes we count daily totals only. At any time in a talk, press star for"
        " choices."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_promise_takes_at_most_28_seconds_in_every_language(language: str) -> None:
    words = spoken(Promise(language, ALL_NEVER), "the Connecticut River Warmline")
    assert spoken_seconds(words) <= 28


def test_each_language_has_its_own_words() -> None:
    english, spanish = from_exceptions("none", ["en", "es"])
    assert "never contact the police" in spoken(english, "Maple Line")
    assert "nunca avisamos a la policía" in spoken(spanish, "Maple Line")
    assert spoken(spanish, "Maple Line").endswith("oprima asterisco para oír opciones.")


def test_an_exception_is_said_exactly_and_apart_from_what_never_happens(tmp_path: Path) -> None:
    english, _ = from_toml(written(tmp_path, IN_BOTH), ["en", "es"])
    words = spoken(english, "Maple Line")
    assert "we never contact an ambulance or a hospital. Not child or adult protection" in words
    assert "About the police: only if somebody in the call holds a weapon. We don't" in words
    assert english.other_places == (
        OtherPlace("Night Line", "413 555 0150", "They call nobody unless you ask."),
    )


def test_with_only_exceptions_nothing_is_said_to_be_never() -> None:
    words = spoken(Promise("en", dict.fromkeys(QUESTIONS, "when we must")), "Maple Line")
    assert words.startswith("Our promise at Maple Line. About the police: when we must. About an")
    assert "never" not in words


def test_one_exception_to_everything_is_said_as_it_stands() -> None:
    (promise,) = from_exceptions("If a child is being hurt now.", ["en"])
    words = spoken(promise, "Maple Line")
    assert "The only exceptions: If a child is being hurt now. We don't record." in words
    assert "never" not in words


def test_one_exception_cannot_be_said_in_two_languages() -> None:
    with pytest.raises(BadPromise, match="--promise FILE"):
        from_exceptions("If a child is being hurt now.", ["en", "es"])
    with pytest.raises(BadPromise, match="may not stay blank"):
        from_exceptions("  ", ["en"])


def test_what_takes_longer_than_35_seconds_is_refused_with_what_would_be_right() -> None:
    promise = Promise("en", ALL_NEVER | {"police": "word " * 60})
    with pytest.raises(TooLong, match=r"^en: the promise takes \d\d seconds .* \d+ words shorter$"):
        check_time(promise, "Maple Line")
    check_time(Promise("en", ALL_NEVER), "Maple Line")


def test_every_blank_answer_is_named_with_its_language_and_question(tmp_path: Path) -> None:
    text = IN_BOTH.replace('ambulance = "never"\n', "").replace(
        'police = "solo si alguien tiene un arma"', 'police = " "\nstreet = "never"'
    )
    write = 'Write "never" or the exact exception'
    assert faults(tmp_path, text, "en", "es") == [
        (
            "promise.toml: [en] ambulance: may not stay blank; would the line ever, unasked, tell"
            f" an ambulance or a hospital? {write}"
        ),
        "promise.toml: [es] street: is no question; they are " + ", ".join(QUESTIONS),
        (
            "promise.toml: [es] police: may not stay blank; would the line ever, unasked, tell"
            f" the police? {write}"
        ),
    ]


def test_a_language_too_few_or_too_many_is_named(tmp_path: Path) -> None:
    english = IN_BOTH.partition("[es]")[0]
    assert faults(tmp_path, english, "en", "es") == [
        "promise.toml: [es] is missing: a table with the answers " + ", ".join(QUESTIONS)
    ]
    assert faults(tmp_path, IN_BOTH, "en") == [
        "promise.toml: [es] is none of the line's languages (en)"
    ]


def test_another_place_needs_its_word_on_police(tmp_path: Path) -> None:
    blank = IN_BOTH.replace("They call nobody unless you ask.", " ")
    assert faults(tmp_path, blank, "en", "es") == [
        "promise.toml: [en] other place 1: on_police may not stay blank"
    ]


@pytest.mark.parametrize("text", ["en = 1", "[en]\nother_places = 5", "en = {", "[[en]]", ""])
def test_a_file_that_is_no_promise_is_refused_in_plain_lines(tmp_path: Path, text: str) -> None:
    assert all(line.startswith("promise.toml: ") for line in faults(tmp_path, text, "en"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPromise, match=r"none.toml: cannot be read: No such file"):
        from_toml(tmp_path / "none.toml", ["en"])


@contextmanager
def line(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(insert(Line).values(id=LINE, name="Maple Line", time_zone="UTC"))
        rules = {"line_id": LINE, "number": "+14135550100", "languages": "es,en"}
        connection.execute(insert(LineRules).values(rules))
        yield connection
    database.close()


def test_before_the_line_opens_a_promise_is_in_force_at_once(
    database_url: str, tmp_path: Path
) -> None:
    promises = from_toml(written(tmp_path, IN_BOTH), ["en", "es"])
    with line(database_url) as connection:
        assert offered_languages(connection, LINE) == ()
        saved = save(connection, LINE, promises, NOON)
        assert (saved.version, saved.in_force) == (1, True)
        assert list(in_force(connection, LINE).values()) == promises
        assert in_force(connection, LINE)["es"].version == 1
        assert offered_languages(connection, LINE) == ("es", "en")
        assert "only if somebody" in spoken_promise(connection, LINE, "Maple Line", "en")
        assert connection.scalars(select(line_models.OtherPlace.name)).all() == ["Night Line"]


def test_the_very_same_promise_again_is_no_new_version(database_url: str, tmp_path: Path) -> None:
    promises = from_toml(written(tmp_path, IN_BOTH), ["es", "en"])
    with line(database_url) as connection:
        save(connection, LINE, promises, NOON)
        assert save(connection, LINE, promises, NOON).version == 1
        assert save(connection, LINE, from_exceptions("none", ["en"]), NOON).version == 2
        assert offered_languages(connection, LINE) == ("en",)
        assert connection.scalars(select(line_models.OtherPlace.name)).all() == ["Night Line"]


def test_once_the_line_has_opened_a_promise_is_only_proposed(database_url: str) -> None:
    with line(database_url) as connection:
        save(connection, LINE, from_exceptions("none", ["en", "es"]), NOON)
        connection.execute(update(LineRules).values(opened_at=NOON))
        changed = [Promise("en", ALL_NEVER | {"police": "if asked by a court"}, "", ())]
        saved = save(connection, LINE, changed, NOON)
        assert (saved.version, saved.in_force) == (2, False)
        assert in_force(connection, LINE)["en"].answers == ALL_NEVER
        assert offered_languages(connection, LINE) == ("es", "en")
