"""Rooms where legs talk with each other, and queues where they wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warmline.simulator.webhooks.documents import Target
from warmline.simulator.webhooks.strand import News

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg
    from warmline.simulator.network.switchboard import Switchboard

QUEUE_SIZE = 1000


@dataclass(frozen=True)
class Seat:
    """How a leg sits in a room."""

    starts: bool = True
    ends: bool = False
    beep: bool = False


BRIDGED = Seat(starts=True, ends=True)


class Room:
    """A conference, or the bridge between a queue's front and whoever dialled the queue.

    It starts when two are in it and one of them starts it; it ends when one whose seat ends it
    leaves, or the last does. Its name is free again as soon as it has ended.
    """

    def __init__(self, board: "Switchboard", name: str, sid: str) -> None:
        self.name = name
        self.sid = sid
        self.started = False
        self.ended = False
        self._board = board
        self._seats: dict[Leg, Seat] = {}

    @property
    def legs(self) -> list["Leg"]:
        """Who is in it, in the order of joining."""
        return list(self._seats)

    def others(self, leg: "Leg") -> list["Leg"]:
        """With whom this leg talks right now."""
        if not self.started or self.ended:
            return []
        return [other for other in self._seats if other is not leg]

    def join(self, leg: "Leg", seat: Seat) -> None:
        """Takes the seat; starts the room when it is the second and somebody starts it."""
        self._seats[leg] = seat
        leg.room = self
        leg.note("joins the room", room=self.name)
        if not self.started and self._may_start():
            self._start()
        self._meet()
        if seat.beep:
            for other in self.legs:
                other.hear("(beep)", 0.0)

    def leave(self, leg: "Leg") -> None:
        """Gives up the seat, which may end the room."""
        seat = self._seats.pop(leg, None)
        if seat is None:
            return
        leg.room = None
        leg.note("leaves the room", room=self.name)
        if seat.ends or not self._seats:
            self.end()

    def end(self) -> None:
        """Everybody still in it is told; they leave by themselves."""
        if self.ended:
            return
        self.ended = True
        self._board.forget_room(self)
        for other in self.legs:
            self._board.clock.after(0, _teller(other, News("ended", self)))

    def _meet(self) -> None:
        for leg in self.legs:
            if leg.phone is not None and not leg.in_mailbox:
                leg.phone.has_talked_with |= {other.name for other in self.others(leg)}

    def _may_start(self) -> bool:
        return len(self._seats) > 1 and any(seat.starts for seat in self._seats.values())

    def _start(self) -> None:
        self.started = True
        self._board.journal.note("network", "room starts", room=self.name)
        for leg in self.legs:
            leg.stop_waiting()


def _teller(leg: "Leg", news: News) -> Callable[[], None]:
    return lambda: leg.tell(news)


class Place:
    """A leg's place in a queue, or the turn of a leg that has dialled an empty queue."""

    def __init__(self, leg: "Leg", since: float, whisper: Target | None = None) -> None:
        self.leg = leg
        self.since = since
        self.whisper = whisper
        self.bridge: Room | None = None

    def bridge_with(self, bridge: Room) -> None:
        """The other side is there: the leg is told."""
        self.bridge = bridge
        self.leg.board.clock.after(0, _teller(self.leg, News("bridge", self)))


class Queue:
    """Legs in the order they came, and legs that dialled it and wait for somebody."""

    def __init__(self, board: "Switchboard", name: str, sid: str) -> None:
        self.name = name
        self.sid = sid
        self._board = board
        self._places: list[Place] = []
        self._takers: list[Place] = []

    def add(self, leg: "Leg") -> Place:
        """A new place at the end; if somebody waits for one, they are bridged."""
        place = Place(leg, self._board.clock.seconds)
        self._places.append(place)
        leg.note("waits in the queue", queue=self.name)
        self._match()
        return place

    def take(self, leg: "Leg", whisper: Target | None) -> Place:
        """A taker's turn: bridged with the front place as soon as there is one.

        Whoever is at the front hears the document at `whisper` before.
        """
        taker = Place(leg, self._board.clock.seconds, whisper)
        self._takers.append(taker)
        self._match()
        return taker

    def leave(self, place: Place) -> None:
        """Gives up a place or a turn."""
        for line in (self._places, self._takers):
            if place in line:
                line.remove(place)

    def position(self, place: Place) -> int:
        """1 = the front; 0 = no longer here."""
        return self._places.index(place) + 1 if place in self._places else 0

    def size(self) -> int:
        """How many wait."""
        return len(self._places)

    def _match(self) -> None:
        while self._places and self._takers:
            place, taker = self._places.pop(0), self._takers.pop(0)
            bridge = self._board.bridge(f"bridge from {self.name}")
            place.whisper = taker.whisper
            place.bridge_with(bridge)
            taker.bridge_with(bridge)
