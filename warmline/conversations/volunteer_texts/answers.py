"""OK and NO: what was asked of a volunteer is answered by its number, whatever kind it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from shifts.faults import Fault
from shifts.places import by_ids
from warmline import languages
from warmline.conversations.membership import voting
from warmline.conversations.notices import cover
from warmline.conversations.persons import Me, why_not
from warmline.conversations.shift_lists import AWAY, PLACE, needs_someone, open_to, shown_open
from warmline.conversations.volunteer_texts import (
    asked_shifts,
    claims,
    date_polls,
    presence,
    shared_words,
    swaps,
)
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers
from warmline.texting.spelling import plain

ALL: Final = frozenset(languages.all_words("answers", "all"))
Answered = Callable[[Turn, Me, Sequence[int]], list[str]]


def nothing_open(_turn: Turn, _me: Me) -> list[int]:
    """Of this kind nothing waits for an answer; it can still be taken back by its number."""
    return []


def nothing_to_show(_turn: Turn, _me: Me) -> list[str]:
    """There is no list of this kind."""
    return []


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is asked: what OK and NO do to it, what of it is open now."""

    yes: Answered
    no: Answered
    open: Callable[[Turn, Me], list[int]] = nothing_open
    show: Callable[[Turn, Me], list[str]] = nothing_to_show


def ok(turn: Turn, me: Me, rest: str) -> list[str]:
    """OK, OK 3, OK 1 3 4, OK ALL: yes to what was asked of me."""
    meant = _meant(turn, me, rest)
    return _answered(turn, me, meant, lambda kind: kind.yes) or _in_doubt(turn, me, f"OK {rest}")


def no(turn: Turn, me: Me, rest: str) -> list[str]:
    """NO, NO 3, NO ALL: no to what was asked of me, which costs nothing."""
    meant = _meant(turn, me, rest) or ([] if rest else _days_alone(turn, me))
    return _answered(turn, me, meant, lambda kind: kind.no) or _in_doubt(turn, me, f"NO {rest}")


def _in_doubt(turn: Turn, me: Me, body: str) -> list[str]:
    """Where days were asked about, plain words may answer; else all that is open, with numbers."""
    clear = None if len(body.split()) == 1 else date_polls.clearly(turn, me, body)
    if clear is not None:
        return clear
    listed = [text for kind in KINDS.values() for text in kind.show(turn, me)]
    if listed:
        return listed
    return [me.text(turn, "several_asked" if all_open(turn, me) else "nothing_asked")]


def _cover_asked(turn: Turn, me: Me) -> list[int]:
    """The places that they were asked to cover and that still need someone."""
    asked = cover.asked_of(turn.db, me.person_id, turn.now)
    places = by_ids(turn.db, me.line_id, asked).values()
    return [one.id or 0 for one in places if needs_someone(one, me) and one.ends_at > turn.now]


def _cover(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """Yes: those to come are theirs; of one that has begun, they are on from now."""
    cover.answered(turn.db, me.person_id, ids)
    places = by_ids(turn.db, me.line_id, ids).values()
    if any(one.starts_at <= turn.now for one in places):
        return presence.come_on_now(turn, me, "")
    return claims.take_these(turn, me, ids)


def _no_cover(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    cover.answered(turn.db, me.person_id, ids)
    return [me.text(turn, "no_is_fine")]


def _show_cover(turn: Turn, me: Me) -> list[str]:
    ids = _cover_asked(turn, me)
    return shown_open(turn, me, [one for one in open_to(turn, me) if one.id in ids])


def _answered(
    turn: Turn, me: Me, meant: Sequence[tuple[str, int]], side: Callable[[Kind], Answered]
) -> list[str]:
    """The answers to what is meant."""
    answers: list[str] = []
    for name in dict.fromkeys(kind for kind, _ in meant):
        ids = [thing for kind, thing in meant if kind == name]
        try:
            with turn.db.begin_nested():
                answers += side(KINDS[name])(turn, me, ids)
        except Fault as fault:
            answers.append(why_not(turn, me, fault))
    return answers


def _meant(turn: Turn, me: Me, rest: str) -> list[tuple[str, int]]:
    """What is answered: by number, everything, or the only thing that is open."""
    if rest and plain(rest) not in ALL:
        numbered = list_numbers.meant(turn.db, me.person_id, rest, turn.now)
        if not numbered:
            return [(voting.VOTE, one) for one in voting.numbered(turn, me, rest)]
        return numbered if all(kind in KINDS for kind, _ in numbered) else []
    found = all_open(turn, me)
    if rest:
        return found
    # Whom the line asks to cover is asked beside others: what is asked of them alone comes first.
    asked = [one for one in found if one[0] != cover.COVER] or found
    return asked if len(asked) == 1 else []


def all_open(turn: Turn, me: Me) -> list[tuple[str, int]]:
    """Everything that is asked of them and waits for an answer, each with its kind."""
    return [(name, thing) for name, kind in KINDS.items() for thing in kind.open(turn, me)]


def _days_alone(turn: Turn, me: Me) -> list[tuple[str, int]]:
    """A plain NO is to all the days of a question, while nothing else waits for an answer."""
    found = all_open(turn, me)
    if any(kind != date_polls.DATE for kind, _ in found):
        return []
    return [(date_polls.DATE, day) for day in date_polls.latest(turn, me)]


KINDS: Final[dict[str, Kind]] = {
    PLACE: Kind(claims.say_yes, claims.say_no, asked_shifts.single, claims.show_asked),
    asked_shifts.PATTERN: Kind(asked_shifts.say_yes, asked_shifts.say_no, asked_shifts.waiting),
    swaps.SWAP: Kind(swaps.say_yes, swaps.say_no, swaps.waiting),
    swaps.GIFT: Kind(swaps.take_gift, swaps.refuse_gift, swaps.gifts),
    cover.COVER: Kind(_cover, _no_cover, _cover_asked, _show_cover),
    shared_words.WORD: Kind(shared_words.say_yes, shared_words.say_no, shared_words.waiting),
    AWAY: Kind(presence.still_away, presence.not_away),
    voting.VOTE: Kind(voting.say_yes, voting.say_no, voting.waiting, voting.show),
    date_polls.DATE: Kind(
        date_polls.say_yes, date_polls.say_no, date_polls.waiting, date_polls.show
    ),
}
"""By the kind of thing that a shown number means."""
