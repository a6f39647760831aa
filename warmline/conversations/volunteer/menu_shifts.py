"""By key, when a volunteer rings the line: what was asked, open places, giving back, away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_date

from shifts.claims import claims, own_limits
from shifts.claims.claiming import Claimed
from shifts.claims.own_limits import AwayTime
from shifts.faults import Fault
from shifts.local_time import DAY, Span, local_day, start_of_day
from shifts.models import ASKED, ON_STATES
from warmline import languages
from warmline.calls import calls, records
from warmline.calls.records import LiveCall
from warmline.conversations import keys, persons
from warmline.conversations.notices import cover, duty, reminders, unproven
from warmline.conversations.persons import Me
from warmline.conversations.shift_lists import AWAY, Entry, mine, open_to
from warmline.conversations.spoken_instants import spoken_instant
from warmline.conversations.steps import caller as line
from warmline.conversations.volunteer import menu
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Say, Step, Words
from warmline.texting import list_numbers

SECONDS_FOR_A_KEY: Final = 6
A_WEEKDAY_IS_ENOUGH: Final = timedelta(days=6)
DAYS_AWAY: Final[Mapping[str, int]] = {
    keys.Away.TODAY: 1,
    keys.Away.UNTIL_TOMORROW: 2,
    keys.Away.A_WEEK: 7,
}
FREES: Final = frozenset({"free", "no_is_fine"})
"""What was said when something is theirs no more."""
MOMENT: Final = timedelta(minutes=1)
Entries = Callable[[Turn, Me], Sequence[Entry]]


def begin(turn: Turn, call: LiveCall, first: Step) -> Words:
    """One of the lists, from its beginning."""
    calls.change(turn.db, call.id, menu_after=None, menu_thing=None)
    return [GoTo(first)]


def start(turn: Turn, call: LiveCall) -> Words | None:
    """The list that a key of the menu begins; None when the key begins none."""
    lists: dict[str, Step] = {
        keys.MyShifts.WAS_ASKED: was_asked,
        keys.MyShifts.OPEN_PLACES: open_places,
        keys.MyShifts.BACK_OR_SICK: back_or_sick,
        keys.MyShifts.AWAY: away,
    }
    step = lists.get(turn.key)
    return None if step is None else begin(turn, call, step)


@line.step
def was_asked(turn: Turn, call: LiveCall) -> Words:
    """What was asked of them, one after the other: yes, no, or not now."""
    return _next(turn, call, _asked, "asked", was_asked_key)


@line.step
def was_asked_key(turn: Turn, call: LiveCall) -> Words:
    """1 = yes, 2 = no; without a key the question stays."""
    return _done(turn, call, was_asked, ("yours", _say_yes), ("no_is_fine", _say_no))


@line.step
def open_places(turn: Turn, call: LiveCall) -> Words:
    """Places that need someone who could be them, one after the other."""
    return _next(turn, call, open_to, "open", open_key)


@line.step
def open_key(turn: Turn, call: LiveCall) -> Words:
    """1 = it is theirs; any other key, or none: the next one."""
    return _done(turn, call, open_places, ("yours", _take))


@line.step
def back_or_sick(turn: Turn, call: LiveCall) -> Words:
    """Giving a shift back, or being free of all until tomorrow noon; nobody asks why."""
    _clear(turn, call)
    return [Ask([turn.say("menu.back_or_sick")], back_or_sick_key, 8), GoTo(menu_again)]


@line.step
def back_or_sick_key(turn: Turn, call: LiveCall) -> Words:
    """1 = go through mine, 2 = sick; all else goes back to the menu."""
    if turn.key == keys.BackOrSick.GIVE_BACK:
        return begin(turn, call, give_back)
    if turn.key != keys.BackOrSick.SICK:
        return [GoTo(menu_again)]
    me = _me(turn, call)
    if call.saying is None:
        sick = claims.sick(turn.db, me.line_id, me.person_id, turn.now, zone=me.zone)
        duty.places_opened(turn, me, [(one.starts_at, one.ends_at) for one in sick.given_up])
        for one in sick.given_up:
            _gave_up(turn, me, one)
        if sick.given_up:
            # UNDO brings back what has not begun; IN, what has.
            undone = any(one.starts_at > turn.now for one in sick.given_up)
            told = me.text(
                turn, "call_sick" if undone else "call_off", day=me.in_words(sick.until, "EEE")
            )
            unproven.by_call(turn, call, lambda _me: told)
        calls.change(turn.db, call.id, saying="menu.sick", menu_after=sick.until)
        call = calls.by_id(turn.db, call.id) or call
    until = call.menu_after or turn.now
    day = spoken_instant(until, turn.now, me.zone, turn.language)["day"]
    return [turn.say("menu.sick", day=day), GoTo(menu_again)]


@line.step
def give_back(turn: Turn, call: LiveCall) -> Words:
    """Their own shifts, one after the other."""
    return _next(turn, call, _agreed, "mine", give_back_key)


@line.step
def give_back_key(turn: Turn, call: LiveCall) -> Words:
    """1 = they are free of it; any other key, or none, keeps it."""
    return _done(turn, call, give_back, ("free", _drop))


@line.step
def away(turn: Turn, call: LiveCall) -> Words:
    """Times they cannot be on: today, until tomorrow night, for a week; or there after all."""
    _clear(turn, call)
    return [Ask([turn.say("menu.away_choices")], away_key, 10), GoTo(menu_again)]


@line.step
def away_key(turn: Turn, call: LiveCall) -> Words:
    """What they chose is read back, and then what is theirs in that time."""
    days = DAYS_AWAY.get(turn.key)
    me = _me(turn, call)
    if turn.key == keys.Away.NOT_AWAY:
        for one in own_limits.aways(turn.db, me.line_id, me.person_id, turn.now):
            own_limits.remove_away(turn.db, me.line_id, me.person_id, one.id)
        return [turn.say("menu.not_away"), GoTo(menu_again)]
    if days is None:
        return [GoTo(menu_again)]
    last = local_day(turn.now, me.zone) + (days - 1) * DAY
    end = start_of_day(last + DAY, me.zone)
    if call.saying is None:
        begins = turn.now.replace(second=0, microsecond=0)
        added = own_limits.add_away(turn.db, me.line_id, me.person_id, (begins, end), turn.now)
        unproven.by_call(turn, call, lambda me: _told_away(turn, me, added.away))
        calls.change(turn.db, call.id, saying="menu.away")
    day = format_date(last, "EEEE", locale=turn.language)
    return [turn.say("menu.away", day=day), GoTo(away_first)]


@line.step
def away_first(turn: Turn, call: LiveCall) -> Words:
    """Of what is theirs while they are away, from the first one on."""
    return begin(turn, call, away_mine)


@line.step
def away_mine(turn: Turn, call: LiveCall) -> Words:
    """What is theirs while they are away, one after the other; none is given up by itself."""
    return _next(turn, call, _in_away, "mine", away_mine_key)


@line.step
def away_mine_key(turn: Turn, call: LiveCall) -> Words:
    """1 = they are free of it; any other key, or none, keeps it."""
    return _done(turn, call, away_mine, ("free", _drop))


@line.step
def menu_again(turn: Turn, call: LiveCall) -> Words:
    """Back to the menu."""
    return menu.menu(turn, call)


def _next(turn: Turn, call: LiveCall, entries: Entries, what: str, key: Step) -> Words:
    """Say the next of a list, and ask; at its end, back to the menu.

    Asked for twice, it is the same one: only a key, or silence, moves on.
    """
    _clear(turn, call)
    me = _me(turn, call)
    found = [one for one in entries(turn, me) if _is_ahead(call, one)]
    if not found:
        said = "menu.that_was_all" if call.menu_after else f"menu.{what}_none"
        return [turn.say(said), GoTo(menu_again)]
    calls.change(turn.db, call.id, menu_thing=found[0].id)
    words = turn.say(f"menu.{what}_one", **_spoken(turn, call, found[0].span))
    return [Ask([words], key, SECONDS_FOR_A_KEY), GoTo(key)]


def _is_ahead(call: LiveCall, entry: Entry) -> bool:
    return call.menu_after is None or entry.span[0] > call.menu_after


Deed = tuple[str, Callable[[Turn, Me, int], Claimed]]
"""What is said once it is done, and what does it."""


def _done(turn: Turn, call: LiveCall, again: Step, yes: Deed, no: Deed | None = None) -> Words:
    """Do what the key says to the shift that was heard, say it, and go on with the next.

    A request that comes again finds what was said, and does nothing more.
    """
    me = _me(turn, call)
    said: list[Say] = []
    if call.saying is None and call.menu_thing is not None:
        deeds: dict[str, Deed | None] = {keys.Answer.YES: yes, keys.Answer.NO: no}
        said = _do(turn, call, me, deeds.get(turn.key))
    elif call.saying and call.menu_after is not None and call.saying_until is not None:
        span = (call.menu_after, call.saying_until)
        said = [turn.say(call.saying, **_spoken(turn, call, span))]
    return [*said, GoTo(again)]


def _do(turn: Turn, call: LiveCall, me: Me, deed: Deed | None) -> list[Say]:
    known = [one for one in (*mine(turn, me), *open_to(turn, me)) if one.id == call.menu_thing]
    if not known:
        calls.change(turn.db, call.id, menu_after=call.menu_after or turn.now)
        return [turn.say("menu.gone")]
    span = known[0].span
    changes: records.CallChanges = {"menu_after": span[0]}
    said: list[Say] = []
    if deed is not None:
        key = f"menu.{deed[0]}"
        try:
            with turn.db.begin_nested():
                for place in known[0].places:
                    deed[1](turn, me, place.id or 0)
        except Fault:
            key = "menu.gone"
        else:
            if deed[0] in FREES:
                unproven.by_call(turn, call, lambda me: me.text_of(turn, "call_freed", [span]))
        changes |= {"saying": key, "saying_until": span[1]}
        said = [turn.say(key, **_spoken(turn, call, span))]
    calls.change(turn.db, call.id, **changes)
    return said


def _told_away(turn: Turn, me: Me, time: AwayTime) -> str:
    """What a number is told that is not proven, with the number that takes it back."""
    [number] = list_numbers.numbers(turn.db, me.person_id, AWAY, [time.id], turn.now)
    return me.text(turn, "call_away", until=me.day(time.ends_at - MOMENT), number=number)


def _clear(turn: Turn, call: LiveCall) -> None:
    if call.saying is not None:
        calls.change(turn.db, call.id, saying=None, saying_until=None)


def _me(turn: Turn, call: LiveCall) -> Me:
    me = persons.by_person(turn, calls.volunteer_of(call))
    if me is None:
        raise LookupError("the volunteer of this call has left")
    return me


def _asked(turn: Turn, me: Me) -> list[Entry]:
    return [one for one in mine(turn, me) if one.state == ASKED]


def _agreed(turn: Turn, me: Me) -> list[Entry]:
    return [one for one in mine(turn, me) if one.state in ON_STATES]


def _in_away(turn: Turn, me: Me) -> list[Entry]:
    times = own_limits.aways(turn.db, me.line_id, me.person_id, turn.now)
    return [
        one
        for one in _agreed(turn, me)
        if any(one.span[0] < time.ends_at and time.starts_at < one.span[1] for time in times)
    ]


def _say_yes(turn: Turn, me: Me, place_id: int) -> Claimed:
    done = claims.say_yes(turn.db, me.line_id, me.person_id, place_id, turn.now, zone=me.zone)
    reminders.need_none(turn, me.person_id)
    return done


def _say_no(turn: Turn, me: Me, place_id: int) -> Claimed:
    done = claims.say_no(turn.db, me.line_id, me.person_id, place_id, turn.now)
    _gave_up(turn, me, done)
    return done


def _take(turn: Turn, me: Me, place_id: int) -> Claimed:
    done = claims.take(turn.db, me.line_id, me.person_id, place_id, turn.now, zone=me.zone)
    reminders.need_none(turn, me.person_id)
    return done


def _drop(turn: Turn, me: Me, place_id: int) -> Claimed:
    done = claims.drop(turn.db, me.line_id, me.person_id, place_id, turn.now)
    duty.places_opened(turn, me, [(done.starts_at, done.ends_at)])
    _gave_up(turn, me, done)
    return done


def _gave_up(turn: Turn, me: Me, place: Claimed) -> None:
    who = (place.place_id, me.person_id)
    cover.gave_up(turn.db, *who, turn.now, place.starts_at)


def _spoken(turn: Turn, call: LiveCall, span: Span) -> dict[str, str]:
    """Its day, the date too where a weekday is not enough, and its hours."""
    zone = call.zone
    begins, ends = (spoken_instant(at, turn.now, zone, turn.language) for at in span)
    day = begins["day"]
    if span[0] - turn.now > A_WEEKDAY_IS_ENOUGH:
        day = _dated(span[0].astimezone(zone), turn.language)
    return {"day": day, "time": begins["time"], "until": ends["time"]}


def _dated(local: datetime, language: str) -> str:
    return str(format_date(local, languages.of(language).spoken_date, locale=language))
