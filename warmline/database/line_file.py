"""The file in which a line on SQLite is kept: whether it is there, and whether it will stay there.

It makes nothing; what is on a server of databases, or in memory, is none of its business.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from sqlite3 import OperationalError
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, make_url

from shifts.faults import Fault
from warmline.settings import BadSetting

PLATFORMS: Final = ("DYNO", "RENDER", "FLY_APP_NAME", "RAILWAY_ENVIRONMENT", "K_SERVICE")
"""What platforms set whose disk begins anew at each restart or release, but for volumes."""
OWN_VOLUME: Final = "RAILWAY_VOLUME_MOUNT_PATH"
"""Where such a platform says itself that a volume is."""
WITHOUT_VOLUMES: Final = "DYNO"
"""One that has none at all; whoever is like it on a machine of their own says DOKKU_… as well."""
IN_MEMORY: Final = frozenset({"tmpfs", "ramfs", "devtmpfs", "overlay", "aufs"})
"""File systems that end with the machine or its container."""
MOUNTS: Final = Path("/proc/self/mountinfo")


class NoDatabase(Fault, OperationalError):
    """The file of DATABASE_URL is not there, or cannot be a database.

    To whatever answers the web it is a fault of the database like any other.
    """

    can_be_made = False
    """Whether `warmline migrate` would make it."""


class NoFileYet(NoDatabase):
    """Nothing is there, in a folder that is."""

    can_be_made = True


def path_of(url: str) -> Path | None:
    """The whole path of a SQLite file; None when that is none."""
    parts = make_url(url)
    name = parts.database or ""
    if parts.get_backend_name() != "sqlite" or parts.query.get("mode") == "memory":
        return None
    if name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    return None if name in {"", ":memory:"} else Path(name).absolute()


def url_of(path: Path) -> str:
    """The address of a SQLite file, whatever its path holds: % and ? mean more in one."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def that_must_be_there(url: str, file: Path) -> URL:
    """The URL under which SQLite opens the file, and never makes it."""
    parts = make_url(url)
    query = {"mode": "rw", **parts.query, "uri": "true"}
    return parts.set(database=file.as_uri(), query=query)


def refuse_missing(file: Path) -> None:
    """Raise NoDatabase, one line with the whole path, unless there is something to be read."""
    refuse_impossible(file)
    try:
        size = file.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        size = 0
    except OSError as fault:
        raise NoDatabase(f"{file}: cannot be read: {fault.strerror}; see DATABASE_URL") from None
    if not size:
        kind = NoFileYet if file.parent.is_dir() else NoDatabase
        raise kind(f"There is no line at {file}; run warmline init, or set DATABASE_URL.")
    if not os.access(file, os.R_OK):
        raise NoDatabase(f"{file}: cannot be read: Permission denied; see DATABASE_URL")


def refuse_impossible(file: Path) -> None:
    """Raise NoDatabase, one line with the whole path, if no database can ever be in this place."""
    if file.is_dir():
        example = f"DATABASE_URL={url_of(file / 'warmline.db')}"
        raise NoDatabase(f"{file} is a folder; name a file, for example {example}")


def refuse_no_folder(file: Path) -> None:
    """Raise NoDatabase, one line with the whole path, if the file cannot be made."""
    refuse_impossible(file)
    if not file.parent.is_dir():
        raise NoDatabase(f"{file} cannot be made: there is no folder {file.parent}")
    if not file.exists() and not os.access(file.parent, os.W_OK):
        raise NoDatabase(f"{file} cannot be made: nothing may be written into {file.parent}")


class Mount(NamedTuple):
    """Where a file system is put into the tree, and of which kind it is."""

    at: Path
    kind: str


def refuse_thrown_away(
    url: str, environment: Mapping[str, str] = os.environ, mounts: Path = MOUNTS
) -> None:
    """Raise BadSetting, one line, if the line's file would be gone at the next restart."""
    file = path_of(url)
    named = next((name for name in PLATFORMS if environment.get(name)), None)
    if file is None or named is None or _is_on_a_volume(file, environment, mounts):
        return
    raise BadSetting(
        f"DATABASE_URL: {file} is on a disk that this platform throws away at each restart, and"
        f" the line with it ({named} is set, no volume is there); name a database, for example"
        " DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE, or a file on a volume"
    )


def _is_on_a_volume(file: Path, environment: Mapping[str, str], mounts: Path) -> bool:
    real = file.resolve()
    own = environment.get(OWN_VOLUME)
    if own and real.is_relative_to(Path(own).resolve()):
        return True
    if environment.get(WITHOUT_VOLUMES) and not any(
        one.startswith("DOKKU_") for one in environment
    ):
        return False
    below = [mount for mount in _mounts(mounts, real) if real.is_relative_to(mount.at)]
    # Of several at one place the last hides the others.
    deepest = max(reversed(below), key=lambda mount: len(mount.at.parts), default=None)
    return bool(deepest and deepest.at != Path(deepest.at.anchor) and deepest.kind not in IN_MEMORY)


def _mounts(table: Path, file: Path) -> Iterator[Mount]:
    """The file systems of this machine, or those above the file where no table lists them."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        yield from (Mount(one, "") for one in file.parents if one.is_mount())
        return
    # https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
    for fields in map(str.split, lines):
        if "-" in fields[6:]:
            kind = fields[fields.index("-", 6) + 1]
            yield Mount(Path(_unescaped(fields[4])), kind)


def _unescaped(text: str) -> str:
    """A space, a tab, a line end and a backslash stand there in octal."""
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), text)
