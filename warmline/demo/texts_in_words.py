"""How it stands with talks by text, in plain words, from rows of the database; pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from warmline.calls import records, talks

LINE_DOES: Final[Mapping[str, str]] = {
    talks.LOOKING: "Somebody texts, and a peer is looked for",
    talks.NOBODY: "Somebody texts, nobody could be found yet, and the search goes on",
    talks.TALKING: "Two people text. Neither sees the other's number",
    talks.CLOSING: "A talk by text is ending; both can still write",
}
"""What the line does for a talk, by the talk's state."""
TEXTER_IS: Final[Mapping[str, str]] = {
    talks.LOOKING: "Texting; a peer is looked for",
    talks.NOBODY: "Texting; nobody found yet",
    talks.TALKING: "Texting with a peer",
    talks.CLOSING: "Saying goodbye by text",
}
"""How it stands with whoever began a talk, by its state."""
PEER_TEXTS: Final = "Texting with a caller"


class LiveTalk(NamedTuple):
    """What is told of a talk by text: who texts (None: not a volunteer) and who answers, if so."""

    state: records.TalkState
    volunteer_id: int | None
    person_id: int | None


def talk_sentences(live: Sequence[LiveTalk]) -> list[str]:
    """What the line does, a sentence for each live talk."""
    return [f"{LINE_DOES[talk.state]}." for talk in live]
