"""A real Chromium for tests of pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import (  # type: ignore[import-untyped]  # ships no types
    AXE_SCRIPT,
    AxeResults,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.waiting import ON_A_PAGE

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first is the same browser without its own windows and menus, which cost half of the time."""

FIND_VIOLATIONS = """colours => axe.run({
  resultTypes: ['violations'], rules: {'color-contrast': {enabled: colours}}})
  .then(found => ({violations: found.violations}))"""


def chromium() -> str:
    """Where this machine's Chromium is; without one the test is skipped or, if required, fails."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    missing = (
        "no Chromium on this machine: the browser tests need one (Debian: apt install chromium)"
    )
    if os.environ.get("WARMLINE_REQUIRE_BROWSER") == "1":
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


@contextmanager
def running_browser(path: str) -> Iterator[Browser]:
    """Chromium without a window; it makes no requests of its own."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=ON_A_PAGE)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def page_in(context: BrowserContext) -> Page:
    """A page in this window; whatever is done there is waited for, however busy the machine is."""
    context.set_default_timeout(ON_A_PAGE)
    return context.new_page()


def violations(page: Page, *, colours: bool = True) -> str:
    """What keeps somebody from using the page as it is shown now, in words; empty for nothing.

    To look at its colours takes half of the time: `colours` is whether that is to be done.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(FIND_VIOLATIONS, colours))
    return str(found.generate_report()) if found.violations_count else ""
