"""Waiting for what the wall's own time brings: for a condition, never for so many seconds.

How long something takes on a busy machine says nothing of whether it is right.
"""

import time
from collections.abc import Callable
from typing import Final

LONG: Final = 600.0
"""Seconds after which whatever is waited for will never come: nothing is measured by it."""
ON_A_PAGE: Final = 120_000
"""Milliseconds after which a page will never show it."""
_BETWEEN: Final = 0.01


def until(holds: Callable[[], object], what: str = "what was waited for") -> None:
    """Go on as soon as it holds."""
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, f"{what} did not come to pass"
        time.sleep(_BETWEEN)
