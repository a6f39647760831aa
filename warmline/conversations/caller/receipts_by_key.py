"""Whether a call may be counted, and the number with which to erase what was counted.

The promise's first part asks, and 5 answers from the first word to the end of the wait; 5 again
takes it back. Before the queue the address that a key leads to says what 5 means there: a request
that comes twice turns nothing back. The yes stands on the call's own row until the call ends; what
it keeps, parting.py writes then. The number is said when wanted, and may be keyed in later.
"""

from typing import Final, Literal

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.steps import caller as line
from warmline.conversations.steps import where_they_were
from warmline.conversations.text_talks import afterwards
from warmline.privacy import notes
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Next, Say, Words

TIME_FOR_DIGITS: Final = 10
ANSWERS: Final = ("forgotten", "forget_later", "not_known")
"""`menu_thing` of a call is the place among these of what was said, until another is keyed in."""

Consent = Literal["yes", "no"]
WHAT_IS_SAID: Final[dict[Consent, str]] = {"yes": "wait.counted", "no": "wait.not_counted"}


def key_to(call: LiveCall, uncounted: Next, counted: Next) -> Next:
    """Where a key leads: to the step in which 5 says yes, or to the one in which it takes it back.

    A request that is repeated after the yes gets the other address: either is right.
    """
    return counted if call.consent == "yes" else uncounted


def answer_taken(turn: Turn, call: LiveCall, consent: Consent) -> Say:
    """It is so from now on, and is said."""
    calls.change(turn.db, call.id, consent=consent)
    return turn.say(WHAT_IS_SAID[consent])


def receipt_spoken(turn: Turn, call: LiveCall) -> Say:
    """The eight digits, one by one and twice; asked for again they are the same."""
    digits = ". ".join(notes.number_of_call(turn.seal, call.token))
    return turn.say("receipt.number", digits=digits)


def ask(turn: Turn, call: LiveCall) -> Words:
    """Which number; their place is kept."""
    calls.change(turn.db, call.id, menu_thing=None)
    words = [turn.say("receipt.key_in")]
    return [
        Ask(words, keyed, TIME_FOR_DIGITS, digits=notes.DIGITS),
        GoTo(where_they_were(call)),
    ]


@line.step
def keyed(turn: Turn, call: LiveCall) -> Words:
    """Eight digits: that count is erased at once; anything else changes nothing.

    A request that comes again looks nothing up: what it would find is what the first has left.
    """
    if call.menu_thing is not None and call.menu_thing in range(len(ANSWERS)):
        key = ANSWERS[call.menu_thing]
    else:
        key = _forget(turn, call)
        calls.change(turn.db, call.id, menu_thing=ANSWERS.index(key))
    return [turn.say(f"receipt.{key}"), GoTo(where_they_were(call))]


def _forget(turn: Turn, call: LiveCall) -> str:
    digits = turn.digits
    right = len(digits) == notes.DIGITS and digits.isascii() and digits.isdigit()
    return afterwards.forget(turn, call.line_id, digits, call.token) if right else "not_known"
