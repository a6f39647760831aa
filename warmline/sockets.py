"""The sockets on which the web listens: taken, or handed over by whoever started us.

Nothing here takes long to import: the parent of the workers holds these sockets and little else.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from shifts.faults import Fault

BACKLOG: Final = 2048
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Addresses that mean all of a machine's, and where the machine itself finds them."""
FIRST_HANDED: Final = 3
"""The first socket of those that whoever started us hands over (sd_listen_fds(3))."""


class PortTaken(Fault):
    """The address to listen on cannot be had."""


class NotHanded(Fault):
    """LISTEN_FDS promises a socket to listen on, and what was handed over is none."""


@contextmanager
def listening_on(host: str, port: int) -> Iterator[list[socket.socket]]:
    """The sockets handed to this process if there are any, else one of its own there."""
    with ExitStack() as stack:
        given = [stack.enter_context(one) for one in handed()]
        yield given or [stack.enter_context(listening(host, port))]


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there; raises PortTaken, with what to do, when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named with its protocol, as by it the event loop knows that what it accepts is to be sent at
    # once: otherwise the kernel holds back the second piece of every answer for 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as taken:
        try:
            if os.name == "posix":
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            taken.bind((host, port))
            taken.listen(BACKLOG)
        except OSError as fault:
            raise PortTaken(
                f"cannot listen on {host} port {port} ({_why(fault)}); choose another,"
                f" for example --port {port + 1 if port < 65535 else 8000}"
            ) from None
        yield taken


def handed() -> list[socket.socket]:
    """The sockets that whoever started this process listens on already, as systemd hands them over.

    They stay open there while no process of ours runs, so that a restart refuses nobody
    (sd_listen_fds(3): LISTEN_FDS says how many, LISTEN_PID for whom). Raises NotHanded.
    """
    number, whose = (os.environ.pop(name, "") for name in ("LISTEN_FDS", "LISTEN_PID"))
    if not number or whose != str(os.getpid()):
        return []
    if not number.isdecimal():
        raise NotHanded(f"LISTEN_FDS is {number[:40]!r}, but must be a whole number, such as 1")
    return [_handed(FIRST_HANDED + index) for index in range(int(number))]


def _handed(descriptor: int) -> socket.socket:
    with suppress(OSError):
        one = socket.socket(fileno=descriptor)
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.set_inheritable(False)
            return one
        one.close()
    raise NotHanded(
        f"LISTEN_FDS hands over descriptor {descriptor}, which is no socket that listens;"
        " a systemd socket unit needs a line such as ListenStream=127.0.0.1:8000"
    )


def address_of(listens: socket.socket) -> str:
    """Where a socket listens, as people write it."""
    name = listens.getsockname()
    if not isinstance(name, tuple):
        return str(name)
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"


def own_address(sockets: Sequence[socket.socket]) -> str:
    """Where this machine reaches one of these sockets by the web; nothing if by none."""
    for one in sockets:
        name = one.getsockname()
        if isinstance(name, tuple):
            host, port = str(name[0]), name[1]
            here = EVERYWHERE.get(host, host)
            return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
    return ""


def _why(fault: OSError) -> str:
    """The system's own few words; the library adds the address to them, which is said already."""
    if fault.errno is not None and fault.errno > 0:
        return os.strerror(fault.errno)
    return str(fault.strerror)
