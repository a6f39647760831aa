"""What happened on the network, for readable failures and for the demo's page."""

from collections import deque
from collections.abc import Callable

from warmline.simulator.webhooks.clock import VirtualClock

Event = dict[str, object]
Listener = Callable[[Event], None]

MOST_REMEMBERED = 20_000
KEPT_FROM_LISTENERS = ("path",)


class Journal:
    """Who did what at which virtual second. Listeners get plain dicts, without our URLs."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._events: deque[Event] = deque(maxlen=MOST_REMEMBERED)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """From now on call `listener` with each event, on whatever thread it happens."""
        self._listeners.append(listener)

    def note(self, who: str, what: str, **facts: object) -> None:
        """Remember that `who` (a phone's name, "network" or "service") did `what`."""
        moment: Event = {"at": self._clock.now().isoformat(), "seconds": self._clock.seconds}
        event = {**moment, "who": who, "what": what, **facts}
        self._events.append(event)
        shown = {key: value for key, value in event.items() if key not in KEPT_FROM_LISTENERS}
        for listener in self._listeners:
            listener(dict(shown))

    def story(self) -> str:
        """Everything that happened, a line each, readable in a test's failure."""
        return "\n".join(_line(event) for event in self._events)


def _line(event: Event) -> str:
    facts = [f"{event[key]}" for key in event if key not in ("at", "seconds", "who", "what")]
    return f"{event['seconds']:9.2f}  {event['who']!s:<14} {event['what']} {' · '.join(facts)}"
