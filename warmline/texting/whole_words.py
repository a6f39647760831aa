"""Whether a volunteer's word is the whole of what they ask, or stands in a sentence; pure.

A word that throws away what follows it, or needs nothing, acts only where nothing follows. Words
that read dates and numbers ask for themselves what they cannot read.
"""

import re
from collections.abc import Callable
from typing import Final

from warmline import languages
from warmline.texting.spelling import letters_of, plain
from warmline.texting.volunteer_words import Message

ALONE: Final = frozenset(
    {"OUT", "BACK", "WHO", "SICK", "HOURS", "UNDO", "NEXT", "LEAVE", "JOIN", "CODE"}
)
WITH_OFF: Final = frozenset({"LATE", "LAST", "SLOW", "MORE", "LESS"})
"""Ordinary sentences by themselves ("Late, sorry"): beside them only please and thanks."""
SAYS_MORE: Final = "MORE"
"""Please, after it, is for more of a list."""
MOST_WORDS: Final = 4
"""Of what somebody shares about themselves; more of them are a sentence."""
_OFF: Final = frozenset(languages.all_words("answers", "off"))
_NO_LIMIT: Final = frozenset(languages.all_words("answers", "no_limit"))
_WHEN: Final = frozenset(languages.all_words("answers", "day", "hour"))
_PLAINLY: Final = frozenset(languages.all_words("manners", "plainly"))
_NUMBER: Final = languages.number_with_unit("minutes_begin", r"\d{1,3}")
_FOR: Final = "|".join(languages.all_words("manners", "for_so_long"))
_MINUTES: Final = languages.number_with_unit("minutes_begin", rf"(?:(?:{_FOR}) )?\d{{1,3}}")
_HOURS: Final = languages.number_with_unit("hours_begin", rf"(?:(?:{_FOR}) )?\d{{1,2}}")
_PAGES: Final = frozenset({"", "2", "3"})


def is_whole(said: Message) -> bool:
    """Whether everything beside the word is understood; a word of dates and numbers says so itself.

    "OUT", "Out now, please" are; "Out of town next weekend" is not.
    """
    word, rest = said.word or "", plain(said.rest)
    if word in WITH_OFF:
        kind = said.manners - _PLAINLY
        return (rest in _OFF or not rest) and not kind and not (word == SAYS_MORE and said.manners)
    if word in ALONE:
        return not rest
    reads = _READS.get(word)
    return reads is None or reads(said, rest)


def minutes(rest: str) -> int | None:
    """How many minutes "45", "for 15 min" and "2 hours" are; None where it says anything else."""
    for pattern, many in ((_MINUTES, 1), (_HOURS, 60)):
        found = pattern.fullmatch(rest)
        if found is not None and (many == 1 or found[2]):
            return int(re.sub(r"\D", "", found[1])) * many
    return None


def _is_limit(said: Message, rest: str) -> bool:
    return not rest or rest in _NO_LIMIT or _NUMBER.fullmatch(said.rest) is not None


def _goes_on(said: Message) -> bool:
    """Whether what follows shows that the word was not meant: "share this flyer", "talk soon"."""
    first = plain(said.rest).split(maxsplit=1)[:1]
    others = languages.all_words("other_sense", said.word or "")
    return bool(first) and letters_of(first[0]) in others


_READS: Final[dict[str, Callable[[Message, str], bool]]] = {
    "PAUSE": lambda said, rest: not rest or minutes(said.rest) is not None,
    **dict.fromkeys(("MOST", "BREAK"), _is_limit),
    "REMIND": lambda _said, rest: not rest or rest in _OFF or rest in _WHEN,
    "WORDS": lambda _said, rest: rest in _PAGES,
    "SHARE": lambda said, rest: (
        said.has_colon or (not _goes_on(said) and len(rest.split()) <= MOST_WORDS)
    ),
    "TALK": lambda said, _rest: said.has_colon or not _goes_on(said),
}
"""Whether what follows a word is understood, given it as it was written and in plain letters."""
