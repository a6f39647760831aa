"""SWAP 3 ANA: two volunteers change shifts by text, with both yeses; no is fine."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from shifts.claims import claims, swaps
from shifts.models import COVER_WANTED, ON_STATES, Person
from shifts.places import PlaceRow, by_ids, of_person
from shifts.planning_models import Swap
from warmline.conversations import persons
from warmline.conversations.persons import Me, how_many_fit
from warmline.conversations.shift_lists import AHEAD, LONGEST_NUMBER, PLACE, needs_someone
from warmline.models.people import Volunteer
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers
from warmline.texting.lengths import PERSON_NAME, shortened
from warmline.texting.spelling import plain

SWAP: Final = "swap"
THEIRS: Final = "theirs"
GIFT: Final = "gift"
AT_ONCE: Final = 5
ANSWER_WITHIN: Final = timedelta(days=2)
"""So long a swap waits for its answer, or until the earlier of the two shifts begins."""
ANSWERED: Final = timedelta(days=7)
"""So long a no to a gift is remembered: as long as its number means something."""
GIVES: Final = frozenset({"GIVE", "REGALO"})
_NUMBER: Final = re.compile(r"#?(\d{1,4})\b[\s,;:.]*(.*)", re.DOTALL)


def swap(turn: Turn, me: Me, rest: str) -> list[str]:
    """SWAP 3 ANA: which of Ana's; SWAP 3 7: for that one; SWAP 3 ANA GIVE: just give it."""
    found = _NUMBER.fullmatch(rest.strip())
    mine = _meant(turn, me, found[1], PLACE) if found else None
    if found is None or mine is None or not found[2].strip():
        return [me.text(turn, "swap_how")]
    wanted = _meant(turn, me, found[2].strip(), THEIRS)
    if wanted is not None:
        return _ask(turn, me, mine, wanted)
    *name, last = found[2].split()
    gives = bool(name) and plain(last) in GIVES
    fellows = _fellows(turn, me, " ".join(name) if gives else found[2])
    if len(fellows) != 1:
        key = "swap_which_person" if fellows else "swap_nobody"
        names = [shortened(fellow.name, PERSON_NAME) for fellow in fellows]
        return [me.fitted(turn, key, names, words=shortened(found[2].strip(), PERSON_NAME))]
    return _give(turn, me, mine, fellows[0]) if gives else _choose(turn, me, mine, fellows[0])


def _meant(turn: Turn, me: Me, text: str, kind: str) -> int | None:
    """The one thing of this kind that a number means to them."""
    things = list_numbers.meant(turn.db, me.person_id, text, turn.now)
    return things[0][1] if len(things) == 1 and things[0][0] == kind else None


def _fellows(turn: Turn, me: Me, name: str) -> Sequence[Any]:
    """The volunteers with this name or first name; whoever has all of it comes alone."""
    query = select(Person.id, Person.name).join(Volunteer, Volunteer.person_id == Person.id)
    rows = turn.db.execute(
        query.where(Person.line_id == me.line_id, Volunteer.agreed == "yes").order_by(Person.id)
    ).all()
    wanted = plain(" ".join(name.split()))
    others = [row for row in rows if row.id != me.person_id]
    whole = [row for row in others if plain(row.name) == wanted]
    return whole or [row for row in others if wanted and plain(row.name).split()[:1] == [wanted]]


def _choose(turn: Turn, me: Me, mine: int, fellow: Any) -> list[str]:
    """The other's shifts to come, each with a number to answer with."""
    values = {
        "name": shortened(fellow.name, PERSON_NAME),
        "number": _list_number(turn, me, PLACE, mine),
    }
    theirs = _to_come(turn, me, fellow.id)[:AT_ONCE]
    if not theirs:
        return [me.text(turn, "swap_none", **values)]
    words = [me.span(place.starts_at, place.ends_at) for place in theirs]
    longest = [LONGEST_NUMBER + one for one in words]
    first = LONGEST_NUMBER.strip()
    many = how_many_fit(turn, me, "swap_choose", longest, AT_ONCE, first=first, **values)
    ids = [place.id or 0 for place in theirs[:many]]
    numbers = list_numbers.numbers(turn.db, me.person_id, THEIRS, ids, turn.now)
    listed = ", ".join(f"{number} {one}" for number, one in zip(numbers, words, strict=False))
    return [me.text(turn, "swap_choose", shifts=listed, first=numbers[0], **values)]


def _to_come(turn: Turn, me: Me, person_id: int) -> list[PlaceRow]:
    until = turn.now + AHEAD
    found = of_person(turn.db, me.line_id, person_id, turn.now, until)
    return [one for one in found if one.state in ON_STATES and one.starts_at > turn.now]


def _list_number(turn: Turn, me: Me, kind: str, thing_id: int) -> int:
    [number] = list_numbers.numbers(turn.db, me.person_id, kind, [thing_id], turn.now)
    return number


def _ask(turn: Turn, me: Me, mine: int, theirs: int) -> list[str]:
    """The other reads both shifts, and that no is fine."""
    asked = swaps.ask(turn.db, me.line_id, me.person_id, mine, theirs, turn.now)
    other = persons.by_person(turn, asked.asked.person_id or 0)
    if other is None:
        return [me.text(turn, "swap_cannot", name="?")]
    lapses = min(asked.lapses_at, turn.now + ANSWER_WITHIN)
    if one_time.first(turn.db, _timer(asked.id), turn.now, lapses):
        number = _list_number(turn, other, SWAP, asked.id)
        values = {
            "name": shortened(me.name, PERSON_NAME),
            "theirs": other.span(asked.asking.starts_at, asked.asking.ends_at),
            "yours": other.span(asked.asked.starts_at, asked.asked.ends_at),
        }
        body = other.text(turn, "swap_asked", number=number, **values)
        persons.tell(turn, other, [body], texts.ASK, lapses - turn.now)
    return [me.text(turn, "swap_sent", name=shortened(other.name, PERSON_NAME))]


def _give(turn: Turn, me: Me, mine: int, fellow: Any) -> list[str]:
    """It stays theirs until the other, or whoever else needs one, takes it."""
    place = by_ids(turn.db, me.line_id, [mine]).get(mine)
    if place is None or (place.person_id, place.state) != (me.person_id, COVER_WANTED):
        claims.offer(turn.db, me.line_id, me.person_id, mine, turn.now)
    place = by_ids(turn.db, me.line_id, [mine])[mine]
    other = persons.by_person(turn, fellow.id)
    if other is not None and one_time.first(
        turn.db, f"gift:{mine}:{fellow.id}", turn.now, place.starts_at
    ):
        number = _list_number(turn, other, GIFT, mine)
        values = {"name": shortened(me.name, PERSON_NAME), "number": number}
        said = other.text(turn, "gift", when=other.span(place.starts_at, place.ends_at), **values)
        persons.tell(turn, other, [said], texts.ASK, place.starts_at - turn.now)
    values = {"name": shortened(fellow.name, PERSON_NAME)}
    return [me.text_of(turn, "gift_sent", [(place.starts_at, place.ends_at)], **values)]


def waiting(turn: Turn, me: Me) -> list[int]:
    """The swaps that they were asked for and can still answer."""
    found = swaps.standing(turn.db, me.line_id, me.person_id, turn.now)
    return [one.id for one in found if one.asked.person_id == me.person_id]


def say_yes(turn: Turn, me: Me, swap_ids: Sequence[int]) -> list[str]:
    """OK 4: both shifts change hands, and whoever asked is told."""
    answers = []
    for swap_id in swap_ids:
        done = swaps.accept(turn.db, me.line_id, me.person_id, swap_id, turn.now, zone=me.zone)
        got = (done.asking.starts_at, done.asking.ends_at)
        answers.append(me.text_of(turn, "swapped", [got]))
        asker = persons.by_person(turn, done.asked.person_id or 0)
        if asker is not None:
            span = (done.asked.starts_at, done.asked.ends_at)
            said = asker.text_of(turn, "swap_yes", [span], name=shortened(me.name, PERSON_NAME))
            persons.tell(turn, asker, [said], texts.SHIFT, max(got[0], span[0]) - turn.now)
    return answers


def say_no(turn: Turn, me: Me, swap_ids: Sequence[int]) -> list[str]:
    """NO 4: nothing changes, no reason is asked."""
    for swap_id in swap_ids:
        ended = swaps.refuse(turn.db, me.line_id, me.person_id, swap_id)
        _cannot(turn, ended.asking_id, me.name)
    return [me.text(turn, "no_is_fine")]


def take_gift(turn: Turn, me: Me, place_ids: Sequence[int]) -> list[str]:
    """OK 5, where 5 is a shift that somebody would give: it is theirs."""
    spans = []
    for place_id in place_ids:
        took = claims.take(turn.db, me.line_id, me.person_id, place_id, turn.now, zone=me.zone)
        spans.append((took.starts_at, took.ends_at))
    return [me.text_of(turn, "taken", spans)]


def gifts(turn: Turn, me: Me) -> list[int]:
    """The shifts that somebody would give them, and that they have not said no to."""
    known = list_numbers.known(turn.db, me.person_id, GIFT, turn.now)
    said_no = [_no_to_gift(me, one) for one in known]
    refused = set(turn.db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(said_no))))
    return [
        one.id or 0
        for one in by_ids(turn.db, me.line_id, sorted(known)).values()
        if needs_someone(one, me)
        and one.starts_at > turn.now
        and _no_to_gift(me, one.id or 0) not in refused
    ]


def _no_to_gift(me: Me, place_id: int) -> str:
    return f"no-gift:{place_id}:{me.person_id}"


def refuse_gift(turn: Turn, me: Me, place_ids: Sequence[int]) -> list[str]:
    """NO 5: it stays with whoever holds it."""
    for one in place_ids:
        one_time.first(turn.db, _no_to_gift(me, one), turn.now, turn.now + ANSWERED)
    for place in by_ids(turn.db, me.line_id, place_ids).values():
        if place.state == COVER_WANTED and place.person_id is not None:
            _cannot(turn, place.person_id, me.name)
    return [me.text(turn, "no_is_fine")]


def are_unanswered(db: Connection, now: datetime) -> bool:
    """Whether a swap has waited too long for its answer."""
    return bool(_unanswered(db, now))


def end_unanswered(turn: Turn) -> int:
    """Silence is a no like any other: whoever asked is told so in the same words."""
    over = _unanswered(turn.db, turn.now)
    for row in over:
        other = persons.by_person(turn, row.asked_id)
        swaps.withdraw(turn.db, row.line_id, row.asking_id, row.id)
        _cannot(turn, row.asking_id, other.name if other else "?")
    return len(over)


def _unanswered(db: Connection, now: datetime) -> Sequence[Row[Any]]:
    rows = db.execute(select(Swap.__table__)).all()
    timers = [_timer(row.id) for row in rows]
    running = select(OneTimeMark.what).where(OneTimeMark.what.in_(timers), OneTimeMark.until > now)
    left = set(db.scalars(running)) if timers else set()
    return [row for row in rows if _timer(row.id) not in left]


def _timer(swap_id: int) -> str:
    return f"swap:{swap_id}"


def _cannot(turn: Turn, person_id: int, name: str) -> None:
    asker = persons.by_person(turn, person_id)
    if asker is not None:
        said = asker.text(turn, "swap_cannot", name=shortened(name, PERSON_NAME))
        persons.tell(turn, asker, [said], texts.SHIFT, ANSWER_WITHIN)
