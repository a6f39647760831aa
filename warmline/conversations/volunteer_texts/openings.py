"""What volunteers write who do not know our words: read answers come at once, changes are asked.

A change is asked about with the one word that does it; only a yes or no to the one thing that was
asked acts at once. Thanks is not answered.
"""

from collections.abc import Callable, Sequence
from typing import Final

from shifts.models import ASKED
from shifts.places import of_person
from warmline.conversations.membership import joining
from warmline.conversations.persons import Me
from warmline.conversations.shift_lists import (
    MY_LIST,
    PLACE,
    Entry,
    mine,
    open_to,
    page,
    shown_mine,
    shown_open,
)
from warmline.conversations.volunteer_texts import (
    answers,
    date_polls,
    own_page,
    presence,
    when,
)
from warmline.plain_dates import Choice, Moment, NotUnderstood, in_words
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers, plain_speech
from warmline.texting.lengths import PERSON_NAME, shortened
from warmline.texting.plain_speech import Opening
from warmline.texting.volunteer_words import Message

USUAL: Final = {"minutes": presence.USUAL_PAUSE, "number": 4, "rest": 15}
"""What stands in a question where they have said no number."""
MOST_SHARED: Final = 40
ONLY_READ: Final = frozenset({"WHO", "HOURS", "NEXT", "WORDS", "JOIN", "SHIFTS", "OPEN"})
"""Words in a sentence of which nothing needs to be asked: they change nothing."""


def answer(turn: Turn, me: Me, body: str) -> list[str] | None:
    """What plain speech is answered; None where it is none that we know."""
    may_be = list(plain_speech.openings(body, me.language, (me.name,)))
    found = next((one for one in may_be if _is_read(turn, me, one)), next(iter(may_be), None))
    if found is None:
        return None
    return ANSWERS.get(found.meaning, _asked)(turn, me, found)


def _is_read(turn: Turn, me: Me, found: Opening) -> bool:
    """Whether the time that it would be about is one."""
    said = found.said.get("when")
    return said is None or not isinstance(when.when(turn, me, said), NotUnderstood)


def in_doubt(turn: Turn, me: Me, said: Message) -> list[str] | None:
    """A word within a sentence: what it would do, and how to say so; None for one that reads."""
    if said.word is None or said.word in ONLY_READ:
        return None
    if said.word == "MORE" and said.manners and not said.rest:
        return _more(turn, me, Opening("NEXT"))
    words = shortened(" ".join(said.rest.lower().split()), MOST_SHARED)
    values = {**USUAL, "words": words}
    return [me.text(turn, f"ask.{said.word}", **values)]


def _asked(turn: Turn, me: Me, found: Opening) -> list[str]:
    """A change of one's own: asked with the word that makes it."""
    said = found.said.get("minutes")
    number = int(said) if said else None
    values = {name: number or usual for name, usual in USUAL.items()}
    return [me.text(turn, f"ask.{found.meaning}", **values)]


def _yes(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return answers.ok(turn, me, "")


def _no(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return answers.no(turn, me, "")


def _nothing(_turn: Turn, _me: Me, _found: Opening) -> list[str]:
    """Thanks is not answered."""
    return []


def _who(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return presence.who(turn, me, "")


def _shifts(turn: Turn, me: Me, found: Opening) -> list[str]:
    """Whether they are on now, and their shifts to come, those of the time they named."""
    until = _on_until(turn, me)
    listed = when.my_shifts(turn, me, found.said.get("when", ""))
    return [until, *listed] if until else listed


def _on_until(turn: Turn, me: Me) -> str:
    on = [one for one in of_person(turn.db, me.line_id, me.person_id, turn.now, turn.now) if one.on]
    return me.text(turn, "on_already", until=me.time(on[0].ends_at)) if on else ""


def _open(turn: Turn, me: Me, found: Opening) -> list[str]:
    return when.open_places(turn, me, found.said.get("when", ""))


def _hours(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return own_page.hours(turn, me, "")


def _words(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return [turn.prompts.text(me.language, "text.words")]


def _more(turn: Turn, me: Me, _found: Opening) -> list[str]:
    """More of the list that they were shown; where there is none, what MORE would be."""
    if list_numbers.goes_on(turn.db, me.person_id, turn.now) is None:
        return [me.text(turn, "ask.MORE")]
    return date_polls.next_ones(turn, me, "")


def _drop(turn: Turn, me: Me, found: Opening) -> list[str]:
    """Which of theirs it may be; of one on now, OUT is the word."""
    said = found.said.get("when", "")
    if not said and _on_until(turn, me):
        return [me.text(turn, "ask.OUT")]
    entries = _then(turn, me, said, mine(turn, me))
    if len(entries) != 1:
        return _which(turn, me, entries) or [me.text(turn, "shifts_none_then")]
    key = "ask.asked" if entries[0].state == ASKED else "ask.DROP"
    return [me.text(turn, key, when=me.span(*entries[0].span), number=_number(turn, me, entries))]


def _take(turn: Turn, me: Me, found: Opening) -> list[str]:
    """Which open place it may be, or which shift that they were asked for."""
    said = found.said.get("when", "")
    asked = [one for one in mine(turn, me) if one.state == ASKED]
    known = said and not isinstance(when.when(turn, me, said), NotUnderstood)
    here = _then(turn, me, said, asked) if known else []
    entries = here or _then(turn, me, said, open_to(turn, me))
    if len(entries) != 1 or not known:
        return shown_open(turn, me, entries) or [me.text(turn, "open_none_then")]
    key = "ask.asked" if here else "ask.TAKE"
    return [me.text(turn, key, when=me.span(*entries[0].span), number=_number(turn, me, entries))]


def _swap(turn: Turn, me: Me, found: Opening) -> list[str]:
    """Which of theirs, with whom: the word with both, where both are clear."""
    entries = _then(turn, me, found.said.get("when", ""), mine(turn, me))
    name = shortened(found.said.get("name", "").upper(), PERSON_NAME)
    if len(entries) == 1 and name:
        number = _number(turn, me, entries)
        values = {"when": me.span(*entries[0].span), "number": number, "name": name}
        return [me.text(turn, "ask.SWAP", **values)]
    if not name:
        return [me.text(turn, "swap_how")]
    return [*shown_mine(turn, me, entries), me.text(turn, "swap_how")]


def _away(turn: Turn, me: Me, found: Opening) -> list[str]:
    said = found.said.get("when", "")
    answer = when.when(turn, me, said)
    if isinstance(answer, Choice):
        return [when.which(turn, me, "AWAY", answer)]
    if said and isinstance(answer, NotUnderstood):
        return [when.unclear(turn, me, "AWAY", answer)]
    if isinstance(answer, NotUnderstood | Moment) or when.span_of(me, answer) is None:
        return [me.text(turn, "ask.away_when", example=me.prompt(turn, "example_away"))]
    return [me.text(turn, "ask.AWAY", when=in_words(answer, turn.now, me.zone, me.language))]


def _join(turn: Turn, me: Me, _found: Opening) -> list[str]:
    return joining.already(turn, me, "")


def _then(turn: Turn, me: Me, said: str, entries: Sequence[Entry]) -> list[Entry]:
    """Those of the time they named; all, where they named none that is understood."""
    answer = when.when(turn, me, said) if said else None
    if answer is None or isinstance(answer, NotUnderstood):
        return list(entries)
    return when.among(me, entries, answer)


def _which(turn: Turn, me: Me, entries: Sequence[Entry]) -> list[str]:
    return page(turn, me, "ask.drop_which", MY_LIST, entries)


def _number(turn: Turn, me: Me, entries: Sequence[Entry]) -> int:
    [number] = list_numbers.numbers(turn.db, me.person_id, PLACE, [entries[0].id], turn.now)
    return number


ANSWERS: Final[dict[str, Callable[[Turn, Me, Opening], list[str]]]] = {
    plain_speech.YES: _yes,
    plain_speech.NO: _no,
    plain_speech.THANKS: _nothing,
    "WHO": _who,
    "SHIFTS": _shifts,
    "OPEN": _open,
    "HOURS": _hours,
    "WORDS": _words,
    "NEXT": _more,
    "DROP": _drop,
    "TAKE": _take,
    "SWAP": _swap,
    "AWAY": _away,
    "JOIN": _join,
}
"""What an opening leads to; any other is a change of one's own, and asked about."""
