"""A conversation is a table of named steps; a turn is one request of the network within it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from warmline.database.sealing import Seal
from warmline.languages import FIRST
from warmline.operations.metrics import Metrics, RingResult
from warmline.promise.promise import offered_languages
from warmline.prompts import Prompts
from warmline.prompts.own_words_store import Worded
from warmline.routing.odds import Odds
from warmline.telephony.facts import Facts
from warmline.telephony.words import Next, Say, Step, Words

Callback = Callable[[Any, Any], None]


class Leg(Protocol):
    """What a conversation's record has, whoever's leg it is."""

    @property
    def spoken(self) -> str:
        """The language in which this leg is spoken to."""

    @property
    def line_languages(self) -> str:
        """The line's languages, with commas between them."""


WordsOf = Callable[[Connection, Worded], Prompts]
"""How a line says its prompts."""
L = TypeVar("L", bound=Leg)
StepOf = Callable[["Turn", L], Words]
CallbackOf = Callable[["Turn", L], None]


def _as_it_is(_db: Connection, leg: L, _now: datetime) -> L:
    return leg


class Conversation(Generic[L]):
    """The steps of one kind of leg; `letter` opens its URLs, `find` looks its token up.

    Each step takes the record that `find` gives.

    Before a step that may write, `in_time` brings it to the clock as that now is.

    `names` are its steps by name, all of them. `own_words`: prompts are said as the line words
    or has recorded them.

    `own` names the steps and callbacks that as a rule change nothing but what `find` has locked:
    they are begun so, beside those of others, and go further only where they must (turns.py).
    """

    def __init__(
        self,
        letter: str,
        find: Callable[[Connection, str], L | None],
        names: type[StrEnum] | None = None,
        *,
        own_words: bool = False,
        own: Collection[str] = (),
        in_time: Callable[[Connection, L, datetime], L] = _as_it_is,
    ) -> None:
        self.letter: Final = letter
        self.names: Final = names
        self.find: Final[Callable[[Connection, str], L | None]] = find
        self.own_words: Final = own_words
        self.own: Final = frozenset(own)
        self.in_time: Final[Callable[[Connection, L, datetime], L]] = in_time
        self.steps: Final[dict[str, Step]] = {}
        self.callbacks: Final[dict[str, Callback]] = {}
        self.only_reads: Final[set[str]] = set()
        if names is not None:
            _homes[names] = self

    def step(self, function: StepOf[L]) -> StepOf[L]:
        """Enter a function as a step of this conversation, under its own name."""
        if function.__name__ in self.steps:
            raise ValueError(f"two steps are called {function.__name__}")
        self.steps[function.__name__] = function
        _homes[function] = self
        return function

    def callback(self, function: CallbackOf[L]) -> CallbackOf[L]:
        """Enter a function that is told something and answers nothing."""
        self.callbacks[function.__name__] = function
        _homes[function] = self
        return function

    def reading(self, function: StepOf[L]) -> StepOf[L]:
        """Enter a step that changes nothing, so that it waits for no write lock."""
        self.only_reads.add(function.__name__)
        return self.step(function)

    def misnamed(self) -> set[str]:
        """Steps without a name, and names without a step; none, once every story is loaded."""
        return set(self.steps) ^ set(self.names or self.steps)

    def step_at(self, path: str) -> Step | None:
        """The step of this conversation that a path of `path_to` leads to."""
        return self.steps.get(path.rpartition("/")[2])


AnyConversation = Conversation[Any]
"""One of the conversations, whatever its record is: steps are asked for by name."""
_homes: Final[dict[Step | Callback | type[StrEnum], AnyConversation]] = {}


def path_to(step: Next | Callback, token: str) -> str:
    """The path at which the network asks for `step` of the leg with this token."""
    if isinstance(step, StrEnum):
        return f"/{_homes[type(step)].letter}/{token}/{step}"
    return f"/{_homes[step].letter}/{token}/{step.__name__}"


def step_of(step: Next) -> Step:
    """The function of a step, for whoever plays it without a network."""
    return _homes[type(step)].steps[step] if isinstance(step, StrEnum) else step


@dataclass(slots=True, kw_only=True)
class Turn(Facts):
    """One request: what the network says, when it came (UTC), its transaction, how to speak."""

    now: datetime
    db: Connection
    prompts: Prompts
    odds: Odds
    seal: Seal
    language: str = FIRST
    token: str = ""
    counted: list[Callable[[Metrics], None]] = field(default_factory=list)
    """What this turn adds to the metrics, once it is committed."""
    words_of: WordsOf | None = None
    _offered: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def offered(self, line_id: int) -> tuple[str, ...]:
        """The languages that a line offers, the callers' first; read once a turn."""
        if line_id not in self._offered:
            self._offered[line_id] = offered_languages(self.db, line_id)
        return self._offered[line_id]

    def promise_is_new(self) -> None:
        """A promise has come into force in this turn: languages are read anew."""
        self._offered.clear()

    def say(self, key: str, /, **values: object) -> Say:
        """A prompt in the language of this leg."""
        return self.say_in(self.language, key, **values)

    def say_in(self, language: str, key: str, /, **values: object) -> Say:
        """A prompt in another language than this leg's."""
        text = self.prompts.text(language, key, **values)
        return Say(text, language, self.prompts.sound(language, key))

    def in_words_of(self, line: Worded) -> None:
        """From here on prompts are said as this line says them."""
        if self.words_of is not None:
            self.prompts = self.words_of(self.db, line)

    def speak(self, text: str) -> Say:
        """Words that are no prompt: the promise, in the language of this leg."""
        return Say(text, self.language)

    def count(self, what: Callable[[Metrics], None]) -> None:
        """Count something of no one in particular, if this turn commits."""
        self.counted.append(what)

    def count_ring(self, result: RingResult) -> None:
        """Count how a ring came out, if this turn commits."""
        self.counted.append(lambda metrics: metrics.ring(result))
