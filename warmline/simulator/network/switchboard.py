"""What every part of the network shares: time, the post, rooms, queues, phones and records."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from warmline.simulator.network.rooms import Queue, Room
from warmline.simulator.webhooks.clock import VirtualClock
from warmline.simulator.webhooks.courier import Answer, Webhook
from warmline.simulator.webhooks.faults import Faults
from warmline.simulator.webhooks.journal import Journal
from warmline.simulator.webhooks.sounds import Sound

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg
    from warmline.simulator.network.texts import Text
    from warmline.simulator.phone import Phone


@dataclass
class OurNumber:
    """A number of the account, and where its calls and texts are reported."""

    sid: str
    number: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"


@dataclass(frozen=True)
class Posted:
    """A webhook to be sent at this instant, and what its answer is for."""

    webhook: Webhook
    then: Callable[[Answer], None]


@dataclass
class Records:
    """What the provider keeps until it is told to delete it, by sid."""

    calls: dict[str, "Leg"] = field(default_factory=dict)
    texts: dict[str, "Text"] = field(default_factory=dict)


class Switchboard:
    """The state of the network. Whoever touches it holds `lock`; no webhook is sent under it."""

    def __init__(self, account_sid: str, auth_token: str, start: datetime) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.lock = threading.RLock()
        self.touched = threading.Event()
        self.clock = VirtualClock(start)
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.records = Records()
        self.recordings: dict[str, float] = {}
        self.sounds: dict[str, Sound] = {}
        self.room_wait_repeats = False
        self.numbers: dict[str, OurNumber] = {}
        self.phones: dict[str, Phone] = {}
        self.room_names: list[str] = []
        self.opted_out: set[tuple[str, str]] = set()
        """Our number and the phone whose owner has said STOP to it."""
        self._rooms: dict[str, Room] = {}
        self._queues: dict[str, Queue] = {}
        self._posted: list[Posted] = []

    def new_sid(self, prefix: str) -> str:
        """An identifier as the provider makes them: two letters and 32 hex digits."""
        return prefix + secrets.token_hex(16)

    def post(self, webhook: Webhook, then: Callable[[Answer], None]) -> None:
        """Send a webhook at this instant; `then` gets its answer."""
        self._posted.append(Posted(webhook, then))

    def post_after(self, seconds: float, callback: Webhook) -> None:
        """Send a callback later; its answer matters to nobody."""
        self.clock.after(seconds, lambda: self.post(callback, lambda _: None))

    def take_posted(self) -> list[Posted]:
        """What is to be sent now, in the order it was asked for."""
        posted, self._posted = self._posted, []
        return posted

    def room(self, name: str) -> Room:
        """The conference of that name; a new one unless it is going on."""
        if name not in self._rooms:
            self._rooms[name] = Room(self, name, self.new_sid("CF"))
            self.room_names.append(name)
        return self._rooms[name]

    def bridge(self, name: str) -> Room:
        """A room for two that nobody else can name."""
        return Room(self, name, self.new_sid("BR"))

    def forget_room(self, room: Room) -> None:
        """Its name may be used anew."""
        if self._rooms.get(room.name) is room:
            del self._rooms[room.name]

    def queue(self, name: str) -> Queue:
        """The queue of that name, made when first named."""
        if name not in self._queues:
            self._queues[name] = Queue(self, name, self.new_sid("QU"))
        return self._queues[name]
