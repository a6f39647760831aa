"""A phone in a practice: it plays the line's eight words, as the telephone network would."""

from collections import deque
from collections.abc import Callable
from typing import Final

from warmline.practice.line_in_memory import PracticeLine
from warmline.telephony.conversation import AnyConversation, step_of
from warmline.telephony.words import (
    Ask,
    GoTo,
    HangUp,
    Hush,
    LeaveQueue,
    Meet,
    Next,
    Say,
    Wait,
    Word,
    Words,
)

MOST_STEPS: Final = 40
"""Steps that follow one another without a word, a key or a wait between them: a fault of ours."""


class WentRound(Exception):
    """The steps lead round and round."""


class Leg:
    """One phone in one call: what it is told, and what it waits for now.

    `hear` is told every sentence, `over` at the end. `at` is the Ask or the Meet it is in; in the
    queue (`queue`) there may be an Ask as well.
    """

    def __init__(
        self,
        line: PracticeLine,
        conversation: AnyConversation,
        provider_id: str,
        hear: Callable[[str], None],
        over: Callable[[], None],
    ) -> None:
        self.provider_id: Final = provider_id
        self.token = ""
        self.at: Ask | Meet | None = None
        self.queue: Wait | None = None
        self.is_over = False
        self.other: Leg | None = None
        self._line: Final = line
        self._conversation: Final = conversation
        self._hear: Final = hear
        self._over: Final = over
        self._rest: deque[Word] = deque()

    @property
    def room(self) -> str:
        """The name of the room it is in; empty when it is in none."""
        return self.at.room if isinstance(self.at, Meet) else ""

    @property
    def is_together(self) -> bool:
        """Whether the other is in the same room."""
        return bool(self.room) and self.other is not None and self.other.room == self.room

    def begin(self, words: Words, token: str) -> None:
        """The call has come in, or was picked up: these are the line's first words."""
        self.token = token
        self._play(words)

    def go(self, step: Next, **form: str) -> None:
        """Go on with a step."""
        self._play(self._step(step, form))

    def press(self, key: str) -> None:
        """A key; it is lost where nobody listens."""
        if isinstance(self.at, Ask):
            self.go(self.at.key_to, Digits=key)
        elif isinstance(self.at, Meet) and key == "*":
            self.leave_room()

    def wait(self) -> None:
        """A while passes without a key."""
        if isinstance(self.at, Ask):
            self.at = None
            self._go_on()
        elif isinstance(self.at, Meet):
            self.hear_alone()
        elif self.queue is not None:
            self.go(self.queue.meanwhile)

    def move(self, step: Next) -> None:
        """The line takes it out of whatever it is in; what that would have led to is asked too."""
        if self.queue is not None:
            self._step(self.queue.after, {"QueueResult": "redirected"})
        room, self.queue = self.at, None
        self.at = None
        if isinstance(room, Meet):
            self._step(room.after, {"DialCallStatus": "completed"})
            self._close(room)
        self.go(step)

    def leave_room(self) -> None:
        """Out of the room, by `*` or because it has ended."""
        room, self.at = self.at, None
        if isinstance(room, Meet):
            self.go(room.after, DialCallStatus="answered")
            self._close(room)

    def hang_up(self) -> None:
        """Down, by hand or by the line."""
        if self.is_over:
            return
        room, self.at, self.queue, self.is_over = self.at, None, None, True
        self._rest.clear()
        self._over()
        if isinstance(room, Meet):
            self._close(room)

    def hear_alone(self) -> None:
        """What is heard in a room in which nobody else is yet, once."""
        if not isinstance(self.at, Meet) or self.at.alone is None or self.is_together:
            return
        for word in self._step(self.at.alone, {}):
            if isinstance(word, Say):
                self._hear(word.text)

    def _close(self, room: Meet) -> None:
        """Who ends the room by leaving it sends the other on."""
        if room.ends_room and self.other is not None and self.other.room == room.room:
            self.other.leave_room()

    def _step(self, step: Next, form: dict[str, str]) -> Words:
        ours = {"CallSid": self.provider_id, "CallStatus": "in-progress"}
        return self._line.step(self._conversation, self.token, step_of(step), ours | form)

    def _play(self, words: Words) -> None:
        self.at = None
        self._rest = deque(words)
        self._go_on()

    def _go_on(self) -> None:
        """Say what there is to say, up to a key, a room, the queue or the end."""
        steps = 0
        while self._rest and not self.is_over:
            word = self._rest.popleft()
            step = self._next(word)
            if step is not None:
                steps += 1
                if steps > MOST_STEPS:
                    raise WentRound(step_of(step).__name__)
                self._rest = deque(self._step(step, self._result(word)))
            elif self.at is not None:
                return

    def _next(self, word: Word) -> Next | None:
        """Do one word; the step that follows it at once, if one does."""
        match word:
            case Say(text=text):
                self._hear(text)
            case Hush():
                pass
            case Ask(words=words):
                for one in words:
                    self._next(one)
                self.at = word
            case Meet():
                self.at = word
                self.hear_alone()
            case Wait(meanwhile=meanwhile):
                self.queue = word
                return meanwhile
            case GoTo(step=step):
                return step
            case LeaveQueue():
                left, self.queue = self.queue, None
                return left.after if left is not None else None
            case HangUp():
                self.hang_up()
        return None

    def _result(self, word: Word) -> dict[str, str]:
        return {"QueueResult": "leave"} if isinstance(word, LeaveQueue) else {}
