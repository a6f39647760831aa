"""What `init` asks at a terminal: one thing at a time, each answer checked where it is given.

Nothing is kept before the last answer; Ctrl-C or the end of the input (typer.Abort) leaves nothing.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar
from zoneinfo import available_timezones

import typer

from shifts.faults import Fault
from warmline import languages
from warmline.cli.terminal import typed_answer
from warmline.line import opening
from warmline.line.line_settings import LineSettings, check_phones, checked, option
from warmline.promise import promise
from warmline.promise.promise import NEVER, QUESTIONS, Promise
from warmline.promise.promise_answers import SAY_WHEN, answer, is_never, says_not_when
from warmline.prompts import spoken_seconds

ASKED_FOR: Final = {
    "name": "The line's name, as it is said",
    "number": "The number people call",
    "time_zone": "The time zone in which shifts are meant, such as America/New_York",
    "coordinator_phone": "The first coordinator's own phone",
}
"""What a line cannot be without, in the order in which it is asked."""
ABOUT_THE_PROMISE: Final = (
    "Now the promise. Before any talk, callers hear whether anybody of the line would ever,"
    " without their asking, tell somebody about them. Answer no where that never happens;"
    " where it might, write exactly when, in the words that callers shall hear."
)
ABOUT: Final = {
    "police": ("the police", "only if a court orders us to"),
    "ambulance": ("an ambulance or a hospital", "only if somebody falls silent in a talk"),
    "protection": ("child or adult protection", "only if a child is in danger now"),
    "immigration": ("immigration", "only if a court orders us to"),
    "family": ("a caller's family, school or employer", "only to say that they are alive"),
}
"""Whom each question is about, and an example of an exception."""
NO_PHONES: Final[LineSettings] = {"volunteer_number": None, "coordinator_phone": None}
ALIKE: Final = 3
"""Time zones that are offered for one that there is not."""

T = TypeVar("T")


def settings(given: Mapping[str, object]) -> dict[str, object]:
    """The line's settings as they were typed, with what was missing among ASKED_FOR.

    Raises a Fault for what was given and cannot be, before anything is asked.
    """
    country = str(given.get("countries") or opening.FIRST_COUNTRY)[:2].upper()
    checked(given, country)
    known = dict(given)
    for name in ASKED_FOR:
        if name not in given:
            known[name] = _asked(name, known, country)
    return known


def promises(languages: Sequence[str], line_name: str) -> list[Promise]:
    """The promise in each language, question by question."""
    typer.echo(f"\n{ABOUT_THE_PROMISE}")
    answers: dict[str, dict[str, str]] = {
        code: dict.fromkeys(QUESTIONS, NEVER) for code in languages
    }
    for question in QUESTIONS:
        _ask_about(question, answers, line_name)
    return [Promise(code, said) for code, said in answers.items()]


def are_right(given: Sequence[Promise], known: Mapping[str, object]) -> bool:
    """Read everything back; whether that is what callers shall hear."""
    typer.echo(f"\n{known['name']}, {known['number']}, times of {known['time_zone']}.")
    for one in given:
        words = promise.spoken(one, str(known["name"]))
        typer.echo(f"Callers hear ({one.language}, {spoken_seconds(words):.0f} seconds): {words}")
    return yes_or_no("Is that what callers shall hear?")


def yes_or_no(question: str) -> bool:
    """A yes or a no, asked again until it is one."""
    return _until_right(f"{question} (yes or no)", _yes_or_no)


def machine_zone() -> str:
    """The zone of this machine by its IANA name; "" where it has none that is known."""
    import tzlocal

    try:
        with warnings.catch_warnings():
            # It warns of a machine whose settings disagree; what it finds is only offered.
            warnings.simplefilter("ignore")
            name = str(tzlocal.get_localzone_name())
    except Exception:  # noqa: BLE001 - however a machine is set up, there is only less to offer
        return ""
    return name if name in available_timezones() else ""


def _asked(name: str, known: Mapping[str, object], country: str) -> str:
    def check(text: str) -> str:
        if name == "coordinator_phone":
            # The last one: what is held against the whole line now is about it alone.
            opening.complete({**known, name: text})
        elif name == "number":
            phones = {one: known[one] for one in ("volunteer_number",) if one in known}
            check_phones({**NO_PHONES, **checked({name: text} | phones, country)})
        else:
            checked({name: text}, country)
        return text

    offered = machine_zone() if name == "time_zone" else ""
    return _until_right(ASKED_FOR[name], check, offered, option(name))


def _ask_about(question: str, answers: dict[str, dict[str, str]], line_name: str) -> None:
    """One question in each language; a no holds in all of them and is asked once."""
    whom, example = ABOUT[question]
    for number, code in enumerate(answers):

        def check(text: str, code: str = code, first: bool = not number) -> str:
            said = _exact(text)
            if said == NEVER and not first:
                raise ValueError("callers hear the same in each language; write when, in this one")
            promise.check_time(Promise(code, answers[code] | {question: said}), line_name)
            return said

        asked = f"Would the line ever, unasked, tell {whom}? (no, or such as: {example})"
        if number:
            asked = (
                f"The same in {languages.name_in(code, languages.FIRST)}, as callers shall hear it"
            )
        said = _until_right(asked, check)
        if said == NEVER and not number:
            return
        answers[code][question] = said


def _exact(text: str) -> str:
    if not text.strip():
        raise ValueError("may not stay blank; write no, or exactly when")
    if says_not_when(text):
        raise ValueError(SAY_WHEN)
    return answer(text)


def _yes_or_no(text: str) -> bool:
    said = text.strip().casefold().rstrip(".!")
    if said in languages.all_words("answers", "typed_yes"):
        return True
    if said == "n" or is_never(said):
        return False
    raise ValueError("write yes or no")


def _until_right(question: str, check: Callable[[str], T], offered: str = "", named: str = "") -> T:
    """Ask until the answer is right; each time say what is wrong, and what would be right."""
    while True:
        text = typed_answer(f"{question} [{offered}]" if offered else question) or offered
        try:
            return check(text)
        except (Fault, ValueError) as fault:
            for line in fault.lines if isinstance(fault, Fault) else [str(fault)]:
                typer.echo(f"  {line.removeprefix(f'{named}: ')}{_alike(text, named)}", err=True)


def _alike(text: str, named: str) -> str:
    """Zones that somebody may have meant who wrote one that there is not."""
    meant = "_".join(text.split()).casefold()
    if named != option("time_zone") or len(meant) < ALIKE:
        return ""
    found = sorted((one for one in available_timezones() if meant in one.casefold()), key=len)
    return f" (perhaps {', '.join(found[:ALIKE])}?)" if found else ""
