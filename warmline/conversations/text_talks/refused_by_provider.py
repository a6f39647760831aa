"""Tells whoever is on duty, hourly at most, which rings, texts or erasures the provider refuses."""

from datetime import timedelta
from typing import Final

from warmline.calls.records import LiveRing
from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.conversations.steps import text
from warmline.conversations.text_talks import not_arrived, peer
from warmline.sending import talk_texts
from warmline.sending.texts import SentText
from warmline.telephony.conversation import Turn
from warmline.texting.lengths import PERSON_NAME, shortened

CLOSED: Final = peer.CLOSED
WRONG_PHONE: Final = frozenset({21211, 21217, 21612, 21614, 30005, 30006})
"""Codes about one phone alone: no such number, a landline, no way there (TELEPHONY 3)."""
PASSES: Final = frozenset({30003, 30004})
"""Codes about one phone, of which duty can do nothing: off, out of reach, not wanted."""
KNOWN: Final = {
    30034: "texts_unregistered",
    30032: "texts_unregistered",
    30007: "texts_filtered",
    21408: "no_country",
    21215: "no_country",
    13227: "no_country",
    20003: "account_closed",
    20005: "account_closed",
    30002: "account_closed",
    21210: "number_not_ours",
    21212: "number_not_ours",
    21606: "number_not_ours",
}
"""What a code means for every text or ring; of another only the code itself is told."""
A_DAY: Final = timedelta(days=1)


def text_refused(turn: Turn, token: str, code: int) -> None:
    """The network would not take a text at all."""
    sent = talk_texts.by_token(turn.db, token)
    if sent is None:
        return
    if code == CLOSED and sent.talk is not None:
        peer.closed(turn, sent)
    not_arrived.tell(turn, sent, code)
    _tell(turn, sent.line_id, sent.person_id, code, "texts_refused")


def text_failed(turn: Turn, sent: SentText) -> None:
    """A text was taken and did not arrive; told where that is so for all, or for good."""
    code = turn.text_error
    if code is None:
        return
    turn.counted.append(lambda metrics: metrics.text_refused(code))
    if code in (CLOSED, *WRONG_PHONE, *KNOWN):
        _tell(turn, sent.line_id, sent.person_id, code, "texts_refused")


def ring_refused(turn: Turn, ring: LiveRing, code: int) -> None:
    """The network would not ring a phone."""
    _tell(turn, ring.line_id, ring.person_id, code, "rings_refused")


def not_erased(turn: Turn, line_id: int) -> None:
    """The provider has not erased one of its records in fifteen days: somebody has to ask it."""
    duty.alert(turn, line_id, "not_erased", at_most=A_DAY)


@text.callback
def passed_on(turn: Turn, sent: SentText) -> None:
    """How a text of a talk fares: once it has arrived, or never will, its row goes."""
    if not turn.text_has_fared:
        return
    if turn.text_error == CLOSED:
        peer.closed(turn, sent)
    if turn.text_has_arrived:
        not_arrived.arrived(turn, sent)
    else:
        not_arrived.tell(turn, sent, turn.text_error)
    text_failed(turn, sent)
    talk_texts.strike(turn.db, sent.token, turn.now)


def _tell(turn: Turn, line_id: int, person_id: int | None, code: int, otherwise: str) -> None:
    """Nothing is told of the phone of a caller: `person_id` is somebody of the roster."""
    if code == CLOSED or code in WRONG_PHONE:
        if person_id is not None:
            _tell_of_phone(turn, person_id, code)
    elif code not in PASSES:
        duty.alert(turn, line_id, KNOWN.get(code, otherwise), about=str(code), number=code)


def _tell_of_phone(turn: Turn, person_id: int, code: int) -> None:
    """Whose phone it is, duty has to know: only its owner can open it, or say another."""
    me = persons.by_person(turn, person_id)
    if me is not None and me.agreed:
        key = "phone_closed" if code == CLOSED else "phone_wrong"
        who = {"name": shortened(me.name, PERSON_NAME)}
        duty.alert(turn, me.line_id, key, str(person_id), A_DAY, number=code, **who)
