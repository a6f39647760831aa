"""Why a claim is refused: each reason by its name."""

from shifts.faults import Fault


class NoSuchPlace(Fault):
    """There is no such place on this line's roster, or not any more."""


class StillADraft(Fault):
    """The place is not on the roster yet."""


class SomebodyElseHasIt(Fault):
    """The place is somebody else's, perhaps since a moment ago."""


class YourOwn(Fault):
    """Somebody wanted to take what is theirs already."""


class NotYours(Fault):
    """Somebody wanted to change a place that is nobody's."""


class Begun(Fault):
    """A claim ends with the first instant of its shift."""


class Over(Fault):
    """The shift has ended."""


class DoublePlace(Fault):
    """Somebody would have two places of one kind at one instant."""


class NotPartOfIt(Fault):
    """The part that was named does not lie within the shift."""


class AnswerFirst(Fault):
    """Somebody was asked for the place and has not said yes or no."""


class NothingAsked(Fault):
    """Somebody answered for a place that they were not asked for."""


class OfferedAlready(Fault):
    """The place is offered already."""


class NotOffered(Fault):
    """Somebody wanted back what they had not offered."""


class BothMustAgree(Fault):
    """A swap needed two to agree, and so does swapping back."""


class NoSuchSwap(Fault):
    """Nobody waits for an answer to that swap (any more)."""


class SwapLapsed(Fault):
    """One of the two shifts has begun, or is not what it was when the swap was asked."""


class OtherKind(Fault):
    """A place on duty and a peer's place cannot be swapped for each other."""


class TooLongToSwap(Fault):
    """The shift is stored in pieces, and a swap is about one place each."""


class PatternWentOn(Fault):
    """A change of a pattern is not undone once the pattern has made places by its new rule."""
