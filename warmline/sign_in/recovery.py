"""The way back in: whoever runs the machine names a phone, and its holder leads the desk."""

from sqlalchemy import Connection, delete, insert, select

from shifts.faults import Fault
from shifts.models import Person
from warmline import phone_numbers
from warmline.database.sealed_columns import indexes
from warmline.line.opening import TheLine
from warmline.models.people import Volunteer
from warmline.models.sign_in import (
    COORDINATOR,
    DeskRole,
    DeskSession,
    Passkey,
    RecoveryCode,
    SignInCode,
)

WAYS_IN = (DeskSession, RecoveryCode, Passkey, SignInCode)


class NobodyNamed(Fault):
    """Neither the command nor the line names a phone."""


def reset(connection: Connection, line: TheLine, phone: str = "") -> str:
    """Whoever has the phone is a coordinator and comes in by a code alone; says so in a sentence.

    Without one, it is the line's coordinator phone. Sessions, printed codes and passkeys of
    theirs end: somebody else may have them. Others are left as they are. Raises NobodyNamed or
    phone_numbers.BadNumber.
    """
    named = phone or line.coordinator_phone
    if not named:
        raise NobodyNamed("--phone: name the coordinator's phone; the line has none of its own")
    number = phone_numbers.parse(named, line.countries[0])
    person_id = of_phone(connection, line, number)
    for table in WAYS_IN:
        connection.execute(delete(table).where(table.__table__.c.person_id == person_id))
    connection.execute(delete(DeskRole).where(DeskRole.person_id == person_id))
    row = {"person_id": person_id, "line_id": line.line_id, "role": COORDINATOR}
    connection.execute(insert(DeskRole).values(row))
    return "that person leads the desk; they come in at /desk with a code by text or call"


def let_the_first_lead(connection: Connection, line: TheLine) -> None:
    """The phone that `init` has named leads the desk for as long as nobody else does."""
    if line.coordinator_phone is None:
        return
    leads = (DeskRole.line_id == line.line_id, DeskRole.role == COORDINATOR)
    if connection.execute(select(DeskRole.person_id).where(*leads)).first() is not None:
        return
    person_id = of_phone(connection, line, line.coordinator_phone)
    connection.execute(delete(DeskRole).where(DeskRole.person_id == person_id))
    row = {"person_id": person_id, "line_id": line.line_id, "role": COORDINATOR}
    connection.execute(insert(DeskRole).values(row))


def of_phone(connection: Connection, line: TheLine, number: str) -> int:
    """The person with this phone (E.164), entered if need be: nothing rings or texts them."""
    theirs = (Volunteer.line_id == line.line_id, Volunteer.phone_index.in_(indexes(number)))
    person_id = connection.scalar(select(Volunteer.person_id).where(*theirs))
    if person_id is not None:
        return person_id
    named = insert(Person).values(line_id=line.line_id, name="Coordinator")
    person_id = int(connection.execute(named.returning(Person.id)).scalar_one())
    own = {"person_id": person_id, "line_id": line.line_id, "phone": number}
    connection.execute(insert(Volunteer).values(own | {"languages": line.languages[0]}))
    return person_id
