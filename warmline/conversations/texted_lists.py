"""SHIFTS, OPEN, and those of a day or a month: SHIFTS DEC, OPEN SAT EVENING."""

from collections.abc import Callable, Sequence

from warmline.conversations.texted_dates import among, unclear, when
from warmline.conversations.texted_shifts import Entry, mine, open_to, shown_mine, shown_open
from warmline.conversations.texting import Me
from warmline.plain_dates import NotUnderstood
from warmline.telephony.conversation import Turn


def my_shifts(turn: Turn, me: Me, rest: str) -> list[str]:
    """SHIFTS: mine, and those asked of me, the next few; SHIFTS DEC: those of December."""
    return _listed(turn, me, "SHIFTS", rest, mine(turn, me), shown_mine)


def open_places(turn: Turn, me: Me, rest: str) -> list[str]:
    """OPEN: places that need someone who could be me; OPEN SAT: those of Saturday."""
    return _listed(turn, me, "OPEN", rest, open_to(turn, me), shown_open)


def _listed(
    turn: Turn,
    me: Me,
    word: str,
    rest: str,
    entries: list[Entry],
    show: Callable[[Turn, Me, Sequence[Entry]], list[str]],
) -> list[str]:
    if rest:
        answer = when(turn, me, rest)
        if isinstance(answer, NotUnderstood):
            return [unclear(turn, me, word, answer)]
        entries = among(me, entries, answer)
    none = f"{word.lower()}_none_then" if rest else f"{word.lower()}_none"
    return show(turn, me, entries) or [me.text(turn, none)]
