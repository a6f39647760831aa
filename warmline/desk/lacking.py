"""Gaps in people's words: when, and who is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel import Locale

from shifts.resolver import Lack
from shifts.wanted import LINE, VOICE
from warmline.desk.telling import Telling
from warmline.opening import TheLine


@dataclass(frozen=True)
class Missing:
    """A gap: [starts_at, ends_at) in UTC, and in words who is missing."""

    starts_at: datetime
    ends_at: datetime
    words: str
    nobody: bool
    duty: bool


def told(lacks: Iterable[Lack], line: TheLine, telling: Telling) -> list[Missing]:
    """Each gap in words, by start."""
    return [_one(lack, telling) for lack in lacks]


def language_name(code: str, telling: Telling) -> str:
    """A language's name in the reader's."""
    name = Locale(telling.language).languages.get(code, code)
    return str(name)


def _one(lack: Lack, telling: Telling) -> Missing:
    subject, gap = lack.subject, lack.gap
    speaks = language_name(subject.language, telling) if subject.language else ""
    if subject.duty:
        kind = "duty"
    elif subject == LINE:
        kind = "line"
    elif subject.language is not None:
        kind = "language"
    else:
        kind = "voice" if subject == VOICE else "text"
    key = f"gap.{kind}" if gap.on == 0 else f"gap.{kind}_few"
    words = telling(key, on=gap.on, wanted=gap.wanted, language=speaks)
    return Missing(gap.start, gap.end, words, gap.on == 0, subject.duty)
