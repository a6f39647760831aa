"""What can go wrong on the way, switchable while the exchange runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from warmline.simulator.webhooks.courier import Loss

Countdown = Literal["creates_lost", "creates_never", "requests_refused", "answers_lost"]


def _everything(_: Mapping[str, str]) -> bool:
    return True


@dataclass
class Faults:
    """Every fault is off until a test switches it on.

    `callbacks_late` and `callbacks_out_of_order` are virtual seconds: all callbacks, or every
    other one of a call, are held back so long. `callbacks_affected` says, from a callback's
    fields, which ones these faults touch. `create_slow` is in seconds of the wall, for time-outs
    of the service are real. The next so many, counted down: of `creates_lost` are done but never
    answered, of `creates_never` neither made nor answered, of `requests_refused` answered 429; of
    `answers_lost`, to webhooks, are lost. `webhooks_twice` asks for every document twice with one
    idempotency token, the first answer being lost. `erasure_too_early` is how many virtual seconds
    after its end a record still refuses to be deleted (20009). `opted_out` are numbers whose
    owners have said STOP to the network: texts to them are refused (21610). `texts_refused` and
    `texts_lost` are codes by number: with which a text there is refused, or taken and then not
    delivered.
    `calls_at_once` is how many calls the account may have under way, ringing ones among them:
    with so many, another is not created (10004). `fallback_once`: the fallback of a call is turned
    to for its first refused document only; the provider promises neither that nor more.

    The last are no faults but words of which nothing is promised: what the result of a room
    (`DialCallStatus`) is called when it ends or is left by `*`, and when a move breaks it off;
    and that of the queue (`QueueResult`) when a move does.
    """

    callbacks_twice: bool = False
    callbacks_never: bool = False
    callbacks_late: float = 0.0
    callbacks_out_of_order: float = 0.0
    callbacks_affected: Callable[[Mapping[str, str]], bool] = _everything
    create_slow: float = 0.0
    creates_lost: int = 0
    creates_never: int = 0
    requests_refused: int = 0
    answers_lost: int = 0
    webhooks_twice: bool = False
    erasure_too_early: float = 0.0
    opted_out: set[str] = field(default_factory=set)
    texts_refused: dict[str, int] = field(default_factory=dict)
    texts_lost: dict[str, int] = field(default_factory=dict)
    calls_at_once: int | None = None
    fallback_once: bool = False
    room_ended_says: str = "answered"
    room_moved_says: str = "completed"
    queue_moved_says: str = "redirected"

    def losing(self) -> Loss:
        """Which answer to the next webhook is lost."""
        if self.webhooks_twice:
            return "first"
        return "answer" if self.strikes("answers_lost") else ""

    def strikes(self, countdown: Countdown) -> bool:
        """Whether this fault happens now; counts one off when it does."""
        left = getattr(self, countdown)
        if left:
            setattr(self, countdown, left - 1)
        return bool(left)
