"""A shift as it was typed: read into a wish, or a fault for each field that is wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from shifts.claims.findings import Finding
from shifts.editing.editing import LONGEST, Wish
from shifts.local_time import DAY, end_instant, start_instant
from shifts.models import AGREED, ASKED, DRAFT
from shifts.place_listing import ShownShift
from warmline.desk.visit import Form
from warmline.desk.wording import Telling, for_form

LATER, NOW, SAID_YES = "later", "now", "yes"
"""Kept as a draft; asked (or open) at once; the coordinator holds their yes."""
STATES: Final = {LATER: DRAFT, NOW: ASKED, SAID_YES: AGREED}
FIELDS: Final = ("who", "day", "starts", "ends_day", "ends", "how", "duty")


@dataclass(frozen=True)
class FilledShift:
    """The fields as they were typed, so that nothing is lost; and what is wrong with each."""

    fields: dict[str, str]
    wish: Wish | None = None
    wrong: dict[str, str] = field(default_factory=dict)


def read(form: Form, zone: ZoneInfo, people: Sequence[int]) -> FilledShift:
    """The wish in a form, or the names of its faults by field."""
    fields = {name: form[name] for name in FIELDS}
    wrong: dict[str, str] = {}
    day, ends_day = day_of(fields["day"]), day_of(fields["ends_day"] or fields["day"])
    starts, ends = time_of(fields["starts"]), time_of(fields["ends"])
    values = {"day": day, "ends_day": ends_day, "starts": starts, "ends": ends}
    wrong |= {name: f"bad_{name}" for name, value in values.items() if value is None}
    person = form.number("who")
    if fields["who"] and person not in people:
        wrong["who"] = "bad_who"
    if wrong or day is None or ends_day is None or starts is None or ends is None:
        return FilledShift(fields, None, wrong)
    if ends_day == day and ends <= starts:
        ends_day += DAY
    begin = start_instant(datetime.combine(day, starts), zone)
    end = end_instant(datetime.combine(ends_day, ends), zone)
    if not begin < end <= begin + LONGEST:
        return FilledShift(fields, None, {"ends": "bad_length"})
    state = STATES.get(fields["how"], DRAFT)
    return FilledShift(fields, Wish(begin, end, person, state, fields["duty"] == "yes"))


def instant(day: str, at: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time of a form's fields as an instant (UTC); None when they are none."""
    read_day, read_time = day_of(day), time_of(at)
    if read_day is None or read_time is None:
        return None
    return start_instant(datetime.combine(read_day, read_time), zone)


def blank(day: date, who: int | None, starts: str, ends: str) -> dict[str, str]:
    """The fields of a new shift."""
    return {
        "who": str(who or ""),
        "day": day.isoformat(),
        "starts": starts,
        "ends_day": "",
        "ends": ends,
        "how": LATER,
        "duty": "",
    }


def of_shift(shift: ShownShift, zone: ZoneInfo) -> dict[str, str]:
    """The fields of a shift as it is."""
    day, starts = for_form(shift.starts_at, zone)
    ends_day, ends = for_form(shift.ends_at, zone)
    hows = {DRAFT: LATER, AGREED: SAID_YES, "cover wanted": SAID_YES}
    return {
        "who": str(shift.person_id or ""),
        "day": day,
        "starts": starts,
        "ends_day": ends_day,
        "ends": ends,
        "how": hows.get(shift.state, NOW),
        "duty": "yes" if shift.duty else "",
    }


def spoken(found: Sequence[Finding], telling: Telling) -> list[str]:
    """What speaks against a wish, in the reader's words."""
    return [
        telling(f"finding.{one.name}", when=telling.dated(one.starts_at, one.ends_at))
        for one in found
    ]


def seen_as(found: Sequence[Finding]) -> str:
    """By what a form says which warnings were read; another set is warned of anew."""
    said = "|".join(f"{one.name} {one.starts_at} {one.ends_at}" for one in found)
    return hashlib.sha256(said.encode()).hexdigest()[:12] if said else ""


def day_of(text: str) -> date | None:
    """A day of a form's field; None when it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def time_of(text: str) -> time | None:
    """A time of a form's field; None when it is none."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
