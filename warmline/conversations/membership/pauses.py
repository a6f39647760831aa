"""Somebody is paused by others: they hear why and how to be heard, and what they write is heard."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from warmline.calls import talks
from warmline.calls.records import LineFacts
from warmline.conversations import persons
from warmline.conversations.membership import sign_in_code
from warmline.conversations.membership.leaving import leave
from warmline.conversations.notices import duty
from warmline.conversations.persons import Me
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.conversations.text_talks import own_talk
from warmline.models.sign_in import DeskRole
from warmline.operations import one_time
from warmline.people import paused_by_others
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import lengths, volunteer_words
from warmline.texting.caller_words import asks_who_we_are
from warmline.texting.lengths import in_gsm, shortened

OF_USE: Final = timedelta(hours=12)
HEARD: Final = 5
"""So many times in one pause what they write is passed on to others."""
MOST_PASSED_ON: Final = 300
"""Characters of it: two parts of a text."""
NO: Final = frozenset({"NO"})
LEAVE: Final = frozenset(volunteer_words.WORDS["LEAVE"])
TALK: Final = frozenset(volunteer_words.WORDS["TALK"])


def begin(turn: Turn, line_id: int, person_id: int, by: Me, why: str, days: int = 0) -> None:
    """They are paused, for a day by one alone or for so many days by two, and told at once.

    Their phone rings no more; a talk they are in goes on. Raises paused_by_others.NotNow.
    """
    me = persons.by_person(turn, person_id)
    if me is None:
        return
    if not days:
        paused_by_others.refuse_alone(turn.db, person_id, by.person_id, turn.now)
    until = paused_by_others.begin(turn.db, line_id, person_id, by.person_id, why, turn.now, days)
    rings.end_of(turn.db, line_id, person_id, turn.now)
    talks.passes(turn.db, person_id)
    said = me.text(turn, "held_two" if days else "held", name=_name(by), when=_when(me, until))
    bodies = [said, me.text(turn, "held_why", why=why), me.text(turn, "held_heard")]
    persons.tell(turn, me, bodies, texts.REPLY, OF_USE)
    for one in _fellows(turn, me, besides=by.person_id):
        told = one.text(turn, "held_duty", name=_name(me), when=_when(one, until))
        persons.tell(turn, one, [told], texts.DUTY, OF_USE)
    whom_to_ring.decide_now(turn, line_id)


def end(turn: Turn, person_id: int) -> bool:
    """The pause is over, and its person hears so; whether they were in one."""
    if not paused_by_others.end(turn.db, person_id):
        return False
    me = persons.by_person(turn, person_id)
    if me is not None and me.agreed:
        persons.tell(turn, me, [me.text(turn, "held_over")], texts.SHIFT, OF_USE)
    return True


def are_over(db: Connection, now: datetime) -> bool:
    """Whether a pause has come to its end."""
    return bool(paused_by_others.over(db, now))


def end_those_over(turn: Turn) -> int:
    """End every pause that has come to its end; how many."""
    return sum(end(turn, person_id) for person_id in paused_by_others.over(turn.db, turn.now))


def hear(turn: Turn, line: LineFacts, me: Me, body: str) -> None:
    """What somebody writes who is paused: NO is heard by others; TALK and LEAVE are as ever."""
    first, _, rest = body.strip().partition(" ")
    if volunteer_words.is_whole(first.strip(",.:;!"), NO):
        _answer(turn, me, _sees_it_otherwise(turn, me, rest.strip()))
    elif volunteer_words.is_whole(body, LEAVE):
        _answer(turn, me, leave(turn, me, line))
    elif asks_who_we_are(body):
        _answer(turn, me, [me.text(turn, "help")])
    elif sign_in_code.is_asked_for(body):
        sign_in_code.send(turn, me)
    elif volunteer_words.is_whole(body, TALK):
        _answer(turn, me, own_talk.begin(turn, me, ""))
    else:
        _answer(turn, me, [still(turn, me)])


def still(turn: Turn, me: Me) -> str:
    """Until when they are paused, and what they can do."""
    hold = paused_by_others.of(turn.db, me.person_id)
    return me.text(turn, "held_still", when=_when(me, hold.until if hold else turn.now))


def _sees_it_otherwise(turn: Turn, me: Me, words: str) -> list[str]:
    """Whoever is on duty and whoever leads the desk reads it."""
    hold = paused_by_others.of(turn.db, me.person_id)
    until = hold.until if hold else turn.now + OF_USE
    fellows = _fellows(turn, me)
    if not fellows:
        return [me.text(turn, "held_said_nobody")]
    if not one_time.one_of(turn.db, f"held-no:{me.person_id}", HEARD, turn.now, until):
        return [me.text(turn, "held_said", number=len(fellows))]
    for one in fellows:
        said = [one.text(turn, "held_no", name=_name(me))]
        passed_on = [in_gsm(shortened(words, MOST_PASSED_ON))] if words else []
        persons.tell(turn, one, said + passed_on, texts.DUTY, OF_USE)
    return [me.text(turn, "held_said", number=len(fellows))]


def _fellows(turn: Turn, me: Me, besides: int = 0) -> list[Me]:
    """Who hears of a pause: whoever is on duty, and whoever leads the desk; each once."""
    leads = select(DeskRole.person_id).where(
        DeskRole.line_id == me.line_id, DeskRole.role == "coordinator"
    )
    led = (persons.by_person(turn, one) for one in turn.db.scalars(leads).all())
    found = [*duty.on_duty(turn, me.line_id), *(one for one in led if one and one.agreed)]
    found = found or duty.coordinator(turn, me.line_id)
    by_person = {one.person_id: one for one in found}
    return [one for person, one in by_person.items() if person not in (me.person_id, besides)]


def _answer(turn: Turn, me: Me, bodies: list[str]) -> None:
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, bodies, turn.now)


def _name(me: Me) -> str:
    return shortened(me.name, lengths.PERSON_NAME)


def _when(me: Me, until: datetime) -> str:
    return f"{me.day(until)} {me.time(until)}"
