"""What is kept of callers and where it would stand, in plain words; pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from warmline.demo.calls_in_words import LiveCall
from warmline.demo.texts_in_words import LiveTalk


class KeptNote(NamedTuple):
    """A note that a caller agreed to: of which day, and from which hour on."""

    day: date
    hour: int
    language: str
    length: str
    answered: bool


class Kept(Protocol):
    """What of a look at the database this is told from."""

    @property
    def calls(self) -> Sequence[LiveCall]:
        """Calls under way."""

    @property
    def talks(self) -> Sequence[LiveTalk]:
        """Talks by text under way."""

    @property
    def notes(self) -> Sequence[KeptNote]:
        """What callers agreed to."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Today's, by what was counted."""

    @property
    def texts_out(self) -> int:
        """Texts that the phone company has not taken yet, or not told us of."""

    @property
    def call_backs(self) -> int:
        """Who has asked to be called back."""

    @property
    def said_how(self) -> int:
        """What was said of how it went."""

    @property
    def asked_to_count(self) -> int:
        """Talks that are over, and of which it was asked whether they may be counted."""


def kept_words(kept: Kept) -> str:
    """What is kept of callers, in one sentence or two."""
    if kept.talks:
        many = "number" if len(kept.talks) == 1 else "numbers"
        return f"Kept: the {many} of whoever texts, sealed, until the talk ends."
    if kept.call_backs:
        return "Kept: a number, sealed, because a caller asked to be called back."
    if kept.notes:
        many = "one note" if len(kept.notes) == 1 else f"{len(kept.notes)} notes"
        return f"Kept: {many}, because a caller said yes."
    if any(call.consent == "yes" for call in kept.calls):
        return "Kept: nothing yet. One note when the call ends, because the caller pressed 5."
    return "Kept: nothing."


def kept_rows(kept: Kept, records: int) -> list[dict[str, object]]:
    """The tables that could hold something, each with its number of rows and what is in them.

    `records` is what the phone company holds.
    """
    return [
        _row("Calls under way", len(kept.calls), "each an id, never a number; gone with the call"),
        _row(
            "Talks by text under way", len(kept.talks), "each a sealed number; gone with the talk"
        ),
        _row("Texts on their way", kept.texts_out, "sealed until the phone company has them"),
        _row(
            "Asked after a talk",
            kept.asked_to_count,
            "may it be counted? sealed, and gone with the answer",
        ),
        _row("To be called back", kept.call_backs, "a sealed number; gone when that is done"),
        _row("How it went", kept.said_how, "sealed words of nobody in particular, for 90 days"),
        _row("Notes", len(kept.notes), _notes(kept.notes)),
        _row("Today's count", kept.counts.get("offered", 0), _counts(kept.counts)),
        _row("The phone company's list", records, "what is over we erase there, a little later"),
    ]


def _row(what: str, number: int, detail: str) -> dict[str, object]:
    return {"what": what, "number": number, "detail": detail}


def _notes(notes: Sequence[KeptNote]) -> str:
    if not notes:
        return "only what a caller agrees to, with 5 or KEEP: when, language, wait, about how long"
    last = notes[-1]
    answered = "answered" if last.answered else "not answered"
    length = "" if last.length == "none" else f", {last.length}"
    return f"the last: {last.day:%A}, from {last.hour}:00, {last.language}, {answered}{length}"


def _counts(counts: Mapping[str, int]) -> str:
    answered, not_reached = counts.get("answered", 0), counts.get("not reached", 0)
    return f"of everybody, by day alone: {answered} answered, {not_reached} not reached"
