"""Whether this machine's clock is right: beside the provider's, the web's and the database's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from sqlalchemy import text

from warmline.doctor.findings import Finding, Sight
from warmline.doctor.web import NoAnswer, asked

MOST_APART: Final = 30.0
"""Seconds: shifts are meant to the minute, and a Date header has whole seconds."""
SYNC: Final = "set the machine's clock by NTP"


def beside_the_provider(sight: Sight) -> Iterator[Finding]:
    """By the Date of what the provider answers to whoever asks."""
    yield from _by_date(sight, "provider's", sight.settings.provider_url)


def beside_the_web(sight: Sight) -> Iterator[Finding]:
    """By the Date of the public address: the web may run on another machine."""
    yield from _by_date(sight, "web's", f"{sight.settings.public_url}/healthz")


def beside_the_database(sight: Sight) -> Iterator[Finding]:
    """By what a database server says that it is now; SQLite has no clock of its own."""
    if sight.database.engine.dialect.name != "postgresql":
        return
    with sight.database.reading() as db:
        there = db.scalar(text("SELECT extract(epoch FROM clock_timestamp())::float8"))
    if there is not None:
        at = datetime.fromtimestamp(float(there), UTC)
        yield Finding("clock beside the database's", apart(at, sight.clock()))


def apart(there: datetime, here: datetime) -> str:
    """What to do where two clocks are too far apart; empty where they are not."""
    seconds = (here - there).total_seconds()
    if abs(seconds) <= MOST_APART:
        return ""
    return f"is {abs(seconds):.0f} seconds {'ahead' if seconds > 0 else 'behind'}; {SYNC}"


def _by_date(sight: Sight, whose: str, url: str) -> Iterator[Finding]:
    try:
        answer = asked("GET", url, {})
        there = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (NoAnswer, ValueError):
        # That nobody answers there is said where it matters.
        return
    yield Finding(f"clock beside the {whose}", apart(there, sight.clock()))
