"""Practice in a real browser: by keyboard alone, small and dark, and for everyone."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import page_in, violations
from tests.demo.conftest import running
from tests.desk.test_pages import DESK, PHONE, SHOTS, Look, look_at, too_wide


@pytest.mark.parametrize(
    ("look", "language"), [(Look(PHONE, "dark"), "en"), (Look(DESK, "light"), "es")]
)
def test_practice_is_for_everyone_also_by_keyboard_alone(
    browser: Browser, look: Look, language: str, full: bool
) -> None:
    context = browser.new_context(locale=language)
    page = page_in(context)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    with running() as demo:
        demo.stage.speed = 0
        page.on("request", lambda r: troubles.append(r.url) if demo.url not in r.url else None)
        for path in ("/learn", "/learn/guide"):
            page.goto(demo.url + path)
            look_at(page, path, language, (look,), SHOTS if full else None)
        page.goto(f"{demo.url}/learn/voice/star")
        for move in ("pick-up", "key 1", "wait", "say 0", "wait", "end"):
            by_keyboard(page, move)
            if move in ("say 0", "end"):
                is_fine(page, move)
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
    assert violations(page) == "", f"after {move}"
    assert too_wide(page) <= 0, f"after {move}"
    assert page.locator("#new").count() <= 1
