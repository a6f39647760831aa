"""What a browser holds between asking for a code and entering it, and one that was in before.

Both are sealed: only we can read or make them, and nothing of them is kept here.
"""

import ipaddress
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from warmline.database.sealing import Seal, Unsealable
from warmline.sign_in.codes import GOOD_FOR

TEXT: Final = "text"
CALL: Final = "call"
OWN: Final = "own"
"""How a code comes: sent by us, or (OWN) they text CODE themselves."""
Way = Literal["text", "call", "own"]
Why = Literal["", "phone", "slip", "tries", "asker", "line"]
"""What a try or a wish was refused for; empty: it was not."""
KNOWN_FOR: Final = timedelta(days=365)
_SLIP: Final = "sign-in slip"
_KNOWN: Final = "browser that was in"


class Asker(NamedTuple):
    """Who asks: the network they come from, and whose browser this was (a person id).

    `network` is empty where it cannot be told; `known` is None for a browser that was never in.
    """

    network: str
    known: int | None


@dataclass(frozen=True)
class Slip:
    """For which phone (E.164) a browser has asked for a code, and what came of it.

    `left` says for each way when a code last left. `why` says that the last wish was refused, and
    `again_at` when the next may be made. All instants are UTC.
    """

    phone: str
    way: Way
    until: datetime
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    left: Mapping[str, datetime] = field(default_factory=dict)
    why: Why = ""
    again_at: datetime | None = None
    anew: bool = True
    """Whether a code left just now; else the last one is still good."""

    def alive(self, way: str, now: datetime) -> bool:
        """Whether the code that left this way is still good."""
        return way in self.left and self.left[way] + GOOD_FOR > now


def sealed(seal: Seal, slip: Slip) -> str:
    """A slip as the browser's cookie keeps it."""
    return seal.close(json.dumps(asdict(slip), default=datetime.isoformat), _SLIP)


def unsealed(seal: Seal, cookie: str, now: datetime) -> Slip | None:
    """The slip again; None when it is over, or not ours."""
    try:
        held = json.loads(seal.open(cookie, _SLIP))
    except Unsealable:
        return None
    again_at = held["again_at"] and datetime.fromisoformat(held["again_at"])
    left = {way: datetime.fromisoformat(at) for way, at in held["left"].items()}
    until = datetime.fromisoformat(held["until"])
    slip = Slip(**held | {"left": left, "again_at": again_at, "until": until})
    return slip if slip.until > now else None


def remember(seal: Seal, person_id: int, now: datetime) -> str:
    """What the cookie of a browser holds on which somebody came in."""
    return seal.close(json.dumps([person_id, (now + KNOWN_FOR).isoformat()]), _KNOWN)


def remembered(seal: Seal, cookie: str, now: datetime) -> int | None:
    """Who came in on this browser last (a person id); None: nobody, or a year ago."""
    try:
        person_id, until = json.loads(seal.open(cookie, _KNOWN))
    except Unsealable:
        return None
    return int(person_id) if datetime.fromisoformat(until) > now else None


def network_of(host: str) -> str:
    """The network an address is of: itself, or the /64 that one IPv6 customer has at least.

    Empty for the machine itself: there a front server stands before us that does not say who asks
    (uvicorn puts in who asks from X-Forwarded-For where it trusts the front server:
    https://www.uvicorn.org/deployment/#proxies-and-forwarded-headers).
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            wide = ipaddress.ip_network((int(address), 64), strict=False)
            return "" if address.is_loopback else str(wide)
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)
