"""Shifts that volunteers are asked for, or that others entered as theirs: each is told once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from shifts.models import AGREED, ASKED, Place
from shifts.patterns import pattern_rows
from shifts.places import PlaceRow, by_ids
from warmline.conversations import persons
from warmline.conversations.persons import Me, how_many_fit
from warmline.conversations.shift_lists import AHEAD, LONGEST_NUMBER, PLACE, mine, stretches
from warmline.conversations.volunteer_texts import claims
from warmline.models.people import ShiftByOthers, Volunteer
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers

PATTERN: Final = "pattern"
MOST: Final = 6
_COLUMNS: Final = (Place.id, Place.person_id, Place.starts_at, Place.ends_at)


@dataclass(frozen=True)
class Asked:
    """One thing that is asked: a shift, or a pattern's shifts under one number."""

    kind: str
    id: int
    places: tuple[PlaceRow, ...]

    def words(self, turn: Turn, me: Me) -> str:
        """When it is; of a pattern, its first shift and how many more there are for now."""
        first = me.span(self.places[0].starts_at, self.places[0].ends_at)
        if self.kind == PLACE:
            return me.span(self.places[0].starts_at, self.places[-1].ends_at)
        more = turn.prompts.text(me.language, "text.and_more", number=len(self.places) - 1)
        return f"{first} {more}"


def are_untold(db: Connection, now: datetime) -> bool:
    """Whether somebody is asked for a shift and does not know it."""
    return bool(untold(db, now))


def untold(db: Connection, now: datetime) -> list[Any]:
    """The places somebody who agreed to texts is asked for and has not been told of, by person.

    A change of time or of person asks again; nothing else does.
    """
    found = (
        select(*_COLUMNS)
        .join(Volunteer, Volunteer.person_id == Place.person_id)
        .where(
            Place.state == ASKED,
            Place.starts_at > now,
            Place.starts_at < now + AHEAD,
            Volunteer.agreed == "yes",
        )
    )
    rows = db.execute(found.order_by(Place.person_id, Place.starts_at)).all()
    names = [key(row) for row in rows]
    known = (
        set(db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(names))))
        if names
        else set()
    )
    return [row for row in rows if key(row) not in known]


def key(row: Any) -> str:
    """What makes a question another one: whom it is asked of, and for when."""
    begins, ends = (int(at.timestamp()) // 60 for at in (row.starts_at, row.ends_at))
    return f"asked:{row.id}:{row.person_id}:{begins}:{ends}"


def ask(turn: Turn) -> int:
    """Text each person what they are newly asked for, all in one text; how many texts."""
    told = 0
    for person_id, rows in groupby(untold(turn.db, turn.now), key=lambda row: row.person_id):
        fresh = [
            row.id for row in rows if one_time.first(turn.db, key(row), turn.now, row.starts_at)
        ]
        me = persons.by_person(turn, person_id)
        if me is not None and fresh:
            places = by_ids(turn.db, me.line_id, fresh).values()
            told += _ask(turn, me, list(things(list(places))))
    return told


def things(places: Sequence[PlaceRow]) -> Iterator[Asked]:
    """What is asked, by start: several places of one pattern are one thing, all else is single."""
    of_patterns: dict[int, list[PlaceRow]] = {}
    for place in places:
        if place.pattern_id is not None:
            of_patterns.setdefault(place.pattern_id, []).append(place)
    many = {pattern_id for pattern_id, its in of_patterns.items() if len(its) > 1}
    found = [Asked(PATTERN, one, _in_order(of_patterns[one])) for one in many]
    single = (place for place in places if place.pattern_id not in many)
    found += [Asked(PLACE, entry.id, entry.places) for entry in stretches(single)]
    yield from sorted(found, key=lambda one: (one.places[0].starts_at, one.id))


def _in_order(places: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    return tuple(sorted(places, key=lambda place: place.starts_at))


def _ask(turn: Turn, me: Me, asked: list[Asked]) -> int:
    words = [one.words(turn, me) for one in asked[: MOST + 1]]
    many = how_many_fit(turn, me, "asks", [LONGEST_NUMBER + one for one in words], MOST)
    numbered = []
    for one, said in zip(asked[:many], words, strict=False):
        [number] = list_numbers.numbers(turn.db, me.person_id, one.kind, [one.id], turn.now)
        numbered.append(f"{number} {said}")
    body = me.text(turn, "asks", shifts=", ".join(numbered))
    if len(asked) > many:
        body += f" {turn.prompts.text(me.language, 'text.asks_more')}"
    useful = min(one.places[0].starts_at for one in asked) - turn.now
    persons.tell(turn, me, [body], texts.ASK, useful)
    return 1


def single(turn: Turn, me: Me) -> list[int]:
    """The shifts that are asked of them one by one, each by its first place."""
    as_one = waiting(turn, me)
    asked = (entry for entry in mine(turn, me) if entry.state == ASKED)
    return [entry.id for entry in asked if entry.places[0].pattern_id not in as_one]


def waiting(turn: Turn, me: Me) -> list[int]:
    """The patterns that were asked of them as one thing and are not answered."""
    known = list_numbers.known(turn.db, me.person_id, PATTERN, turn.now)
    return [one for one in known if _asked_of(turn, me, one)]


def say_yes(turn: Turn, me: Me, pattern_ids: Sequence[int]) -> list[str]:
    """OK 2, where 2 is a pattern: yes to all of its shifts, also to those it will make."""
    answers = []
    for pattern_id in pattern_ids:
        places = _asked_of(turn, me, pattern_id)
        if not places:
            answers.append(me.text(turn, "nothing_asked"))
            continue
        who = (turn.db, me.line_id, pattern_id, me.person_id, turn.now)
        try:
            with turn.db.begin_nested():
                pattern_rows.say_yes(*who)
        except pattern_rows.NotInPattern:
            # They stand in for somebody: the yes is to these shifts alone.
            answers += claims.say_yes(turn, me, [place.id or 0 for place in places])
            continue
        first = me.span(places[0].starts_at, places[0].ends_at)
        answers.append(me.text(turn, "pattern_yes", when=first))
    return answers


def say_no(turn: Turn, me: Me, pattern_ids: Sequence[int]) -> list[str]:
    """NO 2: none of its shifts that were asked; no is fine."""
    ids = [one.id or 0 for pattern in pattern_ids for one in _asked_of(turn, me, pattern)]
    if not ids:
        return [me.text(turn, "nothing_asked")]
    return claims.say_no(turn, me, ids)


def _asked_of(turn: Turn, me: Me, pattern_id: int) -> list[PlaceRow]:
    found = pattern_rows.places_of(turn.db, me.line_id, pattern_id, turn.now)
    theirs = found.where(Place.person_id == me.person_id, Place.state == ASKED)
    return [PlaceRow(*row) for row in turn.db.execute(theirs)]


def are_entered(db: Connection, _now: datetime) -> bool:
    """Whether somebody has to be told what others entered as their yes."""
    return db.execute(select(ShiftByOthers.place_id).limit(1)).first() is not None


def tell_entered(turn: Turn) -> int:
    """Tell each person, in one text, the shifts that others entered as their yes."""
    told = 0
    for person_id in turn.db.scalars(select(ShiftByOthers.person_id).distinct()).all():
        gone = (
            delete(ShiftByOthers)
            .where(ShiftByOthers.person_id == person_id)
            .returning(ShiftByOthers.place_id)
        )
        ids = turn.db.scalars(gone).all()
        me = persons.by_person(turn, person_id)
        if me is not None and me.agreed and ids:
            told += _tell_entered(turn, me, by_ids(turn.db, me.line_id, ids).values())
    return told


def _tell_entered(turn: Turn, me: Me, places: Any) -> int:
    still = [
        place
        for place in places
        if (place.person_id, place.state) == (me.person_id, AGREED) and place.starts_at > turn.now
    ]
    entries = stretches(still)
    if not entries:
        return 0
    numbers = list_numbers.numbers(
        turn.db, me.person_id, PLACE, [entry.id for entry in entries[:MOST]], turn.now
    )
    said = [f"{n} {me.span(*entry.span)}" for n, entry in zip(numbers, entries, strict=False)]
    more = len(entries) - len(said)
    body = me.fitted(turn, "entered", said + ["..."] * bool(more), number=numbers[0])
    useful: timedelta = entries[0].span[0] - turn.now
    persons.tell(turn, me, [body], texts.ASK, useful)
    return 1
