"""How a line writes its promise: one sentence for everything, or a TOML file answer by answer."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shifts.faults import Fault
from warmline.promise.promise import NEVER, QUESTIONS, OtherPlace, Promise
from warmline.promise.promise_answers import SAY_WHEN, answer, is_never, says_not_when

ASKED = {
    "police": "the police",
    "ambulance": "an ambulance or a hospital",
    "protection": "child or adult protection",
    "immigration": "immigration",
    "family": "family, school or employer",
}
"""What each question of the promise asks about: would the line ever, unasked, tell …?"""
LONGEST = {"name": 80, "number": 40, "on_police": 160}
"""The parts of another place, each with the most characters it may have."""


class BadPromise(Fault):
    """A promise with something blank, missing or unknown; one line for each."""


def from_exceptions(text: str, languages: Sequence[str]) -> list[Promise]:
    """The promise of a line that answers "never" to everything, or with one exception to all.

    Any text that does not say "none" is the exception, said as it stands, and so in one language.
    """
    if not text.strip():
        raise BadPromise('the exceptions may not stay blank; if so, write "There are none."')
    answers = dict.fromkeys(QUESTIONS, NEVER)
    if says_not_when(text):
        raise BadPromise(f"the exceptions: {text.strip()!r} {SAY_WHEN}")
    if is_never(text):
        return [Promise(language, answers) for language in languages]
    if len(languages) > 1:
        raise BadPromise(
            "exceptions are said as they stand, so each language needs its own;"
            " write them with --promise FILE.toml"
        )
    return [Promise(language, answers, text.strip()) for language in languages]


def from_toml(path: Path, languages: Sequence[str]) -> list[Promise]:
    """The promise in a TOML file with a table for each language and its five answers.

    An answer is "never" or the exact exception. `[[en.other_places]]` (name, number,
    on_police) are other places to call. Raises BadPromise, which names what is not right.
    """
    tables = _loaded(path)
    faults = [f"{path.name}: {fault}" for fault in _faults(tables, languages)]
    if faults:
        raise BadPromise(*faults)
    return [_promise(language, tables[language]) for language in languages]


def _loaded(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise BadPromise(f"{path}: cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise BadPromise(f"{path.name}: is not UTF-8") from None
    except tomllib.TOMLDecodeError as fault:
        raise BadPromise(f"{path.name}: is not TOML: {fault}") from None


def _faults(tables: Mapping[str, object], languages: Sequence[str]) -> Iterator[str]:
    for key in tables:
        if key not in languages:
            yield f"[{key}] is none of the line's languages ({', '.join(languages)})"
    for language in languages:
        table = tables.get(language)
        if isinstance(table, dict):
            yield from _table_faults(language, table)
        else:
            yield f"[{language}] is missing: a table with the answers {', '.join(QUESTIONS)}"


def _table_faults(language: str, table: Mapping[str, object]) -> Iterator[str]:
    for key in table:
        if key not in {*QUESTIONS, "other_places"}:
            yield f"[{language}] {key}: is no question; they are {', '.join(QUESTIONS)}"
    for question in QUESTIONS:
        said = table.get(question)
        if isinstance(said, str) and says_not_when(said):
            yield f"[{language}] {question}: {said.strip()!r} {SAY_WHEN}"
        elif not _is_text(said):
            yield (
                f"[{language}] {question}: may not stay blank; would the line ever, unasked, tell"
                f' {ASKED[question]}? Write "never" or the exact exception'
            )
    places = table.get("other_places", [])
    if not isinstance(places, list):
        yield f"[{language}] other_places: write them as [[{language}.other_places]]"
        return
    for position, place in enumerate(places, start=1):
        for fault in _place_faults(place):
            yield f"[{language}] other place {position}: {fault}"


def _place_faults(place: object) -> Iterator[str]:
    if not isinstance(place, dict):
        yield "is not a table with name, number and on_police"
        return
    for part, longest in LONGEST.items():
        if not _is_text(place.get(part)):
            yield f"{part} may not stay blank"
        elif len(place[part]) > longest:
            yield f"{part} has {len(place[part])} characters and may have {longest}"
    unknown = [part for part in place if part not in LONGEST]
    if unknown:
        yield f"{', '.join(unknown)}: not known; a place has name, number and on_police"


def _promise(language: str, table: object) -> Promise:
    """What a table without faults says."""
    said: dict[str, object] = table if isinstance(table, dict) else {}
    listed = said.get("other_places", [])
    places = tuple(
        OtherPlace(**{part: " ".join(place[part].split()) for part in LONGEST})
        for place in (listed if isinstance(listed, list) else [])
    )
    return Promise(language, {one: answer(str(said[one])) for one in QUESTIONS}, "", places)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
