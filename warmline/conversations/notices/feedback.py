"""The two who read how it went are told that something came, but for the one it is about."""

from datetime import timedelta
from typing import Final

from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.operations import one_time
from warmline.privacy import feedback_readers
from warmline.sending import texts
from warmline.telephony.conversation import Turn

A_DAY: Final = timedelta(days=1)
AN_HOUR: Final = timedelta(hours=1)


def is_read(turn: Turn, line_id: int) -> bool:
    """Whether there are two who read it now: nobody is told so who is read by nobody."""
    return len(feedback_readers.named(turn.db, line_id)) == feedback_readers.TWO


def tell(turn: Turn, line_id: int, about: int | None) -> None:
    """The two read it at the desk; where there are none, duty hears that two are to be named."""
    named = feedback_readers.named(turn.db, line_id)
    for person_id in (one for one in named if one != about):
        me = persons.by_person(turn, person_id)
        new = one_time.first(turn.db, f"how:{person_id}", turn.now, turn.now + AN_HOUR)
        if me is not None and me.agreed and new:
            persons.tell(turn, me, [me.text(turn, "how_it_went")], texts.ASK, A_DAY)
    if len(named) < feedback_readers.TWO:
        duty.alert(turn, line_id, "how_unread", at_most=A_DAY)
