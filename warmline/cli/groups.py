"""In which groups the commands are shown by --help, and in which order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Begin": ("init", "serve", "doctor", "demo"),
    "Every day": ("who", "gaps", "jobs", "line"),
    "People and shifts": ("volunteers", "shifts", "coordinators"),
    "Keeping nothing": ("purge", "selfcheck", "demand", "keys"),
    "The machine": ("migrate", "provision", "clock", "backup", "restore"),
}
"""Each command in one group; what a person needs first stands first."""
OTHERS: Final = "Commands"


def grouped(commands: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The groups that hold any of these commands, each with them; whatever has none comes last."""
    left = list(commands)
    for group, names in GROUPS.items():
        if mine := [name for name in names if name in left]:
            left = [name for name in left if name not in mine]
            yield group, mine
    if left:
        yield OTHERS, left
