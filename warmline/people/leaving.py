"""Erases a volunteer who leaves; only their hours stay, by nobody."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update
from sqlalchemy.orm import DeclarativeBase

from shifts import leaving
from shifts.local_time import Span
from warmline.database.sealing import Seal
from warmline.models.calls import Call, Ring, TriedPeer
from warmline.models.date_polls import DatePollChoice, DatePollPerson
from warmline.models.people import (
    ImportedTag,
    PauseByOthers,
    RingReason,
    SharedWord,
    ShiftByOthers,
    Volunteer,
)
from warmline.models.privacy import Boundary, FeedbackReader, RecentTalk
from warmline.models.promise import BookEntry, Proposal, Vote
from warmline.models.sign_in import (
    DeskRole,
    DeskSession,
    DeskStep,
    DeskWish,
    Feed,
    Passkey,
    Pin,
    RecoveryCode,
    SignInCode,
)
from warmline.models.talks import AskedPeer, TalkText
from warmline.models.texts import ListNumber, OneTimeMark, TextOut
from warmline.privacy import erased, feedback
from warmline.sign_in import codes

WELCOME: Final = "welcome"
AT_THE_DESK: Final = (
    *(SignInCode, DeskSession, RecoveryCode, Pin, Passkey, Feed, DeskStep, DeskRole),
)
THEIRS: Final = (
    *(AskedPeer, TalkText, TextOut, ListNumber, ShiftByOthers, ImportedTag, SharedWord, Vote),
    *(DatePollChoice, DatePollPerson, PauseByOthers, FeedbackReader, RingReason),
    *AT_THE_DESK,
    Volunteer,
)
"""Whatever points at a person, the volunteer last."""


def is_in_a_call(db: Connection, person_id: int) -> bool:
    """Whether their phone rings for a caller, or they are in a call."""
    ringing = select(Ring.id).where(Ring.person_id == person_id)
    calling = select(Call.id).where((Call.volunteer_id == person_id) | (Call.peer_id == person_id))
    return db.execute(ringing.union_all(calling).limit(1)).first() is not None


def erase(
    db: Connection, seal: Seal, line_id: int, person_id: int, zone: ZoneInfo, now: datetime
) -> list[Span]:
    """Erase a volunteer who is in no call and no talk; the spans (UTC) that are open now."""
    erased.note(db, seal, erased.PERSON, person_id, now)
    feedback.forget_person(db, seal, person_id)
    codes.forget_person(db, seal, person_id)
    db.execute(delete(TriedPeer).where(TriedPeer.person_id == person_id))
    db.execute(delete(OneTimeMark).where(_said_to(person_id)))
    about = (DeskWish.about_id == person_id, DeskWish.kind != WELCOME)
    db.execute(delete(DeskWish).where(or_(DeskWish.by_id == person_id, and_(*about))))
    db.execute(update(Boundary).where(Boundary.by_id == person_id).values(by_id=None))
    db.execute(delete(RecentTalk).where(RecentTalk.person_id == person_id))
    db.execute(delete(BookEntry).where(BookEntry.by_id == person_id))
    db.execute(update(PauseByOthers).where(PauseByOthers.by_id == person_id).values(by_id=None))
    # What they proposed stands, by nobody; what they said to it is theirs, and goes.
    theirs = update(Proposal).where(Proposal.by_id == person_id)
    db.execute(theirs.values(by_id=None))
    for table in THEIRS:
        db.execute(delete(table).where(_of(table) == person_id))
    return leaving.leave(db, line_id, person_id, zone, now)


def _of(table: type[DeclarativeBase]) -> ColumnElement[int]:
    return table.__table__.c.person_id


def _said_to(person_id: int) -> ColumnElement[bool]:
    """What was said once to them: their id may be another's one day, who has not heard it."""
    words = ("invite", "leave", "short")
    whole = OneTimeMark.what.in_([f"{word}:{person_id}" for word in words])
    of_places = (f"gave:%:{person_id}", f"gift:%:{person_id}", f"asked:%:{person_id}:%:%")
    of_phone = f"duty:%:phone%:{person_id}"
    at_desk = (f"test ring:{person_id}:%", f"cover:{person_id}:%", f"opened:{person_id}:%")
    asked = (f"vote:{person_id}:%", f"promise:{person_id}:%", f"word:{person_id}:%")
    how = f"how:{person_id}"
    paused = (f"held:{person_id}", f"held-by:{person_id}", f"held-no:{person_id}:%")
    about = (*at_desk, *asked, *paused, f"remind:%:{person_id}:%", *of_places, of_phone, how)
    return or_(whole, *(OneTimeMark.what.like(one) for one in about))
