"""What went without the database is made good once it is back: nothing of it is left behind."""

from collections.abc import Collection

from warmline.calls import calls
from warmline.conversations.both_sides import parting
from warmline.conversations.volunteer import leg
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn


def make_good(
    turn: Turn,
    provider_ids: Collection[str],
    connected: Collection[str],
    rings: Collection[str],
    over: Collection[str],
) -> None:
    """Calls that went on without it are over here; peers whom they held are free again.

    Ids are the provider's, of calls and of rings; each record there is erased once it has ended.
    Of the calls, those `connected` were answered; legs that are `over` are closed as if we had
    been told just now.
    """
    line = next(iter(calls.all_lines(turn.db)), None)
    if line is None:
        return
    for provider_id in provider_ids:
        call = calls.by_provider_id(turn.db, provider_id)
        if call is None:
            continue
        if provider_id in connected and call.talking_since is None:
            calls.change(turn.db, call.id, talking_since=turn.now)
        parting.caller_gone(turn, call)
    for provider_id in over:
        _close(turn, provider_id)
    outbox.erase(turn.db, line.line_id, [*provider_ids, *rings], turn.now)


def _close(turn: Turn, provider_id: str) -> None:
    call = calls.by_provider_id(turn.db, provider_id)
    if call is not None:
        parting.caller_gone(turn, call)
    ring = calls.ring_by_provider_id(turn.db, provider_id)
    if ring is not None:
        leg.leg_is_over(turn, ring)
