"""The package as others install it: it works where nothing else of the checkout is."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from http.client import HTTPConnection
from importlib import metadata
from pathlib import Path

import pytest
from hatchling.build import build_sdist, build_wheel
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from tests.serving.test_serving import free_port
from tests.test_house import ROOT, files, place, tree
from warmline.cli import app
from warmline.database import line_file

ACCOUNT, TOKEN = "AC" + "0" * 32, "made-up-token"
SECRET = "not-a-secret-but-long-enough-for-one"
LINE = (
    *("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York"),
    *("--exceptions", "There are none.", "--coordinator-phone", "+14135550109"),
)


def built(kind: str, source: Path, folder: Path) -> Path:
    """The wheel or the sdist that is built of a source tree, with what is installed here."""
    with chdir(source):
        build = build_wheel if kind == "wheel" else build_sdist
        return folder / build(str(folder))


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


ONE_BY_ONE = """
import json, sys
from warmline.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as end:
        print(words[0], "ended with", end.code or 0)
"""
"""Commands in one process: to start one for each takes longer than all that they do."""


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

    def run(self, *commands: Sequence[str]) -> set[str]:
        """The lines that these commands say, one after another, and how each of them ended."""
        python = self._warmline.with_name("python")
        done = subprocess.run(
            [str(python), "-c", ONE_BY_ONE, json.dumps(commands)],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return set(done.stdout.splitlines())

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
    return free_port()


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory, port: int) -> Place:
    # A path as people have them: a space, and a sign that configuration files give a meaning.
    home = tmp_path_factory.mktemp("elsewhere") / "100% Maple Line"
    venv.EnvBuilder(symlinks=True).create(home / "venv")
    (packages,) = (home / "venv").glob("lib/python*/site-packages")
    for one in declared("warmline"):
        link(metadata.distribution(one), packages)
    python = str(home / "venv/bin/python")
    # This pip, run by that Python; and only what is imported need be compiled, when it is.
    pip = metadata.distribution("pip").locate_file("pip")
    install = [python, str(pip), "install", "-q", "--no-compile"]
    install += ["--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
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


@pytest.mark.long
def test_in_an_empty_folder_the_wheel_alone_is_a_line(elsewhere: Place, port: int) -> None:
    told = elsewhere.run(["migrate"], ["init", *LINE], ["doctor"])
    assert {"migrate ended with 0", "init ended with 0"} <= told
    assert {"settings: ok", "database: ok", "schema: ok", "line: ok", "promise: ok"} <= told
    # Both at once, for each takes a while to come up.
    with (
        elsewhere.running("serve", "--port", str(port)) as serving,
        elsewhere.running("demo", "--port", str(beside := free_port())) as demo,
    ):
        assert answers(port, "/readyz", serving) == 200
        ours = ("/", "/learn", "/learn/guide", "/desk/static/desk.css", "/line/check")
        for path in (*ours, "/help", "/help/operators", "/help/pictures/desk.png"):
            assert answers(port, path, serving) == 200, path
        for path in ("/", "/static/demo.js"):
            assert answers(beside, path, demo) == 200, path
        serving.send_signal(signal.SIGTERM)
        demo.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0
        assert demo.wait(60) == 0


def test_whatever_is_imported_is_declared_and_whatever_is_declared_is_used() -> None:
    own = imported("warmline/", "shifts/", "alembic/")
    asked = {named(line) for line in PROJECT["dependencies"]}
    extras = PROJECT["optional-dependencies"]
    assert own - asked == {named(line) for line in extras["postgres"]}, "loaded where it is used"
    assert asked - own == LOADED_BY_OTHERS.keys()
    lent = {named(line) for extra in extras.values() for line in extra} - {"warmline"}
    in_tests = imported("tests/") - asked
    assert in_tests - lent == set()
    assert lent - in_tests - USED_OTHERWISE.keys() == set()


LOADED_BY_OTHERS = {"python-multipart": "Starlette reads forms that bring a file by it"}
USED_OTHERWISE = {
    "import-linter": "run by the checks",
    "mypy": "run by the checks",
    "ruff": "run by the checks",
    "time-machine": "moves the clock of processes that tests start",
    "pytest-xdist": "spreads the tests over the cores",
    "types-python-dateutil": "types of a library that has none",
    "vulture": "run by the checks",
}
"""What is declared beside the package itself and imported by nobody, and what it is for."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def named(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def imported(*folders: str) -> set[str]:
    """The distributions from which the Python files of these folders import anything."""
    ours = {"warmline", "shifts", "tests", *sys.stdlib_module_names}
    own = [path for path in files(".py") if place(path).startswith(folders)]
    found = {name.split(".")[0] for path in own for name in names_imported(path)}
    known = metadata.packages_distributions()
    return {canonicalize_name(known[name][0]) for name in found - ours}


def names_imported(path: Path) -> Iterator[str]:
    for node in statements(tree(path).body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
    yield from IF_THERE.findall(path.read_text(encoding="utf-8"))


IF_THERE = re.compile(r"\bimportorskip\(\s*\"([\w.]+)\"")
"""What a test does without where it is not installed."""


def statements(block: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Every statement of a block, at any depth; what they are made of takes far longer to see."""
    for one in block:
        yield one
        for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from statements(getattr(one, inner, ()))


def test_what_platforms_install_is_the_package_with_postgresql_as_the_lock_pins_it() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "-c requirements.lock",
        ".[postgres]",
    ]
    pinned = {canonicalize_name(one.name): one for one in lock()}
    asked = declared("warmline", ("", "postgres"))
    assert {canonicalize_name(name) for name in asked} - pinned.keys() == set()
    for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]):
        pin = next(iter(pinned[canonicalize_name(named(line))].specifier)).version
        assert pin in Requirement(line).specifier, line


def lock() -> list[Requirement]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return [Requirement(line) for line in text.splitlines()]


def test_platforms_take_a_python_that_the_package_allows_and_the_checks_use() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert re.fullmatch(r"3\.\d+", version)
    assert f"{version}.0" in SpecifierSet(PROJECT["requires-python"])


def test_each_process_of_the_procfile_is_a_command() -> None:
    for line in (ROOT / "Procfile").read_text().splitlines():
        program, *words = line.partition(": ")[2].split()
        assert program == "warmline"
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert shown.exit_code == 0, line


def test_the_operator_s_page_shows_the_files_to_deploy_with_as_they_are() -> None:
    page = (ROOT / "warmline/docs/operators.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^```\w*\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    deployed = {path.name: path.read_text() for path in (ROOT / "warmline/deploy").iterdir()}
    assert {"Containerfile", "warmline.service", "warmline.socket", "Caddyfile"} <= deployed.keys()
    for name, text in deployed.items():
        assert text in shown, f"{name} is not shown as it is"
        assert f"`{name}`" in page


def test_what_the_files_to_deploy_with_start_is_there() -> None:
    deployed = [path.read_text() for path in (ROOT / "warmline/deploy").iterdir()]
    started = {
        tuple(words.split())
        for text in deployed
        for words in re.findall(r"\bwarmline ((?:migrate|serve)[^\"&\n]*)", text)
    }
    assert {words[0] for words in started} == {"migrate", "serve"}
    for words in started:
        assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0
    named = {address for text in deployed for address in re.findall(r"127\.0\.0\.1:\d+", text)}
    assert named == {"127.0.0.1:8000"}
    file = re.search(r"DATABASE_URL=(\S+)", "".join(deployed))
    assert file
    assert line_file.path_of(file[1]) == Path("/data/warmline.db")
