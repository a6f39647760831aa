"""The desk's words: the same in both languages, in people's own, none missing."""

import re
import string

import pytest

from tests.test_house import CLINICAL_WORDS, SENDING_AWAY
from warmline.desk import rendering, wording
from warmline.prompts import LANGUAGES

TRADE = re.compile(r"\berlang\b|small cells?|materiali[sz]e|\bslot\b|\bagent\b", re.IGNORECASE)
USED = re.compile(r"""\bt\.?(?:html)?\('([\w.]+)'[,)]""")


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_names(language: str) -> None:
    ours, english = wording.words(language), wording.words("en")
    assert ours.keys() == english.keys()
    for key, text in ours.items():
        if not key.endswith("_one"):
            assert names(text) == names(english[key]), key
        assert text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_speaks_like_a_clinic_or_a_call_centre(language: str) -> None:
    for key, text in wording.words(language).items():
        for wrong in (CLINICAL_WORDS, SENDING_AWAY, TRADE):
            assert not wrong.search(text), key


def test_no_page_uses_a_word_that_is_not_there() -> None:
    known = wording.words("en").keys()
    used = {
        key
        for path in (rendering.HERE / "templates").glob("*.html")
        for key in USED.findall(path.read_text(encoding="utf-8"))
    }
    assert used - known == set()
    assert len(used) > 200
