"""Messages that a phone writes by itself: reactions to a text, and automatic replies; pure."""

import re
from functools import cache

from warmline import languages
from warmline.texting.spelling import plain


def is_a_phones_own(body: str) -> bool:
    """Whether nobody has written it: `Liked "..."`, "I'm driving", "Automatic reply: ...".

    Such a message answers nothing, opens nothing and keeps nothing open.
    """
    said = plain(body).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("'", "")
    return any(one.match(said.strip(_INVISIBLE)) for one in _written_by_phones())


_INVISIBLE = " \t\r\n\u200a\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_QUOTE = r'\s*["\u201c\u201d\u201e\u00ab]'
"""What a reaction quotes stands in quotation marks, in one form or another."""


@cache
def _written_by_phones() -> tuple[re.Pattern[str], ...]:
    reactions = (rf"(?:{one}){_QUOTE}" for one in languages.all_words("machines", "reactions"))
    pictures = languages.all_words("machines", "reactions_to_pictures")
    to_it = languages.all_words("machines", "reacts_to")
    signs = (rf"[^\w\s]\S*\s*(?:{one}){_QUOTE}" for one in to_it)
    automatic = languages.all_words("machines", "automatic")
    return tuple(re.compile(one) for one in (*reactions, *signs, *pictures, *automatic))
