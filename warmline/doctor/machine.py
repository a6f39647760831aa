"""The machine itself: whose the files are, how much room is left, and its zone data."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from shifts import zone_data
from warmline.database import line_file, private_files
from warmline.doctor.findings import Finding, Sight

ENV_FILE: Final = ".env"
OTHERS: Final = 0o077
LEAST_FREE: Final = 200_000_000
"""Bytes: a line writes little, but with a full disk it answers nobody."""


def zones(today: date) -> Iterator[Finding]:
    """Which zone data tells the line's time, and whether it is old: clocks change every year."""
    used = zone_data.in_use()
    if used is None:
        yield Finding("zone data", "its version cannot be known; run: pip install -U tzdata")
        return
    what = f"zone data {used.version} (the {used.whose}'s)"
    if not zone_data.is_old(used, today):
        yield Finding(what)
        return
    since = f"came out over half a year ago, on {zone_data.released(used)}"
    yield Finding(what, f"{since}; clocks may have changed since; run: pip install -U tzdata")


def file_modes(sight: Sight) -> Iterator[Finding]:
    """The database, what SQLite puts beside it, and the settings: their owner's alone."""
    file = line_file.path_of(sight.settings.database_url)
    ours = private_files.files_of(file) if file else ()
    there = [one for one in (*ours, Path(ENV_FILE)) if one.exists()]
    # Where files have no such modes, as on Windows, there is nothing to say.
    open_ones = [str(one) for one in there if os.name == "posix" and one.stat().st_mode & OTHERS]
    named = " ".join(open_ones)
    yield Finding("file modes", f"others may read them; run: chmod 600 {named}" if named else "")


def free_disk(sight: Sight) -> Iterator[Finding]:
    """Room where the database is, or where the service runs."""
    file = line_file.path_of(sight.settings.database_url)
    folder = file.parent if file else Path.cwd()
    yield Finding("disk", not_enough(shutil.disk_usage(folder).free, folder))


def not_enough(free: int, folder: Path) -> str:
    """What to do where so many bytes are free; empty where they are enough."""
    if free >= LEAST_FREE:
        return ""
    return f"only {free // 1_000_000} MB are free in {folder}; with none, nobody is answered"
