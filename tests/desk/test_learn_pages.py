"""Practice in a real browser: by keyboard alone, small and dark, and for everyone."""

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]  # ships no types
    Axe,
)
from playwright.sync_api import Browser, Page

from tests.browser import page_in
from tests.demo.conftest import running
from tests.desk.test_pages import SHOTS, Scheme, look_at


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(360, "dark", "en"), (1280, "light", "es")]
)
def test_practice_is_for_everyone_also_by_keyboard_alone(
    browser: Browser, width: int, scheme: Scheme, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=language,
    )
    page = page_in(context)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    with running() as demo:
        demo.stage.speed = 0
        page.on("request", lambda r: troubles.append(r.url) if demo.url not in r.url else None)
        for path in ("/learn", "/learn/guide"):
            look_at(page, demo, path, f"{width}-{scheme}-{language}")
        page.goto(f"{demo.url}/learn/voice/star")
        for move in ("pick-up", "key 1", "wait", "say 0", "wait", "end"):
            by_keyboard(page, move)
            if move in ("say 0", "end"):
                is_fine(page, move)
        page.screenshot(path=SHOTS / f"learn-voice-star-{width}-{scheme}-{language}.png")
    assert troubles == []
    context.close()


def by_keyboard(page: Page, move: str) -> None:
    """From the top of the page, Tab to the button and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == move:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {move} by keyboard")


def is_fine(page: Page, move: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"after {move}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"after {move} it is {wide} pixels too wide"
    assert page.locator("#new").count() <= 1
