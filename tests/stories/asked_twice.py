"""Goes every way that a leg can go from where it is, asks each step twice, and compares the words.

The network asks again when an answer was lost: the first time has then changed things already.
Whoever listens hears the second answer, and must hear what the first one said.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Row

from tests.stories.town import Town
from warmline.conversations.caller import waiting
from warmline.conversations.steps import back, caller, code, volunteer
from warmline.routing.odds import Odds
from warmline.telephony.conversation import AnyConversation, Turn, path_to, step_of
from warmline.telephony.facts import KEYS
from warmline.telephony.words import (
    Ask,
    GoTo,
    HangUp,
    LeaveQueue,
    Meet,
    Next,
    Say,
    Step,
    Wait,
    Word,
    Words,
)

LEGS: Final[Mapping[str, AnyConversation]] = {
    one.letter: one for one in (caller, volunteer, back, code)
}
"""Whoever is in them listens; the others are told of things."""
A_WHILE: Final = timedelta(seconds=20)
"""From one step to the next: what was said has been said by then."""
NEVER_THE_SAME: Final = frozenset({"id", "token", "room", "provider_id"})
Fields = dict[str, str]
Heard = tuple[Sequence[tuple[str, str]], bool]
"""What is said, in which languages; and whether the leg then ends."""


def every_step() -> set[str]:
    """All steps of all legs, by letter and name."""
    return {f"{letter}/{name}" for letter, one in LEGS.items() for name in one.steps}


@dataclass
class Ways:
    """What was asked twice: which steps, and each time that the second words were others."""

    taken: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def go(
        self,
        town: Town,
        begin: Step,
        token: str,
        *,
        key: str = "",
        digits: str = "12345678",
        deep: int = 4,
        now: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Every way from this step of the leg with this token, so many steps deep; nothing stays.

        `key` has led to it; `digits` is what is keyed in where several are asked for; `now` is
        what the network says of the leg.
        """
        with town.parts.turn() as turn, undone(turn):
            turn.odds = Odds()
            turn.words_of = town.parts.door.words_of
            way = _Way(self, turn, {"CallStatus": "in-progress", **now}, digits)
            way.to(begin, token, {"Digits": key} if key else {}, deep)


@contextmanager
def undone(turn: Turn) -> Iterator[None]:
    savepoint = turn.db.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


@dataclass
class _Way:
    ways: Ways
    turn: Turn
    form: Fields
    digits: str
    seen: dict[object, int] = field(default_factory=dict)
    """How deep it was gone on from where a leg was."""

    def to(self, step: Next, token: str, fields: Fields, deep: int, trail: str = "") -> None:
        """This step twice, and then all that may follow."""
        letter, token, name = path_to(step, token).strip("/").split("/")
        leg = LEGS[letter].find(self.turn.db, token)
        here = (letter, name, *fields.items(), _state(leg))
        if leg is None or self.seen.get(here, 0) >= deep:
            return
        self.seen[here] = deep
        trail = f"{trail} > {name} {' '.join(fields.values())}".strip()
        with undone(self.turn), self._later():
            first, _ = self._answer(step_of(step), LEGS[letter], token, fields)
            second, next_token = self._answer(step_of(step), LEGS[letter], token, fields)
            self.ways.taken.add(f"{letter}/{name}")
            if heard(first) != heard(second):
                self.ways.faults.append(f"{trail}\n  {heard(first)}\n  {heard(second)}")
            for following, keyed in self._ways_on(second):
                self.to(following, next_token, keyed, deep - 1, trail)

    @contextmanager
    def _later(self) -> Iterator[None]:
        before: datetime = self.turn.now
        self.turn.now += A_WHILE
        yield
        self.turn.now = before

    def _answer(
        self, step: Step, home: AnyConversation, token: str, fields: Fields
    ) -> tuple[Words, str]:
        leg: Row[Any] | None = home.find(self.turn.db, token)
        if leg is None:
            return [], token
        form = {"CallSid": getattr(leg, "provider_id", None) or "CA0", **self.form, **fields}
        turn = replace(self.turn, form=form, token=token, language=leg.spoken, counted=[])
        if home.own_words:
            turn.in_words_of(leg)
        return step(turn, leg), turn.token

    def _ways_on(self, words: Words) -> Iterator[tuple[Next, Fields]]:
        for word in words:
            yield from self._way_on(word)

    def _way_on(self, word: Word) -> Iterator[tuple[Next, Fields]]:
        match word:
            case Ask(digits=1):
                yield from ((word.key_to, {"Digits": key}) for key in sorted(KEYS))
            case Ask():
                yield word.key_to, {"Digits": self.digits}
                yield word.key_to, {"Digits": "1"}
            case GoTo():
                yield word.step, {}
            case Wait():
                yield word.meanwhile, {}
                yield word.after, {"QueueResult": "leave"}
            case LeaveQueue():
                yield waiting.left_queue, {"QueueResult": "leave"}
            case Meet():
                yield word.after, {"DialCallStatus": "answered"}
                if word.alone is not None:
                    yield word.alone, {}
            case _:
                return


def heard(words: Words) -> Heard:
    """What of these words can be heard."""
    said: list[tuple[str, str]] = []
    for word in words:
        spoken = word.words if isinstance(word, Ask) else [word]
        said += [(one.text, one.language) for one in spoken if isinstance(one, Say)]
    return said, any(isinstance(word, HangUp) for word in words)


def _state(leg: Row[Any] | None) -> object:
    """Where a leg is, but for its names and the time of day."""
    if leg is None:
        return None
    return tuple(
        value is None if isinstance(value, datetime) else value
        for name, value in leg._asdict().items()
        if name not in NEVER_THE_SAME
    )
