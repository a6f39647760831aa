"""A third language touches files of words and no module: none names a language but a few."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tests.test_house import ROOT, expect_none, modules_in, own_code, place, tree, wrong_with
from warmline import languages
from warmline.desk.rendering import HERE as DESK
from warmline.languages import CODES, FIRST, Language
from warmline.plain_dates import LEXICONS
from warmline.texting.volunteer_words import WORDS, language_of, word_in

NAMES_A_LANGUAGE = {
    "warmline/languages.py": "says which one is first",
    "warmline/demo/cast.py": "the demo's own people, who speak what they speak",
    "warmline/demo/roster.py": "the demo's own roster wants a speaker",
}
"""Modules that may write a language's code, each with its reason; they were 24.

A lexicon is of one language itself, and "en" is a Spanish word of dates.
"""
PEOPLE_WRITE = ("volunteers", "callers", "peers", "stops", "answers")
FOLDERS = ("prompts", "prompts/texts", "prompts/talks", "prompts/promise", "prompts/languages")


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module, but for what it says of itself."""
    told = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_no_module_names_a_language_but_these_each_with_its_reason() -> None:
    modules = [path for path in own_code() if not path.name.startswith("lexicon_")]
    named = {place(path) for path in modules for _, text in literals(path) if text in CODES}
    assert named == set(NAMES_A_LANGUAGE)


def test_no_template_of_the_desk_names_a_language() -> None:
    code = re.compile(rf"'(?:{'|'.join(CODES)})'")
    pages = sorted((DESK / "templates").glob("*.html"))
    assert len(pages) > 50
    expect_none(path.name for path in pages if code.search(path.read_text(encoding="utf-8")))


def test_words_that_people_write_in_other_languages_stand_in_no_module() -> None:
    first = {word for table in PEOPLE_WRITE for word in _words(FIRST, table)}
    theirs = {word for code in CODES for table in PEOPLE_WRITE for word in _words(code, table)}
    expect_none(
        f"{place(path)}:{line}: {text}"
        for path in own_code()
        for line, text in literals(path)
        if text in theirs - first
    )


def _words(code: str, table: str) -> set[str]:
    return {word for said in languages.of(code).words[table].values() for word in said}


@pytest.mark.parametrize("code", CODES)
def test_each_language_has_all_of_its_files(code: str) -> None:
    lacking = [name for name in FOLDERS if not (ROOT / f"warmline/{name}/{code}.toml").exists()]
    assert not lacking
    assert LEXICONS[code].weekdays
    own = languages.of(code)
    assert own.code == code
    assert all(getattr(own, one.name) != "" for one in fields(Language))
    assert set(own.words) == set(languages.of(FIRST).words)


@pytest.mark.parametrize("table", ["volunteers", "peers"])
def test_a_word_means_one_thing_whatever_the_language(table: str) -> None:
    counted = Counter(word for words in languages.in_each(table).values() for word in words)
    expect_none(word for word, times in counted.items() if times > 1)


def test_a_word_of_one_language_tells_which_and_one_of_everybody_does_not() -> None:
    assert language_of("Unirme.", "JOIN", "LEAVE") == "es"
    assert language_of("JOIN", "JOIN", "LEAVE") is None
    assert language_of("TURNOS", "JOIN", "LEAVE") is None
    assert word_in("es", "SICK") == "ENFERMA"
    assert word_in("es", "UNSHARE") == "QUITO"
    assert word_in("es", "OK") == word_in("xx", "OK") == WORDS["OK"][0]


def test_a_language_that_there_is_not_is_answered_in_the_first() -> None:
    assert languages.of("xx") == languages.of(FIRST)


OF_ENGLISH = re.compile(r"(?<![a-z])en(?=\.(?:toml|md|py)$)")
"""What tells a file of English from those of the other languages."""
IN_ESPERANTO = {
    "prompts/eo.toml": {
        "For English, press {digit}, or just wait.": "Por Esperanto, premu {digit}.",
        "Hello. This is {line}": "Saluton. Jen {line}",
    },
    "prompts/languages/eo.toml": {
        'name = "English"': 'name = "Esperanto"',
        'AWAY = "AWAY"': 'AWAY = "FORA"',
        'THIS_LANGUAGE = "ENGLISH"': 'THIS_LANGUAGE = "ESPERANTO"',
    },
    "prompts/texts/eo.toml": {"{line}: away {when}": "{line}: vi forestas {when}"},
    "plain_dates/lexicon_eo.py": {
        '"dec december"': '"dec decembro"',
        '("st", "nd", "rd", "th")': '("a",)',
    },
}


def add_third_language(package: Path) -> None:
    """A file beside each of English, and nothing else."""
    for path in sorted(package.rglob("*en.*")):
        if OF_ENGLISH.search(path.name):
            other = path.with_name(OF_ENGLISH.sub("eo", path.name))
            other.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for name, words in IN_ESPERANTO.items():
        text = (package / name).read_text(encoding="utf-8")
        for english, theirs in words.items():
            assert english in text, english
            text = text.replace(english, theirs)
        (package / name).write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("fixed_clock")
def test_a_third_language_is_spoken_texted_and_dated_by_files_of_its_own_alone(
    tmp_path: Path,
) -> None:
    for name in ("warmline", "shifts", "alembic"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc"))
    add_third_language(tmp_path / "warmline")
    dates = tmp_path / "warmline/plain_dates"
    page = ast.get_docstring(ast.parse((dates / "__init__.py").read_text(encoding="utf-8")))
    expect_none(wrong_with(page or "", modules_in(dates), set()))
    done = subprocess.run(
        [sys.executable, "-m", "tests.third_language"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def spoken_words(code: str) -> set[str]:
    """Every word that people may write in a language."""
    found: set[str] = set()
    for group in tomllib.loads(
        (ROOT / f"warmline/prompts/languages/{code}.toml").read_text(encoding="utf-8")
    )["words"].values():
        found |= {one for said in group.values() for one in str(said).split()}
    return found


def test_whoever_reads_spanish_is_told_to_write_spanish_words() -> None:
    english, spanish = spoken_words("en"), spoken_words("es")
    every = spanish | {"OK", "NO"}
    texts = sorted((ROOT / "warmline/prompts").glob("**/es.toml"))
    assert len(texts) > 4
    expect_none(
        f"{place(path)}: {word}"
        for path in texts
        if path.parent.name != "languages"
        for line in path.read_text(encoding="utf-8").splitlines()
        for word in re.findall(r"\b[A-Z]{3,}\b", line.partition("=")[2])
        if word in english - every
    )


@pytest.mark.parametrize(
    ("unit", "text", "read"),
    [
        ("minutes_begin", "20", ("20", None)),
        ("minutes_begin", "20 min", ("20", " min")),
        ("minutes_begin", "20M", ("20", "M")),
        ("hours_begin", "4 horas", ("4", " horas")),
        ("hours_begin", "4 min", None),
    ],
)
def test_a_number_is_read_with_its_unit_in_every_language(
    unit: str, text: str, read: tuple[str, str | None] | None
) -> None:
    found = languages.number_with_unit(unit, r"\d{1,3}").fullmatch(text)
    assert (found and found.groups()) == read
