"""The desk's keys: a list, and the switch for single ones (WCAG 2.2, success criterion 2.1.4)."""

from typing import Final

from warmline.desk.visit import Answer, Away, HtmlPage, Visit

COOKIE: Final = "warmline_keys"
OFF: Final = "off"


def show(visit: Visit) -> Answer:
    """The list."""
    return HtmlPage("keys.html", {"off": visit.cookies.get(COOKIE) == OFF})


def switch(visit: Visit) -> Answer:
    """Single keys are off in this browser, or on again."""
    off = visit.form["single"] == OFF
    done = "keys_off" if off else "keys_on"
    return Away(f"/desk/keys?done={done}", {COOKIE: OFF if off else None})
