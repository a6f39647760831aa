"""SHIFTS, OPEN, NEXT: one's own shifts and the open places, by the numbers that are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from shifts.claims.presence import THEIRS
from shifts.local_time import Span
from shifts.models import ASKED, COVER_WANTED, OPEN
from shifts.places import PlaceRow, by_ids, in_span, of_person
from warmline.conversations.persons import Me, how_many_fit
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers

AHEAD: Final = timedelta(weeks=8)
OWN_AHEAD: Final = timedelta(weeks=53)
AT_ONCE: Final = 6
"""Shifts in one list at most, if they fit."""
PLACE: Final = "place"
AWAY: Final = "away"
"""What a shown number may mean besides a place: a time in which somebody is away."""
MY_LIST: Final = "shifts"
OPEN_LIST: Final = "open"
LONGEST_NUMBER: Final = "999 "


@dataclass(frozen=True)
class Entry:
    """One shift of a list: a place, or adjoining ones that are shown as one."""

    places: tuple[PlaceRow, ...]

    @property
    def id(self) -> int:
        """The first place's id: what the shown number means."""
        return self.places[0].id or 0

    @property
    def state(self) -> str:
        """The state that its places share."""
        return self.places[0].state

    @property
    def span(self) -> Span:
        """Half-open [start, end), UTC."""
        return self.places[0].starts_at, self.places[-1].ends_at


def next_ones(turn: Turn, me: Me, _rest: str) -> list[str]:
    """NEXT: the list that was shown last goes on."""
    found = list_numbers.goes_on(turn.db, me.person_id, turn.now)
    if found is None:
        return [me.text(turn, "next_none")]
    which, place_id = found
    if which == MY_LIST:
        listed = shown_mine(turn, me, _since(turn, me, mine(turn, me), place_id))
    else:
        listed = shown_open(turn, me, _since(turn, me, open_to(turn, me), place_id))
    return listed or [me.text(turn, "next_none")]


def mine(turn: Turn, me: Me) -> list[Entry]:
    """Their shifts to come, agreed or asked, by start; adjoining places of one kind as one."""
    own = _own(turn, me)
    return stretches(place for place in own if place.starts_at > turn.now)


def stretches(places: Iterable[PlaceRow]) -> list[Entry]:
    """One person's places, by start, with those that adjoin and are alike joined into one."""
    joined: list[Entry] = []
    for place in sorted(places, key=lambda one: (*_kind(one), one.starts_at)):
        last = joined[-1].places[-1] if joined else None
        if last and (*_kind(last), last.ends_at) == (*_kind(place), place.starts_at):
            joined[-1] = Entry((*joined[-1].places, place))
        else:
            joined.append(Entry((place,)))
    return sorted(joined, key=lambda entry: (entry.span, entry.id))


def open_to(turn: Turn, me: Me) -> list[Entry]:
    """The places to come that somebody is looked for who could be me: I have no other then."""
    own = _own(turn, me)
    until = turn.now + AHEAD
    ahead = [
        place
        for duty in (False, True)
        for place in in_span(turn.db, me.line_id, turn.now, until, duty=duty)
        if needs_someone(place, me) and place.starts_at > turn.now
    ]
    free = [place for place in ahead if not any(_clash(place, one) for one in own)]
    in_order = sorted(free, key=lambda place: (*_when(place), place.id or 0))
    return [Entry((next(seats),)) for _, seats in groupby(in_order, key=_when)]


def needs_someone(place: PlaceRow, me: Me) -> bool:
    """Whether somebody is looked for who could be me."""
    return place.state == OPEN or (place.state == COVER_WANTED and place.person_id != me.person_id)


def shown_mine(turn: Turn, me: Me, entries: Sequence[Entry]) -> list[str]:
    """One's own shifts with their numbers, and how to answer what is asked."""
    asked = any(entry.state == ASKED for entry in entries)
    return page(turn, me, "shifts_asked" if asked else "shifts", MY_LIST, entries)


def shown_open(turn: Turn, me: Me, entries: Sequence[Entry]) -> list[str]:
    """Open places with their numbers, and how to take one."""
    return page(turn, me, "open", OPEN_LIST, entries)


def page(
    turn: Turn, me: Me, key: str, which: str, entries: Sequence[Entry], **values: object
) -> list[str]:
    """As many of a list as fit, by the numbers that mean them for seven days; NEXT goes on."""
    words = [_words(turn, me, entry) for entry in entries[: AT_ONCE + 1]]
    numbered = [LONGEST_NUMBER + one for one in words]
    many = how_many_fit(turn, me, key, numbered, AT_ONCE, **values)
    chosen, left = entries[:many], entries[many:]
    ids = [entry.id for entry in chosen]
    numbers = list_numbers.numbers(turn.db, me.person_id, PLACE, ids, turn.now)
    list_numbers.remember(turn.db, me.person_id, which, left[0].id if left else None, turn.now)
    if not chosen:
        return []
    listed = ", ".join(f"{number} {one}" for number, one in zip(numbers, words, strict=False))
    more = f" {me.prompt(turn, 'next')}" if left else ""
    return [me.text(turn, key, shifts=listed, **values) + more]


def _words(turn: Turn, me: Me, entry: Entry) -> str:
    """When it is, and what is to be known of it."""
    notes = []
    if entry.places[0].duty:
        notes.append(me.prompt(turn, "note_duty"))
    if entry.state == ASKED:
        notes.append(me.prompt(turn, "note_asked"))
    if entry.state == COVER_WANTED and entry.places[0].person_id == me.person_id:
        notes.append(me.prompt(turn, "note_offered"))
    return " ".join([me.span(*entry.span), *notes])


def _since(turn: Turn, me: Me, entries: Sequence[Entry], place_id: int) -> Sequence[Entry]:
    """The entries from the one with this place on; from its time on, if it has gone since."""
    at = next((n for n, entry in enumerate(entries) if entry.id == place_id), None)
    if at is not None:
        return entries[at:]
    place = by_ids(turn.db, me.line_id, [place_id]).get(place_id)
    return [one for one in entries if place is None or one.span[0] >= place.starts_at]


def _own(turn: Turn, me: Me) -> list[PlaceRow]:
    until = turn.now + OWN_AHEAD
    return [
        place
        for duty in (False, True)
        for place in of_person(turn.db, me.line_id, me.person_id, turn.now, until, duty=duty)
        if place.state in THEIRS
    ]


def _kind(place: PlaceRow) -> tuple[bool, str]:
    return place.duty, place.state


def _when(place: PlaceRow) -> tuple[Span, bool]:
    return (place.starts_at, place.ends_at), place.duty


def _clash(one: PlaceRow, other: PlaceRow) -> bool:
    same_time = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return one.duty == other.duty and same_time
