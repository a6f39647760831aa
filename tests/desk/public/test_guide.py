"""The guide: complete in both languages, with the line's real keys and words, and free to copy."""

import re

import pytest
from playwright.sync_api import Page

from tests.demo.conftest import Demo, running
from tests.test_house import CLINICAL_WORDS, SENDING_AWAY
from warmline import prompts
from warmline.conversations.text_talks.peer import HASHED
from warmline.desk.public import guide
from warmline.prompts import LANGUAGES
from warmline.texting.caller_words import CALLERS
from warmline.texting.volunteer_words import WORDS

A4 = re.compile(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]")
KEY = re.compile(r"`(.+?)`")
OURS = {word for words in WORDS.values() for word in words} | set(HASHED) | set(CALLERS)


def test_both_languages_have_the_same_parts() -> None:
    english, spanish = (
        [(one.kind, len(one.lines)) for one in guide.parts(code)] for code in LANGUAGES
    )
    assert english == spanish
    assert len(english) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_keys_and_words_are_those_of_the_line(language: str) -> None:
    text = guide.text(language)
    keys = set(KEY.findall(text))
    assert set("*1234579") <= keys
    words = {key.strip("#").split(" ")[0] for key in keys if len(key) > 1}
    assert words
    assert words <= OURS
    for said in ("talk.peer_choices", "room.they_are_choosing", "goodbye.boundary"):
        assert prompts.load().text(language, said) in text
    assert "[[" not in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_as_peers_do_and_may_be_copied(language: str) -> None:
    text = guide.text(language)
    assert not CLINICAL_WORDS.search(text)
    assert not SENDING_AWAY.search(text)
    assert "CC0 1.0" in text


def test_it_is_read_printed_on_a4_and_copied(page: Page) -> None:
    with running() as demo:
        demo.stage.speed = 0
        page.goto(f"{demo.url}/learn/guide?lang=es")
        assert page.locator("h2").count() == sum(one.kind == "h2" for one in guide.parts("es"))
        printed = page.pdf(prefer_css_page_size=True)
        assert 3 <= len(re.findall(rb"/Type /Page\b(?!s)", printed)) <= 8
        assert A4.search(printed)
        assert copied(page, demo) == guide.text("es")


def copied(page: Page, demo: Demo) -> str:
    """The file behind the link."""
    link = page.get_by_role("link", name="la guía como texto simple").get_attribute("href")
    answer = page.request.get(demo.url + str(link))
    assert answer.headers["content-type"].startswith("text/markdown")
    return answer.text()
