"""A planted call and a planted talk by text, played through the simulated network."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from shifts.faults import Fault
from warmline.database.sealing import DIGESTS, PURPOSE, derived
from warmline.demo.cast import LINE_NUMBER, VOLUNTEERS, Cast
from warmline.parts import Parts
from warmline.phone_numbers import NotDialled, may_be_dialled
from warmline.privacy.spellings import Needle, needles, of_number, of_text
from warmline.settings import Settings
from warmline.simulator import Exchange

PEER: Final = VOLUNTEERS[0]
OPENING: Final = "Is anybody there? A planted text, {}"
ANSWER: Final = "I am here. A planted answer, {}"
STAYS: Final = "the name of the planted line"
"""It is never erased: a search that does not find it finds nothing at all."""
WAITS: Final = 120
OVER_AFTER: Final = 60
"""Seconds after which the network has told us the fate of everything."""


class NotPlayed(Fault):
    """The planted call or talk did not come about, so that nothing can be said."""


def new_number() -> str:
    """A number that nobody has (555-01xx is set apart for stories), by chance among many."""
    while True:
        number = f"+1{200 + secrets.randbelow(800)}55501{secrets.randbelow(100):02}"
        try:
            may_be_dialled(number, ("US",))
        except (NotDialled, ValueError):
            continue
        return number


def _unheard_of(words: str) -> str:
    return words.format(secrets.token_hex(8))


@dataclass
class SampleTalk:
    """What was planted: nobody else's, and in no file before."""

    number: str = field(default_factory=new_number)
    opening: str = field(default_factory=lambda: _unheard_of(OPENING))
    answer: str = field(default_factory=lambda: _unheard_of(ANSWER))
    stays: str = field(default_factory=lambda: _unheard_of("Planted {}"))
    ids: set[str] = field(default_factory=set)

    def needles(self, settings: Settings) -> Iterator[Needle]:
        """All that would give it away, under every key that the line has."""
        planted = [*of_number("the planted number", self.number)]
        for what, text in (("the first text", self.opening), ("the answer", self.answer)):
            planted += of_text(f"the words of {what}", text)
        planted.append((STAYS, self.stays))
        for one in sorted(self.ids):
            planted += of_text("an id of a call or message", one)
        return needles(planted, _keys(settings))


def _keys(settings: Settings) -> Mapping[str, bytes]:
    keys = {f"auth token {n}": one.encode() for n, one in enumerate(settings.auth_tokens, 1)}
    for n, one in enumerate(settings.secret_keys, 1):
        keys[f"secret key {n}"] = one.encode()
        keys[f"sealing key {n}"] = derived(one, PURPOSE)
        keys[f"finding key {n}"] = derived(one, DIGESTS)
    return keys


def play(exchange: Exchange, parts: Parts, planted: SampleTalk) -> None:
    """A call that is put through and a talk by text; raises NotPlayed."""
    exchange.every(0.5, lambda _now: _note_ids(exchange, planted))
    Cast(exchange).let_pick_up(PEER.name, by_itself=True)
    _call(exchange, planted)
    _text(exchange, planted)
    exchange.run_for(OVER_AFTER)
    _note_ids(exchange, planted)
    if not planted.ids:
        raise NotPlayed("the simulated network did not carry the planted call")


def _note_ids(exchange: Exchange, planted: SampleTalk) -> None:
    planted.ids |= {str(record["sid"]) for record in exchange.records()}


def _call(exchange: Exchange, planted: SampleTalk) -> None:
    caller = exchange.phone(planted.number, "SampleTalk")
    caller.when_hears("", press="#", once=True)
    caller.dial(LINE_NUMBER)
    if not exchange.run_until(lambda: bool(caller.talking_with), WAITS):
        raise NotPlayed("the planted call was not put through")
    exchange.run_for(20)
    caller.hang_up()
    exchange.run_for(OVER_AFTER)


def _text(exchange: Exchange, planted: SampleTalk) -> None:
    caller, peer = exchange.phone(planted.number), exchange.phone(PEER.number)
    turns = ((caller, planted.opening), (peer, "OK"), (peer, planted.answer))
    for phone, words in (*turns, (caller, "BYE"), (caller, "BYE")):
        phone.write(LINE_NUMBER, words)
        exchange.run_for(8)
    if not any(planted.answer in text.body for text in caller.texts):
        raise NotPlayed("the planted texts were not passed on")
