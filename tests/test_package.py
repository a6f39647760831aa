"""The package as others install it: it works where nothing else of the checkout is."""

import os
import signal
import socket
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.test_house import ROOT, files, place

ACCOUNT, TOKEN = "AC" + "0" * 32, "made-up-token"
SECRET = "not-a-secret-but-long-enough-for-one"
LINE = (
    *("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York"),
    *("--exceptions", "There are none.", "--coordinator-phone", "+14135550109"),
)


def built(kind: str, source: Path, folder: Path) -> Path:
    """The wheel or the sdist that is built of a source tree, with what is installed here."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_both_packages_and_the_migrations(wheel: Path) -> None:
    own = {name for name in map(place, files()) if name.startswith(("warmline/", "shifts/"))}
    moved = {
        name.replace("alembic/", "warmline/migrations/")
        for name in map(place, files())
        if name.startswith("alembic/")
    }
    assert names_in(wheel) == own | moved
    assert "warmline/migrations/versions/0001_the_first_schema.py" in moved


def test_the_same_wheel_is_built_of_the_source_archive(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built("sdist", ROOT, tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert names_in(built("wheel", source, tmp_path / "again")) == names_in(wheel)


class Place:
    """An empty folder on a machine where the wheel is installed with what it declares."""

    def __init__(self, warmline: Path, folder: Path, port: int) -> None:
        self._warmline, self._folder = warmline, folder
        self._environment = {
            "PATH": os.defpath,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "WARMLINE_PROVIDER_URL": "http://127.0.0.1:9",
            "WARMLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WARMLINE_SECRET_KEY": SECRET,
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self._warmline), *words]
        return subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [str(self._warmline), *words]
        log = (self._folder.parent / f"{words[0]}.log").open("wb")
        with (
            log,
            subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture(scope="module")
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory, port: int) -> Place:
    # A path as people have them: a space, and a sign that configuration files give a meaning.
    home = tmp_path_factory.mktemp("elsewhere") / "100% Maple Line"
    venv.EnvBuilder(symlinks=True).create(home / "venv")
    (packages,) = (home / "venv").glob("lib/python*/site-packages")
    for one in declared("warmline"):
        link(metadata.distribution(one), packages)
    python = str(home / "venv/bin/python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps"]
    subprocess.run([*install, "--no-index", str(wheel)], check=True, capture_output=True)
    folder = home / "empty"
    folder.mkdir()
    return Place(home / "venv/bin/warmline", folder, port)


def declared(name: str, extras: Sequence[str] = ("",)) -> set[str]:
    """The names of all that a distribution asks for, and that those ask for in turn."""
    found: set[str] = set()
    pending = [(name, tuple(extras))]
    while pending:
        asking, wanted = pending.pop()
        for line in metadata.requires(asking) or ():
            one = Requirement(line)
            markers = (one.marker is None or one.marker.evaluate({"extra": e}) for e in wanted)
            if any(markers) and one.name not in found:
                found.add(one.name)
                pending.append((one.name, ("", *one.extras)))
    return found


def link(distribution: metadata.Distribution, packages: Path) -> None:
    """Let a distribution that is installed here be found there too, and nothing beside it."""
    for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        if not (packages / top).exists():
            (packages / top).symlink_to(str(distribution.locate_file(top)))


def answers(port: int, path: str, process: subprocess.Popen[bytes]) -> int:
    """The status that comes once somebody listens there."""
    while process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        finally:
            connection.close()
    raise AssertionError(f"it ended by itself with status {process.returncode}")


def test_in_an_empty_folder_the_wheel_alone_is_a_line(elsewhere: Place, port: int) -> None:
    for words in (["migrate"], ["init", *LINE]):
        done = elsewhere.run(*words)
        assert done.returncode == 0, done.stderr
    told = elsewhere.run("doctor").stdout.splitlines()
    assert {"settings: ok", "database: ok", "schema: ok", "line: ok", "promise: ok"} <= set(told)
    with elsewhere.running("serve", "--port", str(port)) as serving:
        assert answers(port, "/readyz", serving) == 200
        for path in ("/", "/learn", "/learn/guide", "/desk/static/desk.css", "/line/check"):
            assert answers(port, path, serving) == 200, path
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == 0
    with elsewhere.running("demo", "--port", str(port)) as demo:
        for path in ("/", "/static/demo.js"):
            assert answers(port, path, demo) == 200, path
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0
