"""The pictures of the papers, taken of the demo: python -m tests.pictures.

Always of the same evening, at the same size and in light; whoever changes a page that is shown
takes them anew and looks at each.
"""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser import chromium, page_in, running_browser
from tests.demo.conftest import Demo, running
from tests.other_days import begins
from warmline.demo.cast import LINE_NUMBER

PICTURES: Final = Path(__file__).resolve().parents[1] / "warmline/docs/pictures"
MOST_BYTES: Final = 200_000
"""Each travels in the wheel, and to people's phones."""
TOP: Final = "body"
OF_THE_DESK: Final = {
    "desk": ("/desk/week", TOP, 900),
    "desk-today": ("/desk", TOP, 620),
    "desk-week": ("/desk/week", "table caption", 560),
    "desk-people": ("/desk/people", TOP, 620),
}
"""Each by its name: the page that it shows, what stands at its top, so many pixels of it."""
NAMES: Final = frozenset({"demo", "desk-patterns", *OF_THE_DESK})


def take(folder: Path) -> None:
    """Every picture, into this folder."""
    with running_browser(chromium()) as browser, running(begins()) as demo:
        demo.stage.speed = 0
        context = browser.new_context(color_scheme="light", locale="en", reduced_motion="reduce")
        page = page_in(context)
        page.goto(f"{demo.url}/coordinator")
        for name, (path, top, height) in OF_THE_DESK.items():
            page.goto(demo.url + path)
            keep(page, folder / f"{name}.png", top, 1000, height)
        of_a_pattern(demo, page)
        keep(page, folder / "desk-patterns.png", "h1", 1000, 560)
        of_the_demo(demo, page)
        keep(page, folder / "demo.png", TOP, 1280, 740)
        context.close()


def of_a_pattern(demo: Demo, page: Page) -> None:
    """Eight weeks of evenings are looked at."""
    page.goto(f"{demo.url}/desk/patterns/new")
    page.locator("[name=name]").fill("Evenings")
    for day in ("1", "3"):
        page.locator(f"[name=weekdays][value='{day}']").check()
    page.locator("[name=starts]").fill("18:00")
    page.locator("[name=ends]").fill("22:00")
    for name in ("Bo", "Dee"):
        page.get_by_label(name, exact=True).check()
    page.locator("main button.main").click()
    expect(page.locator("form[action='/desk/patterns']")).to_be_visible()


def of_the_demo(demo: Demo, page: Page) -> None:
    """Somebody hears the promise, and phones ring."""
    cast = demo.stage.cast
    page.set_viewport_size({"width": 1280, "height": 740})
    page.goto(demo.url)
    cast.caller.dial(LINE_NUMBER)
    demo.goes_to(lambda: cast.phones["Ana"].is_ringing and cast.phones["Chi"].is_ringing)
    expect(page.get_by_text("RINGING").first).to_be_visible()


def keep(page: Page, path: Path, top: str, width: int, height: int) -> None:
    """What the window shows from there on."""
    page.set_viewport_size({"width": width, "height": height})
    page.locator(top).first.evaluate("one => one.scrollIntoView()")
    page.screenshot(path=path, animations="disabled")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    take(PICTURES)
