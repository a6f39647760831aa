"""What each key does that is pressed in a call, by the situation in which it is pressed.

Stories compare the key of a turn with these names and with no figure of their own. The papers'
tables, and the prompts that tell of keys, are held equal to them by tests. Where no key is told
apart, or where prompts count keys out (languages, times to be called back, somebody to practise
with, how it went), there is nothing here. Silence is no key: it is what a story goes on with.
"""

from enum import StrEnum


class Waiting(StrEnum):
    """A caller waits for somebody."""

    CALL_BACK = "4"
    COUNT = "5"
    """This call may be counted; again: it may not. From the first word to the end of the wait."""
    RECEIPT = "8"
    SEEN_OTHERWISE = "7"
    """Their wait is longer after a boundary, and they see that otherwise."""
    OTHER_CHOICES = "0"


class OtherChoices(StrEnum):
    """A caller who waits has asked what else there is."""

    RULES = "1"
    PLACES = "2"
    LANGUAGE = "3"
    CALL_BACK = "4"
    COUNT = "5"
    FEEDBACK = "9"
    MORE = "0"


class MoreChoices(StrEnum):
    """What nobody needs in distress: asked for once more. All but practice work a level before."""

    PRACTICE = "4"
    JOIN = "6"
    ERASE = "7"


class NobodyFound(StrEnum):
    """Nobody could be found, and the caller is asked."""

    KEEP_LOOKING = "1"
    PLACES = "2"
    CALL_BACK = "4"
    OTHER_CHOICES = "0"


class Answer(StrEnum):
    """A question, to which silence is no."""

    YES = "1"
    NO = "2"


class CallerAfterStar(StrEnum):
    """A caller has left the talk for a moment."""

    BACK = "1"
    SOMEBODY_ELSE = "2"
    ANOTHER_PEER = "3"
    RULES = "4"
    FEEDBACK = "5"
    GOODBYE = "9"


class PeerAside(StrEnum):
    """A caller waits while somebody stands by their peer."""

    SOMEBODY_ELSE = "2"


class Farewell(StrEnum):
    """Their peer has ended the talk kindly."""

    SOMEBODY_ELSE = "1"
    FEEDBACK = "5"


class Offer(StrEnum):
    """A volunteer is offered a call, or is asked to join two."""

    TAKE = "1"
    DECLINE = "2"


class RungBack(StrEnum):
    """A volunteer is rung back after a cut: an offer, with one key more."""

    GO_BACK = "1"
    SOMEBODY_ELSE = "2"
    LINE_CROSSED = "7"


class PeerAfterStar(StrEnum):
    """A volunteer has left the talk for a moment."""

    BACK = "1"
    HAND_OVER = "2"
    THIRD_PERSON = "3"
    OUTSIDE_HELP = "4"
    STAND_BY_ME = "5"
    LINE_CROSSED = "7"
    END_KINDLY = "9"


class ThirdPerson(StrEnum):
    """How a third person is to be wished for."""

    ASK_CALLER = "1"
    SAID_ALOUD = "2"


class ThirdAfterStar(StrEnum):
    """Whoever joined two has left their talk for a moment."""

    BACK = "1"
    LEAVE = "9"


class CallsIn(StrEnum):
    """A volunteer rings the line."""

    MY_SHIFTS = "1"
    LINE_CROSSED = "7"
    """Told and heard for ten minutes after a talk."""


class MyShifts(StrEnum):
    """A volunteer's menu."""

    ON_NOW = "1"
    OFF = "2"
    PAUSE = "3"
    NEXT_SHIFTS = "4"
    WAS_ASKED = "5"
    OPEN_PLACES = "6"
    BACK_OR_SICK = "7"
    AWAY = "8"
    MORE = "0"
    """Tells the keys that are not told before; they work all the same."""


class BackOrSick(StrEnum):
    """What is to be given back: one shift, or all until tomorrow."""

    GIVE_BACK = "1"
    SICK = "2"


class Away(StrEnum):
    """For how long a volunteer cannot be on."""

    TODAY = "1"
    UNTIL_TOMORROW = "2"
    A_WEEK = "3"
    NOT_AWAY = "4"
