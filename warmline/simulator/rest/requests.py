"""What the parts of the REST API share: a request, a reply, a refusal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from warmline.simulator.legs.trunk import Trunk
from warmline.simulator.network.switchboard import Switchboard
from warmline.simulator.rest.resources import Resource

LONGEST_PAGE = 1000
LONGEST_CALL = 86_400
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Request:
    """A request as it came; fields may be repeated."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]

    def field(self, name: str, default: str = "") -> str:
        """The last value of a form field."""
        return dict(self.form).get(name, default)

    def fields(self, name: str) -> list[str]:
        """All values of a form field."""
        return [value for key, value in self.form if key == name]

    def seconds(self, name: str, default: int) -> int:
        """A form field in whole seconds; Refusal when it is none."""
        written = self.field(name, str(default))
        if not written.isdecimal() or not 0 < int(written) <= LONGEST_CALL:
            raise Refusal(400, 20001, f"{name}: not a number of seconds")
        return int(written)

    def asked(self, name: str) -> str:
        """A value of the query, empty when absent."""
        return dict(self.query).get(name, "")


@dataclass(frozen=True)
class Reply:
    """What is answered; `wall_seconds` late, or `lost` on the way."""

    status: int
    body: Resource | None = None
    wall_seconds: float = 0.0
    lost: bool = False


class Refusal(Exception):
    """The provider says no: an HTTP status, its own code, and one sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Resource = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }


@dataclass(frozen=True)
class Office:
    """What the API's answers are made from."""

    board: Switchboard
    trunk: Trunk


def not_found(path: str) -> Refusal:
    """There is no such thing."""
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def checked_number(number: str) -> str:
    """The number in E.164; Refusal 21211 when it is no number, 21217 when it cannot be one."""
    if not _E164.fullmatch(number):
        raise Refusal(400, 21211, "Invalid 'To' Phone Number")
    if number.startswith("+1") and len(number) != len("+14135550100"):
        raise Refusal(400, 21217, "Phone number does not appear to be valid")
    return number


def page(request: Request, kind: str, resources: Iterable[Resource]) -> Reply:
    """One page of a list, as large as asked for (50 unless said)."""
    everything = list(resources)
    size = min(LONGEST_PAGE, int(request.asked("PageSize") or 50))
    number = int(request.asked("Page") or 0)
    first, after = number * size, (number + 1) * size
    more = f"{request.path}?PageSize={size}&Page={number + 1}" if after < len(everything) else None
    body: Resource = {
        kind: everything[first:after],
        "page": number,
        "page_size": size,
        "start": first,
        "end": min(after, len(everything)) - 1,
        "uri": request.path,
        "first_page_uri": f"{request.path}?PageSize={size}&Page=0",
        "next_page_uri": more,
        "previous_page_uri": None,
    }
    return Reply(200, body)


def within(request: Request, name: str, instant: datetime | None) -> bool:
    """Whether an instant passes the filters `name`, `name>` and `name<` of the query.

    What has no instant yet passes no filter.
    """
    wanted = {sign: request.asked(name + sign) for sign in ("", ">", "<")}
    if not any(wanted.values()):
        return True
    if instant is None:
        return False
    same_day = not wanted[""] or instant.date() == _instant(wanted[""]).date()
    late_enough = not wanted[">"] or instant >= _instant(wanted[">"])
    return same_day and late_enough and (not wanted["<"] or instant <= _instant(wanted["<"]))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Refusal(400, 20001, f"Not a date: {text}") from fault
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
