"""Which dates somebody could take, by text: each is asked once, and answers in plain words.

The days are listed with numbers; whom the question reaches can be said before it is asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from shifts.local_time import Span
from warmline.conversations import persons, shift_lists
from warmline.conversations.notices import cover
from warmline.conversations.persons import Me, how_many_fit
from warmline.conversations.shift_lists import AT_ONCE, LONGEST_NUMBER
from warmline.conversations.volunteer_texts import claims
from warmline.date_polls import candidates, polls
from warmline.date_polls.answers import Answer, AskedDay, NoAnswer, read
from warmline.date_polls.polls import Asking, Day, NewDay
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers
from warmline.texting.lengths import ANSWER, fits

DATE: Final = "date"
DATES_LIST: Final = "dates"


def question(turn: Turn, me: Me, asking: Asking, key: str = "dates", since: int = 0) -> list[str]:
    """Which of these could you take? Their days with numbers; NEXT where there are more."""
    days = [day for day in days_of(turn, me, asking) if day.id >= since]
    until = me.day(asking.last_moment)
    words = _words(turn, me, days, key, until)
    before = [LONGEST_NUMBER] * len(words)
    many = how_many_fit(turn, me, key, _numbered(me, days, before, words), AT_ONCE, until=until)
    left = days[many:]
    if left or since:
        next_id = left[0].id if left else None
        list_numbers.remember(turn.db, me.person_id, DATES_LIST, next_id, turn.now)
    if not many:
        return [me.text(turn, "next_none")]
    ids = [day.id for day in days[:many]]
    numbers = list_numbers.numbers(turn.db, me.person_id, DATE, ids, turn.now, asking.until)
    listed = _numbered(me, days, [f"{number} " for number in numbers], words)
    more = f" {me.prompt(turn, 'next')}" if left else ""
    return [me.text(turn, key, shifts=", ".join(listed), until=until) + more]


def next_ones(turn: Turn, me: Me, rest: str) -> list[str]:
    """NEXT: the days go on, where they were the last list; else as for any other."""
    which, day_id = list_numbers.goes_on(turn.db, me.person_id, turn.now) or ("", 0)
    if which != DATES_LIST:
        return shift_lists.next_ones(turn, me, rest)
    found = _about(turn, me, [day_id])
    return question(turn, me, found[0], since=day_id) if found else [me.text(turn, "next_none")]


def days_of(turn: Turn, me: Me, asking: Asking) -> list[Day]:
    """The days to come that are theirs to answer: they are not away then, and have no shift."""
    ahead = [day for day in asking.days if day.starts_at > turn.now]
    if not ahead:
        return []
    held = candidates.commitments(turn.db, [me.person_id], [day.span for day in ahead])
    return [day for day in ahead if held[me.person_id].is_free(day.span)]


def hear(turn: Turn, me: Me, body: str) -> list[str] | None:
    """A message with no word of ours; None when it is not about days they were asked about."""
    found, open_ones = _read(turn, me, body), _open(turn, me)
    if found is NoAnswer.UNCLEAR and open_ones:
        return question(turn, me, open_ones[0], "dates_which")
    return None if isinstance(found, NoAnswer) else _taken(turn, me, found)


def clearly(turn: Turn, me: Me, body: str) -> list[str] | None:
    """What OK or NO with some words after it answers, where it is plain: NO THANKS, OK THE 25TH."""
    found = _read(turn, me, body)
    return None if isinstance(found, NoAnswer) else _taken(turn, me, found)


def take(turn: Turn, me: Me, rest: str) -> list[str]:
    """TAKE 1 3, where these are days they were asked about; else as for any other."""
    things = list_numbers.meant(turn.db, me.person_id, rest, turn.now)
    if not things or any(kind != DATE for kind, _ in things):
        return claims.take(turn, me, rest)
    return say_yes(turn, me, [day for _, day in things])


def say_yes(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """OK 1 3: these days, and no others, I could take."""
    return _taken(turn, me, frozenset(ids))


def say_no(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """NO 3: not that day; NO: none of them. Of other days nothing is taken for granted."""
    answers = []
    for asking in _about(turn, me, ids):
        if polls.has_answered(turn.db, asking.id, me.person_id):
            left = polls.can(turn.db, asking, me.person_id).difference(ids)
        elif {day.id for day in days_of(turn, me, asking)}.issubset(ids):
            left = frozenset()
        else:
            return question(turn, me, asking, "dates_which")
        answers += _noted(turn, me, [asking], left)
    return answers or [me.text(turn, "nothing_asked")]


def waiting(turn: Turn, me: Me) -> list[int]:
    """The days of the latest question, while they have not answered it."""
    return [day.id for one in _unanswered(turn, me) for day in days_of(turn, me, one)]


def latest(turn: Turn, me: Me) -> list[int]:
    """The days of the latest question, which may be answered anew."""
    return [day.id for one in _open(turn, me)[:1] for day in days_of(turn, me, one)]


def show(turn: Turn, me: Me) -> list[str]:
    """The latest question once more, while they have not answered it."""
    unanswered = _unanswered(turn, me)
    return [text for one in unanswered for text in question(turn, me, one, "dates_which")]


def _open(turn: Turn, me: Me) -> list[Asking]:
    """The askings that they may answer, the latest first."""
    return [one for one in polls.of_person(turn.db, me.person_id, turn.now) if one.open]


def _unanswered(turn: Turn, me: Me) -> list[Asking]:
    latest_one = _open(turn, me)[:1]
    return [one for one in latest_one if not polls.has_answered(turn.db, one.id, me.person_id)]


def _about(turn: Turn, me: Me, ids: Collection[int]) -> list[Asking]:
    """The askings with one of these days that they were texted about, open or not."""
    found = polls.of_person(turn.db, me.person_id, turn.now)
    return [one for one in found if any(day.id in ids for day in one.days)]


def _read(turn: Turn, me: Me, body: str) -> Answer:
    """What a message says of the days they may answer for; of none such, of those they could."""
    found = polls.of_person(turn.db, me.person_id, turn.now)
    askings = [one for one in found if one.open] or found
    if not askings:
        return NoAnswer.ELSEWHERE
    days = [
        AskedDay(day.id, day.starts_at.astimezone(me.zone).date(), day.name)
        for one in askings
        for day in one.days
        if day.starts_at > turn.now
    ]
    ids = {day.id for day in days}
    meanings = list_numbers.meanings(turn.db, me.person_id, turn.now)
    numbers = {
        number: thing if kind == DATE and thing in ids else None
        for number, (kind, thing) in meanings.items()
    }
    return read(body, days, numbers, [day.id for day in days_of(turn, me, askings[0])])


def _taken(turn: Turn, me: Me, ids: frozenset[int]) -> list[str]:
    """These days they could take; none at all is an answer to the latest question."""
    found = polls.of_person(turn.db, me.person_id, turn.now)
    latest_one = ([one for one in found if one.open] or found)[:1]
    return _noted(turn, me, _about(turn, me, ids) if ids else latest_one, ids)


def _noted(turn: Turn, me: Me, askings: Sequence[Asking], ids: frozenset[int]) -> list[str]:
    """Their answer is kept and read back; or they hear that it came too late."""
    who = (me.person_id, ids, turn.now)
    noted = [one for one in askings if polls.answer(turn.db, one, *who)]
    days = [day for one in noted or askings for day in one.days]
    if not noted:
        return [me.fitted(turn, "dates_over", _named(me, days))]
    could = [day for day in days if day.id in ids]
    key = "dates_can" if could else "dates_none"
    return [me.fitted(turn, key, _named(me, could or days))]


def _named(me: Me, days: Sequence[Day]) -> list[str]:
    """Days by their dates; with their hours where a date has two of them."""
    in_order = sorted(days, key=lambda day: day.span)
    dates = [me.day(day.starts_at) for day in in_order]
    if len(set(dates)) == len(dates):
        return dates
    return [me.span(*day.span) for day in in_order]


def _hours(me: Me, day: Day) -> str:
    return f"{me.time(day.starts_at)}-{me.time(day.ends_at)}"


def _are_alike(me: Me, days: Sequence[Day]) -> bool:
    return len(days) > 1 and len({_hours(me, day) for day in days}) == 1


def _words(turn: Turn, me: Me, days: Sequence[Day], key: str, until: str) -> list[str]:
    """Each day: its date, its hours unless all have the same; their names while all of it fits."""
    alike = _are_alike(me, days)
    words = [me.day(day.starts_at) if alike else me.span(*day.span) for day in days]
    named = [
        f"{one} ({day.name})" if day.name else one for one, day in zip(words, days, strict=True)
    ]
    listed = _numbered(me, days, [LONGEST_NUMBER] * len(days), named)
    whole = me.text(turn, key, shifts=", ".join(listed), until=until)
    return named if len(days) <= AT_ONCE and fits(whole, ANSWER) else words


def _numbered(
    me: Me, days: Sequence[Day], numbers: Sequence[str], words: Sequence[str]
) -> list[str]:
    """The days with their numbers, the hours that all have in common before the first."""
    listed = [f"{number}{one}" for number, one in zip(numbers, words, strict=False)]
    if listed and _are_alike(me, days):
        listed[0] = f"{_hours(me, days[0])}: {listed[0]}"
    return listed


@dataclass(frozen=True)
class Reached:
    """Whom the question reaches: persons who can be texted now, and after their quiet hours.

    `elsewhere`: how many are away, or on already, on all of the days; `without_yes`: of how many
    the line holds no yes to texts. Neither are texted.
    """

    now: tuple[int, ...]
    later: tuple[int, ...]
    elsewhere: int
    without_yes: int

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who is asked, sooner or later."""
        return self.now + self.later


def reached(db: Connection, line: TheLine, spans: Sequence[Span], now: datetime) -> Reached:
    """Whom a question about these spans (UTC) would reach at this moment."""
    rows = cover.agreed_people(db)
    free = _could(db, [row.person_id for row in rows], spans)
    asked = [row for row in rows if row.person_id in free]
    quiet = [row.person_id for row in asked if cover.is_quiet(row, now)]
    awake = [row.person_id for row in asked if row.person_id not in quiet]
    others = select(func.count()).where(
        Volunteer.line_id == line.line_id, Volunteer.person_id.not_in([r.person_id for r in rows])
    )
    return Reached(tuple(awake), tuple(quiet), len(rows) - len(asked), db.scalar(others) or 0)


def begin(turn: Turn, line: TheLine, days: Sequence[NewDay], until: datetime) -> int:
    """Ask about these days: whoever can be texted now is; the id of the asking."""
    people = reached(turn.db, line, [day.span for day in days], turn.now).people
    asking = polls.make(turn.db, line.line_id, days, until, people, turn.now)
    ask(turn)
    return asking


def are_due(db: Connection, now: datetime) -> bool:
    """Whether somebody is to be texted about dates now."""
    return bool(_due(db, now))


def ask(turn: Turn) -> int:
    """Text everybody for whom it is not quiet and who was not texted yet; how many were."""
    asked = 0
    for poll_id, person_id in _due(turn.db, turn.now):
        me = persons.by_person(turn, person_id)
        asking = polls.by_id(turn.db, me.line_id, poll_id) if me else None
        if me is None or asking is None:
            continue
        if not days_of(turn, me, asking):
            # They are away by now, or have said yes to shifts on all of these days.
            polls.leave_out(turn.db, poll_id, person_id)
        elif polls.claim(turn.db, poll_id, person_id, turn.now):
            persons.tell(turn, me, question(turn, me, asking), texts.ASK, asking.until - turn.now)
            asked += 1
    return asked


def _due(db: Connection, now: datetime) -> list[tuple[int, int]]:
    waiting = polls.waiting(db, now)
    if not waiting:
        return []
    agreed = cover.agreed_people(db, Volunteer.person_id.in_({person for _, person in waiting}))
    awake = {one.person_id for one in agreed if not cover.is_quiet(one, now)}
    return [one for one in waiting if one[1] in awake]


def _could(db: Connection, people: Collection[int], spans: Sequence[Span]) -> set[int]:
    """Who is free on one of the days at least."""
    if not people:
        return set()
    held = candidates.commitments(db, people, spans)
    return {one for one in people if any(held[one].is_free(span) for span in spans)}
