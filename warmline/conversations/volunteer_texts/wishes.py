"""How a volunteer wishes to be rung and texted: QUIET, REMIND, LATE, LAST, STANDBY and others."""

from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import select, update

from shifts.local_time import start_instant
from warmline import languages
from warmline.conversations.persons import Me
from warmline.conversations.volunteer_texts.when import unclear, which
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.people import quiet_hours as people_quiet_hours
from warmline.plain_dates import Choice, Daily, NotUnderstood, Why, read_daily
from warmline.telephony.conversation import Turn
from warmline.texting.spelling import plain

OFF: Final = frozenset(languages.all_words("answers", "off"))
NEVER: Final = frozenset(languages.all_words("answers", "never"))
SLOWLY: Final = 30
"""Seconds that a phone rings which takes a while to be picked up."""
MORE, USUAL, LESS = 1, 0, -1
REMINDERS: Final = {
    word: when for when in ("day", "hour") for word in languages.all_words("answers", when)
}
_A_DAY: Final = date(2030, 1, 1)


def quiet_hours(turn: Turn, me: Me, rest: str) -> list[str]:
    """QUIET 9PM-9AM: nothing new is asked of me then; QUIET OFF: the usual; QUIET NONE: none."""
    said = plain(rest)
    if said in OFF:
        _set(turn, me, quiet_from=None, quiet_until=None)
    elif said in NEVER:
        _set(turn, me, quiet_from=0, quiet_until=0)
    elif said:
        answer = read_daily(rest, turn.now, me.zone, me.language)
        if isinstance(answer, Choice):
            return [which(turn, me, "QUIET", answer)]
        if not isinstance(answer, Daily):
            strange = answer if isinstance(answer, NotUnderstood) else None
            return [unclear(turn, me, "QUIET", strange or NotUnderstood(rest[:30], Why.UNKNOWN))]
        _set(turn, me, quiet_from=_minutes(answer.starts), quiet_until=_minutes(answer.ends))
    mine = _mine(turn, me)
    begins, ends = people_quiet_hours.hours(mine.quiet_from, mine.quiet_until)
    if begins == ends:
        return [me.text(turn, "quiet_none")]
    return [me.text(turn, "quiet", begins=_clock(me, begins), ends=_clock(me, ends))]


def remind(turn: Turn, me: Me, rest: str) -> list[str]:
    """REMIND DAY, HOUR or OFF: the day before or the hour before, and at the start; or never."""
    said = plain(rest)
    wanted = "off" if said in OFF else REMINDERS.get(said)
    if wanted:
        _set(turn, me, remind=wanted)
    return [me.text(turn, f"remind_{_mine(turn, me).remind}")]


def late(turn: Turn, me: Me, rest: str) -> list[str]:
    """LATE: I may be asked for cover at night too; LATE OFF: not any more."""
    _set(turn, me, asked_at_night=plain(rest) not in OFF)
    return [me.text(turn, "late_off" if plain(rest) in OFF else "late")]


def last(turn: Turn, me: Me, rest: str) -> list[str]:
    """LAST: my phone rings only when nobody else answers; LAST OFF: like everybody's."""
    _set(turn, me, rung_last=plain(rest) not in OFF)
    return [me.text(turn, "last_off" if plain(rest) in OFF else "last")]


def standby(turn: Turn, me: Me, rest: str) -> list[str]:
    """STANDBY: I may be rung to stand by a peer; STANDBY OFF: not any more."""
    is_off = plain(rest) in OFF
    _set(turn, me, stands_by=not is_off)
    return [me.text(turn, "standby_off" if is_off else "standby")]


def slow(turn: Turn, me: Me, rest: str) -> list[str]:
    """SLOW: my phone rings for half a minute; SLOW OFF: as long as the line's others."""
    is_off = plain(rest) in OFF
    _set(turn, me, ring_seconds=None if is_off else SLOWLY)
    return [me.text(turn, "slow_off" if is_off else "slow", seconds=_mine(turn, me).rings_for)]


def more(turn: Turn, me: Me, rest: str) -> list[str]:
    """MORE: my phone rings sooner than others'; MORE OFF: like everybody's."""
    return _often(turn, me, USUAL if plain(rest) in OFF else MORE)


def less(turn: Turn, me: Me, rest: str) -> list[str]:
    """LESS: my phone rings later than others'; LESS OFF: like everybody's."""
    return _often(turn, me, USUAL if plain(rest) in OFF else LESS)


def _often(turn: Turn, me: Me, wanted: int) -> list[str]:
    _set(turn, me, often=wanted)
    return [me.text(turn, {MORE: "more", USUAL: "often_usual", LESS: "less"}[wanted])]


def _set(turn: Turn, me: Me, **wishes: object) -> None:
    mine = update(Volunteer).where(Volunteer.person_id == me.person_id)
    turn.db.execute(mine.values(**wishes))


def _mine(turn: Turn, me: Me) -> Any:
    """Their wishes as they stand; `rings_for` is in seconds."""
    wishes = (Volunteer.quiet_from, Volunteer.quiet_until, Volunteer.remind)
    found = select(*wishes, LineRules.ring_seconds.label("rings_for"))
    joined = found.join(LineRules, LineRules.line_id == Volunteer.line_id)
    row: Any = turn.db.execute(joined.where(Volunteer.person_id == me.person_id)).one()
    return row


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(me: Me, minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    return me.time(start_instant(datetime.combine(_A_DAY, time(hours % 24, left)), me.zone))
