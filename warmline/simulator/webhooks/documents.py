"""Fetches TwiML documents for a leg and performs them verb by verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from warmline.simulator.webhooks.courier import Answer, Params, Webhook
from warmline.simulator.webhooks.strand import Ask, Program
from warmline.simulator.webhooks.twiml import (
    NOT_FETCHED,
    Document,
    DocumentRefused,
    Verb,
    read,
    read_answer,
)

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

MOST_DOCUMENTS_AT_ONCE = 40
LEAVE_THE_CALL_UNANSWERED = ("Pause", "Reject")


@dataclass(frozen=True)
class Target:
    """Where the next document comes from: a URL, or the words themselves (`inline`)."""

    url: str = ""
    method: str = "POST"
    params: Params = ()
    inline: str | None = None


class Moved(Exception):
    """The service sends this leg to another document."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.url)
        self.target = target


class HungUp(Exception):
    """This leg is over."""


Perform = Callable[["Leg", Verb, Document], Program[Target | None]]


@dataclass(frozen=True)
class Scope:
    """Where a document is performed: the verbs that are known there, the fields sent along."""

    verbs: Mapping[str, Perform]
    params: Callable[[], Params] = tuple


def ask(leg: "Leg", target: Target, scope_params: Params = ()) -> Program[Answer]:
    """Request a document of the service with the fields of this leg as they are now."""
    params = leg.params(scope_params + target.params)
    answer = yield Ask(Webhook(target.url, params, target.method))
    return cast(Answer, answer)


def fetch(leg: "Leg", target: Target, scope: Scope) -> Program[Document]:
    """The document at the target; DocumentRefused when the provider would not perform it."""
    if target.inline is not None:
        return read(target.inline, "", scope.verbs)
    if leg.documents_at_this_instant() > MOST_DOCUMENTS_AT_ONCE:
        raise DocumentRefused(NOT_FETCHED, "documents lead to each other for ever", target.url)
    answer = yield from ask(leg, target, scope.params())
    return read_answer(answer, scope.verbs)


def perform(leg: "Leg", document: Document, scope: Scope) -> Program[Target | None]:
    """Performs the verbs in order; the target a verb leads to, or None when they ran out."""
    for verb in document.verbs:
        if verb.name not in LEAVE_THE_CALL_UNANSWERED:
            leg.answer()
        target = yield from scope.verbs[verb.name](leg, verb, document)
        if target is not None:
            return target
    return None


def run(leg: "Leg", target: Target, scope: Scope) -> Program[None]:
    """Performs the document at the target and whatever it leads to, until words run out."""
    following: Target | None = target
    while following is not None:
        document = yield from fetch(leg, following, scope)
        following = yield from perform(leg, document, scope)
