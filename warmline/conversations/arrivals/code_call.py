"""A call to whoever asked for it at the desk: it reads their code, or tests their phone."""

from typing import Final

from warmline.conversations.steps import code
from warmline.outbox import outbox
from warmline.sign_in.codes import CodeCall
from warmline.telephony.conversation import Turn
from warmline.telephony.words import HangUp, Hush, Words

conversation: Final = code


@code.step
def read_out(turn: Turn, asked: CodeCall) -> Words:
    """Hello, the six digits, once more, goodbye; of a test, that it came through."""
    _have_it_erased(turn, asked)
    if asked.volunteer_languages is None or asked.code is None or asked.token is None:
        return [turn.say("goodbye.unknown"), HangUp()]
    digits = ". ".join(turn.seal.open(asked.code, asked.token))
    if not digits:
        return [turn.say("code.test", line=asked.line_name), HangUp()]
    return [
        turn.say("code.hello", line=asked.line_name, digits=digits),
        Hush(1),
        turn.say("code.again", digits=digits),
        HangUp(),
    ]


@code.step
def again(turn: Turn, asked: CodeCall) -> Words:
    """After a fault of ours: the digits from the beginning."""
    return read_out(turn, asked)


@code.callback
def read(turn: Turn, asked: CodeCall) -> None:
    """The call is over. Where its placing was never confirmed, only this tells that it was."""
    if turn.leg_is_over:
        _have_it_erased(turn, asked)


def _have_it_erased(turn: Turn, asked: CodeCall) -> None:
    """Wished for again, it stays one erasure."""
    provider_id = turn.leg_id
    outbox.erase(turn.db, asked.line_id, [provider_id] if provider_id else [], turn.now)
