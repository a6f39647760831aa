"""The line's settings as `line --json` gives them to machines: names and shapes stay."""

from sqlalchemy import Connection

from warmline.calls import third_person
from warmline.line import line_hours
from warmline.line.opening import TheLine
from warmline.promise import open_books, promise, proposals


def as_row(connection: Connection, line: TheLine) -> dict[str, object]:
    """Every setting of the line; numbers in E.164, lengths in the unit of their name.

    Instants are in ISO 8601, UTC. `promise` is the version in force, None while there is none;
    `promised` are the languages that have it, and `proposed` the versions that are only proposed.
    """
    held = promise.in_force(connection, line.line_id)
    runs_it, source = open_books.about(connection, line.line_id)
    return {
        "name": line.name,
        "number": line.number,
        "volunteer_number": line.volunteer_number,
        "time_zone": line.time_zone,
        "languages": list(line.languages),
        "countries": list(line.countries),
        "patience_seconds": line.patience_seconds,
        "breather_minutes": line.breather_minutes,
        "ring_seconds": line.ring_seconds,
        "phones_at_once": line.phones_at_once,
        **line_hours.as_row(connection, line.line_id, line.languages),
        "coordinator_phone": line.coordinator_phone,
        "promise": next((one.version for one in held.values()), None),
        "promised": sorted(held),
        "proposed": [
            one.version
            for one in proposals.standing(connection, line.line_id)
            if one.kind == proposals.PROMISE
        ],
        "spoken_yes": third_person.takes_spoken(connection, line.line_id),
        "runs_it": runs_it or None,
        "source": source or None,
        "opened_at": line.opened_at and line.opened_at.isoformat(),
    }
