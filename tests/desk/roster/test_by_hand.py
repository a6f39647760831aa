"""Whole jobs at the desk in a real browser: by mouse, by keyboard alone, and while people call."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.demo.conftest import Demo, running
from tests.desk.a_week import a_week
from tests.waiting import ON_A_PAGE
from warmline.demo.cast import LINE_NUMBER
from warmline.demo.play import nobody_calls
from warmline.desk import rendering


class Desk:
    """The desk, opened as Ana; every error that the page logs is noted."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.set_default_timeout(ON_A_PAGE)
        page.set_viewport_size({"width": 1280, "height": 1800})
        expect.set_options(timeout=ON_A_PAGE)
        page.goto(f"{demo.url}/coordinator")

    def open(self, path: str) -> None:
        self.page.goto(self.demo.url + path)

    def a_week(self) -> None:
        self.open(f"/desk/week?day={a_week(self.demo)}")

    def next_week(self) -> None:
        self.open("/desk/week")
        self.page.get_by_role("link", name="Later").click()
        expect(self.page).to_have_url(re.compile(r"day="))

    def row(self, name: str) -> Locator:
        return self.page.get_by_role("row", name=re.compile(f"^{name}"))

    def says(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.fixture
def desk(page: Page) -> Iterator[Desk]:
    """At a desk of the test's own, time stands still until it is told how far to go."""
    with running(speed=0) as demo:
        desk = Desk(page, demo)
        yield desk
        assert desk.troubles == []


@pytest.fixture(scope="module")
def shared_demo() -> Iterator[Demo]:
    with running(speed=0) as demo:
        yield demo


@pytest.fixture
def shared_desk(page: Page, shared_demo: Demo) -> Iterator[Desk]:
    """For whoever leaves the roster as it was."""
    desk = Desk(page, shared_demo)
    yield desk
    assert desk.troubles == []


def test_the_board_moves_by_itself_while_somebody_calls(desk: Desk) -> None:
    desk.says("0 callers wait")
    caller = desk.demo.stage.cast.caller
    caller.dial(LINE_NUMBER)
    desk.demo.goes_to(lambda: desk.demo.stage.cast.ringing)
    desk.says("1 caller waits")
    desk.demo.goes_to(lambda: caller.talking_with)
    desk.says("1 call with a peer")
    desk.says("not just now")
    caller.hang_up()
    desk.demo.goes_to(lambda: nobody_calls(desk.demo.stage))
    desk.says("0 calls with a peer")


def test_going_to_the_next_week_keeps_the_page(shared_desk: Desk) -> None:
    desk = shared_desk
    desk.open("/desk/week")
    desk.page.evaluate("window.kept = true")
    before = desk.page.locator("h1").inner_text()
    desk.page.get_by_role("link", name="Later").click()
    expect(desk.page.locator("h1")).not_to_have_text(before)
    assert desk.page.evaluate("window.kept") is True
    desk.page.go_back()
    expect(desk.page.locator("h1")).to_have_text(before)


def test_a_week_is_planned_published_and_answered_by_text(desk: Desk) -> None:
    chi = desk.demo.stage.cast.phones["Chi"]
    # Asked at whatever hour this is.
    chi.write(LINE_NUMBER, "QUIET NONE")
    desk.demo.goes_to(lambda: chi.texts)
    desk.a_week()
    desk.page.get_by_role("link", name="Add a shift", exact=True).click()
    page = desk.page
    page.get_by_label("Who", exact=True).select_option("Chi")
    page.get_by_label("From", exact=True).fill("06:00")
    page.get_by_label("To", exact=True).fill("08:00")
    page.get_by_role("button", name="Save").click()
    desk.says("The shift is on the roster")
    page.get_by_role("link", name=re.compile("Publish")).click()
    desk.says("Chi: 1 shift")
    page.get_by_role("button", name=re.compile("Publish")).click()
    desk.says("Published")
    expect(desk.row("Chi")).to_contain_text("asked")
    desk.demo.goes_to(lambda: any("6 AM-8 AM" in one.body for one in chi.texts))
    chi.write(LINE_NUMBER, "OK")
    desk.demo.goes_to(lambda: "thank" in chi.texts[-1].body.lower())
    page.reload()
    expect(desk.row("Chi").get_by_role("link", name=re.compile("6 AM . 8 AM"))).to_contain_text(
        "agreed"
    )


def test_a_shift_is_dragged_to_another_person_and_day_and_brought_back(shared_desk: Desk) -> None:
    desk = shared_desk
    desk.a_week()
    hal = desk.row("Hal").locator("[data-place]").first
    number = hal.get_attribute("data-place")
    free = desk.row("Gia").locator("td.empty").first
    day = free.get_attribute("data-date")
    source, target = hal.bounding_box(), free.bounding_box()
    assert source
    assert target
    mouse = desk.page.mouse
    mouse.move(source["x"] + 20, source["y"] + 10)
    mouse.down()
    mouse.move(target["x"] + 30, target["y"] + 10, steps=6)
    mouse.up()
    desk.says("The shift is changed")
    there = desk.row("Gia").locator(f'td[data-date="{day}"] [data-place="{number}"]')
    expect(there).to_be_visible()
    desk.page.keyboard.press("Control+z")
    desk.says("Undone")
    expect(there).to_have_count(0)


def test_a_shift_is_moved_and_made_longer_by_keyboard_alone(desk: Desk) -> None:
    desk.a_week()
    keyboard = desk.page.keyboard
    first = desk.row("Fay").locator("[data-place]").first
    number = first.get_attribute("data-place")
    place = desk.page.locator(f'[data-place="{number}"]').first
    hours = place.inner_text().splitlines()[0]
    place.focus()
    keyboard.press("Alt+Shift+ArrowDown")
    desk.says("The shift is changed")
    expect(place).to_have_text(re.compile(r"M . .*:15 [AP]M"))
    place.focus()
    keyboard.press("Alt+ArrowDown")
    expect(place).to_have_text(re.compile(r":15 [AP]M . .*:30 [AP]M"))
    keyboard.press("Control+z")
    expect(place).not_to_contain_text(":30")
    keyboard.press("Control+z")
    expect(place).to_contain_text(hours)
    keyboard.press("Control+Shift+Z")
    expect(place).to_contain_text(":15")
    place.focus()
    keyboard.press("ArrowUp")
    focused = "document.activeElement.closest('tr').dataset.person"
    assert desk.page.evaluate(focused) != desk.row("Fay").get_attribute("data-person")
    keyboard.press("n")
    expect(desk.page.get_by_label("Who", exact=True)).to_be_visible()


def test_a_week_prints_on_one_page_without_phone_numbers(shared_desk: Desk) -> None:
    desk = shared_desk
    desk.next_week()
    desk.page.emulate_media(media="print")
    printed = desk.page.pdf(format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    expect(desk.page.get_by_role("link", name="Earlier")).to_be_hidden()
    assert "+1413" not in desk.page.locator("main").inner_text()


def test_script_and_style_are_small() -> None:
    static = Path(rendering.__file__).parent / "static"
    sizes = {one.name: len(gzip.compress(one.read_bytes(), 9)) for one in static.iterdir()}
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= 12_000
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= 30_000
