"""A town as the stories have it."""

from tests.stories.conftest import sqlite_town

__all__ = ["sqlite_town"]
