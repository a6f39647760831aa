"""Who has a phone in the demo: a caller and three volunteers; each phone's switch."""

from dataclasses import dataclass
from typing import Final

from warmline.simulator import Exchange, Phone

LINE_NAME: Final = "Riverside Warmline"
LINE_NUMBER: Final = "+14135550100"
PICKS_UP_AFTER: Final = 8
"""Seconds of ringing; a pick-up within 4.5 s would be taken for a voicemail."""
WORDS_TO_PRESS_1_AT: Final = ("to take it", "go back to it")


@dataclass(frozen=True)
class Part:
    """A part in the demo: a name, a number (E.164) and, for volunteers, their languages.

    Whoever takes texts is asked when somebody would like to talk by text.
    """

    name: str
    number: str
    languages: str = ""
    takes_texts: bool = True

    @property
    def is_volunteer(self) -> bool:
        """Whether they are on the roster."""
        return bool(self.languages)


CALLER: Final = Part("A caller", "+14135550151")
VOLUNTEERS: Final = (
    Part("Ana", "+14135550111", "en,es"),
    Part("Bo", "+14135550112", "en", takes_texts=False),
    Part("Chi", "+14135550113", "en,es"),
)
OTHERS: Final = (
    Part("Dee", "+14135550114", "en"),
    Part("Eli", "+14135550115", "en,es"),
    Part("Fay", "+14135550116", "en"),
    Part("Gia", "+14135550117", "es"),
    Part("Hal", "+14135550118", "en", takes_texts=False),
    Part("Ivo", "+14135550119", "en,es"),
)
"""On the roster, but with no phone on the page: their shifts are on the days to come."""
CAST: Final = (CALLER, *VOLUNTEERS)


class Cast:
    """The phones of the demo, and which of them pick up by themselves and press 1."""

    def __init__(self, exchange: Exchange) -> None:
        self.phones: Final[dict[str, Phone]] = {
            part.name: exchange.phone(part.number, part.name) for part in CAST
        }
        self.by_itself: Final[set[str]] = set()

    @property
    def caller(self) -> Phone:
        """The phone of whoever calls."""
        return self.phones[CALLER.name]

    @property
    def volunteers(self) -> list[Phone]:
        """The volunteers' phones."""
        return [self.phones[part.name] for part in VOLUNTEERS]

    @property
    def ringing(self) -> list[Phone]:
        """The volunteers' phones that ring."""
        return [phone for phone in self.volunteers if phone.is_ringing]

    def let_pick_up(self, name: str, by_itself: bool) -> None:
        """Turn a phone's switch; one that rings already is picked up at once."""
        phone = self.phones[name].does_nothing()
        self.by_itself.discard(name)
        if not by_itself:
            return
        self.by_itself.add(name)
        phone.picks_up(after=PICKS_UP_AFTER)
        for words in WORDS_TO_PRESS_1_AT:
            phone.when_hears(words, press="1")
        if phone.is_ringing:
            phone.pick_up()

    def put_all_down(self) -> None:
        """Hang up every phone that is in a call or rings."""
        for phone in self.phones.values():
            if phone.is_in_call or phone.is_ringing:
                phone.hang_up()
