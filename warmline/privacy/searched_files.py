"""Which files the byte search reads: the database's, the working directory's, temporary ones."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from warmline.database.engine import Database
from warmline.privacy.byte_search import Search

NOT_OURS: Final = frozenset({".git", ".venv", "node_modules"})
"""Folders of software and its versions, into which a line never writes."""


@dataclass
class SearchReport:
    """What was searched, in words, and what could not be."""

    searched: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def search_all(
    search: Search, database: Database, also: Sequence[Path], since: float
) -> SearchReport:
    """Search whatever a line writes to: its database, working directory, `also`, temporary files.

    Of these, those of this user that changed after `since` (a time of the file system's).
    """
    told = SearchReport()
    folders = [Path.cwd(), *also]
    url = make_url(database.url)
    if url.get_backend_name() == "sqlite":
        folders.insert(0, Path(str(url.database)).resolve().parent)
    else:
        _postgresql(search, database, told)
    seen: set[Path] = set()
    for folder in folders:
        _walk(search, f"every file in {folder}", set(_files(folder)) - seen, told)
        seen |= set(_files(folder))
    changed = {path for path in _files(Path(tempfile.gettempdir())) if _changed(path, since)} - seen
    _walk(search, f"temporary files in {tempfile.gettempdir()}", changed, told)
    told.unreached += [f"{path} could not be read" for path in search.done.unread]
    return told


def _walk(search: Search, what: str, paths: Iterable[Path], told: SearchReport) -> None:
    files, size = search.done.files, search.done.size
    for path in sorted(paths):
        search.file(path)
    read = search.done.files - files
    told.searched.append(f"{what}: {read} files, {search.done.size - size:,} bytes")


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder.resolve()
    for place, folders, names in os.walk(folder.resolve()):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        yield from (Path(place) / name for name in names if _is_plain(Path(place) / name))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _changed(path: Path, since: float) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_mtime >= since and found.st_uid == os.getuid()


def _postgresql(search: Search, database: Database, told: SearchReport) -> None:
    """The server's own files where they are on this machine and may be read; else every row."""
    with database.reading() as db:
        folder = _data_directory(db)
    if folder is not None and os.access(folder, os.R_OK | os.X_OK):
        _walk(search, f"every file of the database server in {folder}", set(_files(folder)), told)
        return
    told.unreached.append("the database server's own files, its pages and its log")
    with database.reading() as db:
        told.searched.append(f"every row of the database: {_rows(search, db)}")


def _data_directory(db: Connection) -> Path | None:
    try:
        with db.begin_nested():
            return Path(db.execute(text("SHOW data_directory")).scalar_one())
    except SQLAlchemyError:
        # Only a superuser may ask for it.
        return None


def _rows(search: Search, db: Connection) -> int:
    """Search every row as the database gives it; how many there are."""
    there = MetaData()
    there.reflect(db)
    number = 0
    for table in there.sorted_tables:
        for row in db.execute(select(table)):
            number += 1
            search.text(f"table {table.name}", repr(tuple(row)).encode())
    return number
