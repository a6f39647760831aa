"""Calls in and calls out: the provider's queue of one call a second, ringing, no answer."""

from collections import deque
from typing import TYPE_CHECKING

from warmline.simulator.legs.leg import Callback, Leg, Wishes
from warmline.simulator.network.callbacks import call_changed
from warmline.simulator.webhooks.documents import Target

if TYPE_CHECKING:
    from warmline.simulator.network.switchboard import OurNumber, Switchboard

WITHHELD = "+266696687"  # number: what the provider shows for withheld ones (TELEPHONY 1.1)
DIALLING_SECONDS = 0.5


def call_in(board: "Switchboard", caller: str, called: str, withheld: bool) -> Leg:
    """A new call to one of our numbers; ValueError when the number is not ours."""
    number = board.numbers.get(called)
    if number is None:
        raise ValueError(f"{called} is not a number of this account")
    ends = (WITHHELD if withheld else caller, called)
    leg = Leg(board, "inbound", ends, _voice_target(number), _wishes(number))
    leg.started_at = board.clock.seconds
    board.records.calls[leg.sid] = leg
    return leg


def _voice_target(number: "OurNumber") -> Target | None:
    return Target(number.voice_url, number.voice_method) if number.voice_url else None


def _wishes(number: "OurNumber") -> Wishes:
    callback = fallback = None
    if number.status_callback:
        callback = Callback(number.status_callback, number.status_callback_method)
    if number.voice_fallback_url:
        fallback = Target(number.voice_fallback_url, number.voice_fallback_method)
    return Wishes(callback, fallback)


class Trunk:
    """Places calls, so many a second for the account; what is more waits in order."""

    def __init__(self, board: "Switchboard", calls_per_second: float) -> None:
        self._board = board
        self._gap = 1 / calls_per_second
        self._queued: deque[Leg] = deque()
        self._free_at = 0.0
        self._armed = False

    def call_out(self, ends: tuple[str, str], first: Target, wishes: Wishes) -> Leg:
        """A new queued call from our number to another; it is dialled when its turn has come."""
        leg = Leg(self._board, "outbound-api", ends, first, wishes)
        wait = max(0.0, self._free_at - self._board.clock.seconds)
        leg.queue_seconds = wait + self._gap * self._still_queued()
        self._board.records.calls[leg.sid] = leg
        self._queued.append(leg)
        self._arm()
        return leg

    def _still_queued(self) -> int:
        return sum(not leg.ended for leg in self._queued)

    def _arm(self) -> None:
        if not self._armed and self._queued:
            self._armed = True
            self._board.clock.at(max(self._free_at, self._board.clock.seconds), self._next)

    def _next(self) -> None:
        self._armed = False
        while self._queued:
            leg = self._queued.popleft()
            if not leg.ended:
                self._free_at = self._board.clock.seconds + self._gap
                self._dial(leg)
                break
        self._arm()

    def _dial(self, leg: Leg) -> None:
        leg.status = "initiated"
        leg.started_at = self._board.clock.seconds
        call_changed(leg, "initiated")
        self._board.clock.after(DIALLING_SECONDS, lambda: self._reach(leg))

    def _reach(self, leg: Leg) -> None:
        if leg.ended:
            return
        phone = self._board.phones.get(leg.to_number)
        if phone is None:
            leg.hang_up("failed")
        elif not phone.ring(leg):
            leg.hang_up("busy")
        else:
            leg.ring()
            self._board.clock.after(leg.wishes.ring_seconds, lambda: _give_up(leg))


def _give_up(leg: Leg) -> None:
    if leg.status == "ringing":
        leg.hang_up("no-answer")
