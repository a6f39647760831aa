"""What one look at the demo finds in the line's database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from shifts.models import Base, Person
from warmline.calls import records
from warmline.database.records import every, made_of
from warmline.demo.calls_in_words import LiveCall
from warmline.demo.cast import Part
from warmline.demo.kept_in_words import KeptNote
from warmline.demo.stage import ZONE
from warmline.demo.texts_in_words import LiveTalk
from warmline.line import opening
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.counts import DayCount
from warmline.models.people import Volunteer
from warmline.models.privacy import Feedback, Note
from warmline.models.talks import CountQuestion, Talk, TalkText
from warmline.models.texts import TextOut
from warmline.people.volunteers import volunteers_on


class Phoned(NamedTuple):
    """A volunteer with a phone on the page; instants are UTC, the state is their ring's."""

    name: str
    person_id: int
    paused_until: datetime | None
    breather_until: datetime | None
    resting_until: datetime | None
    ring_state: records.RingState | None


_CALLS: Final = select(Call.state, Call.volunteer_id, Call.consent).order_by(Call.id)
_TALKS: Final = select(Talk.state, Talk.volunteer_id, Talk.person_id).order_by(Talk.id)
_NOTES: Final = select(Note.day, Note.hour, Note.language, Note.length, Note.answered).order_by(
    Note.id
)
_VOLUNTEERS: Final = (
    select(
        *(Person.name, Volunteer.person_id),
        *(Volunteer.paused_until, Volunteer.breather_until, Volunteer.resting_until),
        Ring.state.label("ring_state"),
    )
    .join(Volunteer, Volunteer.person_id == Person.id)
    .outerjoin(Ring, Ring.person_id == Person.id)
    .order_by(Person.name)
)
_live_call: Final = made_of(LiveCall, _CALLS.selected_columns)
_live_talk: Final = made_of(LiveTalk, _TALKS.selected_columns)
_kept_note: Final = made_of(KeptNote, _NOTES.selected_columns)
_phoned: Final = made_of(Phoned, _VOLUNTEERS.selected_columns)


class Rows:
    """What one look finds in the database."""

    def __init__(self, db: Connection, now: datetime) -> None:
        line_id = opening.the_line(db).line_id
        self.now: Final = now
        self.calls: Final = every(db.execute(_CALLS), _live_call)
        self.notes: Final = every(db.execute(_NOTES), _kept_note)
        self.talks: Final = every(db.execute(_TALKS), _live_talk)
        self.texts_out: Final = _number(db, TalkText) + _number(db, TextOut)
        self.asked_to_count: Final = _number(db, CountQuestion)
        self.call_backs: Final = _number(db, CallBack)
        self.said_how: Final = _number(db, Feedback)
        self.counts: Final = _counts(db, now)
        self.volunteers: Final = _volunteers(db)
        self.on: Final = {one.name for one, _phone in volunteers_on(db, line_id, now)}

    def call_of(self, part: Part) -> LiveCall | None:
        """The live call that this person has made."""
        mine = self._id_of(part)
        return next((call for call in reversed(self.calls) if call.volunteer_id == mine), None)

    def talk_of(self, part: Part) -> LiveTalk | None:
        """The live talk by text in which this person is the one who texts."""
        mine = self._id_of(part)
        return next((talk for talk in self.talks if talk.volunteer_id == mine), None)

    def is_peer_of_a_talk(self, part: Part) -> bool:
        """Whether this person is the peer of a talk by text."""
        mine = self._id_of(part)
        return mine is not None and any(talk.person_id == mine for talk in self.talks)

    def _id_of(self, part: Part) -> int | None:
        """A volunteer's person; None is the caller, of whom the line knows nothing."""
        return self.volunteers[part.name].person_id if part.is_volunteer else None

    @property
    def free(self) -> list[str]:
        """Who is on shift and neither in a pause nor resting, by name."""
        mine = self.volunteers.values()
        return [one.name for one in mine if one.name in self.on and not _rests(one, self.now)]


def _number(db: Connection, table: type[Base]) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def _rests(volunteer: Phoned, now: datetime) -> bool:
    """Whether they are in a pause, a breather, or spared after a miss."""
    ends = (volunteer.paused_until, volunteer.breather_until, volunteer.resting_until)
    return any(end is not None and end > now for end in ends)


def _counts(db: Connection, now: datetime) -> dict[str, int]:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    found = select(DayCount.what, DayCount.number).where(DayCount.day == today)
    return {row.what: row.number for row in db.execute(found)}


def _volunteers(db: Connection) -> Mapping[str, Phoned]:
    return {one.name: one for one in every(db.execute(_VOLUNTEERS), _phoned)}
