"""One look at the whole demo: every phone, what the line does, what is kept; as plain data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from shifts.models import Person
from warmline import opening
from warmline.models import Call, DayCount, Note, Ring, Volunteer
from warmline.people import volunteers_on
from warmline.simulator import Phone
from warmline.simulator.demo.cast import CAST, LINE_NAME, LINE_NUMBER, Part
from warmline.simulator.demo.stage import ZONE, Stage
from warmline.simulator.demo.tape import Roll
from warmline.simulator.demo.telling import CALLER_IS, kept_rows, kept_words, now_sentences
from warmline.simulator.hearing import Hearing

MOST_LINES: Final = 60
RING_IS: Final = {
    "picked up": "Press 1 to take it, 2 to pass",
    "in talk": "In the room; the caller is coming",
    "leaving": "Hearing thank you",
}
Words = dict[str, object]


class Rows:
    """What one look finds in the database."""

    def __init__(self, db: Connection, now: datetime) -> None:
        line_id = opening.the_line(db).line_id
        self.now: Final = now
        self.calls: Final = db.execute(select(Call.__table__).order_by(Call.id)).all()
        self.notes: Final = db.execute(select(Note.__table__).order_by(Note.id)).all()
        self.counts: Final = _counts(db, now)
        self.volunteers: Final = _volunteers(db)
        self.on: Final = {one.name for one, _phone in volunteers_on(db, line_id, now)}

    def call_of(self, part: Part) -> Row[Any] | None:
        """The live call that this person has made."""
        mine = self.volunteers[part.name].person_id if part.is_volunteer else None
        return next((call for call in reversed(self.calls) if call.volunteer_id == mine), None)

    @property
    def free(self) -> list[str]:
        """Who is on shift and neither in a pause nor resting, by name."""
        mine = self.volunteers.values()
        return [one.name for one in mine if one.name in self.on and not _rests(one, self.now)]


def _rests(volunteer: Row[Any], now: datetime) -> bool:
    """Whether they are in a pause, a breather, or spared after a miss."""
    ends = (volunteer.paused_until, volunteer.breather_until, volunteer.resting_until)
    return any(end is not None and end > now for end in ends)


def _counts(db: Connection, now: datetime) -> dict[str, int]:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    found = select(DayCount.what, DayCount.number).where(DayCount.day == today)
    return {row.what: row.number for row in db.execute(found)}


def _volunteers(db: Connection) -> Mapping[str, Row[Any]]:
    found = (
        select(Person.name, Volunteer.__table__, Ring.state.label("ring_state"))
        .join(Volunteer, Volunteer.person_id == Person.id)
        .outerjoin(Ring, Ring.person_id == Person.id)
        .order_by(Person.name)
    )
    return {row.name: row for row in db.execute(found)}


def look(stage: Stage) -> Words:
    """Everything the page shows."""
    now = stage.exchange.now()
    with stage.parts.database.reading() as db:
        rows = Rows(db, now)
    records = len(stage.exchange.records())
    return {
        "line": LINE_NAME,
        "time": _clock(now, seconds=True),
        "speed": stage.speed,
        "now": now_sentences(rows.calls, len(stage.cast.ringing), rows.free),
        "kept": kept_words(rows.calls, rows.notes),
        "tables": kept_rows(rows.calls, rows.notes, rows.counts, records),
        "phones": [_phone(stage, part, rows) for part in CAST],
    }


def _phone(stage: Stage, part: Part, rows: Rows) -> Words:
    phone = stage.cast.phones[part.name]
    roll = stage.tape.rolls.get(part.name)
    return {
        "name": part.name,
        "state": "ringing" if phone.is_ringing else "call" if phone.is_in_call else "idle",
        "talking": bool(phone.talking_with),
        "words": how_it_stands(part, phone, rows),
        "shows": LINE_NAME if phone.shown_number == LINE_NUMBER else "",
        "byItself": part.name in stage.cast.by_itself,
        "roll": 0 if roll is None else roll.number,
        "lines": [] if roll is None else _lines(phone, roll),
    }


def how_it_stands(part: Part, phone: Phone, rows: Rows) -> str:
    """How it stands with a phone, in a few words."""
    if phone.is_ringing:
        return "RINGING"
    if phone.talking_with:
        names = " and ".join(sorted(phone.talking_with))
        # A peer does not know who calls, even when it is another volunteer.
        answered = part.is_volunteer and rows.call_of(part) is None
        return "Talking with a caller" if answered else f"Talking with {names}"
    if phone.is_in_call:
        return _in_call(part, rows)
    return _on_the_hook(rows.volunteers[part.name], rows) if part.is_volunteer else "Not in a call"


def _in_call(part: Part, rows: Rows) -> str:
    call = rows.call_of(part)
    if call is not None:
        return CALLER_IS[call.state]
    ring = rows.volunteers[part.name].ring_state if part.is_volunteer else None
    return RING_IS.get(ring or "", "Connecting")


def _on_the_hook(volunteer: Row[Any], rows: Rows) -> str:
    for until, words in (
        (volunteer.paused_until, "Pause until {}"),
        (volunteer.breather_until, "Breather until {}"),
        (volunteer.resting_until, "Missed a call; rested until {}"),
    ):
        if until is not None and until > rows.now:
            return words.format(_clock(_up_to_the_minute(until), seconds=False))
    return "On shift" if volunteer.name in rows.on else "Off shift"


def _up_to_the_minute(instant: datetime) -> datetime:
    return instant + timedelta(seconds=-instant.second % 60)


def _clock(instant: datetime, *, seconds: bool) -> str:
    """The line's own time, as "Monday 6:00:12 pm" or "6:01 pm"."""
    local = instant.astimezone(ZoneInfo(ZONE))
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{local:%A} {hour}:{local:%M:%S} {half}" if seconds else f"{hour}:{local:%M} {half}"


def _lines(phone: Phone, roll: Roll) -> list[Words]:
    """What was said and what happened in this call, in order, the latest last."""
    said = [
        (one.since, {"id": f"{roll.number}-said-{at}", "said": True, **_said(one)})
        for at, one in enumerate(phone.hearings)
        if one.since >= roll.began and one.text
    ]
    noted = [
        (note.at, {"id": f"{roll.number}-note-{at}", "said": False, "text": note.words})
        for at, note in enumerate(list(roll.notes))
    ]
    # What was done comes before what was said to it at the same instant: the sort is stable.
    return [line for _, line in sorted([*noted, *said], key=_when)][-MOST_LINES:]


def _said(hearing: Hearing) -> Words:
    return {"text": hearing.text, "lang": hearing.language, "cut": hearing.broken_off}


def _when(line: tuple[datetime, Words]) -> datetime:
    return line[0]
