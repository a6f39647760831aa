"""The tables of the papers say what the code does: settings, commands, words and keys."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
import typer
from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from typer.core import TyperGroup

from tests.test_house import expect_none, files, is_test, tree
from warmline.cli import app
from warmline.conversations import keys
from warmline.desk import rendering, wording
from warmline.desk.public.papers import DOCS
from warmline.languages import CODES
from warmline.settings import EXAMPLES, Settings
from warmline.texting import caller_words, volunteer_words
from warmline.texting.caller_words import CALLERS, LANGUAGES
from warmline.texting.spelling import plain
from warmline.texting.volunteer_words import WORDS, read

CODE = re.compile(r"`([^`]+)`")
ENTRY = re.compile(r"\{\{ entry\(\[(.*?)\], t\('keys\.(\w+)'\)\) \}\}")
NEEDED = {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "WARMLINE_PUBLIC_URL"}
"""Without a default, and `serve` does not start without them."""
LISTED = ["callers", "callers.es"], ["volunteers", "volunteers.es"]


def table(file: str, name: str) -> list[list[str]]:
    """The rows of a marked table, each in its cells; its head is left out."""
    text = (DOCS / f"{file}.md").read_text(encoding="utf-8")
    (found,) = re.findall(
        rf"^<!-- table: {name} -->\n(.*?)^<!-- end -->$", text, re.MULTILINE | re.DOTALL
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines()]
    assert len({len(row) for row in rows}) == 1, "each row has as many cells"
    return rows[2:]


def codes(cell: str) -> list[str]:
    return CODE.findall(cell)


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    told = {codes(name)[0]: default for name, _, default in table("operators", "settings")}
    assert told.keys() == EXAMPLES.keys()
    for field in Settings.model_fields.values():
        name = name_of(field)
        assert told[name] == default_in_words(name, field.default), name


def name_of(field: FieldInfo) -> str:
    """The first of its names, if it has several."""
    names = field.validation_alias
    return str(names.choices[0] if isinstance(names, AliasChoices) else names)


def default_in_words(name: str, default: object) -> str:
    if name in NEEDED:
        return "none; `serve` needs it"
    if name == "WARMLINE_SECRET_KEY":
        return "none; required"
    if not default:
        return "none"
    if isinstance(default, tuple):
        return f"`{'+'.join(map(str, default))}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def test_what_a_setting_may_be_is_told_in_full() -> None:
    told = {codes(name)[0]: codes(meaning) for name, meaning, _ in table("operators", "settings")}
    for name in ("log_level", "log_format"):
        may_be = Settings.model_json_schema()["properties"]
        setting = str(Settings.model_fields[name].validation_alias)
        assert set(told[setting]) >= set(may_be[setting]["enum"]), setting


def commands() -> dict[str, set[str]]:
    """Every command by its words ("who", "shifts import"), with the options that it has."""
    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    found = {}
    for name, one in whole.commands.items():
        inner = one.commands if isinstance(one, TyperGroup) else {"": one}
        for last, command in inner.items():
            options = (option for param in command.params for option in param.opts)
            more = (option for param in command.params for option in param.secondary_opts)
            found[f"{name} {last}".strip()] = {*options, *more}
    return found


def told_commands() -> Iterator[tuple[list[str], str]]:
    """Of each row the commands that it is about, and all of it."""
    known = commands()
    for cell, does in table("operators", "commands"):
        first, *others = codes(cell)
        words = first.removeprefix("warmline ").split()
        group = f"{words[0]} " if words[0] not in known else ""
        named = [words[1] if group else words[0], *(one.split()[0] for one in others)]
        yield [group + one for one in named], f"{cell} {does}"


def test_every_command_of_every_group_stands_in_the_table_and_no_other() -> None:
    assert {one for named, _ in told_commands() for one in named} == set(commands())


def test_every_option_that_the_table_names_is_one_of_that_command() -> None:
    known = commands()
    for named, row in told_commands():
        has = {option for one in named for option in known[one]}
        expect_none(
            f"{named}: {option}" for option in re.findall(r"--[a-z-]+", row) if option not in has
        )


@pytest.mark.parametrize(
    ("file", "ours"), [("volunteers", slice(0, 1)), ("volunteers.es", slice(1, None))]
)
def test_every_word_of_volunteers_stands_in_the_table_in_both_languages(
    file: str, ours: slice
) -> None:
    theirs = slice(1, None) if ours.start == 0 else slice(0, 1)
    expected = [
        (list(words[ours] or words[:1]), list(words[theirs] or words[:1]))
        for words in WORDS.values()
    ]
    assert [(codes(a), codes(b)) for a, b, _ in table(file, "words")] == expected


@pytest.mark.parametrize("file", ["volunteers", "volunteers.es"])
def test_every_example_in_the_table_of_words_is_understood_as_that_word(file: str) -> None:
    count = 0
    for word, _, does in table(file, "words"):
        for example in (one for one in codes(does) if " " in one):
            assert read(example).word == read(codes(word)[0]).word, example
            assert read(example).rest, example
            count += 1
    assert count > 15


NOT_ALONE: dict[str, Callable[[str], object]] = {
    "FORGET 12345678": caller_words.receipt_in,
    "OLVIDA 12345678": caller_words.receipt_in,
    "STOP": caller_words.is_stop,
    "START": caller_words.opens_the_way,
}
"""What is no mere word of the line's, and by what it is understood."""


@pytest.mark.parametrize(
    ("file", "forget"), [("callers", "FORGET 12345678"), ("callers.es", "OLVIDA 12345678")]
)
def test_every_word_of_callers_stands_in_the_table_and_is_understood(
    file: str, forget: str
) -> None:
    english = file == "callers"
    ours = {word for word, meaning in CALLERS.items() if (word == meaning) is english}
    told = [
        plain(word)
        for cell, does in table(file, "caller words")
        for word in [*codes(cell), *(one for one in codes(does) if one in NOT_ALONE)]
    ]
    assert sorted(told) == sorted(ours | {*LANGUAGES, forget, "STOP", "START"})
    for word in told:
        assert NOT_ALONE.get(word, caller_words.word_of)(word), word


@pytest.mark.parametrize("languages", LISTED, ids=["callers", "volunteers"])
def test_a_table_of_keys_has_the_same_keys_in_both_languages(languages: list[str]) -> None:
    english, spanish = ([codes(cell) for _, cell, _ in table(one, "keys")] for one in languages)
    assert english == spanish
    assert len(english) > 20


TOLD_KEYS: dict[str, Sequence[Iterable[str]]] = {
    "callers": [
        [str(number) for number, _ in enumerate(CODES, start=1)],
        [keys.Waiting.COUNT],
        *(keys.Waiting, keys.OtherChoices, keys.MoreChoices, keys.NobodyFound, keys.Answer),
        ["*"],
        keys.CallerAfterStar,
        keys.PeerAside,
    ],
    "volunteers": [
        *(keys.Offer, keys.RungBack),
        ["*"],
        *(keys.PeerAfterStar, keys.ThirdAfterStar, keys.CallsIn, keys.MyShifts),
    ],
}
"""The keys of each situation in a paper's table, in its order."""


@pytest.mark.parametrize("file", ["callers", "callers.es", "volunteers", "volunteers.es"])
def test_the_keys_of_each_situation_in_the_table_are_those_of_the_stories(file: str) -> None:
    told: dict[str, list[str]] = {}
    for when, pressed, _ in table(file, "keys"):
        told[when] = told.get(when, []) + codes(pressed)
    assert list(told.values()) == [list(one) for one in TOLD_KEYS[file.removesuffix(".es")]]


@pytest.mark.parametrize("file", ["volunteers", "volunteers.es"])
def test_how_a_third_person_is_wished_for_is_told_beside_its_key(file: str) -> None:
    [does] = [
        does for _, pressed, does in table(file, "keys") if codes(pressed) == ["3"] and codes(does)
    ]
    assert codes(does) == list(keys.ThirdPerson)


def test_the_keys_of_the_desk_are_those_of_its_own_page() -> None:
    words = wording.words("en")
    page = (rendering.HERE / "templates/keys.html").read_text(encoding="utf-8")
    entries = ENTRY.findall(page)
    shown = [(in_words(pressed, words), words[f"keys.{does}"]) for pressed, does in entries]
    assert len(shown) == page.count("entry([") > 5
    assert [(cell.replace("`", ""), does) for cell, does in table("coordinators", "desk keys")] == (
        shown
    )


def in_words(pressed: str, words: object) -> str:
    """The keys of an entry as its page shows them: 'Alt ' ~ t('keys.arrows') is Alt arrows."""
    assert isinstance(words, dict)
    shown = pressed.replace("t('keys.arrows')", f"'{words['keys.arrows'].lower()}'")
    return " ".join(re.findall(r"'(.*?)'", shown.replace("' ~ '", ""))).strip()


def test_no_word_that_the_phone_companies_take_is_taught_as_ours() -> None:
    taken = volunteer_words.STOPS | volunteer_words.STARTS | volunteer_words.HELPS
    for file in ("volunteers", "volunteers.es"):
        taught = {word for row in table(file, "words") for cell in row[:2] for word in codes(cell)}
        assert not taught & taken


def test_each_fault_that_is_survived_has_a_test_that_causes_it() -> None:
    written = {
        node.name
        for path in files(".py")
        if is_test(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }
    rows = table("operators", "survives")
    assert len(rows) > 10
    for fault, noticed, test in rows:
        assert fault, noticed
        for name in codes(test):
            expect_none(one for one in re.findall(r"\w+", name) if one not in written)
