"""Names every step of a call, so that one conversation can lead to a step of another.

A step's name is part of an address that is in flight while a new version comes: it never changes.
"""

from enum import StrEnum
from typing import Final

from warmline.calls import call_backs, calls, set_clock
from warmline.calls.records import LiveCall
from warmline.sending import talk_texts
from warmline.sign_in.codes import by_token as code_by_token
from warmline.telephony.conversation import Conversation


class CallerStep(StrEnum):
    """The leg of somebody who called us."""

    AFTER_PROMISE = "after_promise"
    AFTER_PROMISE_COUNTED = "after_promise_counted"
    AGAIN = "again"
    ANOTHER_KEY = "another_key"
    ANSWER_KEYED = "answer_keyed"
    AS_CALLER = "as_caller"
    ASK_AGAIN = "ask_again"
    ASIDE_KEY = "aside_key"
    ASKED_KEY = "asked_key"
    AWAY = "away"
    AWAY_FIRST = "away_first"
    AWAY_KEY = "away_key"
    AWAY_MINE = "away_mine"
    AWAY_MINE_KEY = "away_mine_key"
    BACK_OR_SICK = "back_or_sick"
    BACK_OR_SICK_KEY = "back_or_sick_key"
    BEAT_KEY = "beat_key"
    BEAT_SILENCE = "beat_silence"
    BY_THEMSELVES = "by_themselves"
    CHOICE = "choice"
    CHOICE_KEY = "choice_key"
    CHOOSE_LANGUAGE = "choose_language"
    FAREWELL = "farewell"
    FAREWELL_KEY = "farewell_key"
    GIVE_BACK = "give_back"
    GIVE_BACK_KEY = "give_back_key"
    GO_ON = "go_on"
    GREETED = "greeted"
    GREETED_COUNTED = "greeted_counted"
    HELLO = "hello"
    HELLO_KEY = "hello_key"
    HOW_KEY = "how_key"
    INTO_ROOM = "into_room"
    JOIN_KEY = "join_key"
    KEYED = "keyed"
    KNOWN_KEY = "known_key"
    LEAVE_PRACTICE = "leave_practice"
    LEFT_QUEUE = "left_queue"
    LEFT_ROOM = "left_room"
    MAY_KEY = "may_key"
    MAY_SILENCE = "may_silence"
    MENU = "menu"
    MENU_AGAIN = "menu_again"
    MENU_KEY = "menu_key"
    MORE_CHOICE = "more_choice"
    NEXT_BEAT_KEY = "next_beat_key"
    NEXT_BEAT_SILENCE = "next_beat_silence"
    NO_KEY = "no_key"
    NOT_REACHED = "not_reached"
    NOT_THIRD = "not_third"
    NUMBER_KEYED = "number_keyed"
    OPEN_KEY = "open_key"
    OPEN_PLACES = "open_places"
    OUTSIDE_HEARD = "outside_heard"
    OWN_KEY = "own_key"
    PARTNER_CHOSEN = "partner_chosen"
    PIN = "pin"
    PIN_KEYED = "pin_keyed"
    PRACTICE = "practice"
    PRACTISE_MORE = "practise_more"
    PROMISE = "promise"
    REALLY_GOODBYE = "really_goodbye"
    TAKE_BACK_KEY = "take_back_key"
    TAKEN_OVER = "taken_over"
    THIRD_COMES = "third_comes"
    THIRD_MAY_COME = "third_may_come"
    TO_QUEUE = "to_queue"
    UNKNOWN = "unknown"
    WAIT = "wait"
    WAIT_KEY = "wait_key"
    WAS_ASKED = "was_asked"
    WAS_ASKED_KEY = "was_asked_key"
    WINDOW_KEY = "window_key"


class VolunteerStep(StrEnum):
    """The leg of a volunteer whom we rang."""

    AGAIN = "again"
    ALONE = "alone"
    ANSWER = "answer"
    COME_IN = "come_in"
    GO_BACK = "go_back"
    HANDED_OVER = "handed_over"
    HOW_KEY = "how_key"
    JOIN = "join"
    LEFT_STAND_BY = "left_stand_by"
    LEFT_TALK = "left_talk"
    LEFT_THIRD = "left_third"
    NOBODY_STANDS_BY = "nobody_stands_by"
    NOT_NEEDED = "not_needed"
    OFFER_KEY = "offer_key"
    OVER = "over"
    SOMEBODY_ELSE_WISHED = "somebody_else_wished"
    STAND_BY_ALONE = "stand_by_alone"
    STAR = "star"
    STAR_KEY = "star_key"
    STAY_OR_PASS = "stay_or_pass"  # noqa: S105 - a key, no password
    THANKS = "thanks"
    THEY_HUNG_UP = "they_hung_up"
    THIRD_ALONE = "third_alone"
    THIRD_KEY = "third_key"
    THIRD_STAR = "third_star"
    WAIT_FOR_THEM = "wait_for_them"


class CodeStep(StrEnum):
    """A call that reads somebody's sign-in code to them."""

    AGAIN = "again"
    READ_OUT = "read_out"


class BackStep(StrEnum):
    """The leg of whoever asked to be called back, until they press their key."""

    AGAIN = "again"
    ANSWER = "answer"
    PRESSED = "pressed"


caller: Final = Conversation(
    "c",
    calls.by_token,
    CallerStep,
    own_words=True,
    own=(
        CallerStep.AFTER_PROMISE,
        CallerStep.ANOTHER_KEY,
        CallerStep.ASK_AGAIN,
        CallerStep.CHOICE,
        CallerStep.CHOOSE_LANGUAGE,
        CallerStep.GO_ON,
        CallerStep.HELLO,
        CallerStep.INTO_ROOM,
        CallerStep.LEFT_QUEUE,
        CallerStep.TO_QUEUE,
        CallerStep.WAIT,
        CallerStep.WAIT_KEY,
    ),
    in_time=set_clock.call_in_time,
)
volunteer: Final = Conversation(
    "r", calls.ring_by_token, VolunteerStep, own=(VolunteerStep.ANSWER, "status")
)
text: Final = Conversation("t", talk_texts.by_token)
"""What the network tells of a text that we sent: it has no steps."""
code: Final = Conversation("k", code_by_token, CodeStep)
back: Final = Conversation("b", call_backs.by_token, BackStep)


def where_they_were(call: LiveCall) -> CallerStep:
    """The step before something else: with their peer, asked what they wish, or waiting."""
    if call.state in calls.CHOOSING:
        return CallerStep.INTO_ROOM
    return CallerStep.ASK_AGAIN if call.state == calls.ASKED else CallerStep.WAIT
