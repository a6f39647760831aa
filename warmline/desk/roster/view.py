"""What the address of the roster asks for: which view of which days, of whom, in whose time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from shifts.local_time import DAY, local_day
from shifts.models import PLACE_STATES
from warmline.desk.roster import grid
from warmline.desk.roster.grid import Filters
from warmline.desk.visit import Visit
from warmline.sign_in.visitors import COORDINATOR

WEEK, HOURS, MONTH, ONE_DAY = "week", "hours", "month", "day"
VIEWS: Final = (WEEK, ONE_DAY, MONTH, HOURS)
FURTHEST: Final = timedelta(days=3660)
SAID: Final = ("done", "undo")
"""What the address says once, and no link goes on saying."""
ZONES: Final = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
    *("America/Mexico_City", "Europe/London", "Europe/Madrid", "UTC"),
)
"""Offered for looking at the roster in another time; the address may name any."""


@dataclass(frozen=True)
class RosterView:
    """A view of the roster; `zone` is another than the line's where `elsewhere`."""

    view: str
    day: date
    days: list[date]
    filters: Filters
    zone: ZoneInfo
    elsewhere: bool
    thin: bool
    picks: bool
    kept: tuple[tuple[str, str], ...]

    def link(self, **other: object) -> str:
        """This view's address with something else in it; None takes a thing out."""
        pairs = {"view": self.view, "day": self.day.isoformat()}
        kept = [one for one in self.kept if one[0] not in {*pairs, *other}]
        named = [*(pairs | other).items()]
        fresh = [(name, str(value)) for name, value in named if value is not None]
        return f"/desk/week?{urlencode([*fresh, *kept])}"

    @property
    def earlier(self) -> date:
        """The day to which "earlier" leads."""
        if self.view == MONTH:
            return (self.day.replace(day=1) - DAY).replace(day=1)
        return self.day - (DAY if self.view == ONE_DAY else 7 * DAY)

    @property
    def later(self) -> date:
        """The day to which "later" leads."""
        if self.view == MONTH:
            return (self.day.replace(day=1) + 31 * DAY).replace(day=1)
        return self.day + (DAY if self.view == ONE_DAY else 7 * DAY)


def view_of(visit: Visit) -> RosterView:
    """What the visit's address asks for; what cannot be is as if it were not there."""
    query = visit.query
    view = view_asked(visit)
    zone = zone_asked(query["zone"], visit.line.zone)
    day = day_asked(visit)
    elsewhere = zone != visit.line.zone
    return RosterView(
        view,
        day,
        days_of(view, day),
        filters_of(visit),
        zone,
        elsewhere,
        query["thin"] == "yes",
        query["pick"] == "yes" and visit.visitor.may(COORDINATOR) and not elsewhere,
        tuple(one for one in query.pairs() if one[1] and one[0] not in SAID),
    )


def view_asked(visit: Visit) -> str:
    """The view in the address or form, or the week."""
    view = visit.query["view"] or visit.form["view"]
    return view if view in VIEWS else WEEK


def days_of(view: str, day: date) -> list[date]:
    """The days that a view shows."""
    if view == ONE_DAY:
        return [day]
    return grid.month_of(day) if view == MONTH else grid.week_of(day)


def day_asked(visit: Visit, name: str = "day") -> date:
    """The day in the address or form, or today."""
    today = local_day(visit.now, visit.line.zone)
    try:
        day = date.fromisoformat(visit.query[name] or visit.form[name])
    except ValueError:
        return today
    return day if abs(day - today) < FURTHEST else today


def filters_of(visit: Visit) -> Filters:
    """Of whom and of what the address asks to see."""
    query = visit.query
    mine = visit.visitor.person_id if query["who"] == "me" else query.number("who")
    states = tuple(one for one in query.every("state") if one in PLACE_STATES)
    only_busy = query["only"] == "busy"
    return Filters(mine, query["language"], states, only_busy, query["find"].casefold())


def zone_asked(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone with a name, as the zone data has it."""
    if not name:
        return otherwise
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return otherwise
