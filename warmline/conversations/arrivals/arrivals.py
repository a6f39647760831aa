"""A call or a text comes in: who it is, what comes first, and how a call that came in has ended."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from warmline.calls import calls
from warmline.calls.call_backs import AskedBack
from warmline.calls.records import LineFacts, LiveCall
from warmline.conversations import persons
from warmline.conversations.arrivals import led_back, many_calls, other_doors
from warmline.conversations.both_sides import boundaries, parting
from warmline.conversations.membership import strangers
from warmline.conversations.persons import Thread
from warmline.conversations.text_talks import caller
from warmline.conversations.volunteer_texts import listeners
from warmline.database.engine import upsert
from warmline.database.sealed_columns import indexes
from warmline.database.turns import of_own_row
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.models.texts import TextIn
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn
from warmline.telephony.words import HangUp, Words
from warmline.texting.caller_words import is_stop

_ARRIVE: Final = upsert(
    lambda insert: of_own_row(
        insert(Call)
        .on_conflict_do_nothing(index_elements=["provider_id"])
        .returning(*Call.__table__.c)
    )
)
_COME_IN: Final = upsert(
    lambda insert: (
        insert(TextIn)
        .on_conflict_do_nothing(index_elements=["message_id"])
        .returning(TextIn.message_id)
    )
)
_VOLUNTEER: Final = select(Volunteer.person_id, Volunteer.languages).where(
    Volunteer.line_id == bindparam("line_id"),
    Volunteer.phone_index.in_(bindparam("phones", expanding=True)),
    Volunteer.agreed == "yes",
)


def voice(turn: Turn) -> Words:
    """`POST /voice`: somebody calls. One that is asked about again goes on where it stood."""
    provider_id = turn.leg_id
    line = line_called(turn.db, turn.number_called)
    offered = turn.offered(line.line_id) if line else ()
    if line is not None:
        turn.in_words_of(line)
    if line is None or not offered or not provider_id:
        return [turn.say("hello.not_open"), HangUp()]
    turn.language = offered[0]
    call = calls.by_provider_id(turn.db, provider_id)
    if call is None and turn.we_called:
        return led_back.placed(turn) or [turn.say("goodbye.unknown"), HangUp()]
    call = call or arrive(turn, line, provider_id)
    if call is None:
        return [turn.say("hello.not_open"), HangUp()]
    turn.token, turn.language = call.token, call.language
    return led_back.again(turn, call)


def line_called(db: Connection, number: str) -> LineFacts | None:
    """The line with this number (E.164), its own or its volunteers', or the only line there is."""
    found = calls.all_lines(db)
    known = (line for line in found if number in (line.line_number, line.line_second))
    return next(known, found[0] if found else None)


def thread_of(line: LineFacts, number: str) -> Thread:
    """To which of the line's numbers a volunteer has written, where it has two."""
    if not line.line_second:
        return Thread.ONLY
    return Thread.SHIFTS if number == line.line_second else Thread.TALKS


def arrive(turn: Turn, line: LineFacts | AskedBack, provider_id: str) -> LiveCall | None:
    """Write the live call: its ids, its language, when it came; never who."""
    who = volunteer_calling(turn, line.line_id)
    if who is not None:
        turn.language = spoken_by(who.languages, turn.offered(line.line_id))
    ids = {"line_id": line.line_id, "token": calls.new_token(), "provider_id": provider_id}
    begun: dict[str, object] = {"state": calls.HELLO, "arrived_at": turn.now, "heard_at": turn.now}
    slow = boundaries.slow_until(turn, line.line_id, turn.caller_number) if who is None else None
    whose = {"volunteer_id": None if who is None else who.person_id, "language": turn.language}
    begun |= {"slow_until": slow, "proven": who is not None and turn.number_is_proven}
    if who is None and many_calls.are_coming(turn, line.line_id):
        begun |= {"asked": calls.MANY_CALL}
    made = turn.db.execute(_ARRIVE[turn.db.dialect.name], ids | begun | whose).first()
    if made is None or not isinstance(line, LineFacts):
        call = calls.by_provider_id(turn.db, provider_id)
    else:
        call = calls.of_line(made, line)
    if made is not None and call is not None and call.volunteer_id is None:
        parting.count_offered(turn, call)
    return call


def volunteer_calling(turn: Turn, line_id: int) -> Row[*tuple[Any, ...]] | None:
    """The volunteer whose phone this call comes from, if it is one's; looked at, not stored."""
    found = {"line_id": line_id, "phones": indexes(turn.caller_number)}
    return turn.db.execute(_VOLUNTEER, found).first()


def spoken_by(languages: str, offered: Sequence[str]) -> str:
    """The first of a volunteer's own languages that the line offers, else the line's first."""
    return next((code for code in languages.split(",") if code in offered), offered[0])


def voice_status(turn: Turn) -> None:
    """`POST /voice/status`: how a call that came in has ended."""
    if not turn.leg_is_over:
        return
    provider_id = turn.leg_id
    call = calls.by_provider_id(turn.db, provider_id)
    line = line_called(turn.db, turn.number_called)
    if call is not None:
        parting.caller_gone(turn, call)
    elif line is not None and provider_id:
        # It may have been answered before there was anything to write, or be told of twice.
        outbox.erase(turn.db, line.line_id, [provider_id], turn.now)


def text(turn: Turn) -> Words:
    """`POST /text`: a text comes in. Delivered again, it is not read again."""
    line = line_called(turn.db, turn.number_written_to)
    message_id = turn.text_id
    if line is None or not message_id:
        return []
    came = {"message_id": message_id, "line_id": line.line_id, "came_at": turn.now}
    if turn.db.execute(_COME_IN[turn.db.dialect.name], came).first() is None:
        return []
    outbox.erase(turn.db, line.line_id, [message_id], turn.now)
    me = persons.by_phone(turn, line.line_id, turn.sender)
    body = turn.written
    if turn.is_no_plain_text and not is_stop(body):
        other_doors.answer(turn, line, me)
    elif me is not None:
        listeners.hear(turn, line, me, body, thread_of(line, turn.number_written_to))
    elif not strangers.hear(turn, line, body):
        caller.hear(turn, line, body)
    return []
