"""What stands in the way of undoing a pattern's change: it has gone on by its new rule since."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from shifts.history.related_rows import RelatedRow
from shifts.models import Place
from shifts.planning_models import HiddenPlace, Pattern
from shifts.refusals import PatternWentOn


def refuse_gone_on(connection: Connection, besides: Iterable[RelatedRow]) -> None:
    """Raises PatternWentOn when a pattern has made places since its change: they would be left."""
    for row in (one.row for one in besides if one.was and one.table == Pattern.__tablename__):
        if row["made_until"] and _has_made(connection, row["id"], row["made_until"]):
            raise PatternWentOn(
                "That pattern has made more shifts by its new rule since;"
                " change the rule back, or add the pattern again if it has ended."
            )


def _has_made(connection: Connection, pattern_id: int, since: datetime) -> bool:
    """By their origins: a place that was made before may have been moved to any time."""
    first = f"p{pattern_id}:{since + timedelta(minutes=1, microseconds=-1):%Y%m%dT%H%MZ}"
    places = select(Place.id).where(Place.pattern_id == pattern_id, Place.origin >= first)
    hidden = select(HiddenPlace.id).where(
        HiddenPlace.pattern_id == pattern_id, HiddenPlace.origin >= first
    )
    return any(connection.scalar(one.limit(1)) is not None for one in (places, hidden))
