"""The words that callers text: only when one is the whole message; pure."""

import re
from typing import Final

from warmline.texting.volunteer_words import HELPS, STARTS, STOPS, WORDS, is_whole, plain

BYE: Final = "BYE"
ELSE: Final = "ELSE"
QUIET: Final = "QUIET"
WAIT: Final = "WAIT"
RULES: Final = "RULES"
LIST: Final = "LIST"
ENGLISH: Final = "ENGLISH"
SPANISH: Final = "ESPANOL"
KEEP: Final = "KEEP"
SAY: Final = "SAY"
CALLERS: Final = {
    BYE: BYE,
    "ADIOS": BYE,
    ELSE: ELSE,
    "OTRA": ELSE,
    QUIET: QUIET,
    "SILENCIO": QUIET,
    WAIT: WAIT,
    "ESPERO": WAIT,
    RULES: RULES,
    "REGLAS": RULES,
    LIST: LIST,
    "LISTA": LIST,
    ENGLISH: ENGLISH,
    SPANISH: SPANISH,
    KEEP: KEEP,
    "GUARDA": KEEP,
    SAY: SAY,
    "DECIR": SAY,
}
"""Each word, English and Spanish, to what it means."""
_IN_SPANISH: Final = frozenset(
    {"ADIOS", "OTRA", "SILENCIO", "ESPERO", "REGLAS", "LISTA", "GUARDA", "DECIR", "AYUDA"}
)
ASKS_WHO: Final = HELPS | {"AYUDA"}
"""Whoever writes one asks who we are, in a talk too."""
_RECEIPT: Final = re.compile(r"[\W_]*(FORGET|OLVIDA)[\W_]*(\d[\d\W_]*)")
_ANSWER: Final = re.compile(r"[\W_]*(SAY|DECIR)[\W_]*(\d[\d\W_]*)")
PLAIN_STOPS: Final = frozenset(
    {
        "STOPTEXTINGME", "STOPTEXTING", "STOPMESSAGINGME", "DONTTEXTME", "DONOTTEXTME",
        "DONTTEXTMEAGAIN", "DONOTTEXTMEAGAIN", "DONTCONTACTME", "DONOTCONTACTME", "NOMORETEXTS",
        "STOPCONTACTINGME", "UNSUBSCRIBEME", "REMOVEME", "OPTMEOUT", "LEAVEMEALONE",
        "NOMEESCRIBAS", "NOMEESCRIBAN", "NOMEESCRIBANMAS", "NOMEESCRIBASMAS", "NOMASMENSAJES",
        "DEJENDEESCRIBIRME", "DEJADEESCRIBIRME",
    }
)  # fmt: skip
"""What means STOP as a whole message, without blanks and punctuation: a caller may take their leave
in any reasonable way (47 CFR 64.1200(a)(10))."""
_POLITE: Final = re.compile(r"^(?:PLEASE|PORFAVOR)|(?:PLEASE|PORFAVOR|THANKS|THANKYOU|GRACIAS)$")
_BLANK: Final = re.compile(r"[\W_]+")
PASSED_ON: Final = frozenset({"OK", "NO"})
"""Words of volunteers that are also everybody's: in a talk the line asks nothing they answer."""
_VOLUNTEERS: Final = frozenset(
    word for name, words in WORDS.items() if name not in PASSED_ON for word in words
)


def word_of(body: str) -> str | None:
    """What a caller's message means as a whole, in any case and with any punctuation."""
    return CALLERS.get(_whole(body))


def receipt_in(body: str) -> str | None:
    """The digits that follow FORGET, when that is the whole message."""
    found = _RECEIPT.fullmatch(plain(body))
    return re.sub(r"\D", "", found[2]) if found else None


def answer_wanted(body: str) -> str | None:
    """The digits that follow SAY, when that is the whole message: an answer is asked for."""
    found = _ANSWER.fullmatch(plain(body))
    return re.sub(r"\D", "", found[2]) if found else None


def is_spanish(body: str) -> bool:
    """Whether a message as a whole is a word of ours in Spanish."""
    return _whole(body) in _IN_SPANISH or plain(body).lstrip().startswith(("OLVIDA", "DECIR "))


def asks_who_we_are(body: str) -> bool:
    """Whether a message is a word on which the law wants us to say who we are."""
    return is_whole(body, ASKS_WHO)


def opens_the_way(body: str) -> bool:
    """Whether a message is a word on which the network opens the way to a phone again."""
    return is_whole(body, STARTS)


def is_the_networks(body: str) -> bool:
    """Whether a message is one of the words on which the network itself closes the way."""
    return is_whole(body, STOPS)


def is_stop(body: str) -> bool:
    """Whether a message as a whole asks us to write no more."""
    return is_the_networks(body) or _POLITE.sub("", _whole(body)) in PLAIN_STOPS


def is_a_volunteers_word(body: str) -> bool:
    """Whether a message as a whole is a shift word, which a peer in a talk may mean for us."""
    return _whole(body) in _VOLUNTEERS


def _whole(body: str) -> str:
    return _BLANK.sub("", plain(body))
