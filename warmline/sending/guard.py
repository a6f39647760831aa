"""The one guard for whatever rings or texts: only who agreed, only on shift, only phones."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from shifts.models import Line
from warmline.calls import call_backs, third_person
from warmline.database.records import first, made_of
from warmline.database.sealing import Seal, Unsealable
from warmline.models.calls import Ring, ThirdPerson
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.sign_in import SignInCode
from warmline.models.talks import Talk, TalkSide, TalkText
from warmline.models.texts import Purpose, TextOut
from warmline.people import quiet_hours
from warmline.phone_numbers import NotDialled, may_be_dialled
from warmline.promise.promise import has_agreed
from warmline.routing import not_rung
from warmline.sending import on_shift

ASKS: Final[frozenset[Purpose]] = frozenset({"ask", "cover", "invite"})
"""What asks something new: never in quiet hours."""
AFTER_THEIR_TALK: Final = timedelta(seconds=30)
"""How often it is looked whether a talk is over, on whose end a text waits."""


class MayNotText(Exception):
    """This text may not go out, now or any more; what it says holds no number."""


class NotNow(Exception):
    """This text may go out, but not before `then` (UTC)."""

    def __init__(self, then: datetime) -> None:
        super().__init__("not at this hour")
        self.then = then


class MayNotRing(Exception):
    """This phone may not be rung now; the text says why, `why` its volunteer is told."""

    def __init__(self, words: str, why: not_rung.Why | None = None) -> None:
        super().__init__(words)
        self.why: Final = why


def number_to_ring(db: Connection, token: str, now: datetime) -> tuple[str, int]:
    """The phone (E.164) of the ring with this token, and for how many seconds it may ring.

    Asked at the last moment before the ring is placed, for things change while it waits for
    its slot. Raises MayNotRing unless the volunteer has agreed, is on shift, is not in a pause,
    a breather or a talk, and the number is a phone in one of the line's countries.
    """
    row = first(db.execute(_TO_RING, {"token": token}), _who_is_rung)
    if row is None or row.ring_state != "asked for":
        raise MayNotRing("the ring is not wanted any more")
    _refuse_unwilling(row, now)
    if not _may_be_rung_for_it(db, row, now):
        raise MayNotRing("they are off shift, or will be in a moment", "going off")
    if on_shift.is_in_a_call(db, row.person_id):
        raise MayNotRing("they are in a talk, or are calling themselves", "talking")
    try:
        may_be_dialled(row.phone, row.countries.split(","))
    except NotDialled as no:
        raise MayNotRing("the number is no phone to dial", "number not allowed") from no
    return row.phone, row.rings_for


class WhoIsRung(NamedTuple):
    """A ring that is wished for, and its volunteer: `rings_for` is seconds, instants are UTC."""

    person_id: int
    phone: str
    agreed: str
    agreed_at: datetime | None
    agreed_promise: int | None
    voice: bool
    paused_until: datetime | None
    breather_until: datetime | None
    countries: str
    rings_for: int
    ring_state: str
    stands_by: bool
    purpose: str | None
    has_agreed: bool


_TO_RING: Final = (
    select(
        Volunteer.person_id,
        Volunteer.phone,
        Volunteer.agreed,
        Volunteer.agreed_at,
        Volunteer.agreed_promise,
        Volunteer.voice,
        Volunteer.paused_until,
        Volunteer.breather_until,
        LineRules.countries,
        func.coalesce(Volunteer.ring_seconds, LineRules.ring_seconds).label("rings_for"),
        Ring.state.label("ring_state"),
        Volunteer.stands_by,
        ThirdPerson.purpose,
        has_agreed(Volunteer.line_id).label("has_agreed"),
    )
    .join(Ring, Ring.person_id == Volunteer.person_id)
    .join(LineRules, LineRules.line_id == Volunteer.line_id)
    .join(ThirdPerson, ThirdPerson.ring_id == Ring.id, isouter=True)
    .where(Ring.token == bindparam("token"))
)
_who_is_rung: Final = made_of(WhoIsRung, _TO_RING.selected_columns)


def number_for_code(db: Connection, token: str, now: datetime) -> str:
    """The phone (E.164) to which the sign-in code with this token is read.

    Whoever has this phone asked for it at the desk a moment ago: neither their shifts nor their
    yes to rings matter, as for an answer by text. Raises MayNotRing once the code is used or over,
    and unless the number is a phone in one of the line's countries.
    """
    found = (
        select(Volunteer.phone, LineRules.countries)
        .join(SignInCode, SignInCode.person_id == Volunteer.person_id)
        .join(LineRules, LineRules.line_id == Volunteer.line_id)
        .where(SignInCode.token == token, SignInCode.until > now)
    )
    row = db.execute(found).first()
    if row is None:
        raise MayNotRing("the code is not wanted any more")
    try:
        may_be_dialled(row.phone, row.countries.split(","))
    except NotDialled as no:
        raise MayNotRing("the number is no phone that the line may dial") from no
    return str(row.phone)


def number_to_call_back(db: Connection, seal: Seal, token: str, now: datetime) -> str:
    """The phone (E.164) of whoever asked to be called back, with this token.

    Raises MayNotRing outside the window that they chose, once it was done or taken back, and
    unless the number is a phone in one of the line's countries.
    """
    asked = call_backs.by_token(db, token)
    if asked is None or asked.state != call_backs.RINGING or asked.until <= now:
        raise MayNotRing("the call is not wanted any more")
    try:
        _, number = call_backs.key_and_number(seal, asked)
        may_be_dialled(number, asked.line_countries.split(","))
    except (Unsealable, NotDialled) as no:
        raise MayNotRing("the number is no phone that the line may dial") from no
    return number


def number_to_text(db: Connection, token: str, now: datetime) -> tuple[str, str]:
    """From which number of the line, and to which phone, the text with this token goes (E.164).

    Where the line has a number for its volunteers, whatever is no talk comes from there.

    An answer goes to whoever has just texted, also to somebody who has not agreed to more; an
    invitation only to who expects it and has not answered; all else only to who has agreed.
    Raises NotNow while they are in a talk by text (answers do not wait), and for what asks
    something new in their quiet hours. Raises MayNotText where it may not go out any more, and
    unless the number is a phone in one of the line's countries.
    """
    row = first(db.execute(_TEXT_TO, {"token": token}), _who_is_texted)
    if row is None:
        raise MayNotText("the text is not wanted any more")
    if row.purpose != "reply":
        _refuse_unasked(row)
        _wait_for_the_hour(db, row, now)
    try:
        may_be_dialled(row.phone, row.countries.split(","))
    except NotDialled as no:
        raise MayNotText("the number is no phone that the line may text") from no
    return row.volunteer_number or row.number, row.phone


class WhoIsTexted(NamedTuple):
    """A text to somebody of the roster: numbers in E.164, quiet hours in minutes of their day."""

    purpose: Purpose
    person_id: int
    phone: str
    agreed: str
    asked_at_night: bool
    time_zone: str | None
    quiet_from: int | None
    quiet_until: int | None
    countries: str
    number: str
    volunteer_number: str | None
    of_line: str


_TEXT_TO: Final = (
    select(
        TextOut.purpose,
        Volunteer.person_id,
        Volunteer.phone,
        Volunteer.agreed,
        Volunteer.asked_at_night,
        Volunteer.time_zone,
        Volunteer.quiet_from,
        Volunteer.quiet_until,
        LineRules.countries,
        LineRules.number,
        LineRules.volunteer_number,
        Line.time_zone.label("of_line"),
    )
    .join(Volunteer, TextOut.person_id == Volunteer.person_id)
    .join(LineRules, LineRules.line_id == Volunteer.line_id)
    .join(Line, Line.id == Volunteer.line_id)
    .where(TextOut.token == bindparam("token"))
)
_who_is_texted: Final = made_of(WhoIsTexted, _TEXT_TO.selected_columns)


def _refuse_unasked(row: WhoIsTexted) -> None:
    wanted = "ask" if row.purpose == "invite" else "yes"
    if row.agreed != wanted:
        raise MayNotText("they have not agreed to texts, or have answered already")


def _wait_for_the_hour(db: Connection, row: WhoIsTexted, now: datetime) -> None:
    talk = select(Talk.id).where(_is_theirs(row.person_id))
    if db.execute(talk).first() is not None:
        raise NotNow(now + AFTER_THEIR_TALK)
    if row.purpose in ASKS and not (row.purpose == "cover" and row.asked_at_night):
        zone = ZoneInfo(row.time_zone or row.of_line)
        ends = quiet_hours.until(now, zone, row.quiet_from, row.quiet_until)
        if ends is not None:
            raise NotNow(ends)


def number_of_talk(db: Connection, seal: Seal, token: str) -> tuple[str, str]:
    """From the line's number, and to which phone, the text of a talk with this token goes (E.164).

    To the texter: their own number, sealed with the text. To a peer, or to somebody asked while
    the talk has none: only who has agreed; a talk goes on whose peer others have paused. Raises
    MayNotText, also where the number is no phone in one of the line's countries.
    """
    row = first(db.execute(_OF_TALK, {"token": token}), _text_of_talk)
    if row is None or (row.side == "asked" and not _is_looked_for(db, row.talk)):
        raise MayNotText("the text is not wanted any more")
    number = _number_of(row, seal)
    try:
        may_be_dialled(number, row.countries.split(","))
    except NotDialled as no:
        raise MayNotText("the number is no phone that the line may text") from no
    return row.of_line, number


class TextOfTalk(NamedTuple):
    """A text of a talk: `number` is sealed, `of_line` and `phone` are E.164.

    `phone` and `agreed` are those of the volunteer to whom it goes; None where it goes to none.
    """

    token: str
    talk: str
    side: TalkSide
    number: str | None
    countries: str
    of_line: str
    phone: str | None
    agreed: str | None


_OF_TALK: Final = (
    select(
        TalkText.token,
        TalkText.talk,
        TalkText.side,
        TalkText.number,
        LineRules.countries,
        LineRules.number.label("of_line"),
        Volunteer.phone,
        Volunteer.agreed,
    )
    .join(LineRules, LineRules.line_id == TalkText.line_id)
    .join(Volunteer, Volunteer.person_id == TalkText.person_id, isouter=True)
    .where(TalkText.token == bindparam("token"))
)
_text_of_talk: Final = made_of(TextOfTalk, _OF_TALK.selected_columns)


def _number_of(row: TextOfTalk, seal: Seal) -> str:
    if row.side != "caller":
        in_it = row.side == "peer" and row.agreed == "held"
        if row.agreed != "yes" and not in_it:
            raise MayNotText("they have not agreed to texts")
        return str(row.phone)
    if row.number is None:
        raise MayNotText("the network has it already")
    try:
        return seal.open(row.number, row.token)
    except Unsealable as no:
        raise MayNotText(str(no)) from None


def _is_looked_for(db: Connection, talk: str) -> bool:
    alone = select(Talk.id).where(Talk.token == talk, Talk.person_id.is_(None))
    return db.execute(alone).first() is not None


def _is_theirs(person_id: int) -> ColumnElement[bool]:
    """A talk by text in which they are, as peer or as texter."""
    return or_(Talk.person_id == person_id, Talk.volunteer_id == person_id)


def _refuse_unwilling(row: WhoIsRung, now: datetime) -> None:
    if (no := not_rung.unwilling(own(row))) is not None:
        raise MayNotRing("they have not agreed to calls", no.why)
    if (no := not_rung.away(row.paused_until, row.breather_until, now)) is not None:
        raise MayNotRing("they are in a pause or a breather", no.why)


def own(row: WhoIsRung) -> not_rung.Own:
    """What somebody has said for themselves; the row has `has_agreed` beside the volunteer's."""
    return not_rung.Own(
        row.agreed, row.agreed_at, row.agreed_promise, bool(row.has_agreed), bool(row.voice)
    )


def _may_be_rung_for_it(db: Connection, row: WhoIsRung, now: datetime) -> bool:
    """On shift; to stand by a peer only who is on duty, or said yes to that beforehand."""
    if row.purpose != third_person.STAND_BY:
        return on_shift.is_on(db, row.person_id, now)
    if on_shift.is_on(db, row.person_id, now, duty=True):
        return True
    return row.stands_by and on_shift.is_on(db, row.person_id, now)
