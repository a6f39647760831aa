"""SHIFTS, OPEN, TAKE, DROP: one's own shifts and the open places, by the numbers that are shown."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from shifts import claims, undoing
from shifts.models import ASKED, COVER_WANTED, OPEN
from shifts.places import PlaceRow, between, of_person
from warmline import shown
from warmline.conversations.texting import Me
from warmline.phone.conversation import Turn

AHEAD: Final = timedelta(weeks=8)
AT_ONCE: Final = 3
"""Shifts in one message: as many as fit."""
PLACE: Final = "place"


def my_shifts(turn: Turn, me: Me, _rest: str) -> list[str]:
    """SHIFTS: mine, the next few."""
    own = of_person(turn.db, me.line_id, me.person_id, turn.now, turn.now + AHEAD)
    mine = [place for place in own if place.on and place.starts_at > turn.now][:AT_ONCE]
    if not mine:
        return [me.text(turn, "shifts_none")]
    return [me.text(turn, "shifts", shifts=listed(turn, me, mine))]


def open_places(turn: Turn, me: Me, _rest: str) -> list[str]:
    """OPEN: places that need someone, each once however many seats it has."""
    ahead = between(turn.db, me.line_id, turn.now, turn.now + AHEAD)
    free = [place for place in ahead if needs_someone(place, me) and place.starts_at > turn.now]
    first = {(place.starts_at, place.ends_at): place for place in reversed(free)}
    chosen = sorted(first.values(), key=lambda place: place.starts_at)[:AT_ONCE]
    if not chosen:
        return [me.text(turn, "open_none")]
    return [me.text(turn, "open", shifts=listed(turn, me, chosen))]


def needs_someone(place: PlaceRow, me: Me) -> bool:
    """Whether somebody is looked for who could be me."""
    return place.state == OPEN or (place.state == COVER_WANTED and place.person_id != me.person_id)


def listed(turn: Turn, me: Me, places: Sequence[PlaceRow]) -> str:
    """Places with the numbers by which this person may speak of them for seven days."""
    numbers = shown.numbers(turn.db, me.person_id, PLACE, [p.id or 0 for p in places], turn.now)
    spans = (me.span(place.starts_at, place.ends_at) for place in places)
    return ", ".join(f"{number} {span}" for number, span in zip(numbers, spans, strict=True))


def take(turn: Turn, me: Me, rest: str) -> list[str]:
    """TAKE 3: the open place is mine."""
    place_id = shown.meant(turn.db, me.person_id, PLACE, rest, turn.now)
    if place_id is None:
        return [me.text(turn, "which", word="TAKE")]
    done = claims.take(turn.db, me.line_id, me.person_id, place_id, turn.now, zone=me.zone)
    return [me.text(turn, "taken", when=me.span(done.starts_at, done.ends_at))]


def drop(turn: Turn, me: Me, rest: str) -> list[str]:
    """DROP 3: I am free of it at once; nobody asks why."""
    place_id = shown.meant(turn.db, me.person_id, PLACE, rest, turn.now)
    if place_id is None:
        return [me.text(turn, "which", word="DROP")]
    done = claims.drop(turn.db, me.line_id, me.person_id, place_id, turn.now)
    return [me.text(turn, "dropped", when=me.span(done.starts_at, done.ends_at))]


def undo(turn: Turn, me: Me, _rest: str) -> list[str]:
    """UNDO: my last change is as if it had not been."""
    undone = undoing.undo(turn.db, me.line_id, me.person_id, turn.now)
    spans = ", ".join(me.span(place.starts_at, place.ends_at) for place in undone.places)
    return [me.text(turn, "undone", when=spans)]


def give_up_all(turn: Turn, me: Me) -> None:
    """Every place of theirs from now on is open: the rest of the present one too."""
    own = of_person(turn.db, me.line_id, me.person_id, turn.now, turn.now + timedelta(days=366))
    for place in own:
        if place.on or place.state == ASKED:
            claims.drop(turn.db, me.line_id, me.person_id, place.id or 0, turn.now)
