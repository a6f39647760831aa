"""The demo's phones text, in a real browser: a talk, shift words, by keyboard, for everyone."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import violations
from tests.demo.conftest import Demo
from tests.demo.test_demo_page import Scheme, Screen, screen

__all__ = ["screen"]


def thread(screen: Screen, name: str) -> Locator:
    """The texts of a phone, opened if they are not."""
    box = screen.phone(name).locator(".texts")
    if not box.evaluate("box => box.open"):
        screen.phone(name).locator(".texts summary").click()
    return box.locator(".thread")


def text(screen: Screen, name: str, words: str) -> None:
    thread(screen, name)
    screen.phone(name).get_by_label(f"{name} writes to the line").fill(words)
    screen.press(name, "Send")


def test_a_talk_by_text_from_the_first_to_the_last(screen: Screen) -> None:
    text(screen, "A caller", "Hello? It's late, ¿hay alguien? \U0001f319")
    expect(thread(screen, "A caller")).to_contain_text("never contact the police")
    expect(screen.phone("Ana").locator(".texts summary")).to_contain_text("new")
    expect(thread(screen, "Ana")).to_contain_text("someone would like to talk by text")
    screen.shows("Somebody texts, and a peer is looked for.")
    text(screen, "Ana", "OK")
    expect(thread(screen, "Ana")).to_contain_text("¿hay alguien? \U0001f319")
    screen.shows("Kept: the number of whoever texts, sealed, until the talk ends.")
    text(screen, "Ana", "I am here.")
    expect(thread(screen, "A caller")).to_contain_text("The line: I am here.")
    for _ in range(2):
        text(screen, "A caller", "BYE")
    expect(thread(screen, "Ana")).to_contain_text("Talk over, thank you.")
    screen.shows("Nobody is calling.")
    screen.shows("Kept: nothing.")
    assert screen.troubles == []


def test_a_volunteer_runs_a_shift_by_keyboard_alone(screen: Screen) -> None:
    keyboard = screen.page.keyboard
    screen.phone("Chi").locator(".texts summary").focus()
    keyboard.press("Enter")
    screen.phone("Chi").get_by_label("Chi writes to the line").focus()
    for words, answer in (("open", "need someone: 1 "), ("TAKE 1", "yours, "), ("OUT", "off")):
        keyboard.type(words)
        keyboard.press("Enter")
        expect(thread(screen, "Chi")).to_contain_text(answer)
    expect(screen.state("Chi")).to_have_text("Off shift")
    assert screen.troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everyone_can_read_and_write_texts(
    screen: Screen, demo: Demo, width: int, scheme: Scheme
) -> None:
    screen.page.set_viewport_size({"width": width, "height": 800})
    screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    text(screen, "Bo", "WORDS")
    expect(thread(screen, "Bo")).to_contain_text("TALK a peer for me")
    text(screen, "A caller", "w" * 300)
    expect(thread(screen, "A caller")).to_contain_text("The line:")
    demo.stage.speed = 0
    assert violations(screen.page) == ""
    wider = screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert int(wider) <= 0
    assert screen.troubles == []
