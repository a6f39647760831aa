"""The roster in a real browser by mouse, keys and finger; each of it works without them too."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import other_days
from tests.browser import page_in
from tests.demo.conftest import Demo, running
from tests.desk.a_week import a_week
from tests.waiting import ON_A_PAGE


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with running(speed=0) as demo:
        yield demo


@pytest.fixture(scope="module")
def monday(demo: Demo) -> date:
    """Of a week whose shifts we know."""
    return a_week(demo)


@pytest.fixture
def week(page: Page, demo: Demo, monday: date) -> Iterator[Page]:
    """That week's roster, opened as Ana; whatever was changed in it is undone afterwards."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.set_default_timeout(ON_A_PAGE)
    page.set_viewport_size({"width": 1280, "height": 1800})
    expect.set_options(timeout=ON_A_PAGE)
    comes_in(page, demo)
    page.goto(f"{demo.url}/desk/week?day={monday}")
    yield page
    assert troubles == []


def comes_in(page: Page, demo: Demo) -> None:
    """As Ana; the page that she would come to first is not looked at."""
    assert page.request.get(f"{demo.url}/coordinator", max_redirects=0).status == 303


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=re.compile(f"^{name}"))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> str:
    """A drag by mouse; the label that goes with it just before it is let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    label = page.locator("#tip").inner_text()
    page.mouse.up()
    return label


def test_a_drag_over_free_hours_fills_the_form_in(week: Page) -> None:
    cell = row(week, "Gia").locator("td.empty").first
    day, box = cell.get_attribute("data-date"), cell.bounding_box()
    assert box
    hour, y = box["width"] / 24, box["y"] + box["height"] - 3
    label = drag(week, (box["x"] + 12 * hour, y), (box["x"] + 15.5 * hour, y))
    expect(week.get_by_label("From", exact=True)).to_have_value("12:00")
    expect(week.get_by_label("To", exact=True)).to_have_value("15:30")
    expect(week.get_by_label("Day", exact=True)).to_have_value(str(day))
    assert week.get_by_label("Who", exact=True).locator("option:checked").inner_text() == "Gia"
    assert label == "12:00 PM \N{EN DASH} 3:30 PM"


def test_a_click_in_a_free_cell_opens_its_form(week: Page) -> None:
    cell = row(week, "Gia").locator("td.empty").first
    cell.click(position={"x": 60, "y": 5})
    expect(week.get_by_role("heading", name="A new shift")).to_be_visible()


def test_the_edge_of_a_shift_is_dragged_with_its_times_told(week: Page) -> None:
    place = row(week, "Eli").locator("a.place").first
    number = place.get_attribute("data-place")
    starts, ends = (place.get_attribute("data-at") or "").split()
    box = place.bounding_box()
    assert box
    edge = (box["x"] + box["width"] - 4, box["y"] + 8)
    label = drag(week, edge, (edge[0] + 16, edge[1]))
    expect(week.locator("[data-toast]")).to_contain_text("The shift is changed")
    after = (week.locator(f'[data-place="{number}"]').first.get_attribute("data-at") or "").split()
    hour = int(ends[:2]) + 1
    assert after == [starts, f"{hour:02}:00"]
    assert label.endswith(f" {hour % 12}:00 {'AM' if hour < 12 else 'PM'}")
    week.keyboard.press("Control+z")
    expect(week.locator("main")).to_contain_text("Undone")


def test_one_thing_of_the_grid_is_in_the_order_of_tab(week: Page) -> None:
    roving = week.locator('[data-grid] a[tabindex="0"]')
    expect(roving).to_have_count(1)
    roving.focus()
    week.keyboard.press("ArrowRight")
    focused = week.locator("[data-grid] a:focus")
    expect(focused).to_have_attribute("tabindex", "0")
    expect(roving).to_have_count(1)


def test_single_keys_go_through_weeks_find_people_and_can_be_switched_off(week: Page) -> None:
    heading = week.locator("h1")
    before = heading.inner_text()
    week.keyboard.press("ArrowRight")
    expect(heading).not_to_have_text(before)
    week.keyboard.press("ArrowLeft")
    expect(heading).to_have_text(before)
    week.keyboard.press("/")
    field = week.get_by_label("Find a person")
    expect(field).to_be_focused()
    week.keyboard.type("nt?")
    expect(field).to_have_value("nt?")
    week.locator("h1").click()
    week.keyboard.press("?")
    dialog = week.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("a new shift")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    week.get_by_role("link", name="Keys").click()
    week.get_by_role("button", name="Switch single keys off").click()
    expect(week.locator("html")).to_have_attribute("data-keys", "off")
    week.keyboard.press("?")
    week.keyboard.press("n")
    expect(week.get_by_role("dialog")).to_have_count(0)
    assert week.url.endswith("/desk/keys?done=keys_off")


def test_what_was_done_can_be_undone_for_ten_seconds_in_one_place(week: Page) -> None:
    # It goes on when the test says so, and not while a busy machine is at work.
    week.clock.install(time=other_days.begins())
    week.clock.pause_at(other_days.begins() + timedelta(hours=1))
    place = row(week, "Eli").locator("a.place").first
    place.focus()
    week.keyboard.press("Alt+Shift+ArrowDown")
    toast = week.locator("[data-toast]")
    expect(toast).to_contain_text("The shift is changed")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    week.clock.run_for(9_000)
    expect(toast).to_be_visible()
    week.clock.run_for(2_000)
    expect(toast).to_be_hidden()
    week.get_by_role("button", name="Undo").click()
    expect(week.locator("main")).to_contain_text("Undone")


def test_on_a_phone_there_is_a_list_a_long_press_and_publishing_within_reach(
    browser: Browser, demo: Demo, monday: date
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = page_in(context)
    comes_in(page, demo)
    page.goto(f"{demo.url}/desk/week?day={monday}")
    expect(page.get_by_role("table")).to_have_count(0)
    place = page.locator(".by-day a.place").nth(3)
    expect(place).to_be_visible()
    small = page.evaluate(
        "[...document.querySelectorAll('main a.place, main a.button, main button')]"
        ".filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).length"
    )
    assert small == 0
    thumb = page.locator(".thumb").bounding_box()
    assert thumb
    assert 600 < thumb["y"] + thumb["height"] <= 740
    place.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    box = place.bounding_box()
    assert box
    press = {"x": box["x"] + 30, "y": box["y"] + 10}
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [press]})
    expect(page.get_by_role("heading", name="Move a shift")).to_be_visible()
    context.close()
