"""Every page of the desk in a real browser: for everyone, at both sizes, in both themes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]  # ships no types
    Axe,
)
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import page_in
from tests.demo.conftest import Demo, running
from warmline import opening, promise, proposals

PAGES = (
    *("/desk", "/desk/week", "/desk/week?view=day", "/desk/week?view=month"),
    *("/desk/week?view=hours", "/desk/week?pick=yes", "/desk/week?zone=UTC&thin=yes"),
    *("/desk/keys", "/desk/import", "/desk/publish"),
    *("/desk/place/1", "/desk/place/1/move", "/desk/place/1/history"),
    *("/desk/place/new", "/desk/copy", "/desk/people", "/desk/people/invite"),
    *("/desk/patterns", "/desk/patterns/new", "/desk/templates"),
    *("/desk/dates", "/desk/dates/new?words=24+and+31+dec", "/desk/dates/1"),
    *(
        "/desk/numbers",
        "/desk/numbers/funders",
        "/desk/planner",
        "/desk/line",
        "/desk/line/calendar",
        "/desk/line/words",
        "/desk/line/words/hello.greeting",
        "/desk/history",
        "/desk/mine",
        "/desk/mine/passkeys",
        "/desk/mine/phone",
        "/desk/pause",
        "/desk/boundaries",
        "/desk/how",
        "/desk/books",
        "/line/say",
        "/desk/mine/letter",
        "/desk/mine/leave",
        "/desk/proposals",
        "/desk/proposals/new",
        "/desk/proposals/keeping",
        "/line/check",
    ),
)
OUTSIDE = ("/desk/sign-in", "/desk/sign-in/code", "/desk/sign-in/recovery", "/desk/nothing")
SHOTS = Path(__file__).resolve().parents[2] / "screenshots"
WIDE, THUMB, POINTER = 1280, 44, 24
"""CSS pixels: whatever is pressed is as high as a thumb wants it, or a mouse (WCAG 2.5.8)."""
SMALL = """least => [...document.querySelectorAll(
    'button, .button, select, summary, .place, .top li a, .gap a, label.pick,'
    + 'input:not([type=hidden], [type=radio], [type=checkbox])')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter(one => one.getBoundingClientRect().height < least - 0.5)
  .map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`)"""
"""Links within a sentence are as high as its line."""
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with running() as demo:
        demo.stage.speed = 0
        put_to_everyone(demo)
        yield demo


def put_to_everyone(demo: Demo) -> None:
    """A change of the promise stands, so that the pages have something to say."""
    parts = demo.stage.parts
    with parts.database.writing() as db:
        line_id = opening.the_line(db).line_id
        held = promise.in_force(db, line_id)["en"]
        changed = replace(held, answers={**held.answers, "police": "only if a court orders it"})
        proposals.propose(db, line_id, [changed], None, parts.now())


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "es"), (360, "dark", "en"), (1280, "light", "en"), (1280, "dark", "es")],
)
def test_every_page_is_for_everyone(
    browser: Browser, demo: Demo, width: int, scheme: Scheme, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language
    )
    page = page_in(context)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(demo.url) else None)
    for path in OUTSIDE:
        look_at(page, demo, path, f"{width}-{scheme}-{language}")
    troubles[:] = [one for one in troubles if "404" not in one]
    come_in(context, page, demo)
    page.goto(f"{demo.url}/desk?lang={language}")
    for path in PAGES:
        look_at(page, demo, path, f"{width}-{scheme}-{language}")
    assert troubles == []
    context.close()


def come_in(context: BrowserContext, page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/coordinator")
    assert any(one["name"] == "warmline_desk" for one in context.cookies())


def look_at(page: Page, demo: Demo, path: str, how: str) -> None:
    """The page without violation and without scrolling sideways; a picture of it is kept."""
    page.goto(demo.url + path)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path} {how}\n{found.generate_report()}"
    small = page.evaluate(SMALL, POINTER if page.evaluate("innerWidth") >= WIDE else THUMB)
    assert small == [], f"{path} {how}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{path} {how} is {wide} pixels too wide"
    SHOTS.mkdir(exist_ok=True)
    name = path.strip("/").translate(str.maketrans("/?=&", "----")) or "public"
    page.screenshot(path=SHOTS / f"{name}-{how}.png", full_page=True)


MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one)
  return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
}).length"""


def test_letters_twice_as_large_fit_and_nothing_moves_for_who_wants_no_motion(
    browser: Browser, demo: Demo
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="es"
    )
    page = page_in(context)
    come_in(context, page, demo)
    for path in PAGES:
        page.goto(demo.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide in large letters"
        assert page.evaluate(MOVING) == 0, path
    context.close()
