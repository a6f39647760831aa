"""Where a long text of a talk is cut into messages: never within an emoji; pure."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from warmline.texting.lengths import fits

LONGEST: Final = (459, 201)
"""The longest message: three segments of 153 septets, or of 67 UTF-16 units. The network keeps
the segments of one message together, but not messages in order, so few and long ones are best."""
_BLANK: Final = re.compile(r"\s")
_JOINER: Final = "\u200d"
_CLINGING: Final = re.compile(
    "[\u0300-\u036f\ufe00-\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_REGION: Final = re.compile("[\U0001f1e6-\U0001f1ff]")


def parts(text: str, prefix: str = "") -> list[str]:
    """A text in as few messages as it needs, each behind `prefix`; joined, it is the text again.

    Cut behind a blank where there is one in the later half of a part, else between two
    characters as people see them. Every part is counted in its own alphabet.
    """
    left, cut = text, []
    while left and not fits(prefix + left, LONGEST):
        end = _end_of_part(left, prefix)
        cut.append(prefix + left[:end])
        left = left[end:]
    return [*cut, prefix + left] if left else cut


def _end_of_part(text: str, prefix: str) -> int:
    """Where the first part ends, in code points; at least one character goes along."""
    end = blank = 0
    for start, stop in pairwise(_borders(text)):
        if end and not fits(prefix + text[:stop], LONGEST):
            break
        end = stop
        if _BLANK.fullmatch(text[start:stop]):
            blank = stop
    return blank if blank * 2 > end else end


def _borders(text: str) -> Iterator[int]:
    """Between which code points a text may be cut (a short form of Unicode's annex 29)."""
    yield 0
    regions = 0
    for place, (before, after) in enumerate(pairwise(text), start=1):
        regions = regions + 1 if _REGION.match(before) else 0
        flag = regions % 2 == 1 and _REGION.match(after)
        if not (flag or before == _JOINER or _CLINGING.match(after) or before + after == "\r\n"):
            yield place
    yield len(text)
