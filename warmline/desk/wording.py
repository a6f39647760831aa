"""How the desk says things: its words in one language, and days and times as people write them."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup, escape

from shifts.faults import Fault
from shifts.local_time import start_of_day
from warmline import languages
from warmline.languages import FIRST
from warmline.prompts import LANGUAGES

HERE: Final = Path(__file__).parent / "words"
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


@cache
def words(language: str) -> Mapping[str, str]:
    """Every word of the desk in a language, by table and name."""
    found: dict[str, str] = {}
    for path in sorted(HERE.glob(f"*.{language}.toml")):
        for table, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found |= {f"{table}.{name}": text.strip() for name, text in texts.items()}
    return found


class Telling:
    """The desk's voice in one language, in the line's time."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language: Final = language if language in LANGUAGES else FIRST
        self.zone: Final = zone
        self._words = words(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The words for `key`, {names} filled in; with `n`, "key.one" where it is 1 and there."""
        if values.get("n") == 1 and f"{key}_one" in self._words:
            key = f"{key}_one"
        text = self._words[key]
        return text.format(**values) if values else text

    def html(self, key: str, /, **values: object) -> Markup:
        """Words that hold marks of their own; what is filled in is escaped."""
        kept = {name: escape(value) for name, value in values.items()}
        return Markup(self._words[key].format(**kept))  # noqa: S704 - the words are our own file

    def fault(self, fault: Fault) -> str:
        """Why something could not be, by the name of the fault; empty where its page says it."""
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(fault).__name__).lower()
        return self._words.get(f"fault.{name}", "")

    def has(self, key: str) -> bool:
        """Whether there are words for it."""
        return key in self._words

    def language_name(self, code: str) -> str:
        """What a language is called in the reader's."""
        return languages.name_in(code, self.language)

    def local(self, instant: datetime) -> datetime:
        """The instant on the line's clock."""
        return instant.astimezone(self.zone)

    def time(self, instant: datetime) -> str:
        """6 PM and 6:30 PM, or 18:00 where the clock has 24 hours."""
        return languages.time_on_pages(self.local(instant), self.language)

    def day(self, day: date | datetime, pattern: str = "EEE d MMM") -> str:
        """Sat 28 Nov; by a pattern of the Unicode locale data (UTS 35)."""
        local = self.local(day).date() if isinstance(day, datetime) else day
        return _dated(local, pattern, self.language)

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """The hours of a shift; its last day too where that is not the first's or the next."""
        return f"{self.time(starts_at)} \N{EN DASH} {self.end(starts_at, ends_at)}"

    def end(self, starts_at: datetime, ends_at: datetime) -> str:
        """When a shift ends, with its day where it is another."""
        if self.local(starts_at).date() == self.local(ends_at - timedelta(seconds=1)).date():
            return self.time(ends_at)
        return f"{self.day(ends_at, 'EEE')} {self.time(ends_at)}"

    def dated(self, starts_at: datetime, ends_at: datetime) -> str:
        """A shift with its day: Sat 28 Nov, 6 PM to 10 PM."""
        return f"{self.day(starts_at)}, {self.span(starts_at, ends_at)}"

    def listed(self, items: list[str]) -> str:
        """a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('common.and')} {items[-1]}"

    def clocks(self, day: date) -> str:
        """What happens to the clocks on a local day, in words; empty on most."""
        hours = (start_of_day(day + DAY, self.zone) - start_of_day(day, self.zone)) / HOUR
        if hours == 24:
            return ""
        return self("common.clocks_on" if hours < 24 else "common.clocks_back", hours=f"{hours:g}")

    def zone_now(self, now: datetime) -> str:
        """America/New York, now 8:41 PM."""
        name = self.zone.key.replace("_", " ")
        return self("common.zone_now", zone=name, time=self.time(now))


@lru_cache(maxsize=2048)
def _dated(day: date, pattern: str, language: str) -> str:
    return str(format_date(day, pattern, locale=language)).replace(".", "")


def for_form(instant: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """A day and a time as a form's fields hold them."""
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"
