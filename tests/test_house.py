"""The house rules that machines can keep."""

import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import warmline.models  # noqa: F401  # fills the metadata
from shifts.models import Base
from tests.other_days import DAYS

ROOT = Path(__file__).resolve().parent.parent
OPERATORS = ROOT / "warmline/docs/operators.md"
TOP_LEVEL = {
    *("warmline", "shifts", "tests", "alembic", "pyproject.toml", "Procfile", "README.md"),
    *(".ci", ".gitignore", ".python-version", "LICENSE", "requirements.lock", "requirements.txt"),
}
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
REAL_CLOCK = {
    "warmline/parts.py",
    "warmline/cli/__init__.py",
    "warmline/simulator/webhooks/clock.py",
}
ABOUT_THE_CLOCK = {
    "tests/other_days.py": "moves the clock of everybody else",
    "tests/another_day/sitecustomize.py": "moves the clock of the processes they start",
    "tests/operations/test_clock_was_set.py": "sets the machine's clock, and sees what follows",
    "tests/test_other_days.py": "shows that tests, processes and pages are on one day",
    "tests/demo/test_demo_wire.py": "the command line begins the demo today, by a moved clock",
    "tests/stories/a_day.py": "starts a service whose clock it moves to the network's time",
    "tests/doctor/test_doctor.py": "compares this machine's clock with others'",
    "tests/at_work.py": "runs commands for tests that ask for `fixed_clock`",
    "tests/cli/typist.py": "types at a command for tests that ask for `fixed_clock`",
    "tests/database/pooled.py": "starts a pooler, which is asked for no day",
    "tests/test_package.py": "starts what was built and installed in a place of its own",
    "tests/schema/test_revisions.py": "starts git, which is asked for no day",
    "tests/bench/one_call.py": "a measure, by hand, of a process of its own",
    "tests/bench/test_importing.py": "a measure, by hand, of a process of its own",
}
"""Tests that may read the wall clock, or start what reads it, and why."""
CLOCK_IN_WORDS = re.compile(
    r"new Date\(\s*\)|\bDate\.now\(|\bCURRENT_(?:DATE|TIME|TIMESTAMP)\b|\bnow\(\s*\)|\('now'",
    re.IGNORECASE,
)
"""How scripts of pages and statements of databases ask for the time of day."""
CLOCKS = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime"}
ASK_THE_CLOCK = {"CliRunner", "Popen", "check_output", "check_call", "real_clock", "ready_parts"}
"""Commands and services: whoever starts one asks for `fixed_clock` as well."""

SETTINGS = (
    *("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "WARMLINE_PROVIDER"),
    *("WARMLINE_PROVIDER_URL", "WARMLINE_PUBLIC_URL", "WARMLINE_CALLS_PER_SECOND"),
    *("WARMLINE_METRICS_TOKEN", "WARMLINE_SECRET_KEY", "PORT", "WARMLINE_LOG_LEVEL"),
    *("WARMLINE_DATABASE_POOL", "WARMLINE_LOG_FORMAT", "WARMLINE_HEARTBEAT_URL"),
)

HOLLOW_NAMES = {"manager", "handler", "util", "utils", "helper", "helpers", "service", "misc"}
CLINICAL_NAMES = {"case", "patient", "risk", "score", "agent", "ticket"}
FILES_THAT_SAY_NOTHING = HOLLOW_NAMES | {"services", "common", "base", "client"}

CLINICAL_WORDS = re.compile(
    r"\bpatients?\b|\bclients?\b|\brisks?\b|\bcrisis scores?\b|\b(?:chronic|frequent) callers?\b"
    r"|\bnon-?complian\w+|\bdiagnos\w+|\bsymptoms?\b|\bassessments?\b|\bdisorders?\b"
    r"|(?<!\bin )(?<!\bin that )(?<!\bjust in )\bcases?\b"
    r"|\bpacientes?\b|\bclientes?\b|\briesgos?\b|\bdiagn[oó]stic\w+|\bs[ií]ntomas?\b"
    r"|\btrastornos?\b|\bexpedientes?\b|\bllamante (?:cr[oó]nic|frecuente)\w*",
    re.IGNORECASE,
)
SENDING_AWAY = re.compile(
    r"\b9[\s.-]*1[\s.-]*1\b|\bnine[\s-]+(?:one[\s-]+one|eleven)\b"
    r"|\bnueve[\s-]+(?:uno[\s-]+uno|once)\b"
    r"|\b(?:dial|call|text|marque|marca|llame al?|llama al?) (?:9-?8-?8|112|999)\b"
    r"|\bhang up and (?:dial|call)\b(?! (?:us|again|back))"
    r"|\b(?:cuelgue|cuelga) y (?:marque|marca|llame|llama)\b(?! (?:de nuevo|otra vez))"
    r"|\b(?:if this|if it) is an emergency\b|\bemergency (?:services|room|department)\b"
    r"|\bsi (?:esto )?es una emergencia\b|\bservicios de emergencias?\b"
    r"|\b(?:sala|servicio) de (?:emergencias|urgencias)\b",
    re.IGNORECASE,
)

NUMBER = re.compile(r"\+\d{8,15}\b|(?<![\w.+-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b")
TEST_NUMBER = re.compile(r"\+?1?41355501\d\d")
# Printed in the provider's documentation of signatures; the known vector needs them.
PUBLISHED_NUMBERS = {"+14158675309", "+18005551212"}
# What the provider writes in place of a withheld number: ANONYMOUS, RESTRICTED, UNAVAILABLE.
WITHHELD = {"+266696687", "+7378742833", "+86282452253"}
EXPLAINED_NUMBER = re.compile(r"number: \w{3,}")

UNREASONED = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)\s*$",
    re.MULTILINE,
)
ELSEWHERE = re.compile(
    r"pypi\.org|pythonhosted|npmjs\.|(?<!emit-)index-url|find-links|/root/|/home/\w|/work/|/tmp/\w"
)


@cache
def files(*suffixes: str) -> list[Path]:
    """Every file of the repository, or those that end in one of the suffixes."""
    found = (Path(folder) / name for folder, name in _walk())
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def _walk() -> Iterator[tuple[str, str]]:
    pending = [ROOT]
    while pending:
        for entry in pending.pop().iterdir():
            if _is_ignored(entry.name):
                continue
            if entry.is_dir():
                pending.append(entry)
            else:
                yield str(entry.parent), entry.name


def _is_ignored(name: str) -> bool:
    return name == ".git" or any(fnmatch.fnmatch(name, pattern) for pattern in IGNORED)


def place(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def is_test(path: Path) -> bool:
    return place(path).startswith("tests/")


def own_code() -> list[Path]:
    """The Python files of the two packages."""
    return [path for path in files(".py") if place(path).startswith(("warmline/", "shifts/"))]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=place(path))


class Written(NamedTuple):
    """What the rules ask of a Python file, read once.

    Not its tree: those of all files together are a million objects, and whatever runs afterwards
    in the same process would have them looked through for garbage.
    """

    says_what_it_is: bool
    functions: Sequence[tuple[str, int]]
    """Each with its length in lines."""
    names: Sequence[tuple[int, str]]
    """Every name that the file gives to something, with its line."""
    asks_the_clock: Sequence[int]
    """Lines with a call that does."""
    clock_words: Sequence[int]
    """Lines with a text that does, as a statement of the database."""
    clock_reads: Sequence[int]
    """Of a test: see the function of this name."""


@cache
def written(path: Path) -> Written:
    code = tree(path)
    nodes = list(ast.walk(code))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    texts = [] if is_test(path) else [node for node in nodes if isinstance(node, ast.Constant)]
    return Written(
        says_what_it_is=bool(ast.get_docstring(code)),
        functions=list(_functions(nodes)),
        names=list(_defined_names(nodes)),
        asks_the_clock=[node.lineno for node in calls if _asks_the_clock(node.func)],
        clock_words=[node.lineno for node in texts if _reads_the_clock(node)],
        clock_reads=clock_reads(nodes) if is_test(path) else [],
    )


def _functions(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def found(pattern: re.Pattern[str], *suffixes: str) -> Iterator[tuple[str, str, str]]:
    """Wherever a pattern is met, but in this file: the place, the whole line and what is met."""
    for path in files(*suffixes):
        if path.name in {Path(__file__).name, "LICENSE"}:
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for met in pattern.finditer(text):
            begins = text.rfind("\n", 0, met.start()) + 1
            line = text[begins:].partition("\n")[0]
            yield f"{place(path)}:{text.count(chr(10), 0, begins) + 1}", line, met[0]


def prompts() -> list[tuple[str, str]]:
    """Every prompt's text with the file and key where it stands."""
    found = []
    for path in sorted((ROOT / "warmline/prompts").glob("**/*.toml")):
        found += list(_texts(path.name, tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def _texts(where: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(f"{where}: {key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(where, inner)


def _defined_names(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr


def words_of(name: str) -> set[str]:
    """The words a snake_case or CamelCase name is made of."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def expect_none(found: Iterable[object]) -> None:
    """Fail with one line for each thing found."""
    listed = "\n".join(str(thing) for thing in found)
    assert not listed, f"\n{listed}"


def test_nothing_stands_at_the_top_that_the_plan_does_not_name() -> None:
    present = {entry.name for entry in ROOT.iterdir() if not _is_ignored(entry.name)}
    assert present == TOP_LEVEL


def test_the_procfile_names_release_web_and_clock() -> None:
    processes = [line.split(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()]
    assert processes == ["release", "web", "clock"]


def test_imports_go_one_way() -> None:
    # A process of its own: the linter switches off whatever loggers it finds.
    linter = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_files_stay_within_350_lines() -> None:
    sizes = {
        place(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py", ".js", ".css", ".html")
        if not is_test(path)
    }
    expect_none(f"{name}: {size} lines" for name, size in sizes.items() if size > 350)


def test_functions_stay_within_50_lines_and_nine_in_ten_within_25() -> None:
    lengths = {
        f"{place(path)} {name}": length
        for path in own_code()
        for name, length in written(path).functions
    }
    expect_none(f"{name}: {length} lines" for name, length in lengths.items() if length > 50)
    assert sum(length > 25 for length in lengths.values()) <= len(lengths) / 10


def test_every_module_opens_by_saying_what_it_is() -> None:
    silent = [place(path) for path in files(".py") if not written(path).says_what_it_is]
    expect_none(silent)


ENTRY = re.compile(r"(\w+) {2,}\S.*")
"""A line of a front page that names a module or package, and says what it is."""


def test_every_package_opens_with_a_front_page_that_names_what_is_in_it() -> None:
    fronts = [path for path in own_code() if path.name == "__init__.py"]
    assert len(fronts) > 50
    expect_none(
        f"{place(front)}: {fault}"
        for front in fronts
        for fault in wrong_with(
            ast.get_docstring(tree(front)) or "", modules_in(front.parent), rooms_in(front.parent)
        )
    )


def modules_in(package: Path) -> set[str]:
    """The names of a package's modules; those of which each language has one are named once."""
    of_a_language = re.compile(r"(?<=^lexicon_)[a-z]{2}$")
    return {of_a_language.sub("xx", path.stem) for path in package.glob("*.py")} - {"__init__"}


def rooms_in(package: Path) -> set[str]:
    """The names of the packages that stand directly in a package."""
    return {path.parent.name for path in package.glob("*/__init__.py")}


def wrong_with(page: str, modules: set[str], rooms: set[str]) -> Iterator[str]:
    """What a front page lacks or says wrongly of a package with these modules and packages."""
    told, _, listed = page.partition("\nIn reading order:\n")
    lines = [line for line in listed.splitlines() if line.strip()]
    names = [entry[1] for line in lines if (entry := ENTRY.fullmatch(line))]
    if not re.search(r"\b(?:never|no|nobody)\b", told, re.IGNORECASE):
        yield "does not say what is never done here"
    yield from (f"says {line!r}, not name and words" for line in lines if not ENTRY.fullmatch(line))
    yield from (f"does not name {name}" for name in sorted((modules | rooms) - {*names}))
    yield from (f"names {name}, which is not here" for name in names if name not in modules | rooms)
    yield from (f"names {name} twice" for name in sorted({*names}) if names.count(name) > 1)
    if not 2 <= len(modules) <= 13:
        yield f"has {len(modules)} modules, not 2 to 13: {', '.join(sorted(modules))}"


GOOD_PAGE = "What it is.\n\nIt never rings.\n\nIn reading order:\n\nodds    how many\npeers   who"


@pytest.mark.parametrize(
    ("page", "modules", "rooms", "faults"),
    [
        (GOOD_PAGE, {"odds", "peers"}, set(), []),
        (GOOD_PAGE, {"odds", "peers"}, {"inner"}, ["does not name inner"]),
        (GOOD_PAGE, {"odds", "who"}, {"peers"}, ["does not name who"]),
        (f"{GOOD_PAGE}\nold  gone", {"odds", "peers"}, set(), ["names old, which is not here"]),
        (f"{GOOD_PAGE}\nodds  again", {"odds", "peers"}, set(), ["names odds twice"]),
        (
            f"{GOOD_PAGE}\nand so on",
            {"odds", "peers"},
            set(),
            ["says 'and so on'"],
        ),
        (GOOD_PAGE.replace("never", "often"), {"odds", "peers"}, set(), ["never done here"]),
        (GOOD_PAGE, {"odds"}, {"peers"}, ["1 modules, not 2 to 13: odds"]),
        (f"{GOOD_PAGE}\n", {*"abcdefghijkl", "odds", "peers"}, set(), ["has 14 modules", "name a"]),
        ("TODO front page.", {"odds", "peers"}, set(), ["never done", "name odds", "name peers"]),
        ("", set(), set(), ["never done here", "0 modules"]),
    ],
)
def test_the_reader_of_front_pages_knows_a_bad_one(
    page: str, modules: set[str], rooms: set[str], faults: list[str]
) -> None:
    wrong = list(wrong_with(page, modules, rooms))
    assert bool(wrong) == bool(faults)
    expect_none(fault for fault in faults if not any(fault in one for one in wrong))


def test_files_are_named_after_something() -> None:
    hollow = [place(path) for path in files(".py") if path.stem in FILES_THAT_SAY_NOTHING]
    expect_none(hollow)


def test_names_are_nouns_of_the_line() -> None:
    banned = HOLLOW_NAMES | CLINICAL_NAMES
    expect_none(
        f"{place(path)}:{line} {name}"
        for path in own_code()
        for line, name in written(path).names
        if words_of(name) & banned
    )


def test_people_are_never_called_clients_where_they_are_remembered() -> None:
    models = [path for path in own_code() if path.name == "models.py"]
    names = [name for path in models for _, name in written(path).names]
    expect_none(name for name in names if "client" in name.lower())


def test_prompts_use_no_clinical_words() -> None:
    expect_none(one for one in prompts() if CLINICAL_WORDS.search(one[1]))


def test_prompts_never_send_a_caller_away_to_emergency_services() -> None:
    expect_none(one for one in prompts() if SENDING_AWAY.search(one[1]))


@pytest.mark.parametrize(
    "text",
    [
        "If this is an emergency, stay calm.",
        "Please hang up and dial nine one one.",
        "Dial 9-1-1.",
        "Cuelgue y marque el nueve once.",
        "Si es una emergencia, llame al 911.",
        "Go to the nearest emergency room.",
    ],
)
def test_the_reader_of_prompts_knows_being_sent_away_when_it_sees_it(text: str) -> None:
    assert SENDING_AWAY.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "We never call the police, and no ambulance.",
        "You may hang up and call again at any time.",
        "In that case, stay on the line. Thank you for your patience.",
        "Esta línea nunca llama a la policía ni a una ambulancia.",
    ],
)
def test_the_reader_of_prompts_lets_our_own_words_pass(text: str) -> None:
    assert not SENDING_AWAY.search(text)
    assert not CLINICAL_WORDS.search(text)


def test_only_the_front_page_knows_the_real_clock() -> None:
    expect_none(
        f"{place(path)}:{line}"
        for path in own_code()
        if place(path) not in REAL_CLOCK
        for line in written(path).asks_the_clock
    )


def _asks_the_clock(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute):
        return False
    return called.attr in {"utcnow", "today"} or _dotted(called) in {
        *("datetime.now", "datetime.datetime.now", "dt.datetime.now", "time.time"),
    }


def _dotted(asked: ast.expr) -> str:
    """A name as it is written; of `what(of).this.that` the names after the last bracket."""
    names: list[str] = []
    while isinstance(asked, ast.Attribute):
        names.append(asked.attr)
        asked = asked.value
    names.append(asked.id if isinstance(asked, ast.Name) else "")
    return ".".join(reversed(names))


def test_no_test_reads_the_wall_clock_but_those_about_it() -> None:
    unlisted = [
        path for path in files(".py") if is_test(path) and place(path) not in ABOUT_THE_CLOCK
    ]
    unlisted.remove(Path(__file__))
    expect_none(f"{place(path)}:{line}" for path in unlisted for line in written(path).clock_reads)
    expect_none(name for name in ABOUT_THE_CLOCK if not (ROOT / name).exists())


def clock_reads(nodes: Sequence[ast.AST]) -> list[int]:
    """The lines on which a test asks the wall clock, or starts what asks it."""
    is_fixed = any(
        "fixed_clock" in (getattr(node, "arg", ""), getattr(node, "value", "")) for node in nodes
    )
    return [
        getattr(node, "lineno", 0)
        for node in nodes
        if _reads_the_clock(node) or (not is_fixed and _starts_what_reads_it(node))
    ]


def _reads_the_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and bool(CLOCKS & {one.name for one in node.names})
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(CLOCK_IN_WORDS.search(node.value))
    if not isinstance(node, ast.Call):
        return False
    asked = _dotted(node.func)
    # Without an instant or a clock of its own, a line lives by the machine's.
    is_idle_line = asked == "Parts" and len(node.args) + len(node.keywords) < 2
    return _asks_the_clock(node.func) or is_idle_line or asked in {f"time.{one}" for one in CLOCKS}


def _starts_what_reads_it(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    asked = _dotted(node.func)
    return asked.split(".")[-1] in ASK_THE_CLOCK or asked.startswith("subprocess.")


@pytest.mark.parametrize(
    "code",
    [
        *("datetime.now(UTC)", "dt.datetime.now()", "date.today()", "datetime.utcnow()"),
        *("time.time()", "time.time_ns()", "time.localtime()", "from time import time"),
        *("page.evaluate('new Date().getDay()')", "page.evaluate('Date.now()')"),
        *("text('SELECT now()')", "text('VALUES (CURRENT_DATE)')", "text(\"date('now')\")"),
        *("Parts(settings)", "CliRunner().invoke(app)", "subprocess.run(['warmline', 'who'])"),
        *("subprocess.Popen(words)", "serving.ready_parts(settings)", "app.real_clock()"),
    ],
)
def test_the_reader_of_tests_knows_a_clock_when_it_sees_one(code: str) -> None:
    assert clock_reads(list(ast.walk(ast.parse(code)))) == [1]


@pytest.mark.parametrize(
    "code",
    [
        *("time.monotonic()", "network.now()", "from datetime import time", "time(18)"),
        *("page.evaluate('new Date(2030, 1, 1)')", "parts.now()", "Parts(settings, network.now)"),
        "def test_it(fixed_clock): CliRunner().invoke(app)",
        "pytestmark = pytest.mark.usefixtures('fixed_clock'); subprocess.run(words)",
    ],
)
def test_the_reader_of_tests_lets_a_time_that_is_given_pass(code: str) -> None:
    assert clock_reads(list(ast.walk(ast.parse(code)))) == []


def test_no_script_and_no_statement_asks_a_clock_that_is_not_the_lines() -> None:
    scripts = [path for path in files(".js") if not path.name.startswith("htmx")]
    assert scripts
    asked = [
        f"{place(path)}: {clock[0]}"
        for path in scripts
        for clock in CLOCK_IN_WORDS.finditer(path.read_text(encoding="utf-8"))
    ]
    asked += [f"{place(path)}:{line}" for path in own_code() for line in written(path).clock_words]
    expect_none(asked)


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_setting_is_in_the_operators_table(setting: str) -> None:
    assert f"| `{setting}`" in OPERATORS.read_text(encoding="utf-8")


def test_the_operators_page_names_every_setting_that_is_read() -> None:
    source = (ROOT / "warmline/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"\b(?:WARMLINE|TWILIO)_[A-Z_]+[A-Z]\b", source))
    assert read
    page = OPERATORS.read_text(encoding="utf-8")
    expect_none(setting for setting in read if f"`{setting}`" not in page)


def test_each_exception_to_a_rule_carries_its_reason() -> None:
    expect_none(where for where, _, _ in found(UNREASONED, ".py"))
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", config, re.DOTALL | re.MULTILINE)
    assert ignored
    expect_none(line for line in ignored[1].splitlines() if "#" not in line)


def test_every_phone_number_in_the_house_is_a_test_number() -> None:
    expect_none(
        (where, number)
        for where, line, number in found(NUMBER)
        if not TEST_NUMBER.fullmatch(re.sub(r"[^+\d]", "", number))
        and number not in PUBLISHED_NUMBERS | WITHHELD
        and not where.startswith("requirements.lock")
        and not EXPLAINED_NUMBER.search(line)
    )


def test_no_machine_and_no_registry_is_named() -> None:
    expect_none(where for where, _, _ in found(ELSEWHERE))


def test_the_lock_pins_whatever_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["postgres"], *extras["dev"]]
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in asked} - {"warmline"}
    pinned = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    expect_none(name for name in names if not re.search(rf"^{name}==", pinned, re.MULTILINE))


def test_the_readme_is_a_front_door_and_begins_with_what_this_is_and_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(readme) <= 130
    title, _, what, _, see, fence, demo, closed, set_up, opened, tests, end = readme[:12]
    assert title == "# Warmline"
    assert what.startswith("Warmline answers the phone of a warmline: ")
    assert see.startswith("See it work on your own machine (Python 3.11 or newer; ")
    assert set_up.startswith("Set everything up and run the tests ")
    assert (fence, closed, opened, end) == ("```sh", "```", "```sh", "```")
    assert demo.startswith("python3 -m venv ")
    assert tests.startswith("python3 -m venv ")


def test_the_readme_gives_two_commands_and_the_checks_run_the_second() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in readme if line.startswith("python3 -m venv ")]
    assert [command.split(" && ")[-1] for command in commands] == [
        ".venv/bin/warmline demo",
        ".venv/bin/pytest -q -n auto",
    ]
    checks = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "sed -n '/^python3 -m venv .*pytest/p' README.md" in checks
    assert "pip install" not in checks
    assert "bin/pytest" not in checks
    (other_days,) = re.findall(r"^step \S+ -m tests\.other_days (.*)$", checks, re.MULTILINE)
    assert len(set(other_days.split()) & set(DAYS)) == 2


NAMES_THAT_TELL_NOTHING = {
    *("keeps", "holds", "held", "shown", "once", "few", "entered", "between", "said", "thin"),
    *("beside", "sought", "typed", "picked", "lacking", "heads", "look", "told", "counted"),
    *("mending", "lifting", "wire", "planted", "demand"),
}
THE_COMMANDS_OWN = {"warmline/cli/privacy.py demand"}
"""A command's function has the name that people type."""


TABLES_THAT_TELL_NOTHING = NAMES_THAT_TELL_NOTHING | {"how", "asking", "can"}
"""Words that no table's name is made of; in a sentence, as a job has one, they may stand."""


def names_at_the_top(path: Path) -> Iterator[str]:
    """The names of a module, its functions and its classes."""
    yield path.stem
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def test_a_name_tells_a_stranger_what_it_is() -> None:
    expect_none(
        f"{place(path)} {name}"
        for path in own_code()
        for name in names_at_the_top(path)
        if name.strip("_").lower() in NAMES_THAT_TELL_NOTHING
        and f"{place(path)} {name}" not in THE_COMMANDS_OWN
    )


def test_a_tables_name_tells_a_stranger_what_a_row_of_it_is() -> None:
    """Not even one of its words is one of those, nor is it a mere participle or ordinal."""
    tables = sorted(Base.metadata.tables)
    assert len(tables) > 60
    expect_none(name for name in tables if {*name.split("_")} & TABLES_THAT_TELL_NOTHING)
    expect_none(name for name in tables if name in {"wanted", "third", "tried"})


def names_of_jobs(path: Path) -> Iterator[str]:
    """The names that a module gives to timed jobs."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in {"Job", "TextJob"}:
            yield from (str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant))


def test_a_jobs_name_says_what_it_does_and_with_what() -> None:
    jobs = [name for path in own_code() for name in names_of_jobs(path)]
    assert len(jobs) > 25
    expect_none(name for name in jobs if len(name.split()) < 3)
