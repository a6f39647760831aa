"""What callers and peers hear while the line goes on without its database."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from warmline.prompts import Prompts
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Say, Wait, Words
from warmline.without_database.addresses import Waits
from warmline.without_database.roster import LineThen

KEY_SECONDS: Final = 8
STILL_AFTER: Final = 6
"""Every so many documents while waiting have words in them; the others are silence."""
LOOKS_AGAIN: Final = 1
"""Seconds until the caller's next request while more phones are to be rung."""
LISTENS: Final = 3


class Step(StrEnum):
    """A step without a database; its name is part of an address."""

    PROMISE = "promise"
    QUEUE = "queue"
    WAIT = "wait"
    AFTER = "after"
    OFFER = "offer"
    TAKE = "take"
    MET = "met"
    TAKEN = "taken"
    LATE = "late"


class ShortWords:
    """The words, in all of a line's languages where nobody knows the caller's."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    def hello(self, line: LineThen, *, fresh: bool) -> Words:
        """That we are short of breath."""
        key = "breath.hello" if fresh else "breath.go_on"
        words = [self._say(code, key, line=line.name) for code in line.languages]
        return [*words, GoTo(Step.PROMISE if fresh else Step.QUEUE)]

    def promise(self, line: LineThen) -> list[Say]:
        """What is said before any talk."""
        return [Say(line.promised[one], one) for one in line.languages if one in line.promised]

    def queue(self, waits: Waits) -> Words:
        """Where the caller waits."""
        return [Wait(Step.WAIT, Step.AFTER, waits.queue)]

    def waiting(self, line: LineThen, waits: Waits, *, lacks: bool, once_more: bool) -> Words:
        """Silence, and a word now and then."""
        key = "ask.one_more_round" if once_more else "wait.still_looking"
        speaks = once_more or (waits.heard and not waits.heard % STILL_AFTER)
        words = self.all_say(line.languages, key) if speaks else ()
        return [*words, Hush(LOOKS_AGAIN if lacks else LISTENS), GoTo(Step.WAIT)]

    def offer(self, line_name: str, language: str) -> Words:
        """Somebody would like to talk."""
        asks = [self._say(language, "offer.someone", line=line_name)]
        return [Ask(asks, Step.TAKE, KEY_SECONDS), HangUp()]

    def moment(self, language: str) -> Say:
        """For whoever has pressed 1, while the caller may still hear the first words."""
        return self._say(language, "room.hearing_the_promise")

    def last(self, language: str, key: str) -> Words:
        """One sentence, and the leg ends."""
        return [self._say(language, key), HangUp()]

    def all_say(self, languages: Sequence[str], key: str) -> list[Say]:
        """One sentence in each language."""
        return [self._say(code, key) for code in languages]

    def _say(self, code: str, key: str, **values: object) -> Say:
        return Say(self._prompts.text(code, key, **values), code)
