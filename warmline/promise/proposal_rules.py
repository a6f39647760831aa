"""When a change that nobody makes alone takes effect: whose yes it takes, what holds it; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from warmline.promise.promise import NEVER, QUESTIONS, Promise

EVERYBODY_SEES: Final = timedelta(days=7)
ALONE: Final = timedelta(hours=72)
"""With one person on the roster, how long a change stands on the public page."""
GATHERS: Final = timedelta(days=60)
"""What has not been agreed to by then is over, so that nothing old takes effect by surprise."""
COORDINATORS: Final = 1
VOLUNTEERS: Final = 2
HOLD: Final = 3
THIRD: Final = 3


@dataclass(frozen=True)
class Roster:
    """Who has a voice, by person id: whoever said yes to rings and texts or has a role.

    `coordinators` are some of `people`; the others are the volunteers that a change needs.
    """

    people: frozenset[int]
    coordinators: frozenset[int]


@dataclass(frozen=True)
class Proposed:
    """A change as it stands: since when, who says yes and who objects (person ids).

    `protects`: it only protects callers more, see `only_protects`.
    """

    made_at: datetime
    yeses: frozenset[int]
    objections: frozenset[int]
    protects: bool = False


@dataclass(frozen=True)
class Needed:
    """Whose yes a change takes at least: so many coordinators, other volunteers, people in all."""

    coordinators: int
    volunteers: int
    people: int


class State(Enum):
    """How it stands with a change."""

    OPEN = "open"
    ENOUGH = "enough"
    HELD = "held"
    DUE = "due"
    OVER = "over"


def needed(roster: Roster) -> Needed:
    """One coordinator and two volunteers, three people, as far as the roster has them.

    A coordinator who answers calls too stands in for a volunteer only where too few are none.
    """
    volunteers = len(roster.people - roster.coordinators)
    return Needed(
        min(COORDINATORS, len(roster.coordinators)),
        min(VOLUNTEERS, volunteers),
        min(COORDINATORS + VOLUNTEERS, len(roster.people)),
    )


def is_enough(yeses: Collection[int], roster: Roster) -> bool:
    """Whether these people's yes is enough; of whoever has left the roster it does not count."""
    there = roster.people.intersection(yeses)
    lead = there & roster.coordinators
    wanted = needed(roster)
    return (
        len(lead) >= wanted.coordinators
        and len(there - lead) >= wanted.volunteers
        and len(there) >= wanted.people
    )


def holds_from(roster: Roster) -> int:
    """How many objections hold a change for a talk: three, or a third of the roster."""
    return max(1, min(HOLD, -(-len(roster.people) // THIRD)))


def is_held(objections: Collection[int], roster: Roster) -> bool:
    """Whether so many object that it waits for a talk."""
    return len(roster.people.intersection(objections)) >= holds_from(roster)


def starts_at(proposed: Proposed, roster: Roster) -> datetime:
    """Before when it does not take effect (UTC), whoever agrees.

    What only protects callers more needs the same yeses, but waits for no day: one person alone
    must not be able to put everybody else under words that they have not agreed to.
    """
    if proposed.protects:
        return proposed.made_at
    return proposed.made_at + (ALONE if len(roster.people) <= 1 else EVERYBODY_SEES)


def state(proposed: Proposed, roster: Roster, now: datetime) -> State:
    """How it stands at `now`: what is due may take effect, what is over no longer can."""
    if is_held(proposed.objections, roster):
        held_too_long = now >= proposed.made_at + GATHERS
        return State.OVER if held_too_long else State.HELD
    if is_enough(proposed.yeses, roster):
        return State.DUE if now >= starts_at(proposed, roster) else State.ENOUGH
    return State.OVER if now >= proposed.made_at + GATHERS else State.OPEN


def only_protects(before: Mapping[str, Promise], after: Mapping[str, Promise]) -> bool:
    """Whether a promise, by language, only protects callers more than the one before it.

    That is only so when in the same languages every answer is as it was or now "never", no
    exception was added or reworded, and the other places are left as they are. No other wording
    can be judged by a rule.
    """
    return before.keys() == after.keys() and all(
        _protects_no_less(before[language], after[language]) for language in before
    )


def _protects_no_less(before: Promise, after: Promise) -> bool:
    answers = all(after.answers[one] in (NEVER, before.answers[one]) for one in QUESTIONS)
    exceptions = after.exceptions in ("", before.exceptions)
    return answers and exceptions and after.other_places in (None, before.other_places)
