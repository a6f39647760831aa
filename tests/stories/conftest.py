"""What a story may ask for: a town with a line, on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.stories.town import Town, town_on


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        yield town


@pytest.fixture
def sqlite_town(sqlite_url: str) -> Iterator[Town]:
    """For stories in which the database decides nothing."""
    with town_on(sqlite_url) as town:
        yield town


@pytest.fixture
def two_languages(database_url: str) -> Iterator[Town]:
    """A line that speaks English first, and Spanish."""
    with town_on(database_url, languages="en,es") as town:
        yield town


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    """Each language by itself."""
    return str(request.param)


@pytest.fixture
def line(database_url: str, language: str) -> Iterator[Town]:
    """A line that speaks this language alone."""
    with town_on(database_url, languages=language) as town:
        yield town
