"""A real Chromium for tests of pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
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
