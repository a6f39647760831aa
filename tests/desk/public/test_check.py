"""Check us says when the line last checked itself, and what came of it, in both languages."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import Town
from warmline.calls import third_person
from warmline.counts import counting
from warmline.privacy import self_checks

HERE = "/line/check"


def checked(town: Town, day: int, found: int, unreached: int = 0) -> None:
    with town.parts.database.writing() as db:
        facts = {"files": 12, "size": 3_600_000, "found": found, "unreached": unreached}
        self_checks.remember(db, 1, date(2030, 3, day), **facts)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_last_check_is_told_in_words(
    two_languages: Town, a_browser: Callable[..., PlainBrowser], language: str
) -> None:
    browser = a_browser(two_languages, language)
    not_yet = {"en": "It has not been done yet.", "es": "Todavía no se ha hecho."}
    assert not_yet[language] in browser.open(f"{HERE}?lang={language}").text
    checked(two_languages, 1, found=2)
    checked(two_languages, 3, found=0, unreached=1)
    told = browser.open(f"{HERE}?lang={language}").text
    said = {
        "en": "3 March 2030: nothing was found. 12 files were searched, 4 MB. Not everything",
        "es": "3 marzo 2030: no se encontró nada. Se buscó en 12 archivos, 4 MB. Desde donde",
    }
    assert said[language] in told
    checked(two_languages, 4, found=2)
    told = browser.open(f"{HERE}?lang={language}").text
    bad = {"en": "something was found, 2 times", "es": "se encontró algo 2 veces"}
    assert bad[language] in told


def test_spoken_yeses_are_public_and_a_line_may_switch_them_off(
    town: Town, at_desk: AtDesk
) -> None:
    with town.parts.database.writing() as db:
        counting.count_spoken_yes(db, 1, town.network.now(), ZoneInfo("America/New_York"))
    browser = at_desk(town).open("/line/check")
    assert "In the last 90 days 1 yeses were reported as spoken." in browser.text
    browser.open("/desk/line").send("/desk/line/spoken", spoken=[])
    with town.parts.database.reading() as db:
        assert not third_person.takes_spoken(db, 1)
    browser.open("/desk/line").send("/desk/line/spoken", spoken="yes")
    with town.parts.database.reading() as db:
        assert third_person.takes_spoken(db, 1)
