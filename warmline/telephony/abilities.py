"""What a provider can erase: where it can not, nothing is asked of it, and doctor says so."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Abilities:
    """`erases`: records of calls and texts can be deleted through its API once they are over."""

    erases: bool = True


OF_PROVIDER: Final = {"twilio": Abilities()}
"""By the name in WARMLINE_PROVIDER; others of its kind cannot all (TELEPHONY 4 and 6)."""
