"""Each way in which a database can be gone, caused from outside, for as long as a story wants."""

import os
import resource
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import make_url

from tests.locks import every_connection_dies, held_by_another
from tests.stories.town import Town
from tests.waiting import until

Outage = Callable[[Town], AbstractContextManager[None]]


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """Somebody else writes, and does not end."""
    with held_by_another(town.parts.settings.database_url):
        yield


@contextmanager
def full(town: Town) -> Iterator[None]:
    """No file may grow any more, as on a full disk: of this process, whose service it is."""
    log = Path(f"{make_url(town.parts.settings.database_url).database}-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def unreadable(town: Town) -> Iterator[None]:
    """Nobody may read the file, and every connection has ended."""
    if os.geteuid() == 0:
        pytest.skip("to root every file is open")
    file = Path(str(make_url(town.parts.settings.database_url).database))
    town.parts.database.engine.dispose()
    file.chmod(0)
    yield
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)


@contextmanager
def stopped(town: Town) -> Iterator[None]:
    """Every process of the server stands still, and answers nobody."""
    every = _processes_of_server(town.parts.settings.database_url)
    for one in every:
        os.kill(one, signal.SIGSTOP)
    yield
    for one in every:
        os.kill(one, signal.SIGCONT)


@contextmanager
def crashed(town: Town) -> Iterator[None]:
    """A process of the server is killed: the server ends all others, and starts anew."""
    url = _plain(town.parts.settings.database_url)
    with psycopg.connect(url, autocommit=True) as one:
        os.kill(one.info.backend_pid, signal.SIGKILL)
    yield
    until(lambda: _answers(url), "the server's new start")


@contextmanager
def refusing(town: Town) -> Iterator[None]:
    """The server takes no connection, as while another takes over, and has ended all there were."""
    url = make_url(town.parts.settings.database_url)
    beside = _plain(url.set(database="postgres").render_as_string(hide_password=False))
    allow = f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS"
    with psycopg.connect(beside, autocommit=True) as one:
        one.execute(f"{allow} false")
        one.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (url.database,),
        )
        yield
        one.execute(f"{allow} true")


@contextmanager
def cut_off(town: Town) -> Iterator[None]:
    """Every connection has ended at once; the next ones are taken."""
    every_connection_dies(town.parts.settings.database_url)
    yield


ON_SQLITE: Final[tuple[Outage, ...]] = (locked, full, unreadable)
ON_POSTGRESQL: Final[tuple[Outage, ...]] = (locked, stopped, crashed, refusing, cut_off)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _processes_of_server(url: str) -> list[int]:
    parent = _postmaster(url)
    return [parent, *(pid for pid in _all_processes() if _parent(pid) == parent)]


def _postmaster(url: str) -> int:
    with psycopg.connect(_plain(url)) as one:
        folder = one.execute("SHOW data_directory").fetchone()
    assert folder is not None
    return int(Path(folder[0], "postmaster.pid").read_text().split()[0])


def _all_processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
