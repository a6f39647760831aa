"""A text of a talk did not arrive: its writer hears so, in plain words, once for a row of them.

The first that arrives again ends the row. What the line itself has said is nobody's text.
"""

from collections.abc import Collection, Mapping
from typing import Final

from warmline.calls import talks
from warmline.calls.records import LiveTalk
from warmline.conversations.text_talks.messages import tell_caller, tell_peer
from warmline.sending import talk_texts
from warmline.sending.texts import SentText
from warmline.telephony.conversation import Turn

WHY: Final[Mapping[str, Collection[int]]] = {
    "off": {30003, 30036},
    "blocked": {30004, 21610},
    "filtered": {30007, 30022, 30032, 30034, 30035},
    "no_texts": {21211, 21217, 21408, 21612, 21614, 30005, 30006, 30011},
}
"""The provider's codes (TELEPHONY 3) by what they mean to whoever wrote the text.

The phone was off or out of reach until the text had lost its use · it, or its phone company, takes
none from us · it was held back on its way · a text cannot reach that number at all."""
UNKNOWN: Final = "unknown"


def arrived(turn: Turn, sent: SentText) -> None:
    """A text has arrived: what is lost from here on is told anew."""
    talk = _talk_of(turn, sent)
    if talk is not None and sent.side == talk_texts.CALLER and talk.lost_to_caller:
        talks.change(turn.db, talk.id, lost_to_caller=False)
    elif talk is not None and sent.side == talk_texts.PEER and talk.lost_to_peer:
        talks.change(turn.db, talk.id, lost_to_peer=False)


def tell(turn: Turn, sent: SentText, code: int | None) -> None:
    """Tell whoever wrote a text that it did not arrive, and as far as is known, why."""
    talk = _talk_of(turn, sent)
    if talk is None or not sent.written:
        return
    key = next((why for why, codes in WHY.items() if code in codes), UNKNOWN)
    if sent.side == talk_texts.CALLER and not talk.lost_to_caller:
        talks.change(turn.db, talk.id, lost_to_caller=True)
        tell_peer(turn, talk, f"lost_to_caller_{key}")
    elif sent.side == talk_texts.PEER and not talk.lost_to_peer:
        talks.change(turn.db, talk.id, lost_to_peer=True)
        tell_caller(turn, talk, f"lost_to_peer_{key}")


def _talk_of(turn: Turn, sent: SentText) -> LiveTalk | None:
    """The talk that a text is of, while it goes on; none for one to a peer who has left it."""
    talk = None if sent.talk is None else talks.by_token(turn.db, sent.talk)
    if talk is None or (sent.side == talk_texts.PEER and sent.person_id != talk.person_id):
        return None
    return talk
