"""TwiML: held to the classes of the provider's own library, and to what XML can hold."""

import inspect
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import (  # type: ignore[import-untyped]  # it ships no types
    VoiceResponse,
)

from warmline.prompts import Sound
from warmline.telephony.twiml import render
from warmline.telephony.words import (
    Ask,
    GoTo,
    HangUp,
    Hush,
    LeaveQueue,
    Meet,
    Next,
    Say,
    Wait,
    Word,
    Words,
)

URL = "https://line.example.org/c/0123/step#rc=2&rp=ct,5xx"


def step(_turn: object, _call: object) -> Words:
    return []


def link(_step: Next) -> str:
    return URL


def read(words: Words) -> ET.Element:
    return ET.fromstring(render(words, link))  # noqa: S314 - our own document


SOUND = Sound("https://line.example.org/line/said/0123.mp3", 3.5)
EVERY_WORD: list[Word] = [
    Say("Hello.", "en"),
    Say("Hola.", "es"),
    Say("Hello.", "en", SOUND),
    Hush(3),
    Ask([Say("Press 1.", "en"), Say("Hello.", "en", SOUND), Hush(1)], step, 5),
    Ask([], step, 5),
    Wait(step, step),
    Meet("0123456789abcdef", step, ends_room=True, seconds=60),
    Meet("0123456789abcdef", step, ends_room=False, seconds=60, alone=step),
    GoTo(step),
    LeaveQueue(),
    HangUp(),
]


def by_the_library(parent: Any, element: ET.Element) -> None:
    """Says the same with the library's classes; TypeError or AttributeError if it cannot."""
    make = getattr(parent, element.tag.lower())
    known = inspect.signature(make).parameters
    named = {_snake(key): value for key, value in element.attrib.items()}
    assert set(named) <= set(known), f"{element.tag} has no {set(named) - set(known)}"
    text = [element.text] if element.text else []
    made = make(*text, **named)
    for child in element:
        by_the_library(made, child)


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda capital: "_" + capital.group(1).lower(), name)


def test_every_word_has_an_element_and_no_other() -> None:
    tags = [child.tag for child in read(EVERY_WORD)]
    assert " ".join(tags) == (
        "Say Say Play Pause Gather Gather Enqueue Dial Dial Redirect Leave Hangup"
    )


@pytest.mark.parametrize(
    "word", EVERY_WORD, ids=[f"{n} {type(word).__name__}" for n, word in enumerate(EVERY_WORD)]
)
def test_the_library_writes_the_same_document(word: Word) -> None:
    ours = read([word])
    theirs = VoiceResponse()
    for element in ours:
        by_the_library(theirs, element)
    assert ET.canonicalize(str(theirs)) == ET.canonicalize(ET.tostring(ours, "unicode"))


texts = st.text(st.characters(exclude_categories=[]), max_size=60)


@given(texts)
def test_what_is_said_arrives_whole_whatever_it_holds(text: str) -> None:
    document = read([Say(text), Ask([Say(text)], step, 1), HangUp()])
    said = [element.text or "" for element in _all(document) if element.tag == "Say"]
    kept = "".join(character for character in text if _is_xml(character))
    assert said in ([], [_as_read(kept)] * 2)
    assert bool(said) == bool(kept.strip())
    assert [element.tag for element in document][-1] == "Hangup"


def _all(element: ET.Element) -> Iterator[ET.Element]:
    yield from element.iter()


def _as_read(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_xml(character: str) -> bool:
    code = ord(character)
    bmp = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return character in "\t\n\r" or bmp or code >= 0x10000


@given(texts, texts)
def test_no_language_and_no_room_can_break_out_of_its_place(language: str, room: str) -> None:
    language = "".join(filter(_is_xml, language))
    document = read([Say("Hello.", language), Meet(room, step, ends_room=True, seconds=1)])
    assert [element.tag for element in _all(document)] == ["Response", "Say", "Dial", "Conference"]


def test_urls_come_out_as_they_went_in() -> None:
    document = read([GoTo(step), Wait(step, step)])
    assert document[0].text == URL
    assert document[1].attrib == {"waitUrl": URL, "action": URL}


def test_nobody_is_bridged_by_a_beep_or_recorded_and_the_callers_number_is_never_shown() -> None:
    [dial] = read([Meet("room", step, ends_room=True, seconds=1)])
    assert dial[0].attrib["record"] == "do-not-record"
    assert dial[0].attrib["beep"] == "false"
    assert "callerId" not in dial.attrib
