"""What the line wishes for in a practice, done at once and to nobody: no network is asked."""

from typing import Final, Protocol

from warmline.conversations.steps import caller, volunteer
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.practice.line_in_memory import PracticeLine
from warmline.sending import talk_texts, texts
from warmline.sending.guard import MayNotRing, MayNotText, NotNow, number_to_ring
from warmline.telephony.words import Step

MOST: Final = 60
"""Effects that one thing done may lead to: more is a fault of ours."""
STEPS: Final = {"c": caller.steps, "r": volunteer.steps}


class TooMuch(Exception):
    """Effects lead to effects without end."""


class Phones(Protocol):
    """The phones of a practice."""

    def ring(self, token: str) -> None:
        """The visitor's phone rings: the ring with this token."""

    def move_leg(self, provider_id: str, step: Step) -> None:
        """A leg goes on at a step."""

    def hang_up(self, provider_id: str) -> None:
        """A leg ends."""

    def text(self, to: str, body: str) -> None:
        """A text comes to a phone."""


def carry_out(line: PracticeLine, phones: Phones) -> None:
    """Do whatever is due, and what that leads to."""
    for _ in range(MOST):
        with line.turn({}) as turn:
            due = outbox.due(turn.db, turn.now)
            taken = outbox.take(turn.db, [one.id for one in due[:1]], turn.now) if due else []
        if not taken:
            return
        _do(line, phones, taken[0])
    raise TooMuch


def _do(line: PracticeLine, phones: Phones, effect: DueEffect) -> None:
    match effect.kind:
        case outbox.RING:
            if _may_ring(line, effect):
                phones.ring(effect.subject)
        case outbox.TALK | outbox.TEXT:
            _text(line, phones, effect)
            return
        case outbox.MOVE:
            _, letter, _, name = outbox.path_of(effect).split("/")
            _done(line, effect)
            phones.move_leg(effect.subject, STEPS[letter][name])
            return
        case outbox.HANG_UP:
            phones.hang_up(effect.subject)
    _done(line, effect)


def _may_ring(line: PracticeLine, effect: DueEffect) -> bool:
    """The same guard as everywhere; whoever may not be rung is not."""
    with line.turn({}) as turn:
        try:
            number_to_ring(turn.db, effect.subject, turn.now)
        except MayNotRing:
            return False
    return True


def _text(line: PracticeLine, phones: Phones, effect: DueEffect) -> None:
    way = talk_texts if effect.kind == outbox.TALK else texts
    with line.turn({}) as turn:
        outbox.done(turn.db, effect)
        try:
            out = way.to_send(turn.db, turn.seal, effect.subject, turn.now)
        except (MayNotText, NotNow):
            return
        if effect.kind == outbox.TALK:
            talk_texts.accepted(turn.db, effect.subject, effect.subject, turn.now)
        else:
            texts.accepted(turn.db, effect.subject, effect.subject)
    phones.text(out.to, out.body)


def _done(line: PracticeLine, effect: DueEffect) -> None:
    with line.turn({}) as turn:
        outbox.done(turn.db, effect)
