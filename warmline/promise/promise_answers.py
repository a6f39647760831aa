"""What an answer to a question of the promise means: never, an exact exception, or neither; pure.

An answer is said to callers as it stands. So whatever says "no" in its own way is kept as never,
or callers would hear "The only exceptions: no."; and a bare "yes" is no answer at all.
"""

import re
import unicodedata
from typing import Final

from warmline.promise.promise import NEVER

NO: Final = frozenset(
    """
no / nope / nah / none / never / never ever / not ever / nobody / nobody ever / no one / noone
no one ever / no one at all / nobody at all / nothing / nothing at all / nil / na / n a
not applicable / not at all / none at all / none whatsoever / no exceptions / no exception
without exception / without exceptions / no exceptions at all / no exceptions whatsoever
there are none / there are none at all / there is none / there arent any / there are not any
there are no exceptions / there is no exception / there are no exceptions at all / we have none
we have no exceptions / we never do / we never would / we never will / we would never
we will never / we dont / we do not / we wont / we will not / we wouldnt / we would not
it never would / it would never / it never does / it would not / it wouldnt / in no event
under no circumstances / no never / no thanks / no thank you / absolutely not / absolutely never
of course not / certainly not / definitely not / no way / no to all / never to all / never to any
no to any
nunca / nunca jamas / jamas / ninguna / ninguno / ningun / nadie / a nadie / a nadie nunca / nada
para nada / de nada / no hay / no hay ninguna / no hay ninguno / no hay excepciones / no las hay
no existe ninguna / no hay ninguna excepcion / no hay excepcion / ninguna excepcion / sin excepcion
sin excepciones / no aplica / no se aplica / no procede / no tenemos / no tenemos ninguna
nunca lo hacemos / nunca lo hariamos / no lo hacemos / no lo hariamos / en ningun caso
claro que no / de ninguna manera / bajo ninguna circunstancia / en absoluto / que no / no nunca
por supuesto que no / a ninguna / a ninguno / ni hablar / eso nunca / nunca a nadie / no a nadie
""".strip()
    .replace("\n", " / ")
    .split(" / ")
)
"""Ways to say never, in English and Spanish, without accents and marks."""
YES: Final = frozenset(
    """
yes / y / yeah / yep / ok / okay / sure / maybe / perhaps / possibly / sometimes / it depends
depends / always / of course / there are / there are some / some / yes we would / yes we do
we would / we do / yes there are / true / if needed / if necessary / when needed / when necessary
as needed / all / any
si / claro / quiza / quizas / tal vez / a veces / depende / siempre / por supuesto / hay
hay algunas / algunas / alguna / si hay / si las hay / si es necesario / si hace falta
cuando haga falta / todas
""".strip()
    .replace("\n", " / ")
    .split(" / ")
)
"""Answers that say that there is an exception, and not which."""
SAY_WHEN: Final = "does not say when; write the exact exception, or never"

_PARTS: Final = re.compile(
    r"[.,;:!?\u00a1\u00bf\u2026\n\r()\"\u201c\u201d\u00ab\u00bb\u2013\u2014]+|(?<!\w)-|-(?!\w)"
)
_SPELLED: Final = re.compile(r"\bn\s*[./]\s*a\b\.?", re.IGNORECASE)


def is_never(text: str) -> bool:
    """Whether an answer that is not blank says no, and nothing else: each part does.

    A stroke, a zero or a lone mark stand for "none" on a form.
    """
    if not text.strip():
        return False
    parts = _plain_parts(text)
    return " ".join(parts) in NO or all(part in NO or part == "0" for part in parts)


def says_not_when(text: str) -> bool:
    """Whether an answer only says that there is an exception: a bare yes, or "it depends"."""
    parts = _plain_parts(text)
    return bool(parts) and not is_never(text) and all(part in NO | YES for part in parts)


def answer(text: str) -> str:
    """An answer as it is kept: NEVER, however it is said, or the exception as it stands."""
    return NEVER if is_never(text) else text.strip()


def _plain_parts(text: str) -> list[str]:
    """What stands between marks, without accents, apostrophes and capitals; blanks left out."""
    spelled = unicodedata.normalize("NFKD", _SPELLED.sub(" na ", text)).casefold()
    bare = "".join(one for one in spelled if not unicodedata.combining(one))
    bare = re.sub(r"['\u2019\u02bc`]", "", bare)
    parts = (re.sub(r"[^\w\s]|_", " ", part) for part in _PARTS.split(bare))
    return [" ".join(words) for part in parts if (words := _each_once(part.split()))]


def _each_once(words: list[str]) -> list[str]:
    """Words without their echo: "no no no" is one no."""
    return [one for one, before in zip(words, ["", *words], strict=False) if one != before]
