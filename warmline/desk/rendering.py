"""How pages are made: templates, what each of them may use, and the addresses of our own files."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warmline.desk.visit import Visit
from warmline.desk.wording import Telling, for_form
from warmline.languages import own_names
from warmline.sign_in.visitors import ROLES

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


class Choice(Protocol):
    """Somebody who can be chosen; `agreed`: their own yes is held."""

    @property
    def person_id(self) -> int:
        """Who they are."""

    @property
    def name(self) -> str:
        """What they are called."""

    @property
    def agreed(self) -> bool:
        """Whether they have said yes."""


@cache
def static(name: str) -> str:
    """The address of one of our files; it changes with the file, so that it may be kept long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/desk/static/{name}?v={digest}"


def options(people: Iterable[Choice], telling: Telling) -> list[tuple[int, str]]:
    """People as the choices of a field; whose own yes is not held is not asked by text."""
    not_yet = telling("place.not_agreed")
    return [
        (one.person_id, one.name if one.agreed else f"{one.name} ({not_yet})") for one in people
    ]


@cache
def _templates() -> Environment:
    """Every page, compiled once in a process; whatever is filled in is escaped."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["options"] = options
    templates.globals |= {
        "static": static,
        "roles": ROLES,
        "for_form": for_form,
        "known_languages": own_names(),
    }
    return templates


class Templates:
    """The templates, with what each page is given."""

    def __init__(self) -> None:
        self._templates = _templates()

    def page(self, template: str, visit: Visit, values: Mapping[str, object]) -> str:
        """A page as HTML; it sees the visit's line, person and words, and what it was given."""
        return self._templates.get_template(template).render(
            v=visit, t=visit.telling, line=visit.line, who=visit.who, **values
        )

    def bare(self, template: str, telling: Telling, values: Mapping[str, object]) -> str:
        """A page of nobody's and of no line."""
        return self._templates.get_template(template).render(
            v=None, t=telling, line=None, who=None, **values
        )
