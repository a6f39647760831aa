"""One visit of a page: who comes, when, with what; and what a page may answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection

from warmline.database.sealing import Seal
from warmline.desk.wording import Telling
from warmline.line.opening import TheLine
from warmline.sign_in.visitors import COORDINATOR, VIEWER, Visitor
from warmline.telephony.conversation import Turn


class Form:
    """The fields of a form or a query: their first values, or all of one name; and its files."""

    def __init__(
        self, pairs: Sequence[tuple[str, str]], files: Mapping[str, bytes] | None = None
    ) -> None:
        self._pairs = pairs
        self.files = files or {}

    def __getitem__(self, name: str) -> str:
        """The first value, without blanks around it; empty when there is none."""
        return next((value.strip() for key, value in self._pairs if key == name), "")

    def __contains__(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return any(key == name for key, _ in self._pairs)

    def every(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value.strip() for key, value in self._pairs if key == name]

    def number(self, name: str) -> int | None:
        """The field as a whole number of at most nine digits; None when it is none."""
        text = self[name]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def pairs(self) -> list[tuple[str, str]]:
        """All of it, as it was sent."""
        return list(self._pairs)


@dataclass(frozen=True)
class Link:
    """An entry of the menu; `here` is the page that is open."""

    name: str
    href: str
    here: bool


CHALLENGE: Final = "warmline_challenge"
SLIP: Final = "warmline_slip"
KNOWN: Final = "warmline_known"
BRIEF: Final = {
    CHALLENGE: ("/desk", 300),
    SLIP: ("/desk/sign-in", 3600),
    KNOWN: ("/desk/sign-in", 31_536_000),
}
"""Cookies for one purpose: to which addresses they go, and for how many seconds."""
ANYBODY_IN: Final = None
"""Whoever is signed in, with a role or without."""
PAGES: Final = (
    ("today", "/desk", VIEWER),
    ("week", "/desk/week", VIEWER),
    ("patterns", "/desk/patterns", COORDINATOR),
    ("people", "/desk/people", VIEWER),
    ("numbers", "/desk/numbers", VIEWER),
    ("line", "/desk/line", COORDINATOR),
    ("history", "/desk/history", VIEWER),
    ("proposals", "/desk/proposals", ANYBODY_IN),
    ("mine", "/desk/mine", ANYBODY_IN),
)


@dataclass
class Visit:
    """What a page is given. `path` holds what its address names, `now` is UTC.

    `host` is how the browser has called this machine: a name, perhaps with a port. `network` is
    where it comes from (slips.network_of), to be counted and never kept.
    """

    now: datetime
    db: Connection
    line: TheLine
    telling: Telling
    seal: Seal
    who: Visitor | None = None
    form: Form = field(default_factory=lambda: Form(()))
    query: Form = field(default_factory=lambda: Form(()))
    path: Mapping[str, str | int] = field(default_factory=dict)
    address: str = "/"
    cookies: Mapping[str, str] = field(default_factory=dict)
    public_url: str = ""
    browser: str = ""
    make_turn: Callable[[], Turn] | None = None
    host: str = ""
    network: str = ""

    @property
    def turn(self) -> Turn:
        """A turn of a conversation in this visit's transaction: for what is texted to others."""
        if self.make_turn is None:
            raise LookupError("this page only shows")
        return self.make_turn()

    def pages(self) -> list[Link]:
        """The pages this visitor may open, for the menu."""
        if self.who is None:
            return []
        may = [one for one in PAGES if one[2] == ANYBODY_IN or self.who.may(one[2])]
        here = self.address.partition("?")[0]
        return [Link(name, href, here == href) for name, href, _ in may]

    def back(self) -> str:
        """This page's address without what was just said on it."""
        path, _, query = self.address.partition("?")
        kept = [one for one in parse_qsl(query) if one[0] not in ("done", "undo")]
        return f"{path}?{urlencode(kept)}" if kept else path

    def in_language(self, code: str) -> str:
        """This page in another language."""
        address = self.back()
        return f"{address}{'&' if '?' in address else '?'}lang={code}"

    @property
    def visitor(self) -> Visitor:
        """Whoever is signed in; only pages that ask for a role may use it."""
        if self.who is None:
            raise LookupError("nobody is signed in on this page")
        return self.who


@dataclass(frozen=True)
class HtmlPage:
    """A page: its template, what is filled in, and its status."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    cookies: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Away:
    """Go to another page (303), with cookies set, or taken back (None)."""

    to: str
    cookies: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Plain:
    """A file or a plain text."""

    body: str
    media_type: str
    name: str = ""
    status: int = 200
    cookies: Mapping[str, str | None] = field(default_factory=dict)


Answer = HtmlPage | Away | Plain


def inside(to: str, otherwise: str = "/desk") -> str:
    """An address of our own; anything else is another of ours."""
    plain = to.startswith("/") and not to.startswith("//") and to.isprintable()
    return to if plain and "\\" not in to else otherwise


class NotFound(Exception):
    """There is nothing at this address, or not any more."""
