"""The line itself: how it is set up, changed and opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from shifts.faults import Fault
from shifts.models import Line
from warmline import phone_numbers
from warmline.database.engine import Database
from warmline.line import line_hours
from warmline.line.line_settings import LineSettings, check_phones, checked
from warmline.models.line import LineRules
from warmline.phone_numbers import NotDialled, may_be_dialled
from warmline.promise import promise, proposal_rules, proposals
from warmline.promise.promise import Promise, Saved
from warmline.promise.proposal_rules import Roster

OF_THE_LINE: Final = ("name", "time_zone")
LISTS: Final[tuple[Literal["languages", "countries"], ...]] = ("languages", "countries")
"""Settings that are kept as texts with commas."""
FIRST_COUNTRY: Final = "US"


class NoLine(Fault):
    """The database has no line yet."""


@dataclass(frozen=True)
class TheLine:
    """The line with its settings. Numbers in E.164, `countries` ISO 3166, `time_zone` IANA."""

    line_id: int
    name: str
    time_zone: str
    number: str
    volunteer_number: str | None
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    patience_seconds: int
    breather_minutes: int
    ring_seconds: int
    phones_at_once: int
    coordinator_phone: str | None
    opened_at: datetime | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the line's local times are meant."""
        return ZoneInfo(self.time_zone)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The line's own numbers, E.164, the callers' first."""
        return tuple(filter(None, (self.number, self.volunteer_number)))


@dataclass(frozen=True)
class SetUp:
    """A line that was set up, and how its promise stands; `settings_kept` once it has opened.

    `proposed`: in words, what happens next to a promise that is only proposed.
    """

    line: TheLine
    promise: Saved
    settings_kept: bool
    proposed: Sequence[str] = ()


def the_line(connection: Connection) -> TheLine:
    """The one line of this database; raises NoLine while there is none."""
    line = find_line(connection)
    if line is None:
        raise NoLine("there is no line yet; set it up with: warmline init")
    return line


def find_line(connection: Connection) -> TheLine | None:
    """The one line of this database; None while there is none."""
    query = select(Line.name, Line.time_zone, LineRules.__table__)
    joined = query.join(LineRules, LineRules.line_id == Line.id)
    row = connection.execute(joined).mappings().first()
    if row is None:
        return None
    named = {one.name: row[one.name] for one in fields(TheLine)}
    for name in LISTS:
        named[name] = tuple(row[name].split(","))
    return TheLine(**named)


def line_number(database: Database) -> str:
    """The number (E.164) from which the line rings and texts; "" while there is no line."""
    with database.reading() as connection:
        line = find_line(connection)
    return line.number if line else ""


def complete(wanted: Mapping[str, object]) -> LineSettings:
    """The settings of a new line, checked; its countries are its number's own unless said.

    Raises BadLineSetting with a line for each that cannot be.
    """
    country = str(wanted.get("countries") or FIRST_COUNTRY)[:2].upper()
    settings: LineSettings = {"volunteer_number": None, **checked(wanted, country)}
    settings.setdefault("countries", (phone_numbers.country_of(settings["number"]),))
    check_phones(settings)
    return settings


def set_up(
    connection: Connection, settings: LineSettings, promises: Sequence[Promise], now: datetime
) -> SetUp:
    """Make the line, or set it up again; once it has opened only the promise is proposed.

    `settings` come from `complete`. Raises promise.TooLong.
    """
    line = find_line(connection)
    opened = line is not None and line.opened_at is not None
    name = line.name if line is not None and opened else settings["name"]
    for one in promises:
        promise.check_time(one, name)
    if line is None:
        line_id = _insert(connection, settings)
    else:
        line_id = line.line_id
        if not opened:
            _write(connection, line_id, settings)
    saved = proposals.propose(connection, line_id, promises, None, now)
    line = the_line(connection)
    return SetUp(line, saved, opened, proposed_in_plain_words(connection, line))


def change(connection: Connection, line: TheLine, wanted: Mapping[str, object]) -> TheLine:
    """Change some settings of the line, its hours and the numbers wanted among them.

    Raises BadLineSetting, promise.TooLong, or a Fault of line_hours.
    """
    kept = checked(wanted, line.countries[0])
    check_phones({**_phones_of(line), **kept})
    if "name" in kept:
        for one in promise.in_force(connection, line.line_id).values():
            promise.check_time(one, kept["name"])
    line_hours.write(connection, line.line_id, kept)
    _write(connection, line.line_id, kept)
    return the_line(connection)


def _phones_of(line: TheLine) -> LineSettings:
    """What check_phones reads."""
    return {
        "number": line.number,
        "volunteer_number": line.volunteer_number,
        "coordinator_phone": line.coordinator_phone,
        "countries": line.countries,
    }


def open_line(connection: Connection, line_id: int, now: datetime) -> bool:
    """Open the line when its first language has the promise in force; whether it is open."""
    line = the_line(connection)
    if line.opened_at is None and line.languages[0] in promise.in_force(connection, line_id):
        opening = update(LineRules).where(LineRules.line_id == line_id)
        opening = opening.where(LineRules.opened_at.is_(None))
        connection.execute(opening.values(opened_at=now))
        return True
    return line.opened_at is not None


def in_plain_words(connection: Connection, line: TheLine) -> list[str]:
    """Every setting of the line, a sentence each."""
    promised = promise.in_force(connection, line.line_id)
    version = next((one.version for one in promised.values()), None)
    without = [code for code in line.languages if code not in promised]
    sentences = [
        f"name: {line.name}",
        f"callers' number: {line.number}",
        f"volunteers' number: {line.volunteer_number or 'the same'}",
        f"time zone: {line.time_zone}",
        f"languages: {', '.join(line.languages)}",
        f"countries whose phones it rings: {', '.join(line.countries)}",
        f"a caller is asked after {line.patience_seconds} seconds of waiting (--patience)",
        f"a volunteer rests {line.breather_minutes} minutes after a talk (--breather)",
        f"a phone rings {line.ring_seconds} seconds (--ring-seconds)",
        f"at most {line.phones_at_once} phones ring for one caller (--phones-at-once)",
        *line_hours.in_plain_words(connection, line.line_id, line.languages),
        f"coordinator's phone: {line.coordinator_phone or 'none'}",
        f"promise in force: {f'version {version}' if version else 'none; set it with init'}",
        f"opened: {f'{line.opened_at.astimezone(line.zone):%Y-%m-%d}' if line.opened_at else 'no'}",
    ]
    sentences += [f"{code} is not offered until it has the promise" for code in without]
    return sentences + proposed_in_plain_words(connection, line)


def proposed_in_plain_words(connection: Connection, line: TheLine) -> list[str]:
    """Every change of the promise that is proposed, and what happens next, a sentence each."""
    roster = proposals.roster(connection, line.line_id)
    return [
        f"{_what(one)}; it takes effect on"
        f" {_local(proposal_rules.starts_at(one.rules, roster), line)} or later, {_if(roster)}"
        for one in proposals.standing(connection, line.line_id)
    ]


def _what(one: proposals.Standing) -> str:
    if one.kind == proposals.KEEPING:
        return "proposed, for how long things are kept or who reads how it went"
    return f"promise proposed: version {one.version}"


def _if(roster: Roster) -> str:
    if len(roster.people) <= 1:
        return "once whoever is on the roster agrees; until then it stands on /line/check"
    return (
        "if one coordinator and two volunteers agree (all, where there are fewer) and no three"
        " object, nor a third of the roster; everyone is asked by text, and at /desk/proposals"
    )


def _local(instant: datetime, line: TheLine) -> str:
    return f"{instant.astimezone(line.zone):%Y-%m-%d %H:%M %Z}"


def _insert(connection: Connection, settings: LineSettings) -> int:
    of_the_line, rules = _halves(settings)
    made = connection.execute(insert(Line).values(of_the_line).returning(Line.id)).scalar_one()
    connection.execute(insert(LineRules).values(rules | {"line_id": made}))
    return made


def _write(connection: Connection, line_id: int, settings: LineSettings) -> None:
    of_the_line, rules = _halves(settings)
    if of_the_line:
        connection.execute(update(Line).where(Line.id == line_id).values(of_the_line))
    if rules:
        connection.execute(update(LineRules).where(LineRules.line_id == line_id).values(rules))


def _halves(settings: LineSettings) -> tuple[dict[str, object], dict[str, object]]:
    """Settings for the line's own row and for its rules, lists as texts with commas; no hours."""
    kept = {name: value for name, value in settings.items() if name not in line_hours.CHECKS}
    for one in LISTS:
        if one in settings:
            kept[one] = ",".join(settings[one])
    of_the_line = {name: value for name, value in kept.items() if name in OF_THE_LINE}
    return of_the_line, {name: value for name, value in kept.items() if name not in OF_THE_LINE}


def is_a_phone(db: Connection, line_id: int, number: str) -> bool:
    """Whether the line may ever text there; short codes and names get no answer."""
    countries = select(LineRules.countries).where(LineRules.line_id == line_id)
    try:
        may_be_dialled(number, db.execute(countries).scalar_one().split(","))
    except NotDialled:
        return False
    return True
