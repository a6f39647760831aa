"""Reads a TwiML document and refuses what the provider refuses."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from warmline.simulator.webhooks.courier import Answer
from warmline.simulator.webhooks.grammar import ATTRIBUTES, CHILDREN, HOLDS_TEXT, NEEDS_NAME

NOT_FETCHED = 11200
NOT_REACHED = 11205
TOO_LARGE = 11750
NOT_XML = 12100
NOT_ALLOWED = 12200
NOT_TYPED = 12300

LONGEST_DOCUMENT = 64 * 1024
LONGEST_SPEECH = 4096
LONGEST_NAME = 128
XML_TYPES = ("text/xml", "application/xml")
_XML_PREFIX = "{http://www.w3.org/XML/1998/namespace}"


class DocumentRefused(Exception):
    """The provider would refuse this document: its error code, what is wrong, and where."""

    def __init__(self, code: int, reason: str, url: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.url = url


@dataclass(frozen=True)
class Verb:
    """One element: its name, attributes, own text and children."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple["Verb", ...] = ()

    def get(self, attribute: str, default: str = "") -> str:
        """The attribute as written, or the provider's default."""
        return self.attributes.get(attribute, default)

    def number(self, attribute: str, default: int) -> int:
        """A whole number, such as seconds."""
        return int(self.get(attribute, str(default)))

    def flag(self, attribute: str, default: bool) -> bool:
        """A true or false."""
        return self.get(attribute, "true" if default else "false") == "true"


@dataclass(frozen=True)
class Document:
    """Verbs in order, and the URL they came from, which relative URLs start at."""

    url: str
    verbs: tuple[Verb, ...]

    def resolve(self, url: str) -> str:
        """The absolute URL; an empty one means this document's own."""
        return urljoin(self.url, url) if url else self.url


def read_answer(answer: Answer, allowed: Collection[str]) -> Document:
    """The document in a service's answer; DocumentRefused when the provider would not take it."""
    url = answer.url
    if answer.trouble in ("ct", "rt"):
        raise DocumentRefused(NOT_REACHED, "no answer from the service", url)
    if not 200 <= answer.status < 300:
        raise DocumentRefused(NOT_FETCHED, f"the service answered {answer.status}", url)
    if answer.content_type.partition(";")[0].strip().lower() not in XML_TYPES:
        raise DocumentRefused(NOT_TYPED, f"content type {answer.content_type!r}", url)
    if len(answer.body) > LONGEST_DOCUMENT:
        raise DocumentRefused(TOO_LARGE, f"{len(answer.body)} bytes", url)
    return read(answer.body, url, allowed)


def read(body: bytes | str, url: str, allowed: Collection[str]) -> Document:
    """The document written in `body`; `allowed` names the verbs that may stand at its top."""
    try:
        root = ET.fromstring(body)  # noqa: S314  # only our own service's answers are read here
    except (ET.ParseError, ValueError) as fault:
        raise DocumentRefused(NOT_XML, f"not XML: {fault}", url) from fault
    if root.tag != "Response":
        raise DocumentRefused(NOT_XML, f"the root is <{root.tag}>, not <Response>", url)
    try:
        return Document(url, _Reader(allowed).children(root))
    except ValueError as fault:
        raise DocumentRefused(NOT_ALLOWED, str(fault), url) from fault


class _Reader:
    """Turns elements into verbs; ValueError says what the provider would not take."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._at_top = allowed

    def children(self, element: ET.Element) -> tuple[Verb, ...]:
        top = element.tag == "Response"
        allowed = self._at_top if top else CHILDREN.get(element.tag, ())
        if top and (element.text or "").strip():
            raise ValueError("stray words in <Response>")
        verbs = []
        for child in element:
            if child.tag not in allowed:
                raise ValueError(f"<{child.tag}> is not allowed in <{element.tag}> here")
            if (child.tail or "").strip() and element.tag not in HOLDS_TEXT:
                raise ValueError(f"stray words in <{element.tag}>")
            verbs.append(self.verb(child))
        return tuple(verbs)

    def verb(self, element: ET.Element) -> Verb:
        name = element.tag
        attributes = {key.replace(_XML_PREFIX, "xml:"): value for key, value in element.items()}
        for key, value in attributes.items():
            check = ATTRIBUTES[name].get(key)
            if check is None:
                raise ValueError(f"<{name}> has no attribute {key}")
            if not check(value):
                raise ValueError(f"<{name} {key}={value!r}> is not a value the provider takes")
        words = _words(element) if name in HOLDS_TEXT else ""
        verb = Verb(name, attributes, words, self.children(element))
        _check_contents(verb, element)
        return verb


def _words(element: ET.Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _check_contents(verb: Verb, element: ET.Element) -> None:
    if (element.text or "").strip() and verb.name not in HOLDS_TEXT:
        raise ValueError(f"<{verb.name}> holds no words of its own")
    if verb.name in NEEDS_NAME and not 0 < len(verb.text) <= LONGEST_NAME:
        raise ValueError(f"<{verb.name}> needs a name of at most {LONGEST_NAME} characters")
    if verb.name == "Enqueue" and len(verb.text) > 64:
        raise ValueError("a queue's name has at most 64 characters")
    if verb.name == "Say" and not 0 < len(verb.text) <= LONGEST_SPEECH:
        raise ValueError(f"<Say> needs words, at most {LONGEST_SPEECH} characters")
    if verb.name == "Dial" and len(verb.children) != 1:
        raise ValueError("<Dial> needs one Conference or Queue; the exchange knows nothing else")
    if verb.name == "Play" and not verb.text and "digits" not in verb.attributes:
        raise ValueError("<Play> needs a URL or digits")
