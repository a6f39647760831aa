"""When somebody is next on, as it is said to a caller."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from sqlalchemy import Row

from shifts.roster import next_on
from warmline.conversations import looking
from warmline.people import who_may_be_rung
from warmline.phone.conversation import Turn
from warmline.phone.words import Say


def somebody_is_on(turn: Turn, call: Row[Any]) -> bool:
    """Whether anybody who takes calls is on shift now, other than the caller themselves."""
    now_on = looking.peers_on(turn.db, call.line_id, turn.now)
    others = (row for row in now_on if row.person_id != call.volunteer_id)
    return any(row.starts_at <= turn.now for row in others)


def words(turn: Turn, call: Row[Any]) -> Say:
    """The weekday and the line's own time; none within seven days: we cannot say yet."""
    instant = next_on(turn.db, call.line_id, turn.now, among=who_may_be_rung(call.line_id))
    if instant is None:
        return turn.say("ask.next_on_unknown")
    zone = ZoneInfo(call.line_zone)
    when = spoken_instant(instant, turn.now, zone, turn.language)
    return turn.say(f"ask.next_on_{_day(instant, turn.now, zone)}", **when)


def _day(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    then, today = instant.astimezone(zone).date(), now.astimezone(zone).date()
    if then == today:
        return "today"
    return "tomorrow" if then - today == timedelta(days=1) else "weekday"


def spoken_instant(
    instant: datetime, now: datetime, zone: ZoneInfo, language: str
) -> dict[str, str]:
    """The weekday and the time of an instant in `zone`, as one would say them.

    In Spanish the time has its article: la 1, las 6.
    """
    local = instant.astimezone(zone)
    # The locale data puts narrow and thin spaces into times; a voice wants plain ones.
    time = " ".join(format_time(local, "h:mm a", locale=language).replace(":00", "").split())
    if language == "es":
        time = f"{'la' if local.hour % 12 == 1 else 'las'} {time}"
    return {"day": format_date(local, "EEEE", locale=language), "time": time}
