"""How long callers wait before they leave, told by counts of how long those answered waited; pure.

Nothing is timed for it: of everybody who waited past half a minute, how many were answered within
two minutes, how many later, and how many left. With leaving and being answered as likely in each
second as in the one before, as the planner has it, that says how long patience is on average.
"""

import math
from typing import Final

FEWEST_OF_EACH: Final = 20
"""Fewer answered within two minutes, answered later or gone tell too little."""
FIRST, LAST, LEFT_FROM = 30.0, 120.0, 20.0
"""Seconds: the bands of waits (counting.WAITS), and from when on leaving counts as later."""
SHORTEST, LONGEST = 20.0, 3600.0


def seconds(answered_soon: int, answered_later: int, left: int) -> float | None:
    """The mean patience; None where too few are counted to tell.

    `answered_soon` waited 30 s to 2 min, `answered_later` longer; `left` left after 20 s or more.
    """
    if min(answered_soon, answered_later, left) < FEWEST_OF_EACH:
        return None
    answered = answered_soon + answered_later
    # Of those answered past FIRST, the share that was answered past LAST falls with the pace at
    # which waiting ends in either way.
    pace = -math.log(answered_later / answered) / (LAST - FIRST)
    gone = left * math.exp(-pace * (FIRST - LEFT_FROM))
    return min(max(1 / (pace * gone / (gone + answered)), SHORTEST), LONGEST)
