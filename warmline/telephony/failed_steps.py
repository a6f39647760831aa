"""What is answered when a step could not be done: nobody is hung up on, and no text is lost.

The provider first asks again by itself (503, RETRY_OVERRIDES), where that may help: after a fault
that was quick, and when a key would be lost. When it was in vain it turns to the fallback, which
says "a moment" and leads back to where the call stood: twice, then come kind words with other
places to call. A step that waited for the database in vain says so itself, for up to a minute;
then, or at once when nobody waits for the database any more, a caller goes on without it. None of
this needs the database.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection, select
from starlette.background import BackgroundTask
from starlette.responses import Response

from warmline import phone_numbers
from warmline.calls import calls
from warmline.database.in_time import Failure
from warmline.models.line import OtherPlace
from warmline.prompts import Prompts
from warmline.telephony.conversation import WordsOf
from warmline.telephony.facts import Facts
from warmline.telephony.port import RETRIES, RETRY_OVERRIDES
from warmline.telephony.tries import Tries
from warmline.telephony.twiml import render, text_back
from warmline.telephony.words import (
    GoTo,
    HangUp,
    Hush,
    LeaveQueue,
    Say,
    Step,
    Word,
    Words,
)

PAUSES: Final = (4, 8)
"""Seconds of silence after each "a moment": as often as a call is led back, and no more."""
WHILE_AWAY: Final = (1, 4, 8, 8, 8)
"""The same while the database cannot be had: with the words and the waiting about a minute."""
AT_THE_OFFER: Final = 2
"""So often a volunteer's phone is led back while nobody waits for the database; then it may rest,
and ring again without it."""
WAITS: Final = 3
"""Seconds until somebody who waits is asked for again; every fifth time they hear a word."""
HEARS_AFTER: Final = 5
CARRIED_AFTER: Final = 20
"""So often whoever waits is asked for again, about a minute, before they go on without it."""
LATELY: Final = timedelta(minutes=2)
"""For so long it is remembered how often a call was led back, or a text was tried."""
LONGEST_ID: Final = 128
"""Characters of a provider's id that are remembered; the provider's own have 34."""
LEG: Final = re.compile(r"/(\w)/([0-9a-f]{32})/\w+")
LED_BACK: Final = re.compile(r"(?:^|&)tries=(\d)(?:&|$)")
DOOR: Final = "/voice"
"""Where a call comes in."""
CALLERS: Final = "c"
"""The letter of the legs of whoever has called the line."""
VOLUNTEERS: Final = "r"
"""And of those whose phones the line rings."""
AGAIN: Final = "again"
"""The step of a conversation that leads a leg back to where it stood."""

Form = Mapping[str, str]


class Asked(NamedTuple):
    """A request that was let in: its form, and how often its leg was led back to this path."""

    form: Form
    path: str
    led_back: int = 0

    @property
    def of(self) -> str:
        """The provider's id of the call or text that it is about."""
        return (self.form.get("CallSid") or self.form.get("MessageSid") or "")[:LONGEST_ID]


class WithoutDatabase(Protocol):
    """How the line goes on without its database."""

    def can_take(self) -> bool:
        """Whether somebody is on who could be rung."""

    def enter(self, call_id: str, *, fresh: bool) -> Response | None:
        """A caller goes on there; `fresh`: they have heard nothing yet. None: nobody is on."""

    def is_over(self, leg_id: str) -> BackgroundTask | None:
        """A leg has ended, which could not be written; what is to be done about it."""


def led_back_to(query: str) -> int:
    """How often a leg was led back to a URL with this query; 0 for any other."""
    found = LED_BACK.search(query)
    return int(found[1]) if found else 0


class Instead:
    """Answers in the place of steps that failed; remembers what can be said without a database."""

    def __init__(self, public_url: str, prompts: Prompts) -> None:
        self._public_url = public_url
        self._prompts = prompts
        self._led_back = Tries(LATELY)
        self._waited = Tries(LATELY)
        self._texts = Tries(LATELY)
        self._asked = Tries(LATELY)
        self._places: Mapping[str, Sequence[Word]] = {}
        self.spoken = ""
        """The line's languages as last read."""
        self.letters: set[str] = set()
        """The conversations that have a step AGAIN."""
        self.without: WithoutDatabase | None = None

    def learn(self, db: Connection, words_of: WordsOf) -> None:
        """Read what the line speaks, and the other places to call, while they can be read."""
        line = db.execute(calls.lines()).first()
        if line is None:
            return
        self.spoken = line.line_languages
        says, said = words_of(db, line), dict[str, list[Word]]()
        places = select(OtherPlace.language, OtherPlace.name, OtherPlace.number)
        places = places.add_columns(OtherPlace.on_police).order_by(OtherPlace.position)
        for one in db.execute(places.where(OtherPlace.line_id == line.line_id)):
            facts = {
                "name": one.name,
                "number": phone_numbers.in_groups(one.number),
                "police": one.on_police,
            }
            place = Say(says.text(one.language, "ask.other_place", **facts), one.language)
            first = [Say(says.text(one.language, "goodbye.also_call"), one.language)]
            said.setdefault(one.language, list(first)).extend((place, Hush(1)))
        self._places = said

    def told(self, asked: Asked | None = None) -> Response:
        """What nobody listens to: the provider tells it again; that a leg is over is remembered."""
        after = None
        if asked is not None and self.without is not None and Facts(asked.form).leg_is_over:
            after = self.without.is_over(asked.of)
        return Response(status_code=503, background=after)

    def unknown(self, facts: Facts, goodbye: Say) -> str:
        """The document for a leg that nobody knows (any more).

        Whoever still waits in the queue was forgotten by a crash of the database, and by nothing
        that they did: they are led to the door, and begin anew.
        """
        door = f"{self._public_url}{DOOR}{RETRY_OVERRIDES}"
        if facts.waits_in_queue:
            return render([LeaveQueue()], lambda _: door)
        if facts.left_queue:
            return render([GoTo(_back)], lambda _: door)
        return render([goodbye, HangUp()], lambda _: door)

    def text(self, asked: Asked, now: datetime) -> Response:
        """A text that could not be read: the provider brings it again; at last it says so itself.

        The last try is the one at the fallback, which names the page that failed; or, where the
        provider has none, the one after which it does not ask again.
        """
        tries = self._texts.one_more(asked.of, now)
        if "ErrorUrl" not in asked.form and tries <= RETRIES:
            return self.told()
        words = [self._prompts.text(code, "talks.not_arrived") for code in self._codes()]
        return _xml(text_back(" ".join(words)))

    def call(
        self, asked: Asked, now: datetime, why: Failure, heard_in: Sequence[str] = ()
    ) -> Response:
        """A step of a call: the provider asks again, then at the fallback.

        Whoever has been led back here by it already is answered at once: no provider promises to
        turn to its fallback twice in one call.
        """
        if why.away:
            return self._while_away(asked, now, why, heard_in)
        if not asked.led_back:
            return self.told()
        return self._lead_back(asked.path, asked, now, heard_in)

    def _while_away(
        self, asked: Asked, now: datetime, why: Failure, heard_in: Sequence[str]
    ) -> Response:
        """A moment, and back to where the call stood; a caller goes on without the database."""
        before = max(asked.led_back, self._led_back.so_far(asked.of))
        tired = before >= len(WHILE_AWAY) or self._waited.so_far(asked.of) >= CARRIED_AFTER
        if (why.nobody_waits or tired) and (without := self._without(asked)) is not None:
            return without
        if not why.nobody_waits and self._may_be_asked_again(asked, now, why):
            return self.told()
        leg = LEG.fullmatch(asked.path)
        path = f"/{leg[1]}/{leg[2]}/{AGAIN}" if leg and leg[1] in self.letters else asked.path
        offered = leg is not None and leg[1] != CALLERS and why.nobody_waits
        pauses = WHILE_AWAY[:AT_THE_OFFER] if offered else WHILE_AWAY
        words = "breath.peer" if leg is not None and leg[1] == VOLUNTEERS else ""
        return self._lead_back(path, asked, now, heard_in, pauses, words)

    def _may_be_asked_again(self, asked: Asked, now: datetime, why: Failure) -> bool:
        """Whether the provider's next try may help: at once after a quick fault, or with a key."""
        tries = self._asked.one_more(f"{asked.of} {asked.path}", now)
        return tries <= (RETRIES if "Digits" in asked.form else int(not why.waited))

    def _without(self, asked: Asked) -> Response | None:
        """The line without its database, for whoever calls it and is still there."""
        leg = LEG.fullmatch(asked.path)
        facts = Facts(asked.form)
        gone = facts.leg_is_over or facts.hung_up_in_queue or facts.moved_out_of_queue
        if self.without is None or not asked.of or gone or (leg and leg[1] != CALLERS):
            return None
        if leg is None and facts.we_called:
            return None
        return self.without.enter(asked.of, fresh=leg is None)

    def waiting(self, asked: Asked, step: Step, url: str, now: datetime, why: Failure) -> Response:
        """Whoever waits in the queue or alone in a room goes on waiting, and is asked for again.

        From the queue they may be led on to where a call goes on without the database.
        """
        tries = self._waited.one_more(asked.of, now)
        in_queue = Facts(asked.form).waits_in_queue
        tired = why.away and (why.nobody_waits or tries >= CARRIED_AFTER)
        if tired and in_queue and self.without is not None and self.without.can_take():
            return _xml(render([LeaveQueue()], lambda _: url))
        words = [] if tries % HEARS_AFTER else self._said("goodbye.a_moment", self._codes())
        return _xml(render([*words, Hush(WAITS), GoTo(step)], lambda _: url))

    def fallback(self, form: Form, now: datetime) -> Response:
        """A moment, and back to where the call stood: to its own leg, else by the call's id."""
        failed = urlsplit(form.get("ErrorUrl", ""))
        ours = urlsplit(self._public_url)
        leg = LEG.fullmatch(failed.path.removeprefix(ours.path))
        is_ours = (failed.scheme, failed.netloc) == (ours.scheme, ours.netloc)
        path = DOOR
        if leg and is_ours and leg[1] in self.letters:
            path = f"/{leg[1]}/{leg[2]}/{AGAIN}"
        return self._lead_back(path, Asked(form, path, led_back_to(failed.query)), now)

    def _lead_back(
        self,
        path: str,
        asked: Asked,
        now: datetime,
        heard_in: Sequence[str] = (),
        pauses: Sequence[int] = PAUSES,
        at_last: str = "",
    ) -> Response:
        """The count is in the URL, and in memory for a provider that does not name what failed."""
        lately = self._led_back.one_more(asked.of, now) - 1 if asked.of else 0
        before = max(asked.led_back, lately)
        url = f"{self._public_url}{path}?tries={before + 1}{RETRY_OVERRIDES}"
        if before >= len(pauses):
            if at_last:
                words = self._said(at_last, heard_in or self._codes())
                return _xml(render([*words, HangUp()], lambda _: url))
            return self.kind_words(heard_in)
        words = self._said("goodbye.a_moment", heard_in or self._codes())
        return _xml(render([*words, Hush(pauses[before]), GoTo(_back)], lambda _: url))

    def kind_words(self, heard_in: Sequence[str] = ()) -> Response:
        """That we are sorry, and whom else to call: in the leg's language, else in the line's."""
        words: list[Word] = []
        for code in heard_in or self._codes():
            words += [*self._said("goodbye.fault", [code]), *self._places.get(code, ())]
        return _xml(render([*words, HangUp()], lambda _: ""))

    def _said(self, key: str, codes: Sequence[str]) -> list[Say]:
        return [Say(self._prompts.text(code, key), code) for code in codes]

    def _codes(self) -> Sequence[str]:
        return self.spoken.split(",") if self.spoken else self._prompts.languages()


def _back(_turn: object, _leg: object) -> Words:
    """Stands for wherever a call is led back to."""
    return []


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")
