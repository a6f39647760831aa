"""One request of doctor's: bounded in time and size, to nobody but who was named."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import requests
from requests import exceptions

SECONDS: Final = 5.0
MOST_BYTES: Final = 65536
PAIRS = Sequence[tuple[str, str]]


class NoAnswer(Exception):
    """Nobody answered; the text says why, and what would be right."""


class Answered(NamedTuple):
    """An answer: its HTTP status, headers by any spelling, and the beginning of its text."""

    status: int
    headers: Mapping[str, str]
    text: str


def asked(method: str, url: str, headers: Mapping[str, str], form: PAIRS = ()) -> Answered:
    """Ask once, with no redirect followed and no proxy of the environment's; raises NoAnswer."""
    session = requests.Session()
    session.trust_env = False
    try:
        with session.request(
            method,
            url,
            headers=dict(headers),
            data=list(form) or None,
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            text = next(answer.iter_content(MOST_BYTES), b"")
            return Answered(answer.status_code, answer.headers, text.decode("utf-8", "replace"))
    except exceptions.RequestException as fault:
        raise NoAnswer(_why(fault)) from None
    finally:
        session.close()


def _why(fault: exceptions.RequestException) -> str:
    """What is to be done about a request that came to nothing."""
    if isinstance(fault, exceptions.SSLError):
        return "the certificate does not hold"
    if isinstance(fault, exceptions.Timeout):
        return f"no answer within {SECONDS:.0f} seconds; check the firewall and the proxy"
    if any(isinstance(one, socket.gaierror) for one in _causes(fault)):
        return "its name is not known; check DNS and the spelling"
    if any(isinstance(one, ConnectionRefusedError) for one in _causes(fault)):
        return "nobody listens there; start: warmline serve, and the proxy before it"
    return "the connection was broken off; check the proxy and warmline serve"


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """Errors within errors: the library puts them into arguments, reasons and contexts."""
    pending, seen = [fault], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        pending += [each for each in inner if isinstance(each, BaseException)]
