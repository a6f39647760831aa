"""HOURS, MOST, BREAK, BLOCK, WHY: what is a volunteer's own to see and to say."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update

from shifts.claims import own_limits
from shifts.faults import Fault
from shifts.hours.opening_hours import merged
from shifts.local_time import DAY, local_day, start_of_day
from shifts.places import of_person
from warmline import languages
from warmline.conversations.both_sides import boundaries
from warmline.conversations.persons import Me
from warmline.conversations.ringing import ring_reasons, whom_to_ring
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.promise.promise import has_agreed
from warmline.routing import not_rung
from warmline.routing.reasons import GivenReason
from warmline.telephony.conversation import Turn
from warmline.texting.spelling import plain

HOUR: Final = timedelta(hours=1)
LONGEST_BREATHER: Final = 60
OFF: Final = frozenset(languages.all_words("answers", "no_limit"))
"""What ends a limit of one's own."""
_NUMBER: Final = languages.number_with_unit("minutes_begin", r"\d{1,3}")


class BreatherOutOfRange(Fault):
    """A breather is 0 to 60 minutes."""


def hours(turn: Turn, me: Me, _rest: str) -> list[str]:
    """HOURS: how many hours I have said yes to, this month and last; nobody else is told."""
    this = local_day(turn.now, me.zone).replace(day=1)
    last = (this - DAY).replace(day=1)
    following = (this + 31 * DAY).replace(day=1)
    values = {
        "this_month": _month(me, this),
        "this": _hours_between(turn, me, this, following),
        "last_month": _month(me, last),
        "last": _hours_between(turn, me, last, this),
    }
    return [me.text(turn, "hours", **values)]


def most(turn: Turn, me: Me, rest: str) -> list[str]:
    """MOST 4: so many talks a shift at most; MOST OFF: no limit; MOST: how it is."""
    number = _NUMBER.fullmatch(rest)
    if number is None and plain(rest) not in OFF:
        limits = own_limits.limits_of(turn.db, me.line_id, me.person_id)
        return [_most(turn, me, limits.most_talks_a_shift)]
    wanted = int(number[1]) if number else None
    who = (turn.db, me.line_id, me.person_id)
    own_limits.set_limit(*who, "most_talks_a_shift", wanted or None)
    return [_most(turn, me, wanted or None)]


def breather(turn: Turn, me: Me, rest: str) -> list[str]:
    """BREAK 15: so many minutes of rest after a talk; BREAK OFF: as the line has it; BREAK."""
    number = _NUMBER.fullmatch(rest)
    if number or plain(rest) in OFF:
        wanted = int(number[1]) if number else None
        if wanted is not None and wanted > LONGEST_BREATHER:
            raise BreatherOutOfRange("A breather is 0 to 60 minutes.")
        mine = update(Volunteer).where(Volunteer.person_id == me.person_id)
        turn.db.execute(mine.values(breather_minutes=wanted))
    return [me.text(turn, "breather", minutes=_breather(turn, me))]


def why(turn: Turn, me: Me, _rest: str) -> list[str]:
    """WHY: whether my phone rings now, and why it did or did not of late; nobody else is told."""
    told = [
        f"{_minute(turn, me, one)} {_in_words(turn, me, one.told)}"
        for one in ring_reasons.of_person(turn.db, me.person_id, turn.now)
    ]
    now = me.text(turn, "why", now=_now(turn, me))
    return [now, me.fitted(turn, "why_lately", told) if told else me.text(turn, "why_none")]


def _now(turn: Turn, me: Me) -> str:
    """Whether their phone would ring now, as the search and the guard see it."""
    found = select(
        *(Volunteer.agreed, Volunteer.agreed_at, Volunteer.agreed_promise),
        *(has_agreed(me.line_id).label("has_agreed"), Volunteer.voice),
    ).where(Volunteer.person_id == me.person_id)
    own = turn.db.execute(found).one()
    no = not_rung.unwilling(not_rung.Own(*own[:3], bool(own.has_agreed), bool(own.voice)))
    peers, _ = whom_to_ring.peers_now(turn.db, me.line_id, turn.now)
    peer = next((one for one in peers if one.person_id == me.person_id), None)
    if no is None and peer is None:
        return turn.prompts.text(me.language, "why.off")
    if no is None and peer is not None:
        no = peer.not_rung(turn.now)
    if no is None:
        return turn.prompts.text(me.language, "why.rings")
    reason = _in_words(turn, me, GivenReason(no.why, no.until))
    return turn.prompts.text(me.language, "why.rings_not", reason=reason)


def _in_words(turn: Turn, me: Me, told: GivenReason) -> str:
    until = me.time(told.until) if told.until else None
    return ring_reasons.in_words(turn.prompts, me.language, told, until)


def _minute(turn: Turn, me: Me, one: ring_reasons.Moment) -> str:
    """The time alone of today, with its day before."""
    today = local_day(one.at, me.zone) == local_day(turn.now, me.zone)
    return me.time(one.at) if today else f"{me.in_words(one.at, 'EEE')} {me.time(one.at)}"


def _most(turn: Turn, me: Me, number: int | None) -> str:
    return me.text(turn, "most", number=number) if number else me.text(turn, "most_none")


def _breather(turn: Turn, me: Me) -> int:
    """Their own breather in minutes, or else the line's."""
    query = select(Volunteer.breather_minutes, LineRules.breather_minutes.label("of_line"))
    joined = query.join(LineRules, LineRules.line_id == Volunteer.line_id)
    row = turn.db.execute(joined.where(Volunteer.person_id == me.person_id)).one()
    return int(row.of_line if row.breather_minutes is None else row.breather_minutes)


def _month(me: Me, first: date) -> str:
    # Noon of the first is in this month in every zone.
    return me.in_words(start_of_day(first, me.zone) + 12 * HOUR, "MMM")


def _hours_between(turn: Turn, me: Me, first: date, end: date) -> str:
    """Hours agreed to in [first, end), local days; peers' shifts and duty at one time are one."""
    begins, ends = (start_of_day(day, me.zone) for day in (first, end))
    spans = [
        (max(place.starts_at, begins), min(place.ends_at, ends))
        for duty in (False, True)
        for place in of_person(turn.db, me.line_id, me.person_id, begins, ends, duty=duty)
        if place.on
    ]
    length = sum(((last - start) for start, last in merged(spans)), timedelta())
    return _rounded(length)


def _rounded(length: timedelta) -> str:
    """Hours to the quarter: 12, 7.5, 0.25."""
    return f"{round(length / HOUR * 4) / 4:.2f}".rstrip("0").rstrip(".")


def block(turn: Turn, me: Me, rest: str) -> list[str]:
    """BLOCK: a line was crossed in my call just now, as by `*` 7; with more it is asked."""
    if plain(rest).strip("#*!. "):
        return [me.text(turn, "boundary_ask")]
    said = boundaries.crossed_before(turn, me.line_id, me.person_id)
    if said == "no talk":
        return [me.text(turn, "boundary_no_talk")]
    return boundaries.texts_of(turn, me, holds=said == "crossed")
