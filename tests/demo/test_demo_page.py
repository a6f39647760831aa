"""The demo's page in a real browser: by mouse, by keyboard, by itself, and for everyone."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from tests.browser import violations
from tests.demo.conftest import FAST, Demo, running
from tests.waiting import ON_A_PAGE, until
from warmline.demo import FIRST_TO_PICK_UP
from warmline.demo.phones import TALKING
from warmline.demo.play import let_all_rest, nobody_calls
from warmline.models.calls import Call

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
        wanted = self.phone(name).get_by_role("button", name=button, exact=True)
        self.arrives(wanted.click)

    def types(self, key: str) -> None:
        self.arrives(lambda: self.page.keyboard.press(key))

    def arrives(self, deed: Callable[[], None]) -> None:
        """Hands do something; go on when the network has it, for its time waits for nobody."""
        with self.page.expect_response("**/do"):
            deed()

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


@pytest.fixture
def lent(shared_demo: Demo) -> Iterator[Demo]:
    """For whoever counts nothing that was before: the next finds a quiet evening once more."""
    yield shared_demo
    stage = shared_demo.stage
    stage.cast.put_all_down()
    for phone in stage.cast.volunteers:
        stage.cast.let_pick_up(phone.name, by_itself=phone.name == FIRST_TO_PICK_UP)
    shared_demo.goes_to(lambda: nobody_calls(stage))
    let_all_rest(stage)
    stage.speed = FAST


@pytest.fixture
def still(page: Page, lent: Demo) -> Screen:
    """The page while time stands still: it goes on when it is told what to."""
    lent.stage.speed = 0
    return Screen(page, lent)


def everyone_waits_to_be_asked(demo: Demo) -> None:
    for phone in demo.stage.cast.volunteers:
        demo.stage.cast.let_pick_up(phone.name, by_itself=False)


def test_a_newcomer_gets_through_to_a_peer_within_a_minute_by_mouse(screen: Screen) -> None:
    caller = screen.demo.stage.cast.caller
    screen.press("A caller", "Call")
    screen.demo.goes_to(lambda: caller.talking_with)
    expect(screen.state("A caller")).to_have_text("Talking with Bo")
    assert screen.seconds_until_a_talk() < A_MINUTE
    screen.shows("A caller and a peer are talking. The line hears nothing.")
    screen.press("A caller", "Hang up")
    screen.demo.goes_to(lambda: nobody_calls(screen.demo.stage))
    screen.shows("Nobody is calling.")
    screen.shows("Kept: nothing.")
    assert screen.troubles == []


def test_a_newcomer_gets_through_to_a_peer_by_keyboard_alone(still: Screen) -> None:
    demo, cast = still.demo, still.demo.stage.cast
    everyone_waits_to_be_asked(demo)
    ana = cast.phones["Ana"]
    expect(still.state("A caller")).to_have_text("Not in a call")
    tab_to(still, "A caller", "Call")
    still.types("Enter")
    demo.goes_to(lambda: "press 1" in cast.caller.hears_now)
    expect(still.phone("A caller").get_by_role("log")).to_contain_text("press 1")
    still.types("1")
    demo.goes_to(lambda: ana.is_ringing)
    expect(still.state("Ana")).to_have_text("RINGING")
    still.shows("The promise is being said;")
    tab_to(still, "Ana", "Pick up")
    still.types("Enter")
    demo.goes_to(lambda: "Press 1" in ana.hears_now)
    expect(still.state("Ana")).to_have_text("Press 1 to take it, 2 to pass")
    still.types("1")
    demo.goes_to(lambda: cast.caller.talking_with)
    expect(still.state("A caller")).to_have_text("Talking with Ana")
    expect(still.state("Ana")).to_have_text("Talking with a caller")
    assert still.troubles == []


def tab_to(screen: Screen, name: str, button: str) -> None:
    wanted = screen.phone(name).get_by_role("button", name=button, exact=True)
    for _ in range(80):
        screen.page.keyboard.press("Tab")
        if wanted.evaluate("button => button === document.activeElement"):
            return
    raise AssertionError(f"{button} of {name} is not reached with the Tab key")


def test_a_call_that_plays_by_itself_is_told_and_leaves_nothing(page: Page) -> None:
    # Time stands still until the call begins, and once it is over: today's count ends at midnight.
    with running(speed=0) as demo:
        screen, stage = Screen(page, demo), demo.stage
        screen.arrives(page.get_by_role("button", name="Play a call for me").click)
        demo.goes_to(lambda: stage.cast.caller.has_talked_with and nobody_calls(stage))
        screen.shows("Kept: nothing.")
        screen.shows("1 answered, 0 not reached")
        stage.speed = FAST
        screen.shows("Of the caller, nothing is kept.")
        told = page.get_by_role("log", name="The call, told")
        expect(told.get_by_role("listitem")).to_have_count(9)
        expect(page.get_by_role("button", name="Play it once more")).to_be_visible()
        assert screen.troubles == []
        page.close()


def test_what_a_caller_agrees_to_is_kept_and_shown(screen: Screen) -> None:
    everyone_waits_to_be_asked(screen.demo)
    caller = screen.demo.stage.cast.caller
    caller.when_hears("Para español", press="1")
    caller.when_hears("5 counts this call", press="5", after=0.5, once=True)
    screen.press("A caller", "Call")
    screen.demo.goes_to(lambda: has_agreed(screen.demo))
    screen.shows("this call is counted.")
    screen.shows("Kept: nothing yet. One note when the call ends")
    screen.press("A caller", "Hang up")
    screen.demo.goes_to(lambda: nobody_calls(screen.demo.stage))
    screen.shows("Kept: one note, because a caller said yes.")


def has_agreed(demo: Demo) -> bool:
    with demo.stage.parts.database.reading() as db:
        return db.execute(select(Call.consent)).scalar() == "yes"


def test_a_caller_who_chooses_spanish_reads_spanish(still: Screen) -> None:
    caller = still.demo.stage.cast.caller
    still.press("A caller", "Call")
    still.demo.goes_to(lambda: "Para español" in caller.hears_now)
    log = still.phone("A caller").get_by_role("log")
    expect(log).to_contain_text("Para español")
    still.press("A caller", "2")
    still.demo.goes_to(lambda: "Hola." in caller.hears_now)
    expect(log).to_contain_text("Hola.")
    expect(log.locator("[lang=es-US]", has_text="Hola.")).to_be_visible()


def test_time_can_stand_still(page: Page, lent: Demo) -> None:
    screen = Screen(page, lent)
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
    page: Page, lent: Demo, name: str
) -> None:
    screen = Screen(page, lent)
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


def test_the_state_is_fetched_when_it_cannot_be_streamed(page: Page, lent: Demo) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/events", refuse)
    page.goto(lent.url)
    expect(page.locator("#now")).to_contain_text("Nobody is calling.", timeout=ON_A_PAGE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everyone_can_use_the_page(still: Screen, width: int, scheme: Scheme) -> None:
    demo = still.demo
    everyone_waits_to_be_asked(demo)
    still.page.set_viewport_size({"width": width, "height": 800})
    still.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(still.state("Chi")).to_have_text("On shift")
    assert violations(still.page) == ""
    still.press("A caller", "Call")
    demo.goes_to(lambda: demo.stage.cast.phones["Ana"].is_ringing)
    expect(still.state("Ana")).to_have_text("RINGING")
    still.page.locator("#tables-box").evaluate("box => { box.open = true; }")
    assert violations(still.page) == ""
    wider: Any = still.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert still.troubles == []
