"""Which zone data this process reads: the system's or the package's, whichever is newer.

Governments change their clocks at short notice, so zone data of last year puts a line an hour off.
Python takes the system's whenever it is there, however old, and the package `tzdata` only where
there is none (https://docs.python.org/3/library/zoneinfo.html#data-sources).
"""

import re
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

FIRST_LINE: Final = re.compile(rb"#\s*version\s+(\S+)")
VERSION: Final = re.compile(r"(\d{4})([a-z]+)")
OLD: Final = timedelta(days=183)
"""Half a year: by then clocks have changed somewhere in every year so far."""
BROUGHT: Final = {
    "2024a": date(2024, 2, 11),
    "2024b": date(2024, 9, 23),
    "2025a": date(2025, 1, 21),
    "2025b": date(2025, 3, 23),
    "2025c": date(2025, 12, 13),
    "2026a": date(2026, 4, 3),
    "2026b": date(2026, 4, 24),
    "2026c": date(2026, 7, 10),
    "2026d": date(2026, 9, 12),
    "2026e": date(2026, 10, 3),
    "2026f": date(2026, 10, 28),
}
"""When the package brought a release, which zone data itself does not say; see `released`."""


class Version(NamedTuple):
    """A release of the zones, in their order: 2025c, 2026a … 2026z, 2026za."""

    year: int
    length: int
    letters: str

    def __str__(self) -> str:
        return f"{self.year}{self.letters}"


class ZoneData(NamedTuple):
    """One set of zones: its release, where it lies, and whose it is."""

    version: Version
    folder: Path
    whose: Literal["package", "system"]


def use_the_newer() -> None:
    """Let this process read the newest zone data there is; before the first zone is read.

    Of the folders in which Python looks (PYTHONTZPATH, else the system's) those stay, the newest
    first, whose version can be known and is newer than the package's.
    """
    package = of_package()
    if package is None:
        return
    there = filter(None, map(of_folder, zoneinfo.TZPATH))
    newer = [one for one in there if one.version > package.version]
    newer.sort(key=lambda one: one.version, reverse=True)
    zoneinfo.reset_tzpath(to=[str(one.folder) for one in newer])
    zoneinfo.ZoneInfo.clear_cache()


def in_use() -> ZoneData | None:
    """The zone data that this process reads; None: there is none whose version can be known."""
    return next(filter(None, (*map(of_folder, zoneinfo.TZPATH), of_package())), None)


def of_package() -> ZoneData | None:
    """What the package `tzdata` brings, if it is there."""
    try:
        import tzdata
    except ImportError:
        return None
    version = version_in(tzdata.IANA_VERSION)
    return version and ZoneData(version, Path(tzdata.__file__).parent / "zoneinfo", "package")


def of_folder(place: str) -> ZoneData | None:
    """The zone data in a folder; None when it does not say which release it is."""
    folder = Path(place)
    version = next(filter(None, map(version_in, _claims(folder))), None)
    return version and ZoneData(version, folder, "system")


def version_in(text: str) -> Version | None:
    """The release that a text begins with, such as 2026f, or 2026a-12-g0123abc between two."""
    found = VERSION.match(text)
    return found and Version(int(found[1]), len(found[2]), found[2])


def _claims(folder: Path) -> Iterator[str]:
    """What a folder says of its version: Linux in the first line of a file, macOS in another."""
    for name in ("tzdata.zi", "+VERSION", "version", "VERSION"):
        try:
            with (folder / name).open("rb") as file:
                first = file.readline(100)
        except OSError:
            continue
        marked = FIRST_LINE.match(first)
        yield (marked[1] if marked else first).decode("ascii", "replace").strip()


def is_old(one: ZoneData, today: date) -> bool:
    """Whether it came out over half a year ago, as far as that can be known."""
    return today - released(one) > OLD


def released(one: ZoneData) -> date:
    """When it came out; else the latest day on which it can have: in its year, and before it was
    written to this disk.
    """
    if known := BROUGHT.get(str(one.version)):
        return known
    first, last = (date(one.version.year, *day) for day in ((1, 1), (12, 31)))
    return max(first, min([last, *_written(one.folder, ("tzdata.zi", "+VERSION"))]))


def _written(folder: Path, names: Iterable[str]) -> Iterator[date]:
    for name in names:
        try:
            seconds = (folder / name).stat().st_mtime
        except OSError:
            continue
        yield datetime.fromtimestamp(seconds, UTC).date()
