"""Who waits and who is on shift: what the search for a peer knows of them; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from warmline.routing.not_rung import NotRung, away

MOST_RINGS: Final = 2
"""Rings per peer and caller, until the caller asks us to keep looking."""
END_OF_SHIFT: Final = timedelta(seconds=20)
"""No ring starts so shortly before the end of a shift, unless the peer's next one adjoins it."""

AFTER_A_TEXT: Final = timedelta(minutes=2)
"""Nobody in a talk by text is rung so soon after a text either way."""

Tier = tuple[bool, bool, bool, bool]
"""(wishes to be rung last, is in a talk by text, is resting, does not speak the language): the
lower is rung out before the next begins."""
LAST_TIER: Final[Tier] = (True, True, True, True)
IDLE: Final[Mapping[int, float]] = {1: 2.0, 0: 1.0, -1: 0.5}
"""Who wishes to be rung more often counts as idle for twice as long, less often for half."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What the search for one caller has done with one peer."""

    rings: int = 0
    passed: bool = False

    @property
    def spent(self) -> bool:
        """No ring for this caller is left for this peer."""
        return self.passed or self.rings >= MOST_RINGS


UNTRIED: Final = Tries()
NO_TRIES: Final[Mapping[int, Tries]] = {}


class Waiting(NamedTuple):
    """A caller who may be won by a peer. `tries` is by person id; `since` is a UTC instant.

    `bound_to` is the peer whose phone left their talk and who is rung back before anybody
    else; `volunteer_id` is the caller's own person id if they are somebody of the roster.
    """

    call_id: int
    language: str
    since: datetime
    first_in_line: bool = False
    bound_to: int | None = None
    volunteer_id: int | None = None
    tries: Mapping[int, Tries] = NO_TRIES

    def tried(self, person_id: int) -> Tries:
        """What was done with this peer for this caller so far."""
        return self.tries.get(person_id, UNTRIED)

    def may_have(self, person_id: int) -> bool:
        """Whether this peer may be rung for this caller (again)."""
        return person_id != self.volunteer_id and not self.tried(person_id).spent


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody on shift; `until` follows adjoining shifts. All instants are UTC.

    `talking` is also true while they call the line themselves. `owed_to` is the call whose
    talk they have left and nobody has taken since: no ring for any other. `texted_at` is when
    something was last written in the talk by text in which they are. `rung_last` and `often`
    (1 more, -1 less) are their own wishes.
    """

    person_id: int
    languages: Collection[str]
    idle_since: datetime
    until: datetime
    talking: bool = False
    owed_to: int | None = None
    resting_until: datetime | None = None
    breather_until: datetime | None = None
    paused_until: datetime | None = None
    texted_at: datetime | None = None
    rung_last: bool = False
    often: int = 0

    def standing(self, now: datetime) -> tuple[float, int]:
        """Where they stand among equals: the longest idle first, as often as they wish."""
        idle = (now - self.idle_since).total_seconds()
        return -idle * IDLE[self.often], self.person_id

    def is_free(self, now: datetime) -> bool:
        """May be rung at all: not talking, paused, in a breather or about to go off.

        Who talks by text may be rung once it is quiet there.
        """
        return self.not_rung(now) is None

    def not_rung(self, now: datetime) -> NotRung | None:
        """Why they may not be rung at all; None: they may."""
        if self.talking:
            return NotRung("talking")
        if (resting := away(self.paused_until, self.breather_until, now)) is not None:
            return resting
        if self.texted_at is not None and now - self.texted_at < AFTER_A_TEXT:
            return NotRung("writing", self.texted_at + AFTER_A_TEXT)
        return NotRung("going off", self.until) if self.until - now < END_OF_SHIFT else None

    def is_in_breather(self, now: datetime) -> bool:
        """Rests from a talk."""
        return _is_ahead(self.breather_until, now)

    def comes_free_by(self, instant: datetime, now: datetime) -> bool:
        """Free now, or by then, when a breather or a pause has ended and the shift has not."""
        ends = [until for until in (self.breather_until, self.paused_until) if until is not None]
        at = max([now, *ends])
        return at <= max(now, instant) and not self.talking and self.until - at >= END_OF_SHIFT

    def is_resting(self, now: datetime) -> bool:
        """Missed a ring lately; rung earlier only when nobody else is left."""
        return _is_ahead(self.resting_until, now)

    def may_be_rung_for(self, caller: Waiting) -> bool:
        """Whether a ring for this caller is left for them, and no other caller comes first."""
        return caller.may_have(self.person_id) and self.owed_to in (None, caller.call_id)

    def tier(self, language: str, now: datetime) -> Tier:
        """Where they stand among those who may be rung for a caller with this language."""
        texts = self.texted_at is not None
        return self.rung_last, texts, self.is_resting(now), language not in self.languages


def _is_ahead(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


@dataclass(frozen=True, slots=True)
class LiveRing:
    """A phone that rings, or is about to. `early`: it was picked up as a voicemail would."""

    ring_id: int
    person_id: int
    call_id: int | None
    language: str
    bound: bool = False
    early: bool = False
    ending: bool = False
    answered: bool = False


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Callers as they are served: a returning dropped caller before all, then the longest wait."""
    return sorted(waiting, key=lambda one: (not one.first_in_line, one.since, one.call_id))
