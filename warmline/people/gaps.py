"""Who is lacking within the opening hours, of those whose own yes is held."""

from datetime import datetime

from sqlalchemy import Connection

from shifts.hours import resolver
from shifts.hours.resolver import Lack, Need
from shifts.hours.wanted import usual_numbers
from warmline.line.opening import TheLine
from warmline.people.volunteers import who_counts
from warmline.prompts import LANGUAGES


def gaps(connection: Connection, line: TheLine, begin: datetime, end: datetime) -> list[Lack]:
    """Where, in [begin, end), the line, a language, a channel or duty lacks somebody; by start."""
    needs = [
        Need(subject, frozenset(connection.scalars(who_counts(line.line_id, subject))), usual)
        for subject, usual in usual_numbers(line.languages, LANGUAGES).items()
    ]
    return resolver.lacks_between(connection, line.line_id, line.zone, needs, begin, end)
