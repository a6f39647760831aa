"""What the provider keeps from before the line: told with its count, erased only after a yes.

It may be an organisation's only evidence of what it was billed and has done (sweeping.py leaves
it alone).
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from warmline.line import numbers_since, opening
from warmline.line.numbers_since import Since
from warmline.outbox import outbox
from warmline.sending.sweeping import known
from warmline.telephony.port import Provider

if TYPE_CHECKING:
    from warmline.parts import Parts

TOLD: Final = 1000
"""So many of each kind and direction are counted where it is only mentioned: one page of a list."""
AT_ONCE: Final = 500
"""So many of each are erased before the next are listed."""
ALL: Final = 1_000_000


class Count(NamedTuple):
    """So many calls and texts; `more`: at least so many."""

    calls: int
    texts: int
    more: bool = False

    @property
    def many(self) -> int:
        """How many there are."""
        return self.calls + self.texts

    @property
    def sentence(self) -> str:
        """How it is told at the terminal."""
        if not self.many:
            return "older than the line: the provider keeps no calls and no texts"
        least = "at least " if self.more else ""
        return (
            f"older than the line: the provider keeps {least}{_amount(self.calls, 'call')} and"
            f" {_amount(self.texts, 'text')}; they stay there, or: warmline purge --before-opening"
        )


def kept(provider: Provider, since: Since, most: int = TOLD) -> Count:
    """How many records the provider keeps from before its numbers were the line's.

    Raises a ProviderError.
    """
    found = [provider.older(number, began, most) for number, began in since.items()]
    calls = {one for older in found for one in older.calls}
    texts = {one for older in found for one in older.texts}
    full = any(len(ids) >= most for older in found for ids in (older.calls, older.texts))
    return Count(len(calls), len(texts), full)


def count(parts: "Parts") -> Count:
    """All of them, however many pages that takes."""
    return kept(parts.provider, _since(parts), ALL)


def erase(parts: "Parts") -> int:
    """Erase them at the provider; how many. Whatever it will not erase yet waits its turn."""
    erased, since = 0, _since(parts)
    while ids := _next(parts, since):
        with parts.database.writing() as db:
            line = opening.the_line(db)
            outbox.erase(db, line.line_id, ids, parts.now())
            outbox.erase_sooner(db, parts.now())
        parts.sender.send_due(only=outbox.ERASE)
        with parts.database.reading() as db:
            erased += len(set(ids) - known(db))
    return erased


def _next(parts: "Parts", since: Since) -> list[str]:
    """Some that are there still, and have not been tried."""
    found = [parts.provider.older(number, began, AT_ONCE) for number, began in since.items()]
    with parts.database.reading() as db:
        tried = known(db)
    return sorted({one for older in found for one in (*older.calls, *older.texts)} - tried)


def _since(parts: "Parts") -> Since:
    with parts.database.reading() as db:
        return numbers_since.read(db, opening.the_line(db), parts.now())


def _amount(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"
