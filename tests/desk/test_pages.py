"""Every page of the desk in a real browser: for everyone, at both sizes, in both themes.

Each page is opened once and then looked at in both ways, as a phone is turned or a window drawn
wider. In the other language only its words differ: where a line is narrow, they must fit.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import page_in, violations
from tests.demo.conftest import Demo, running
from warmline.line import opening
from warmline.promise import promise, proposals

PAGES = (
    *("/desk", "/desk/week", "/desk/week?view=day", "/desk/week?view=month"),
    *("/desk/week?view=hours", "/desk/week?pick=yes", "/desk/week?zone=UTC&thin=yes"),
    *("/desk/keys", "/desk/import", "/desk/publish"),
    *("/desk/place/1", "/desk/place/1/move", "/desk/place/1/history"),
    *("/desk/place/new", "/desk/copy", "/desk/people", "/desk/people/invite"),
    *("/desk/patterns", "/desk/patterns/new", "/desk/templates"),
    *("/desk/for-a-time", "/desk/for-a-time/stand-in?person=1", "/desk/for-a-time/roster"),
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
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one)
  return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
}).length"""
Scheme = Literal["light", "dark"]


class Look(NamedTuple):
    """How a page is looked at: so many CSS pixels wide, in this theme."""

    width: int
    scheme: Scheme


PHONE, DESK = 360, WIDE


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


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "looks"),
    [
        ("es", (Look(PHONE, "light"), Look(DESK, "dark"))),
        ("en", (Look(PHONE, "dark"),)),
    ],
    ids=["es", "en"],
)
def test_every_page_is_for_everyone(
    browser: Browser, demo: Demo, language: str, looks: tuple[Look, ...], full: bool
) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 900}, locale=language)
    page = page_in(context)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(demo.url) else None)
    shots = SHOTS if full else None
    colours = full or language == "es"  # They are the same in every language.
    looks = (*looks, Look(DESK, "light")) if full and language == "en" else looks
    for path in OUTSIDE:
        page.goto(demo.url + path)
        look_at(page, path, language, looks, shots, colours=colours)
    troubles[:] = [one for one in troubles if "404" not in one]
    come_in(context, page, demo)
    page.goto(f"{demo.url}/desk?lang={language}")
    for path in PAGES:
        page.goto(demo.url + path)
        look_at(page, path, language, looks, shots, colours=colours)
        read_large_and_still(page, path)
    assert troubles == []
    context.close()


def come_in(context: BrowserContext, page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/coordinator")
    assert any(one["name"] == "warmline_desk" for one in context.cookies())


def look_at(
    page: Page,
    path: str,
    language: str,
    looks: tuple[Look, ...],
    shots: Path | None,
    *,
    colours: bool = True,
) -> None:
    """The page without violation and without scrolling sideways; a picture for who wants one."""
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
        how = f"{path} {width}-{scheme}-{language}"
        assert violations(page, colours=colours) == "", how
        assert page.evaluate(SMALL, POINTER if width >= WIDE else THUMB) == [], how
        assert too_wide(page) <= 0, how
        if shots is not None:
            shots.mkdir(exist_ok=True)
            name = how.strip("/").translate(str.maketrans("/?=& ", "-----"))
            page.screenshot(path=shots / f"{name}.png", full_page=True)


def read_large_and_still(page: Page, path: str) -> None:
    """Letters twice as large fit a wide window, and nothing moves for who wants no motion."""
    page.set_viewport_size({"width": DESK, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0, path
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page) <= 0, f"{path} in large letters"


def too_wide(page: Page) -> int:
    """By how many CSS pixels the page would have to be pushed sideways."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return pixels
