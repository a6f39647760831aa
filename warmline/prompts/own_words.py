"""Which prompts are the line's own to word or to record, and which words it may say; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final, Literal

from warmline.languages import FIRST
from warmline.prompts import load, spoken_seconds

MOST_CHARACTERS: Final = 600
LINE: Final = "line"
"""The one name in a prompt that stands for the same words in every call: a voice can say it."""
KEY: Final = re.compile(r"(?<![\w{/])(?<!\d[.,:])[0-9*#](?![\w}/])(?![.,:]\d)")
"""A key as prompts write it: one figure by itself; not that of 24/7, 6:30 or 2 000 5."""


@dataclass(frozen=True, slots=True)
class Own:
    """A prompt that callers hear: how many seconds it may take, and what of it may be changed.

    Not `worded`: what it says is the software's own promise, which other words would not keep.
    """

    key: str
    longest: int
    worded: bool = True
    recorded: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The {names} in it, the same in every language."""
        return frozenset(names_in(load().text(FIRST, self.key)))


Why = Literal["empty", "long", "braces", "name_lost", "name_new", "key_lost", "key_new"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why words cannot be said; `what` is what it is about."""

    why: Why
    what: str = ""


BRIEF: Final = 20
"""Seconds: phones ring only after a greeting, and keys count only after the words while waiting."""
LONG: Final = 60


def _moment(longest: int, *keys: str) -> tuple[Own, ...]:
    return tuple(Own(key, longest) for key in keys)


def _joined(longest: int, *keys: str) -> tuple[Own, ...]:
    """Prompts with a day or a time in them, or said in one breath with one that has."""
    return tuple(Own(key, longest, recorded=False) for key in keys)


def _ours(*keys: str) -> tuple[Own, ...]:
    """Consent is asked for in words that are true of the software; a voice may say those."""
    return tuple(Own(key, BRIEF, worded=False) for key in keys)


MOMENTS: Final[Mapping[str, tuple[Own, ...]]] = {
    "calls": (
        *_joined(BRIEF, "hello.language"),
        *_moment(BRIEF, "hello.greeting"),
        *_moment(LONG, "hello.not_open", "ask.nobody_on"),
    ),
    "next": (
        *_joined(BRIEF, "ask.next_on_today", "ask.next_on_tomorrow", "ask.next_on_weekday"),
        *_moment(BRIEF, "ask.next_on_unknown"),
        *_joined(BRIEF, "ask.on_until", "ask.on_until_later"),
        *_joined(BRIEF, "ask.next_speaker_today", "ask.next_speaker_tomorrow"),
        *_joined(BRIEF, "ask.next_speaker_weekday", "ask.next_speaker_unknown"),
    ),
    "looking": (
        *_moment(BRIEF, "wait.looking", "wait.looking_other_language"),
        *_ours("wait.counted", "wait.not_counted"),
        *_moment(BRIEF, "wait.receipt_key"),
        *_moment(BRIEF, "wait.round_is_over", "wait.still_looking", "wait.still_all_talk"),
        *_moment(BRIEF, "wait.still_here"),
        *_moment(BRIEF, "wait.one_moment", "wait.coming"),
    ),
    "choices": (
        *_moment(BRIEF, "ask.rules_key", "ask.language_key", "ask.practice_key", "ask.join_key"),
        *_moment(BRIEF, "ask.forget_key", "ask.how_key"),
        *_moment(BRIEF, "ask.go_on_waiting", "ask.go_back"),
        *_moment(BRIEF, "ask.one_language", "ask.language_now"),
    ),
    "not_found": (
        *_moment(BRIEF, "ask.all_busy", "ask.some_rest"),
        *_joined(BRIEF, "ask.all_rest"),
        *_moment(BRIEF, "ask.no_answer", "ask.keep_looking", "ask.places_key"),
        *_moment(BRIEF, "ask.or_nothing", "ask.or_stay", "ask.or_goodbye"),
        *_moment(BRIEF, "ask.looking_on", "ask.one_more_round", "ask.waiting_on"),
        *_moment(BRIEF, "ask.no_other_places", "ask.once_more", "back.key"),
    ),
    "talk": (
        *_moment(BRIEF, "talk.peer_still_here", "talk.peer_has_left", "talk.ringing_them_back"),
        *_moment(BRIEF, "talk.choices", "talk.peer_said_goodbye", "talk.limit_is_near"),
        *_moment(LONG, "talk.outside_help"),
    ),
    "goodbye": _moment(LONG, "goodbye.caller", "goodbye.not_reached", "goodbye.boundary"),
}
"""The line's own prompts by the moment of a call, in the order in which a caller may hear them.

Not here, and so always said as we do: the promise, which has its own answers and versions; a
sign-in code; what is said when something is broken, for it must not need the database; and what
volunteers hear.
"""
BY_KEY: Final = {own.key: own for prompts in MOMENTS.values() for own in prompts}


def names_in(text: str) -> list[str]:
    """The {names} in a text, in their order; raises ValueError where braces hold anything else."""
    found = []
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(name)
        found.append(name)
    if (text.count("{"), text.count("}")) != (len(found), len(found)):
        raise ValueError("doubled braces")
    return found


def tidy(text: str) -> str:
    """A text on one line, without anything that no voice can say."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(plain.split())


def wrong_with(key: str, language: str, text: str) -> Wrong | None:
    """What is wrong with saying a prompt so; None: nothing. `text` is tidy, the key one of ours."""
    return next(_faults(BY_KEY[key], load().text(language, key), text), None)


def _faults(own: Own, ours: str, text: str) -> Iterator[Wrong]:
    if not any(one.isalnum() for one in text):
        yield Wrong("empty")
    if len(text) > MOST_CHARACTERS or spoken_seconds(text) > own.longest:
        yield Wrong("long", str(own.longest))
    try:
        names = names_in(text)
    except ValueError:
        yield Wrong("braces")
        return
    if lost := sorted(own.names - set(names)):
        yield Wrong("name_lost", f"{{{lost[0]}}}")
    if new := sorted(set(names) - own.names):
        yield Wrong("name_new", f"{{{new[0]}}}")
    keys, mine = set(KEY.findall(ours)), set(KEY.findall(text))
    if lost := sorted(keys - mine):
        yield Wrong("key_lost", lost[0])
    if new := sorted(mine - keys):
        yield Wrong("key_new", new[0])
