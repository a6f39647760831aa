"""What the network will not do for us any more: whoever is on duty hears the reason, hourly."""

from typing import Any, Final

from sqlalchemy import Row

from warmline.conversations import duty, text_talk, texting
from warmline.phone import passing
from warmline.phone.conversation import Turn

CLOSED: Final = text_talk.CLOSED
ONE_PHONE: Final = frozenset({21211, 21217, 21612, 21614, 30003, 30004, 30005, 30006})
"""Codes about one phone alone: no number, a landline, out of reach (TELEPHONY 3)."""
ALL_TEXTS: Final = frozenset({30007, 30032, 30034})
"""Codes in a status of which no text of a number arrives: filtered, or not registered."""


def text_refused(turn: Turn, token: str, code: int) -> None:
    """The network would not take a text at all."""
    sent = passing.by_token(turn.db, token)
    if sent is None or code in ONE_PHONE:
        return
    if code == CLOSED and "talk" in sent._fields:
        text_talk.closed(turn, sent)
    if code != CLOSED:
        duty.alert(turn, sent.line_id, "texts_refused", number=code)
    elif sent.person_id is not None:
        _phone_closed(turn, sent)


def text_failed(turn: Turn, sent: Row[Any]) -> None:
    """A text was taken and did not arrive; told where that is so for all of them."""
    code = turn.form.get("ErrorCode", "")
    if code.isdigit() and int(code) in ALL_TEXTS:
        duty.alert(turn, sent.line_id, "texts_refused", number=int(code))


def ring_refused(turn: Turn, line_id: int, code: int) -> None:
    """The network would not ring a phone."""
    if code not in ONE_PHONE:
        duty.alert(turn, line_id, "rings_refused", number=code)


def _phone_closed(turn: Turn, sent: Row[Any]) -> None:
    """A phone of the roster has said STOP to the network: only its owner can open it again."""
    me = texting.by_person(turn, sent.person_id)
    if me is not None and me.agreed:
        duty.alert(turn, sent.line_id, "phone_closed", name=me.name)
