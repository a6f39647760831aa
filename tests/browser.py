"""A real Chromium for tests of pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where this machine's Chromium is; without one the test is skipped or, if required, fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
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
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
