"""JOIN, the invitation and its OK, START after a STOP, HELP: coming in, each by one's own yes."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from warmline import languages
from warmline.calls.records import LineFacts, LiveTalk
from warmline.conversations import persons
from warmline.conversations.membership import leaving, pauses, sign_in_code
from warmline.conversations.notices import cover_rules
from warmline.conversations.persons import Me
from warmline.conversations.text_talks import caller
from warmline.models.people import Volunteer
from warmline.operations import one_time
from warmline.people import paused_by_others
from warmline.promise.promise import in_force, texted
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words, whole_words
from warmline.texting.caller_words import asks_what_this_is, asks_who_we_are, opens_the_way

WORDING: Final = "2026-11"
"""Which opt-in words `text.opt_in` are: what somebody agreed to (FIELD 5.2)."""
TEXTS_A_WEEK: Final = (cover_rules.TEXTS_A_SHIFT, cover_rules.TEXTS_A_WEEK)
"""As many as the opt-in words say: with one shift, and with two and being asked for cover."""
OF_USE: Final = timedelta(days=3)
SAID_ONCE: Final = timedelta(days=30)
MOST_WORDS: Final = 4
"""Of a shift word with what it reads; more of them are for a peer."""
ONLY_ONCE: Final = timedelta(days=3660)
OK: Final = volunteer_words.STARTS | {*languages.all_words("answers", "agrees")}
"""What answers the invitation with a yes: whoever was asked "may we?" often writes YES."""
NO: Final = frozenset(languages.all_words("answers", "declines"))
JOIN: Final = frozenset(volunteer_words.WORDS["JOIN"])
LEAVE: Final = frozenset(volunteer_words.WORDS["LEAVE"])
ABOUT_IT: Final = OK | NO | JOIN | LEAVE
"""What is about the invitation while it is open, in a talk too."""


def are_expecting(db: Connection, _now: Any) -> bool:
    """Whether somebody expects to be asked whether they agree to rings and texts."""
    return db.execute(_expecting().limit(1)).first() is not None


def invite(turn: Turn) -> int:
    """Ask each of them, once ever; how many were asked."""
    asked = 0
    for person_id in turn.db.scalars(_expecting()).all():
        me = persons.by_person(turn, person_id)
        until = turn.now + ONLY_ONCE
        if me is not None and one_time.first(turn.db, f"invite:{person_id}", turn.now, until):
            persons.tell(turn, me, opt_in(turn, me), texts.INVITE, OF_USE)
            asked += 1
    return asked


def _expecting() -> Any:
    from_text = select(Volunteer.person_id).where(Volunteer.agreed == "ask")
    return from_text.order_by(Volunteer.person_id)


def opt_in(turn: Turn, me: Me) -> list[str]:
    """What somebody is asked to agree to."""
    least, most = TEXTS_A_WEEK
    return [me.text(turn, "opt_in", least=least, most=most)]


def hear(turn: Turn, line: LineFacts, me: Me, body: str) -> None:
    """Somebody of the roster writes who has not agreed, or not any more.

    Whatever is no word for this is a text like any caller's: somebody answers.
    """
    own = _own(turn, me)
    invited = own.agreed == "ask"
    if not invited and own.agreed_promise is not None and opens_the_way(body):
        recorded = _agreed(turn, me, "yes", agreed_at=turn.now)
        paused = recorded == paused_by_others.HELD
        _answer(turn, me, [pauses.still(turn, me) if paused else me.text(turn, "back_again")])
    elif volunteer_words.is_whole(body, JOIN) or _comes_back(own, body):
        _agreed(turn, me, "ask")
        one_time.first(turn.db, f"invite:{me.person_id}", turn.now, turn.now + ONLY_ONCE)
        _answer(turn, me, opt_in(turn, me))
    elif invited and volunteer_words.is_whole(body, OK):
        _join(turn, me)
    elif invited and volunteer_words.is_whole(body, NO):
        refuse(turn, me)
        _answer(turn, me, [me.text(turn, "join_no")])
    elif invited and asks_what_this_is(body):
        _answer(turn, me, [me.text(turn, "who_invited"), *opt_in(turn, me)])
    elif invited and asks_who_we_are(body):
        _answer(turn, me, [me.text(turn, "help_invited")])
    elif volunteer_words.is_whole(body, LEAVE):
        _answer(turn, me, leaving.leave(turn, me, line))
    elif sign_in_code.is_asked_for(body):
        sign_in_code.send(turn, me)
    elif own.agreed == "" and own.agreed_promise is not None and _is_a_shift_word(body):
        _say_how_to_come_back(turn, me)
    else:
        caller.hear(turn, line, body)


def hear_in_talk(turn: Turn, line: LineFacts, me: Me, talk: LiveTalk, body: str) -> bool:
    """Whether what somebody invited writes in a talk was about the invitation, and is answered.

    Their peer reads it as well, if they have one: it may be an answer to both.
    """
    is_about_it = volunteer_words.is_whole(body, ABOUT_IT) or asks_what_this_is(body)
    if not is_about_it or _own(turn, me).agreed != "ask":
        return False
    if talk.person_id is not None:
        caller.next_text(turn, talk, body)
    hear(turn, line, me, body)
    return True


def _is_a_shift_word(body: str) -> bool:
    """Whether it is a shift word as a whole; TALK is for a peer, whoever writes it."""
    said = volunteer_words.read(body)
    short = len(body.split()) <= MOST_WORDS
    return said.word not in (None, "TALK") and short and whole_words.is_whole(said)


def _say_how_to_come_back(turn: Turn, me: Me) -> None:
    """Once after a STOP: the word does nothing, and START brings them back."""
    if one_time.first(turn.db, f"stopped:{me.person_id}", turn.now, turn.now + SAID_ONCE):
        _answer(turn, me, [me.text(turn, "stopped_word")])


def _comes_back(own: Row[Any], body: str) -> bool:
    """START from somebody who had said no before they had ever agreed to the promise."""
    return own.agreed == "" and own.agreed_at is not None and opens_the_way(body)


def refuse(turn: Turn, me: Me) -> None:
    """NO or STOP from somebody who has not agreed: nothing is sent, and no file changes that."""
    _agreed(turn, me, "", agreed_at=turn.now)


def _own(turn: Turn, me: Me) -> Row[Any]:
    mine = select(Volunteer.__table__).where(Volunteer.person_id == me.person_id)
    row: Row[Any] = turn.db.execute(mine).one()
    return row


def _agreed(turn: Turn, me: Me, agreed: str, **more: object) -> str:
    """Record their yes or no; in a pause that others asked for, a yes waits for its end."""
    recorded = paused_by_others.kept(turn.db, me.person_id, agreed)
    mine = update(Volunteer).where(Volunteer.person_id == me.person_id)
    turn.db.execute(mine.values(agreed=recorded, **more))
    return recorded


def _join(turn: Turn, me: Me) -> None:
    """Their OK: to rings and texts, and to the promise, which they are sent."""
    promised = in_force(turn.db, me.line_id)
    mine = promised.get(me.language) or next(iter(promised.values()), None)
    proof = {"agreed_at": turn.now, "agreed_wording": WORDING}
    version = None if mine is None else mine.version
    _agreed(turn, me, "yes", **proof, agreed_promise=version)
    _answer(turn, me, [me.text(turn, "joined")])
    if mine is not None:
        persons.tell(turn, me, [texted(mine, me.line_name)[0]], texts.SHIFT, OF_USE)


def already(turn: Turn, me: Me, _rest: str) -> list[str]:
    """JOIN, from somebody who has."""
    return [me.text(turn, "joined_already")]


def aside(turn: Turn, me: Me, body: str) -> list[str] | None:
    """HELP and START from somebody who has agreed: the required words; START is no OK to shifts."""
    if asks_who_we_are(body):
        return [me.text(turn, "help")]
    if opens_the_way(body):
        return [me.text(turn, "yes_is_no_answer")]
    return None


def _answer(turn: Turn, me: Me, bodies: list[str]) -> None:
    texts.reply(turn.db, turn.seal, me.line_id, me.person_id, bodies, turn.now)
