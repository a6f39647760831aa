"""The demo's page in a real browser: by mouse, by keyboard, by itself, and for everyone."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]  # ships no types
    Axe,
)
from playwright.sync_api import Locator, Page, Route, expect

from tests.demo.conftest import Demo
from tests.waiting import ON_A_PAGE, until
from warmline.simulator.demo.tape import TALKING

A_MINUTE = 60.0
Scheme = Literal["light", "dark"]


class Screen:
    """The page, watched: every request that leaves it and every error it logs."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page = page
        self.demo = demo
        self.troubles: list[str] = []
        page.on("console", lambda said: self._note(said.type in ("error", "warning"), said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("request", lambda asked: self._note(not asked.url.startswith(demo.url), asked.url))
        page.set_default_timeout(ON_A_PAGE)
        expect.set_options(timeout=ON_A_PAGE)
        page.goto(demo.url)

    def _note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.troubles.append(what)

    def phone(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def state(self, name: str) -> Locator:
        return self.phone(name).locator(".state")

    def press(self, name: str, button: str) -> None:
        self.phone(name).get_by_role("button", name=button, exact=True).click()

    def shows(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def seconds_until_a_talk(self) -> float:
        """How long the caller's latest call took to bring them to somebody, by the network's time.

        Read from what the network wrote down: a busy machine is slow to show it.
        """
        roll = self.demo.stage.tape.rolls["A caller"]
        together = next(note.at for note in roll.notes if note.words == TALKING)
        return (together - roll.began).total_seconds()


@pytest.fixture
def screen(page: Page, demo: Demo) -> Screen:
    return Screen(page, demo)


def everyone_waits_to_be_asked(demo: Demo) -> None:
    for phone in demo.stage.cast.volunteers:
        demo.stage.cast.let_pick_up(phone.name, by_itself=False)


def test_a_newcomer_gets_through_to_a_peer_within_a_minute_by_mouse(screen: Screen) -> None:
    screen.press("A caller", "Call")
    expect(screen.state("A caller")).to_have_text("Talking with Bo")
    assert screen.seconds_until_a_talk() < A_MINUTE
    screen.shows("A caller and a peer are talking. The line hears nothing.")
    screen.press("A caller", "Hang up")
    screen.shows("Nobody is calling.")
    screen.shows("Kept: nothing.")
    assert screen.troubles == []


def test_a_newcomer_gets_through_to_a_peer_by_keyboard_alone(screen: Screen) -> None:
    everyone_waits_to_be_asked(screen.demo)
    keyboard = screen.page.keyboard
    expect(screen.state("A caller")).to_have_text("Not in a call")
    tab_to(screen, "A caller", "Call")
    keyboard.press("Enter")
    expect(screen.phone("A caller").get_by_role("log")).to_contain_text("press 1")
    # From here on hands must be quicker than a ring is long, whatever else the machine does.
    screen.demo.stage.speed = 1
    keyboard.press("1")
    expect(screen.state("Ana")).to_have_text("RINGING")
    screen.shows("The promise is being said;")
    tab_to(screen, "Ana", "Pick up")
    keyboard.press("Enter")
    expect(screen.state("Ana")).to_have_text("Press 1 to take it, 2 to pass")
    keyboard.press("1")
    expect(screen.state("A caller")).to_have_text("Talking with Ana")
    expect(screen.state("Ana")).to_have_text("Talking with a caller")
    assert screen.troubles == []


def tab_to(screen: Screen, name: str, button: str) -> None:
    wanted = screen.phone(name).get_by_role("button", name=button, exact=True)
    for _ in range(80):
        screen.page.keyboard.press("Tab")
        if wanted.evaluate("button => button === document.activeElement"):
            return
    raise AssertionError(f"{button} of {name} is not reached with the Tab key")


def test_a_call_that_plays_by_itself_is_told_and_leaves_nothing(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Play a call for me").click()
    screen.shows("Of the caller, nothing is kept.")
    told = screen.page.get_by_role("log", name="The call, told")
    expect(told.get_by_role("listitem")).to_have_count(9)
    expect(screen.page.get_by_role("button", name="Play it once more")).to_be_visible()
    screen.shows("Kept: nothing.")
    screen.shows("1 answered, 0 not reached")
    assert screen.troubles == []


def test_what_a_caller_agrees_to_is_kept_and_shown(screen: Screen) -> None:
    everyone_waits_to_be_asked(screen.demo)
    caller = screen.demo.stage.cast.caller
    caller.when_hears("Para español", press="1").when_hears("Our promise", press="#")
    caller.when_hears("put through just the same", press="5", after=0.5, once=True)
    screen.press("A caller", "Call")
    screen.shows("This call is counted.")
    screen.shows("Kept: nothing yet. One note when the call ends")
    screen.press("A caller", "Hang up")
    screen.shows("Kept: one note, because a caller said yes.")


def test_a_caller_who_chooses_spanish_reads_spanish(screen: Screen) -> None:
    screen.demo.stage.speed = 1
    screen.press("A caller", "Call")
    log = screen.phone("A caller").get_by_role("log")
    expect(log).to_contain_text("Para español")
    screen.press("A caller", "2")
    expect(log).to_contain_text("Hola.")
    expect(log.locator("[lang=es-US]", has_text="Hola.")).to_be_visible()


def test_time_can_stand_still(screen: Screen) -> None:
    screen.page.get_by_role("radio", name="Pause").check()
    screen.press("A caller", "Call")
    expect(screen.state("A caller")).to_have_text("Hearing the first words")
    stands_at = screen.demo.stage.exchange.now()
    screen.press("A caller", "Hang up")
    screen.shows("Nobody is calling.")
    assert screen.demo.stage.exchange.now() == stands_at
    screen.page.get_by_role("radio", name="10").check()
    screen.press("A caller", "Call")
    expect(screen.state("A caller")).to_have_text("Hearing the promise")


@pytest.mark.parametrize("name", ["Pause", "Picks up by itself and presses 1"])
def test_what_was_just_chosen_stays_chosen_while_the_line_does_not_know_yet(
    screen: Screen, name: str
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    screen.page.route("**/do", hold)
    where = screen.phone("Ana") if name.startswith("Picks") else screen.page.locator("body")
    where.get_by_label(name).click()
    for _ in range(3):
        shown = screen.page.locator("#time").inner_text()
        expect(screen.page.locator("#time")).not_to_have_text(shown)
    expect(where.get_by_label(name)).to_be_checked()
    held[0].continue_()
    stage = screen.demo.stage
    until(lambda: stage.speed == 0 or "Ana" in stage.cast.by_itself)
    expect(where.get_by_label(name)).to_be_checked()


def test_the_state_is_fetched_when_it_cannot_be_streamed(page: Page, demo: Demo) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/events", refuse)
    page.goto(demo.url)
    expect(page.locator("#now")).to_contain_text("Nobody is calling.", timeout=ON_A_PAGE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everyone_can_use_the_page(screen: Screen, width: int, scheme: Scheme) -> None:
    everyone_waits_to_be_asked(screen.demo)
    screen.page.set_viewport_size({"width": width, "height": 800})
    screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(screen.state("Chi")).to_have_text("On shift")
    expect_no_violations(screen.page)
    screen.press("A caller", "Call")
    expect(screen.state("Ana")).to_have_text("RINGING")
    screen.demo.stage.speed = 0
    screen.page.locator("#tables-box").evaluate("box => { box.open = true; }")
    expect_no_violations(screen.page)
    wider: Any = screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert screen.troubles == []


def expect_no_violations(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
