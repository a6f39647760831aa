"""Who counts for what: whose own yes is held, who speaks a language, takes calls or texts."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Select, literal, select

from shifts.hours.wanted import LINE, VOICE, Subject
from shifts.who_is_on import OnShift, who_is_on
from warmline import phone_numbers
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.promise import promise


def who_may_be_rung(line_id: int) -> Select[int]:
    """The persons whose own yes is held: the only ones who are ever rung or count as on."""
    mine = select(Volunteer.person_id).where(Volunteer.line_id == line_id)
    return mine.where(promise.has_agreed(line_id))


def volunteers_on(connection: Connection, line_id: int, at: datetime) -> list[tuple[OnShift, str]]:
    """Who is on at an instant and may be rung, by name, each with their phone (E.164)."""
    phones = phones_of(connection, line_id)
    on = who_is_on(connection, line_id, at, among=who_may_be_rung(line_id))
    return [(one, phones[one.person_id]) for one in on]


def phones_of(connection: Connection, line_id: int) -> dict[int, str]:
    """Each volunteer's phone (E.164) by person."""
    query = select(Volunteer.person_id, Volunteer.phone).where(Volunteer.line_id == line_id)
    return {row.person_id: row.phone for row in connection.execute(query)}


def person_finder(connection: Connection, line: TheLine) -> Callable[[str], int]:
    """A function from a phone, as people write it, to its person; it raises ValueError, why."""
    persons = {phone: person for person, phone in phones_of(connection, line.line_id).items()}

    def find(text: str) -> int:
        person = persons.get(phone_numbers.parse(text, line.countries[0]))
        if person is None:
            raise ValueError("no volunteer has this phone; import the volunteers first")
        return person

    return find


def who_counts(line_id: int, subject: Subject = LINE) -> Select[int]:
    """The persons who count as on for a subject; nobody does whose own yes is not held."""
    query = who_may_be_rung(line_id)
    if subject.language is not None:
        spoken = literal(",") + Volunteer.languages + literal(",")
        query = query.where(spoken.contains(f",{subject.language},", autoescape=True))
    if subject.channel is not None:
        query = query.where(Volunteer.voice if subject.channel == VOICE.channel else Volunteer.text)
    return query
