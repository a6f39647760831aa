"""The papers at /help, for anybody: read from warmline/docs and made into pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from itertools import takewhile
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from warmline.desk import security
from warmline.desk.door import DeskDoor
from warmline.desk.public.learn import telling_for
from warmline.prompts import LANGUAGES

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
HERE: Final = "/help"
PICTURES: Final = f"{HERE}/pictures"
DOORS: Final = (
    *("", "callers", "volunteers", "coordinators", "operators", "developers"),
    *("decisions", "changelog"),
)
"""What every page leads to."""
OURS: Final = frozenset(
    {"/", "/desk", "/desk/start", "/help", "/learn", "/learn/guide", "/line/check", "/line/say"}
)
"""Addresses of the line itself: where a paper names one, its page is one press away."""
FEW: Final = 4
"""Headings that need no table of contents."""
MARKS: Final = re.compile(r"^<!-- (?:table: [\w ]+|example: .+|end) -->\n", re.MULTILINE)
"""Around what is held equal to the code, above code that a test runs; not for readers."""
_TO_DO: Final = re.compile(r"^- \[ \] ", re.MULTILINE)
_NO_LETTER: Final = re.compile(r"[^\w\- ]")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A heading of the second order, and the place that it has on its page."""

    words: str
    place: str


@dataclass(frozen=True)
class Paper:
    """A paper in one language; `body` is what comes after its title."""

    name: str
    language: str
    title: str
    headings: tuple[Heading, ...]
    body: Markup

    @property
    def address(self) -> str:
        """Where it is."""
        return address_of(self.name)

    @property
    def contents(self) -> Sequence[Heading]:
        """The table of contents; empty where it would say nothing."""
        return self.headings if len(self.headings) > FEW else ()


@dataclass(frozen=True)
class Papers:
    """The pages under /help; they read nothing of the line's."""

    door: DeskDoor

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [Route(HERE, self._show), Route(f"{HERE}/{{name:path}}", self._show)]

    def _show(self, request: Request) -> Response:
        t = telling_for(request)
        paper = read(request.path_params.get("name", "").strip("/"), t.language)
        if paper is None:
            html = self.door.look.bare("problem.html", t, {"problem": "not_found"})
            return security.guarded(HTMLResponse(html, 404))
        doors = [one for name in DOORS if (one := read(name, t.language))]
        html = self.door.look.bare("paper.html", t, {"paper": paper, "doors": doors})
        return security.guarded(HTMLResponse(html))


@cache
def files() -> Mapping[str, Mapping[str, Path]]:
    """Every paper by its address under /help: its file in each language that it has."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(DOCS.rglob("*.md")):
        name, language = _named(PurePosixPath(path.relative_to(DOCS).as_posix()))
        found.setdefault(name, {})[language] = path
    return found


def _named(path: PurePosixPath) -> tuple[str, str]:
    """A file's address under /help, and its language: index.es.md is "" in Spanish."""
    stem, _, language = path.with_suffix("").as_posix().partition(".")
    name = stem.removesuffix("index").rstrip("/").lower()
    return name, language or LANGUAGES[0]


@dataclass(frozen=True)
class Here:
    """From where links lead: a folder of the papers, a paper's language and its reader's."""

    folder: str
    language: str
    reader: str

    def leads_to(self, address: str) -> str:
        """Where a link leads to on our site, in the reader's language unless it names another."""
        file, mark, place = address.partition("#")
        path = PurePosixPath(normpath(f"{self.folder}/{file}"))
        if path.parts[0] == "pictures":
            return picture(path.name)
        if path.suffix != ".md" or "://" in address:
            return address
        name, language = _named(path)
        language = self.reader if language == self.language else language
        return f"{address_of(name)}?lang={language}{mark}{place}"


def address_of(name: str) -> str:
    """Where a paper is."""
    return f"{HERE}/{name}".rstrip("/")


@cache
def picture(name: str) -> str:
    """The address of a picture; it changes with the picture, so that it may be kept for long."""
    digest = sha256((DOCS / "pictures" / name).read_bytes()).hexdigest()[:10]
    return f"{PICTURES}/{name}?v={digest}"


def read(name: str, reader: str) -> Paper | None:
    """A paper in its reader's language, or in English where it has no other; None: no such one."""
    return _read(name, reader) if name in files() else None


@cache
def _read(name: str, reader: str) -> Paper:
    """Kept, once made: there are only so many papers."""
    in_languages = files()[name]
    language = reader if reader in in_languages else LANGUAGES[0]
    path = in_languages[language]
    here = Here(path.relative_to(DOCS).parent.as_posix(), language, reader)
    return paper(name, path.read_text(encoding="utf-8"), here)


def paper(name: str, text: str, here: Here) -> Paper:
    """A paper of its Markdown, which begins with its title."""
    tokens = _MARKDOWN.parse(_TO_DO.sub("- ☐ ", MARKS.sub("", text)))
    headings = tuple(_placed(tokens))
    for token in tokens:
        if token.children:
            token.children = list(_led(token.children, here))
    title, body = tokens[1].content, list(_shaped(tokens[3:]))
    html = _MARKDOWN.renderer.render(body, _MARKDOWN.options, {})
    # Whatever was HTML in the file has been escaped.
    return Paper(name, here.language, title, headings, Markup(html))  # noqa: S704 - see above


def _placed(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Gives each heading its place on the page, as code hosts do; those of the second order."""
    taken: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = "".join(one.content for one in tokens[at + 1].children or ())
        place = _NO_LETTER.sub("", words.lower()).replace(" ", "-")
        taken[place] = times = taken.get(place, -1) + 1
        place = f"{place}-{times}" if times else place
        token.attrSet("id", place)
        if token.tag == "h2":
            yield Heading(words, place)


def _led(tokens: Sequence[Token], here: Here) -> Iterator[Token]:
    """Links and pictures lead to where they are on our site; a picture opens in its own size."""
    for token in tokens:
        address = ""
        if token.type == "link_open":
            token.attrSet("href", here.leads_to(str(token.attrs["href"])))
        elif token.type == "image":
            address = here.leads_to(str(token.attrs["src"]))
            token.attrs |= {"src": address, "loading": "lazy"}
        elif token.type == "code_inline" and token.content in OURS:
            address = token.content
        if address:
            link = Token("link_open", "a", 1, attrs={"href": address})
            yield from (link, token, Token("link_close", "a", -1))
        else:
            yield token


def _shaped(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tables and code scroll within themselves, by keyboard too; a head of no words is left out."""
    pending, under = iter(tokens), ""
    for token in pending:
        match token.type:
            case "heading_open":
                words = next(pending)
                under = escape(words.content)
                yield from (token, words)
            case "table_open":
                open_ = f'<div class="scroll" role="group" tabindex="0" aria-label="{under}">'
                yield from (_html(open_), token)
            case "table_close":
                yield from (token, _html("</div>\n"))
            case "thead_open":
                head = [token, *takewhile(lambda one: one.type != "thead_close", pending)]
                if any(one.content for one in head):
                    yield from (*head, Token("thead_close", "thead", -1))
            case "fence":
                yield _html(f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n')
            case _:
                yield token


def _html(code: str) -> Token:
    return Token("html_block", "", 0, content=code)
