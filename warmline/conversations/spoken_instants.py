"""An instant as a voice says it; pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from warmline import languages


def spoken_instant(
    instant: datetime, now: datetime, zone: ZoneInfo, language: str
) -> dict[str, str]:
    """The weekday and the time of an instant in `zone`, as one would say them.

    In some languages the time has its article: la 1, las 6. Midnight is said as midnight.
    """
    local = instant.astimezone(zone)
    # The locale data puts narrow and thin spaces into times; a voice wants plain ones.
    time = " ".join(format_time(local, "h:mm a", locale=language).replace(":00", "").split())
    known = languages.of(language)
    said = known.spoken_time_at_one if local.hour % 12 == 1 else known.spoken_time
    if (local.hour, local.minute) == (0, 0):
        said = known.spoken_midnight
    return {"day": format_date(local, "EEEE", locale=language), "time": said.format(time=time)}
