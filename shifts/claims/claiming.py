"""What all claims have in common: look at the shift, change it in one write, look again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from shifts.claims.findings import Finding
from shifts.history.history import Change, ChangedMeanwhile, Pair, write
from shifts.history.whole_shift import WholeShift, whole_shift, written_id
from shifts.local_time import Span
from shifts.models import ASKED, PlaceState
from shifts.places import freed, within
from shifts.refusals import Begun, NothingAsked, NotYours, Over, SomebodyElseHasIt

TRIES = 5
"""How often a claim looks again when somebody else changes its places at the same moment."""
COME_ON = "That shift has begun; text IN to come on now."

Given = ParamSpec("Given")
Told = TypeVar("Told")


@dataclass(frozen=True)
class Claimed:
    """What a claim was about: half-open [starts_at, ends_at), UTC; of peers, or of duty.

    `place_id` is its first place; `findings` are what may be said to it, and do not forbid it.
    """

    place_id: int
    starts_at: datetime
    ends_at: datetime
    duty: bool
    findings: tuple[Finding, ...] = ()


def settled(
    claim: Callable[Concatenate[Connection, Given], Told],
) -> Callable[Concatenate[Connection, Given], Told]:
    """A claim that looks again when a place was changed between its look and its UPDATE.

    The conditional UPDATE decides; looking again gives the refusal that is true by then. Whatever
    is refused has changed nothing.
    """

    @wraps(claim)
    def looking_again(connection: Connection, /, *given: Given.args, **named: Given.kwargs) -> Told:
        left = TRIES
        while True:
            left -= 1
            try:
                with connection.begin_nested():
                    return claim(connection, *given, **named)
            except ChangedMeanwhile:
                if not left:
                    raise

    return looking_again


def theirs(
    connection: Connection, line_id: int, person_id: int, place_id: int, now: datetime
) -> WholeShift:
    """The shift of a place that is this person's, asked or agreed, and not over.

    Raises NoSuchPlace, StillADraft, NotYours, SomebodyElseHasIt or Over.
    """
    shift = whole_shift(connection, line_id, place_id)
    if shift.first.person_id is None:
        raise NotYours("That shift is nobody's; TAKE it if you would like it.")
    if shift.first.person_id != person_id:
        raise SomebodyElseHasIt("Somebody else has that shift.")
    if shift.span[1] <= now:
        raise Over("That shift is over.")
    return shift


def asked(
    connection: Connection, line_id: int, person_id: int, place_id: int, now: datetime
) -> WholeShift:
    """The shift of a place that waits for this person's yes or no; raises as `theirs`.

    Also NothingAsked and Begun.
    """
    shift = theirs(connection, line_id, person_id, place_id, now)
    if shift.first.state != ASKED:
        raise NothingAsked("You have said yes to that shift; DROP gives it up.")
    refuse_begun(shift.span, now, COME_ON)
    return shift


def refuse_begun(span: Span, now: datetime, instead: str) -> None:
    """Raises Begun (with what can be done instead) from the first instant on, Over at the end."""
    if span[1] <= now:
        raise Over("That shift is over.")
    if span[0] <= now:
        raise Begun(instead)


def hold(
    connection: Connection, change: Change, shift: WholeShift, span: Span, state: PlaceState
) -> Claimed:
    """The part of a shift in `span` is in a state, and of whoever makes the change."""
    pairs = shift.changed(span, lambda row: replace(row, person_id=change.by_id, state=state))
    write(connection, change, pairs)
    return _claimed(connection, pairs, span)


def give_up(
    connection: Connection, kind: str, person_id: int, shifts: Sequence[WholeShift], now: datetime
) -> list[Claimed]:
    """Shifts of one person are open, from now on; in one change, forgotten when one begins."""
    if not shifts:
        return []
    spans = [(max(shift.span[0], now), shift.span[1]) for shift in shifts]
    begins = min(begin for begin, _ in spans)
    change = Change(shifts[0].first.line_id, kind, person_id, now, forget_at=begins)
    pairs = [shift.changed(span, freed) for shift, span in zip(shifts, spans, strict=True)]
    write(connection, change, [pair for of_one in pairs for pair in of_one])
    return [_claimed(connection, *one) for one in zip(pairs, spans, strict=True)]


def _claimed(connection: Connection, pairs: Sequence[Pair], span: Span) -> Claimed:
    changed = (pair.after for pair in pairs if pair.after and within(pair.after, *span))
    first = min(changed, key=lambda row: row.starts_at)
    return Claimed(written_id(connection, first), *span, first.duty)
