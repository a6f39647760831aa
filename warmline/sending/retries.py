"""When an effect that was not done is tried again, and when it has lost its sense; pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from warmline.models.outbox import EffectKind
from warmline.outbox import outbox
from warmline.sending import talk_texts

LONGEST_PAUSE: Final = timedelta(seconds=30)
FOR_ROOM: Final = timedelta(seconds=2)
"""The pause before a ring is tried again for which the account had no room: another one of the
search ends within seconds, and this one rings in its stead."""
OVER_SOON: Final[Mapping[EffectKind, timedelta]] = {
    outbox.MOVE: timedelta(minutes=2),
    outbox.HANG_UP: timedelta(minutes=2),
    outbox.TALK: timedelta(seconds=talk_texts.VALID[talk_texts.CALLER]),
}
"""What the provider has not taken for so long has lost its sense. (A ring is ended when it has; a
text to somebody of the roster says itself for how long it is of use.)"""
ERASURES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (2, 10, 60, 6 * 60, *([24 * 60] * 15))
)
"""The pauses after an erasure that came too early: the provider may need fifteen days."""


def certainly_not_done(
    kind: EffectKind, made_at: datetime, tries: int, now: datetime, *, no_room: bool = False
) -> datetime | None:
    """When to try once more what was certainly not done (UTC); None when it has lost its sense.

    `no_room`: because the account had as many calls under way as it may have.
    """
    if now - made_at > OVER_SOON.get(kind, timedelta.max):
        return None
    if no_room:
        return now + FOR_ROOM
    return now + min(LONGEST_PAUSE, timedelta(seconds=2 ** min(tries - 1, 9)))


def not_erased_yet(tries: int, now: datetime) -> datetime | None:
    """When to ask again for an erasure (UTC); None when the provider will not do it."""
    return now + ERASURES[tries - 1] if tries <= len(ERASURES) else None
