"""A leg that we are moving, and what it is told when a room or the queue is left for that."""

from warmline.outbox import outbox
from warmline.telephony.conversation import AnyConversation, Turn
from warmline.telephony.words import GoTo, Words


def being_moved(turn: Turn, conversation: AnyConversation, provider_id: str | None) -> Words | None:
    """Where a leg goes that has a move under way; None if it has none.

    The network asks what comes after a room or the queue when that has ended, and then the answer
    counts; and when a move of ours has broken it off, and then it does not (TELEPHONY 2.6). Which
    of the two it was is told by a word that nothing promises, so it decides nothing here. Going
    where the move leads is right in both, and changes nothing.
    """
    path = outbox.moved_to(turn.db, provider_id)
    step = None if path is None else conversation.step_at(path)
    return None if step is None else [GoTo(step)]
