"""Figures as printed after a run: a table for each measure, under machine and versions."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version

LIBRARIES = ("SQLAlchemy", "starlette", "uvicorn", "psycopg")


class Figures:
    """Collects tables; nothing is printed while it is being measured."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table; the first column is words, the others are numbers; a blank head is none."""
        widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
        self.lines += ["", title]
        for row in (head, *rows) if any(head) else rows:
            numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
            self.lines.append("  ".join(["", row[0].ljust(widths[0]), *numbers]))


def machine() -> str:
    """What the figures were measured on."""
    libraries = " · ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version}"
    return f"{_processor()} · {os.cpu_count()} cores · {platform.system()}\n{python} · {libraries}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:  # noqa: PTH123 - no file of ours
            names = [line.partition(":")[2].strip() for line in facts if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.machine()
