"""A call that reads a sign-in code, twice and slowly, to whoever asked for it at the desk."""

from typing import Any, Final

from sqlalchemy import Row

from warmline.conversations import code
from warmline.phone import outbox
from warmline.phone.conversation import Turn
from warmline.phone.words import HangUp, Hush, Words

conversation: Final = code


@code.step
def read_out(turn: Turn, asked: Row[Any]) -> Words:
    """Hello, the six digits, once more, goodbye. Asked for again it says the same."""
    outbox.erase(turn.db, asked.line_id, [turn.form.get("CallSid", "")], turn.now)
    digits = ". ".join(turn.seal.open(asked.code, asked.token))
    return [
        turn.say("code.hello", line=asked.line_name, digits=digits),
        Hush(1),
        turn.say("code.again", digits=digits),
        HangUp(),
    ]


@code.callback
def read(_turn: Turn, _asked: Row[Any]) -> None:
    """The network tells how the call goes: nothing hangs on it."""
