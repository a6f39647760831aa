"""The command line in a folder of its own, on SQLite, with a line and a few people."""

import os
from pathlib import Path

import pytest

from tests.operations.at_work import Commands


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Commands:
    """The commands on a database whose schema is of today, with nothing set but its address."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")) or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Commands(sqlite_url, tmp_path)
