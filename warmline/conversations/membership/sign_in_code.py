"""CODE: a sign-in code for the desk, to whoever has the phone in hand, whatever else is so."""

from typing import Final

from warmline.calls.records import LineFacts
from warmline.conversations import persons
from warmline.conversations.persons import Me
from warmline.line import opening
from warmline.models.people import Volunteer
from warmline.sending import texts
from warmline.sign_in import codes, recovery
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words

CODE: Final = frozenset(volunteer_words.WORDS["CODE"])


def is_asked_for(body: str) -> bool:
    """Whether the message is the word, and nothing else."""
    return volunteer_words.is_whole(body, CODE)


def send(turn: Turn, me: Me, _rest: str = "") -> list[str]:
    """The code leaves before other texts; asked for again while it is good, it is the same one.

    Asked for more often than that, nothing comes: the last one is on the phone.
    """
    phone = turn.sender
    brought = codes.texted_for(turn.db, turn.seal, me.line_id, phone, turn.now)
    if brought is not None:
        code, until = brought
        body = me.text(turn, "code", number=codes.as_written(code), until=me.time(until))
        seconds = (until - turn.now).total_seconds()
        theirs = Volunteer.person_id == me.person_id
        texts.send_code(turn.db, turn.seal, me.line_id, theirs, body, turn.now, seconds)
    return []


def of_the_first(turn: Turn, line: LineFacts, body: str) -> bool:
    """CODE from the phone that `init` has named, before anybody is entered; whether it was that."""
    if not is_asked_for(body):
        return False
    the_line, phone = opening.the_line(turn.db), turn.sender
    if phone != the_line.coordinator_phone:
        return False
    recovery.let_the_first_lead(turn.db, the_line)
    me = persons.by_phone(turn, line.line_id, phone)
    if me is not None:
        send(turn, me)
    return me is not None
