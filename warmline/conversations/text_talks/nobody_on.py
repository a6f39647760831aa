"""Nobody is on who could take a talk by text: whoever waits for one hears so at once.

They hear when somebody is next on, too. Their talk is then in the state `NOBODY`, in which whoever
comes on is asked all the same; after ten minutes they are told what else they can do, and after
ten more it ends.
"""

from warmline.calls import talks
from warmline.calls.records import LiveTalk, TalkChanges
from warmline.conversations import next_on
from warmline.conversations.text_talks import search
from warmline.conversations.text_talks.messages import tell_caller
from warmline.telephony.conversation import Turn


def tell_all(turn: Turn, line_id: int) -> int:
    """Tell every texter of a line who waits while nobody is on any more; how many."""
    waiting = talks.without_a_peer(turn.db, line_id)
    looking = (talk for talk in waiting if talk.state == talks.LOOKING)
    return sum(tell_if_so(turn, talk) is not None for talk in looking)


def tell_if_so(turn: Turn, talk: LiveTalk) -> LiveTalk | None:
    """Tell a texter for whom a peer is looked for, if nobody is on; their talk as it then is."""
    if search.is_anybody_on(turn, talk):
        return None
    due = talk.due_at if talk.still_told else talk.waiting_since + talks.NOBODY_AFTER
    told: TalkChanges = {"due_at": due, "still_told": False}
    moved = talks.move(turn.db, talk.id, (talks.LOOKING,), talks.NOBODY, **told)
    if moved is not None:
        tell(turn, moved)
    return moved


def tell(turn: Turn, talk: LiveTalk) -> None:
    """Tell a texter that nobody is on, and when somebody is."""
    turn.language = talk.language
    tell_caller(turn, talk, "nobody_on", next_on=next_on.texted(turn, talk))
