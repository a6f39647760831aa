"""Everybody's own page: my shifts, limits and wishes, my calendar, my hours, leaving."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from shifts.claims import claims, own_limits
from shifts.claims.claiming import Claimed
from shifts.faults import Fault
from shifts.hours.opening_hours import merged
from shifts.local_time import DAY, local_day
from shifts.models import ASKED, COVER_WANTED, OPEN, Place
from shifts.place_listing import ShownShift
from shifts.places import PlaceRow, of_person
from warmline.conversations import persons
from warmline.conversations.notices import cover, duty
from warmline.conversations.ringing import ring_reasons
from warmline.conversations.text_talks import peer
from warmline.desk.door import SESSION
from warmline.desk.mine import calendar_feeds, standing_yes
from warmline.desk.people import two_yeses
from warmline.desk.public import printed_codes
from warmline.desk.roster import grid, shift_form
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole
from warmline.people import leaving
from warmline.sign_in import sessions
from warmline.sign_in.visitors import COORDINATOR

AHEAD: Final = timedelta(days=92)
BACK: Final = timedelta(days=366)
HOUR: Final = timedelta(hours=1)
HERE: Final = "/desk/mine"
REMINDERS: Final = ("day", "hour", "off")
LIMITS: Final = ("most_hours_a_week", "rest_hours", "most_talks_a_shift")


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("mine.html", _values(visit))


def claim(visit: Visit) -> Answer:
    """Yes, no, take, offer, keep or drop: what the word says, of one shift."""
    deed = CLAIMS.get(visit.form["deed"])
    place = visit.form.number("place")
    if deed is None or place is None:
        return Away(HERE)
    try:
        with visit.db.begin_nested():
            deed(visit, place)
    except Fault as fault:
        said = _fault_words(visit, fault)
        return HtmlPage("mine.html", _values(visit) | {"refused": said}, 409)
    return Away(f"{HERE}?done=claim_{visit.form['deed']}")


def limits(visit: Visit) -> Answer:
    """My limits and wishes, as I wrote them; nobody else can set them."""
    person, wrong = visit.visitor.person_id, dict[str, str]()
    numbers = {name: visit.form.number(name) for name in LIMITS}
    for name, number in numbers.items():
        least, most, _ = own_limits.RANGES[name]
        if visit.form[name] and (number is None or not least <= number <= most):
            wrong[name] = visit.telling("mine.bad_limit", least=least, most=most)
    wishes = _wishes(visit, wrong)
    if wrong:
        return HtmlPage("mine.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    for name, number in numbers.items():
        own_limits.set_limit(visit.db, visit.line.line_id, person, name, number)
    mine = update(Volunteer).where(Volunteer.person_id == person)
    visit.db.execute(mine.values(**wishes))
    return Away(f"{HERE}?done=limits")


def add_away(visit: Visit) -> Answer:
    """I am away from a day to a day."""
    first = shift_form.day_of(visit.form["first"])
    last = shift_form.day_of(visit.form["last"] or visit.form["first"])
    try:
        if first is None or last is None:
            raise own_limits.AwayBackwards("no days")
        span = own_limits.local_days(first, last, visit.line.zone)
        who = visit.visitor.person_id
        own_limits.add_away(visit.db, visit.line.line_id, who, span, visit.now)
    except Fault:
        wrong = {"first": visit.telling("mine.bad_away")}
        return HtmlPage("mine.html", _values(visit) | {"wrong": wrong, "typed": visit.form}, 422)
    return Away(f"{HERE}?done=away")


def end_away(visit: Visit) -> Answer:
    """I am there after all."""
    number = visit.form.number("away")
    try:
        who = visit.visitor.person_id
        own_limits.remove_away(visit.db, visit.line.line_id, who, number or 0)
    except Fault:
        return Away(HERE)
    return Away(f"{HERE}?done=away_over")


def new_feed(visit: Visit) -> Answer:
    """A private address for my calendar program; an old one ends."""
    key = calendar_feeds.begin(visit, visit.visitor.person_id)
    return HtmlPage("mine.html", _values(visit) | {"feed": calendar_feeds.address(visit, key)})


def end_feed(visit: Visit) -> Answer:
    """My calendar's address is good no longer."""
    calendar_feeds.end(visit, visit.visitor.person_id)
    return Away(f"{HERE}?done=feed_over")


def end_session(visit: Visit) -> Answer:
    """One of my browsers is signed out."""
    number = visit.form.number("session")
    sessions.end(visit.db, visit.visitor.person_id, number or 0)
    return Away(f"{HERE}?done=session_over")


def new_codes(visit: Visit) -> Answer:
    """Ten printed codes, shown this once."""
    made = printed_codes.new_recovery_codes(visit.db, visit.seal, visit.visitor.person_id)
    return HtmlPage("printed_codes.html", {"codes": printed_codes.numbered(made)})


def letter(visit: Visit) -> Answer:
    """What I gave, on a page to print: months and hours, of nobody but me."""
    found = months(visit)
    return HtmlPage("letter.html", {"months": found, "total": sum(hours for _, hours in found)})


def leave(visit: Visit) -> Answer:
    """What leaving does, asked once."""
    return HtmlPage("leave.html", {"wrong": "", "last": _is_last_coordinator(visit)})


def leave_now(visit: Visit) -> Answer:
    """I am erased; my shifts to come are open."""
    who = visit.visitor
    if visit.form["sure"] != "yes" or _is_last_coordinator(visit):
        return HtmlPage("leave.html", {"wrong": "sure", "last": _is_last_coordinator(visit)}, 422)
    if leaving.is_in_a_call(visit.db, who.person_id):
        return HtmlPage("leave.html", {"wrong": "call", "last": False}, 409)
    turn = visit.turn
    me = persons.by_person(turn, who.person_id)
    if me is None:
        return Away("/")
    peer.gone(turn, me)
    told = duty.on_duty(turn, me.line_id) or duty.coordinator(turn, me.line_id)
    mine = (visit.seal, me.line_id, me.person_id)
    spans = leaving.erase(visit.db, *mine, visit.line.zone, visit.now)
    duty.tell_opened(turn, [one for one in told if one.person_id != me.person_id], spans)
    return Away("/desk/sign-in?done=left", {SESSION: None})


def months(visit: Visit) -> list[tuple[date, float]]:
    """Hours I was on, by month of the last year; peers' shifts and duty at one time are one."""
    first = local_day(visit.now - BACK, visit.line.zone).replace(day=1)
    spans = merged((one.starts_at, min(one.ends_at, visit.now)) for one in _own(visit) if one.on)
    found: dict[date, float] = {}
    for begin, end in spans:
        month = local_day(begin, visit.line.zone).replace(day=1)
        if month >= first and end > begin:
            found[month] = found.get(month, 0.0) + (end - begin) / HOUR
    return sorted(found.items())


def _own(visit: Visit) -> list[PlaceRow]:
    begin, who = visit.now - BACK, visit.visitor.person_id
    return [
        row
        for on_call in (False, True)
        for row in of_person(visit.db, visit.line.line_id, who, begin, visit.now, duty=on_call)
    ]


def _values(visit: Visit) -> dict[str, object]:
    who, line_id = visit.visitor.person_id, visit.line.line_id
    query = select(Volunteer.__table__).where(Volunteer.person_id == who)
    waiting = two_yeses.waiting(visit.db, line_id)
    return {
        "waiting": waiting,
        "may_second": two_yeses.mine_to_second(waiting, visit),
        "coming": coming(visit),
        "open": _open(visit),
        "own": visit.db.execute(query).one(),
        "limits": own_limits.limits_of(visit.db, line_id, who),
        "patterns": standing_yes.mine(visit),
        "aways": own_limits.aways(visit.db, line_id, who, visit.now),
        "sessions": sessions.listed(visit.db, who),
        "codes_left": printed_codes.recovery_codes_left(visit.db, who),
        "rings": _rings(visit),
        "has_feed": calendar_feeds.known(visit, who),
        "feed": "",
        "wrong": {},
        "typed": None,
        "refused": "",
        "clock": clock,
    }


def _rings(visit: Visit) -> list[tuple[str, str]]:
    """When my phone rang or did not while somebody waited, and why; the latest first."""
    telling, prompts = visit.telling, visit.turn.prompts
    return [
        (
            f"{telling.day(one.at)}, {telling.time(one.at)}",
            ring_reasons.in_words(
                prompts,
                telling.language,
                one.told,
                telling.time(one.told.until) if one.told.until else None,
            ),
        )
        for one in ring_reasons.of_person(visit.db, visit.visitor.person_id, visit.now)
    ]


def clock(minutes: int | None) -> str:
    """Minutes of the day as a time field holds them."""
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def coming(visit: Visit) -> list[ShownShift]:
    """My shifts from now on, asked and agreed, on duty too; by start."""
    who, until = visit.visitor.person_id, visit.now + AHEAD
    rows = [
        row
        for on_call in (False, True)
        for row in of_person(visit.db, visit.line.line_id, who, visit.now, until, duty=on_call)
        if row.on or row.state == ASKED
    ]
    return sorted(grid.as_shifts(rows))


def _open(visit: Visit) -> list[ShownShift]:
    """Places of the next two weeks that need someone."""
    query = select(Place.__table__).where(
        Place.line_id == visit.line.line_id,
        Place.duty.is_(False),
        Place.starts_at > visit.now,
        Place.starts_at < visit.now + 14 * DAY,
        Place.state.in_((OPEN, COVER_WANTED)),
    )
    found = visit.db.execute(query.order_by(Place.starts_at).limit(60)).all()
    me = visit.visitor.person_id
    return [
        ShownShift(r.starts_at, r.ends_at, r.id, r.person_id, r.state, r.duty, r.version)
        for r in found
        if r.person_id != me
    ]


def _wishes(visit: Visit, wrong: dict[str, str]) -> dict[str, object]:
    form = visit.form
    begins, ends = _minutes(form["quiet_from"]), _minutes(form["quiet_until"])
    if (begins is None) != (ends is None):
        wrong["quiet_from"] = visit.telling("mine.bad_quiet")
    return {
        "quiet_from": begins,
        "quiet_until": ends,
        "remind": form["remind"] if form["remind"] in REMINDERS else "day",
        "asked_at_night": form["asked_at_night"] == "yes",
        "rung_last": form["rung_last"] == "yes",
        "stands_by": form["stands_by"] == "yes",
        "named": form["named"] == "yes",
    }


def _minutes(text: str) -> int | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at.hour * 60 + at.minute


def _is_last_coordinator(visit: Visit) -> bool:
    leads = select(DeskRole.person_id).where(DeskRole.role == COORDINATOR)
    return list(visit.db.scalars(leads)) == [visit.visitor.person_id]


def _who(visit: Visit, place: int) -> tuple[Connection, int, int, int, datetime]:
    return visit.db, visit.line.line_id, visit.visitor.person_id, place, visit.now


def _gave_up(visit: Visit, given: Claimed) -> None:
    turn = visit.turn
    person = visit.visitor.person_id
    cover.gave_up(visit.db, given.place_id, person, visit.now, given.starts_at)
    me = persons.by_person(turn, person)
    if me is not None:
        duty.places_opened(turn, me, [(given.starts_at, given.ends_at)])


CLAIMS: Final[dict[str, Callable[[Visit, int], object]]] = {
    "yes": lambda visit, place: claims.say_yes(*_who(visit, place), zone=visit.line.zone),
    "no": lambda visit, place: _gave_up(visit, claims.say_no(*_who(visit, place))),
    "take": lambda visit, place: claims.take(*_who(visit, place), zone=visit.line.zone),
    "offer": lambda visit, place: claims.offer(*_who(visit, place)),
    "keep": lambda visit, place: claims.keep(*_who(visit, place)),
    "drop": lambda visit, place: _gave_up(visit, claims.drop(*_who(visit, place))),
}


def _fault_words(visit: Visit, fault: Fault) -> str:
    key = f"refused.{type(fault).__name__}"
    return visit.telling(key if visit.telling.has(key) else "refused.Other")
