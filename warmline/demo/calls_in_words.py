"""What the line is doing about calls, in plain words, from rows of its database; pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from warmline.calls import calls, records

CALLER_IS: Final[Mapping[str, str]] = {
    calls.HELLO: "Hearing the first words",
    calls.PROMISE: "Hearing the promise",
    calls.WAITING: "In the queue",
    calls.ASKED: "Asked what they would like",
    calls.CLAIMED: "Someone's coming",
    calls.JOINING: "Someone's coming",
    calls.TALKING: "In the room",
    calls.PEER_AWAY: "The peer is away for a moment",
    calls.CALLER_AWAY: "Choosing",
    calls.PARTED: "Cut off from the peer",
    calls.GOODBYE: "Hearing goodbye",
}
"""How it stands with somebody who calls, by the state of their call."""
LINE_DOES: Final[Mapping[str, str]] = {
    calls.HELLO: "Somebody calls, and the line greets them",
    calls.PROMISE: "The promise is being said",
    calls.WAITING: "A caller waits in the queue",
    calls.ASKED: "The line asks the caller what they would like",
    calls.CLAIMED: "Somebody has taken the call",
    calls.JOINING: "A peer is there, and the caller is on the way",
    calls.TALKING: "A caller and a peer are talking. The line hears nothing",
    calls.PEER_AWAY: "The peer is away for a moment; the caller is told so",
    calls.CALLER_AWAY: "The caller has pressed * and chooses; the peer waits",
    calls.PARTED: "The peer's phone has left the call; the caller is told so",
    calls.GOODBYE: "The line says goodbye",
}
LOOKING: Final = (calls.PROMISE, calls.WAITING)


class LiveCall(NamedTuple):
    """What is told of a call: who calls (None: not a volunteer), and their word on what is kept."""

    state: records.CallState
    volunteer_id: int | None
    consent: str | None


def now_sentences(live: Sequence[LiveCall], ringing: int, free: Sequence[str]) -> list[str]:
    """What the line does, a sentence for each live call.

    `ringing` counts phones, `free` are the names of those who could be rung.
    """
    if not live:
        return ["Nobody is calling.", _who_is_there(free)]
    told = [_sentence(call) for call in live]
    looking = any(call.state in LOOKING for call in live)
    if ringing or looking:
        told[-1] = f"{told[-1][:-1]}; {_phones(ringing)}."
    return told


def _who_is_there(free: Sequence[str]) -> str:
    if not free:
        return "Nobody could be rung just now."
    names = " and ".join(filter(None, [", ".join(free[:-1]), free[-1]]))
    return f"{names} {'is' if len(free) == 1 else 'are'} there."


def _sentence(call: LiveCall) -> str:
    if call.volunteer_id is not None and call.state == calls.HELLO:
        return "A volunteer has rung the line."
    return f"{LINE_DOES[call.state]}."


def _phones(ringing: int) -> str:
    if ringing == 0:
        return "no phone rings just now"
    return "1 phone rings" if ringing == 1 else f"{ringing} phones ring"
