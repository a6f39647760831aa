"""One shift made two; it can be undone."""

from dataclasses import replace
from datetime import datetime
from itertools import chain, repeat

from sqlalchemy import Connection

from shifts.editing.editing import shift_at
from shifts.faults import Fault
from shifts.history.history import Change, pairs_of, write
from shifts.overrides.override_rows import in_words
from shifts.who_is_on import LONGEST_PLACE, pieces


class SplitOutside(Fault):
    """A place can be split only where both parts last."""


def split(
    connection: Connection,
    line_id: int,
    place_id: int,
    at: datetime,
    *,
    by_id: int | None,
    now: datetime,
) -> int:
    """Two shifts of one, the second from `at` (UTC) on; the id of the change.

    Both keep person, state, pattern and origin; one of more than 25 hours is split as the one
    that it is shown as. Raises NoSuchPlace, SplitOutside or ChangedMeanwhile.
    """
    shift = shift_at(connection, line_id, place_id)
    starts_at, ends_at = shift.span
    if not starts_at < at < ends_at:
        starts, ends = (in_words(connection, line_id, one) for one in shift.span)
        raise SplitOutside(f"That shift is from {starts} to {ends}; split it between the two.")
    if not (at - starts_at) % LONGEST_PLACE:
        # After exactly so long the two would be shown as one again (see place_listing.joined).
        raise SplitOutside(
            "A shift cannot be split exactly 25 hours after it begins; choose a minute beside that."
        )
    spans = [*pieces(starts_at, at), *pieces(at, ends_at)]
    # What is one place more is new.
    named = chain(((piece.id, piece.version) for piece in shift.pieces), repeat((None, 1)))
    after = [
        replace(shift.first, starts_at=begin, ends_at=end, id=number, version=version)
        for (begin, end), (number, version) in zip(spans, named, strict=False)
    ]
    pairs = pairs_of(shift.pieces, after)
    return write(connection, Change(line_id, "split", by_id, now), pairs)
