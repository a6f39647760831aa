"""What is written of a fault that nobody foresaw: where it happened, and nothing about people.

An error's own words may quote a name, a number or a text, and so may what its functions hold. So
neither is written, but the kinds of errors, files, lines and functions; and words only where they
come from the system or the language, never from what people entered.
"""

import hashlib
import os
import platform
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parents[2]
LIBRARIES: Final = ("site-packages", "dist-packages", f"python{platform.python_version()[:4]}")
MOST_FRAMES: Final = 100
"""Of each error those nearest to it: one that calls itself without end has thousands."""


def written(fault: BaseException) -> Path | None:
    """The file in which the trace of this fault now is, for its owner alone; None: none could be.

    The same fault is written to the same file, so that they do not pile up.
    """
    text = "".join(f"{line}\n" for line in lines(fault))
    name = f"fault-{hashlib.sha256(text.encode()).hexdigest()[:8]}.txt"
    for folder in _folders():
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _write(folder / name, text)
    with suppress(OSError):
        # A folder that others may write to: a name that nobody can have foreseen.
        descriptor, unforeseen = tempfile.mkstemp(prefix="warmline-fault-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return Path(unforeseen)
    return None


def lines(fault: BaseException) -> Iterator[str]:
    """The trace, the last error first, without people."""
    yield f"warmline {_version()}, Python {platform.python_version()}, {platform.system()}"
    yield from _of(fault, "error", set())


def _of(fault: BaseException, what: str, seen: set[int]) -> Iterator[str]:
    seen.add(id(fault))
    yield f"{what}: {_kind(fault)}{_safe_words(fault)}"
    for frame in traceback.extract_tb(fault.__traceback__, limit=-MOST_FRAMES):
        yield f"  {_place(frame.filename)}, line {frame.lineno}, in {frame.name}"
    inner = fault.exceptions if isinstance(fault, BaseExceptionGroup) else ()
    for one in inner:
        yield from _of(one, "one of them", seen)
    hidden = fault.__suppress_context__
    before = fault.__cause__ or (None if hidden else fault.__context__)
    if before is not None and id(before) not in seen:
        yield from _of(before, "because of" if fault.__cause__ else "after", seen)


def _kind(fault: BaseException) -> str:
    kind = type(fault)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _safe_words(fault: BaseException) -> str:
    """The system's own words for its errors, and the module that could not be had."""
    if isinstance(fault, OSError) and isinstance(fault.errno, int) and fault.errno > 0:
        return f" ({os.strerror(fault.errno)})"
    if isinstance(fault, ImportError) and fault.name:
        return f" ({fault.name})"
    return ""


def _place(filename: str) -> str:
    """A file as it is called in the project or in its library: no folder of anybody's home."""
    path = Path(filename)
    if path.is_relative_to(HERE) and not set(LIBRARIES) & set(path.parts):
        return path.relative_to(HERE).as_posix()
    for folder in LIBRARIES:
        if folder in path.parts:
            return "/".join(path.parts[path.parts.index(folder) + 1 :])
    return path.name


def _folders() -> Iterator[Path]:
    """Where programs keep what is neither data nor settings: systemd's word, XDG's, or its rule."""
    # Of several folders, which systemd parts with a colon, the first is ours.
    ours = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    everybodys = os.environ.get("XDG_STATE_HOME", "")
    if ours.startswith("/"):
        yield Path(ours)
    if everybodys.startswith("/"):
        yield Path(everybodys) / "warmline"
    with suppress(RuntimeError):
        yield Path.home() / ".local" / "state" / "warmline"


def _write(path: Path, text: str) -> Path:
    """Written anew, readable for its owner alone; a link that somebody left there is not followed.

    Raises OSError.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        with suppress(OSError):
            path.chmod(0o600)
        file.write(text)
    return path


def _version() -> str:
    try:
        return version("warmline")
    except PackageNotFoundError:
        return "of unknown version"
