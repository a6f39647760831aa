"""What a backup keeps, table by table, and what is short-lived; every table is named here once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, ColumnElement, Executable, Table, Text, select, type_coerce

import warmline.models  # noqa: F401 - fills the metadata
from shifts.models import Base
from warmline.database.sealed_columns import Sealed
from warmline.models.texts import OneTimeMark

KEPT: Final = frozenset(
    (
        *(
            "line",
            "line_rules",
            "line_about",
            "retention_rules",
            "third_person_rules",
            "boundary_rules",
        ),
        "number_since",
        *("promise", "proposal", "proposed_retention", "vote", "book_entry"),
        *("opening_hours", "opening_exception", "number_wanted", "other_place", "day_note"),
        *("own_words", "recording"),
        *(
            "person",
            "volunteer",
            "imported_tag",
            "shared_word",
            "pause_by_others",
            "feedback_reader",
        ),
        *("desk_role", "passkey", "recovery_code", "pin", "feed"),
        *("place", "away", "shift_by_others", "pattern", "pattern_yes", "roster_template", "swap"),
        *("dated_change", "hidden_place", "removed_place", "roster_change", "desk_step"),
        *("date_poll", "date_poll_day", "date_poll_person", "date_poll_choice"),
        *("list_number", "one_time_mark", "erased"),
        *("note", "note_tally", "feedback", "hours_given", "self_check"),
        *("day_count", "change_count"),
    )
)
"""What a line would miss: its settings and promise, people, roster, words, and its numbers."""
OF_AN_EVENING: Final[Mapping[str, frozenset[str]]] = {
    "volunteer": frozenset(
        ("idle_since", "resting_until", "breather_until", "missed", "cover_asked_at")
    )
}
"""Columns of what is kept that tell of one evening: they are left out, and begin anew."""
SAID_A_MOMENT_AGO: Final = timedelta(hours=1)
"""What was said once and may be said again so soon is left out: it may tell when somebody wrote."""


def tables() -> Sequence[Table]:
    """What is kept, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name in KEPT]


def columns(table: Table) -> Sequence[Column[object]]:
    """The columns that are kept of a table."""
    left_out = OF_AN_EVENING.get(table.name, frozenset())
    return [column for column in table.columns if column.name not in left_out]


def rows(table: Table, now: datetime) -> Executable:
    """What is kept of a table at `now` (UTC). Numbers that lie sealed stay sealed."""
    found = select(*(_as_it_lies(column) for column in columns(table)))
    if table.name == OneTimeMark.__tablename__:
        found = found.where(table.c.until > now + SAID_A_MOMENT_AGO)
    return found.order_by(*table.primary_key.columns)


def _as_it_lies(column: Column[object]) -> ColumnElement[object]:
    return type_coerce(column, Text) if isinstance(column.type, Sealed) else column
