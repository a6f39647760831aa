"""Who visits the desk, and what each role may do there."""

from dataclasses import dataclass
from typing import Final

from warmline.models.sign_in import Role

VIEWER: Final[Role] = "viewer"
DUTY: Final[Role] = "duty"
COORDINATOR: Final[Role] = "coordinator"
ROLES: Final[tuple[Role, ...]] = (VIEWER, DUTY, COORDINATOR)
"""Each may do what those before it may."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in; `role` is None for whoever has only their own page."""

    person_id: int
    name: str
    role: Role | None
    session_id: int
    languages: tuple[str, ...]

    def may(self, role: str | None) -> bool:
        """Whether they may do what `role` may; None: whatever everybody signed in may."""
        if role is None:
            return True
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)
