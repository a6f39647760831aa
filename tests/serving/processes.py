"""The processes of a service that runs: its parent, and the workers behind that."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def workers_of(parent: int) -> list[int]:
    """The process ids of a parent's workers, the eldest first; the last may stand ready only.

    A parent that is gone has none.
    """
    with suppress(FileNotFoundError, ProcessLookupError):
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return sorted(map(int, children.split()))
    return []


def kill(*processes: int) -> None:
    """As a machine does that has no memory left: nobody can catch it."""
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def kill_all(parent: int) -> None:
    """The parent first, which would replace its workers."""
    workers = workers_of(parent)
    kill(parent, *workers)
