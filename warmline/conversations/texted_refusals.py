"""Why a word changed nothing, in the volunteer's own language."""

from shifts.faults import Fault
from warmline.conversations.texting import Me
from warmline.telephony.conversation import Turn


def why_not(turn: Turn, me: Me, fault: Fault) -> str:
    """A refusal's own words by its name; the rule's own sentence only where it has none."""
    key = f"refused.{type(fault).__name__}"
    if key in turn.prompts.keys(me.language):
        return me.text(turn, key)
    return me.text(turn, "refused", why=fault.lines[0])
