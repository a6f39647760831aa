"""Who texts, and how instants are written to them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from warmline.phone.conversation import Turn


@dataclass(frozen=True)
class Me:
    """The volunteer who texts: on which line, in which language, in whose own zone."""

    line_id: int
    line_name: str
    person_id: int
    name: str
    language: str
    zone: ZoneInfo
    agreed: bool

    def text(self, turn: Turn, key: str, **values: object) -> str:
        """A message to them, from the line by its name."""
        return turn.prompts.text(self.language, f"text.{key}", line=self.line_name, **values)

    def day(self, instant: datetime) -> str:
        """An instant's day, short: Sat 28 Nov."""
        pattern = "EEE d MMM"
        return _plain(format_date(instant.astimezone(self.zone), pattern, locale=self.language))

    def time(self, instant: datetime) -> str:
        """An instant's time: 6 PM, 18:00 in Spanish."""
        local = instant.astimezone(self.zone)
        if self.language == "es":
            return f"{local:%H:%M}"
        return _plain(format_time(local, "h:mm a", locale="en")).replace(":00", "")

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """A shift as it is written: its day, its hours."""
        return f"{self.day(starts_at)} {self.time(starts_at)}-{self.time(ends_at)}"


def _plain(text: str) -> str:
    """The locale data's narrow spaces would make a message twice as long on its way."""
    return " ".join(text.replace(".", "").split())
