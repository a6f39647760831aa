"""A coordinator's hands in a real browser: by mouse or finger, and by keyboard alone."""

from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 220
IS_SEEN = """one => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect()
  return style.outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight
}"""


class Hands(Protocol):
    """Whatever can use a page: a link, a button, a field, a choice among some."""

    def press(self, button: Locator) -> None:
        """A link or a button."""

    def write(self, field: Locator, text: str) -> None:
        """Words; a date as 2030-03-05, a time as 18:00."""

    def choose(self, field: Locator, option: str) -> None:
        """One of a list."""


@dataclass
class Mouse:
    """As most do."""

    page: Page

    def press(self, button: Locator) -> None:
        button.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        field.select_option(label=option)


@dataclass
class Keys:
    """Tab to everything, and the focus is seen on the way."""

    page: Page

    def press(self, button: Locator) -> None:
        self._reach(button)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(_as_typed(field.get_attribute("type") or "", text))

    def choose(self, field: Locator, option: str) -> None:
        self._reach(field)
        self.page.keyboard.type(option)

    def _reach(self, wanted: Locator) -> None:
        wanted.wait_for()
        one = wanted.element_handle()
        for _ in range(MOST_TABS):
            if one.evaluate("one => one === document.activeElement"):
                assert one.evaluate(IS_SEEN), f"nobody sees where the focus is: {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted}")


def _as_typed(kind: str, text: str) -> str:
    """What is typed into a field of dates or times, part by part, in American English."""
    if kind == "date":
        return f"{date.fromisoformat(text):%m%d%Y}"
    return f"{time.fromisoformat(text):%I%M%p}" if kind == "time" else text
