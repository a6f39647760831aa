"""Done in somebody's name by whoever showed their number: they hear of it, and duty of several.

Anybody can show any number. What empties the roster by a call whose number the network does not
vouch for is told to that number at once, with how to take it back. By text the answer says both
already: it goes to the phone whose number it was. Nothing is held back for it, and nobody's deeds
are counted but for the minutes in which several came together.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.conversations.persons import Me
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.sending import texts
from warmline.telephony.conversation import Turn

UNDO_WITHIN: Final = timedelta(minutes=10)
"""How long UNDO takes something back: a text that teaches it is of no use for longer."""
MINUTES: Final = timedelta(minutes=10)
OF_ONE: Final = Limit("emptied the roster", 1, MINUTES)
OF_ALL: Final = Limit("people who emptied the roster", 2, MINUTES)
"""Of a line: one more is told to whoever is on duty."""


def by_call(turn: Turn, call: LiveCall, says: Callable[[Me], str]) -> None:
    """A volunteer's call has emptied the roster; `says` is what its number is told of that."""
    if call.proven:
        return
    me = persons.by_person(turn, calls.volunteer_of(call))
    if me is not None:
        persons.tell(turn, me, [says(me)], texts.REPLY, UNDO_WITHIN)
        count(turn, me)


def count(turn: Turn, me: Me) -> None:
    """Somebody has emptied the roster, by text or by such a call; of three, duty hears once.

    Each counts once, and is known by a keyed digest for ten minutes.
    """
    if attempts.refused(turn.db, turn.seal, OF_ONE, me.person_id, turn.now) is not None:
        return
    if attempts.refused(turn.db, turn.seal, OF_ALL, me.line_id, turn.now) is not None:
        duty.alert(turn, me.line_id, "several_gave_up")


def forget(turn: Turn, person_id: int) -> None:
    """They have left: nothing of them is known here; that somebody went counts for the line."""
    attempts.erase(turn.db, turn.seal, OF_ONE, person_id)
