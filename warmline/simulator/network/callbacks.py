"""Status callbacks of a call, and what can happen to them on the way."""

from email.utils import format_datetime
from typing import TYPE_CHECKING

from warmline.simulator.webhooks.courier import Params, Webhook

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg
    from warmline.simulator.network.switchboard import Switchboard

SECOND_COPY_AFTER = 0.5


def call_changed(leg: "Leg", event: str) -> None:
    """Reports initiated, ringing, answered or completed, if that was asked for.

    Busy, no-answer, failed and canceled are reported as "completed", with that CallStatus.
    """
    callback = leg.wishes.callback
    if callback is None or not callback.url or event not in callback.events:
        return
    params = leg.params((*_progress(leg), *_duration(leg)))
    leg.callbacks_sent += 1
    held_back = leg.board.faults.callbacks_out_of_order if leg.callbacks_sent % 2 else 0.0
    deliver(leg.board, Webhook(callback.url, params, callback.method), held_back)


def deliver(board: "Switchboard", callback: Webhook, held_back: float = 0.0) -> None:
    """Sends a callback as the faults have it: once, twice, `held_back` or late, or never."""
    faults = board.faults
    affected = faults.callbacks_affected(dict(callback.params))
    if not affected:
        board.post(callback, lambda _: None)
        return
    if faults.callbacks_never:
        board.journal.note("network", "loses a callback", status=_status(callback.params))
        return
    delay = faults.callbacks_late + held_back
    copies = (0.0, SECOND_COPY_AFTER) if faults.callbacks_twice else (0.0,)
    for copy_after in copies:
        board.post_after(delay + copy_after, callback)


def _status(params: Params) -> str:
    return dict(params).get("CallStatus", "")


def _progress(leg: "Leg") -> Params:
    return (
        ("SequenceNumber", str(leg.callbacks_sent)),
        ("Timestamp", format_datetime(leg.board.clock.now())),
        ("CallbackSource", "call-progress-events"),
    )


def _duration(leg: "Leg") -> Params:
    if not leg.ended:
        return ()
    sip = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487"}
    return (
        ("CallDuration", str(leg.talk_seconds)),
        ("SipResponseCode", sip.get(leg.status, "404")),
    )
