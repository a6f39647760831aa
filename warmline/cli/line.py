"""The command `line`: shows the line's settings, or changes those that are given."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from warmline.cli.terminal import line_at_hand

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from warmline.line.opening import TheLine

Text = str | None
Number = int | None
Texts = list[str] | None

# Whatever takes long to import is imported in the command: --help is quick.


def line(
    name: Annotated[Text, Option(help="The line's name, as it is said.")] = None,
    number: Annotated[Text, Option(help="The number people call.")] = None,
    volunteer_number: Annotated[Text, Option(help="The volunteers' number.")] = None,
    time_zone: Annotated[Text, Option(help="Such as America/New_York.")] = None,
    languages: Annotated[Texts, Option("--language", help="en or es; again for more.")] = None,
    countries: Annotated[Text, Option(help="Such as US,CA.")] = None,
    coordinator_phone: Annotated[Text, Option(help="A coordinator's phone.")] = None,
    patience_seconds: Annotated[Number, Option("--patience", help="Seconds, 30 to 1800.")] = None,
    breather_minutes: Annotated[Number, Option("--breather", help="Minutes, 0 to 60.")] = None,
    ring_seconds: Annotated[Number, Option(help="10 to 40.")] = None,
    phones_at_once: Annotated[Number, Option(help="1 to 10.")] = None,
    hours: Annotated[Texts, Option(help='"mon-fri 18:00-23:00"; again for more; always.')] = None,
    closed: Annotated[Texts, Option(help="A day off: 2026-12-25; a note may follow.")] = None,
    hours_on: Annotated[Texts, Option(help='"2026-12-24 12:00-18:00"; "2026-12-24 usual".')] = None,
    wanted: Annotated[
        Texts,
        Option(help='How many on: 2, es=1, text=0, duty=1, "es=2 fri 18:00-23:00", es=usual.'),
    ] = None,
    runs_it: Annotated[Text, Option(help="Who runs the machine; it is public.")] = None,
    source: Annotated[Text, Option(help="Where the software's source can be read.")] = None,
    spoken_yes: Annotated[
        bool | None, Option(help="A volunteer may report a caller's spoken yes to a third person.")
    ] = None,
    as_json: Annotated[bool | None, Option("--json", help="As JSON.")] = None,
) -> None:
    """Show the line's settings, or change those that are given."""
    # The other parameters bear the names of the settings.
    given = {name: value for name, value in locals().items() if value is not None}
    given.pop("as_json", None)
    import json

    from warmline.line import opening

    with line_at_hand(writes=bool(given)) as (connection, found):
        _change_aside(connection, found.line_id, given)
        changed = opening.change(connection, found, given) if given else found
        if as_json:
            shape = _as_row(connection, changed)
            told = [json.dumps(shape, ensure_ascii=False)]
        else:
            told = opening.in_plain_words(connection, changed) + _aside(connection, found.line_id)
    for sentence in told:
        typer.echo(sentence)


def _change_aside(connection: "Connection", line_id: int, given: dict[str, object]) -> None:
    """What is said of the line in tables of its own; it is taken out of what was given."""
    from warmline.calls import third_person
    from warmline.promise import open_books

    takes = given.pop("spoken_yes", None)
    if isinstance(takes, bool):
        third_person.take_spoken(connection, line_id, takes=takes)
    said = [given.pop(one, None) for one in ("runs_it", "source")]
    if said != [None, None]:
        before = open_books.about(connection, line_id)
        new = [one if isinstance(one, str) else old for one, old in zip(said, before, strict=True)]
        open_books.say_about(connection, line_id, *new)


def _aside(connection: "Connection", line_id: int) -> list[str]:
    from warmline.calls import third_person
    from warmline.promise import open_books

    who, where = open_books.about(connection, line_id)
    spoken = "yes" if third_person.takes_spoken(connection, line_id) else "no"
    return [
        f"a volunteer may report a spoken yes: {spoken}",
        f"run by: {who or 'not said yet'}",
        f"source: {where or 'not said yet'}",
    ]


def _as_row(connection: "Connection", line: "TheLine") -> dict[str, object]:
    """Every setting for machines, names and shapes stay; E.164, lengths in their name's unit.

    Instants are in ISO 8601, UTC. `promise` is the version in force, None while there is none;
    `promised` are the languages that have it, and `proposed` the versions that are only proposed.
    """
    from warmline.calls import third_person
    from warmline.line import line_hours
    from warmline.promise import open_books, promise, proposals

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
