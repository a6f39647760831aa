"""A command of ours in a process of its own; its last line on stderr is the memory it took.

Run as `python -m tests.bench.peak shifts import FILE`. A process inherits the record of the one
that started it, where the system keeps it by process: hence Linux's count since the start.
"""

import resource
import sys
from pathlib import Path

from warmline.cli import main


def megabytes() -> float:
    """The most memory that this process has held so far."""
    status = Path("/proc/self/status")
    if status.exists():
        held = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(held["VmHWM"].split()[0]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024**2 if sys.platform == "darwin" else used / 1024


if __name__ == "__main__":
    try:
        main()
    finally:
        print(f"\n{megabytes():.1f}", file=sys.stderr)
