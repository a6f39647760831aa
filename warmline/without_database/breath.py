"""A call without a database, step by step: the caller waits, peers ring, a key joins the two.

The caller's own requests are the clock: with each, as many phones are rung as the line's rules and
the provider's slots allow. It waits for no database, and for the provider only after the answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, NamedTuple

from starlette.background import BackgroundTask
from starlette.responses import Response

from warmline.database.sealing import Seal, Unsealable
from warmline.prompts import Prompts
from warmline.routing.odds import Odds, phones_for_one
from warmline.routing.peers import MOST_RINGS
from warmline.telephony.facts import Facts
from warmline.telephony.failed_steps import DOOR, Form
from warmline.telephony.port import RETRY_OVERRIDES
from warmline.telephony.twiml import front_of_queue, render
from warmline.telephony.words import GoTo, LeaveQueue, Next, Words
from warmline.without_database.addresses import (
    Offered,
    Rung,
    Waits,
    new_wait,
    offered_in,
    sealed,
    waits_in,
    with_rung,
)
from warmline.without_database.phones import Elsewhere, Phones, Wanted
from warmline.without_database.roster import LastRoster, OnShift, Remembered
from warmline.without_database.short_words import ShortWords, Step

PATH: Final = "/w"
STATUS: Final = "status"
PICKING_UP: Final = 10
"""Seconds for which a ring counts beyond its own: its way to the phone, and the provider's."""
FRONT_SECONDS: Final = 60
"""So long whoever has pressed 1 waits for a caller who still hears the first words."""
LONGEST_TALK: Final = 4 * 3600 - 300
PLACERS: Final = 8
MOST_REMEMBERED: Final = 10_000
CALLERS_STEPS: Final = (Step.PROMISE, Step.QUEUE, Step.WAIT, Step.AFTER)
NOTHING: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class Went(NamedTuple):
    """The provider's ids of what went without a database: calls, those connected, and rings.

    `over` are legs whose end could not be written.
    """

    calls: frozenset[str]
    connected: frozenset[str]
    rings: frozenset[str]
    over: frozenset[str]

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to be made good."""
        return not (self.calls or self.rings or self.over)


class Breath:
    """The line without its database. `sorry` answers with kind words and other places."""

    def __init__(
        self,
        public_url: str,
        seal: Seal,
        prompts: Prompts,
        odds: Odds,
        phones: Phones,
        now: Callable[[], datetime],
        sorry: Callable[[], Response],
    ) -> None:
        self._public_url = public_url
        self._seal = seal
        self._odds = odds
        self.phones = phones
        self._now = now
        self._sorry = sorry
        self._say = ShortWords(prompts)
        self._threads = ThreadPoolExecutor(PLACERS, "breath")
        self._calls: dict[str, str] = {}
        self._connected: set[str] = set()
        self._over: set[str] = set()
        self.roster = LastRoster(seal)

    # Called by the door, when the database could not be had.

    def can_take(self) -> bool:
        """Whether somebody is on who could be rung."""
        now = self._now()
        known = self.roster.last(now)
        return known is not None and any(one.is_on(now) for one in known.on)

    def enter(self, call_id: str, *, fresh: bool) -> Response | None:
        """A caller goes on here; `fresh`: they have heard nothing yet. None if nobody is on."""
        now = self._now()
        known = self.roster.last(now)
        if known is None or not any(one.is_on(now) for one in known.on):
            return None
        waits = new_wait(now)
        self._calls[call_id] = waits.queue
        return self._waits(waits, self._say.hello(known.line, fresh=fresh))

    def is_over(self, leg_id: str) -> BackgroundTask | None:
        """A leg has ended, which could not be written: what rings for it stops."""
        if len(self._over) < MOST_REMEMBERED:
            self._over.add(leg_id)
        queue = self._calls.get(leg_id)
        return self._after_it(self._stop(queue)) if queue else None

    def is_as_ever(self, call_id: str) -> None:
        """This call is an ordinary one again, or over: it was told of and could be written."""
        queue = self._calls.pop(call_id, None)
        if queue is not None:
            self._stop(queue)()

    def went(self) -> Went:
        """What went without a database, and nobody has made good since."""
        here = (one for one, queue in self._calls.copy().items() if queue in self._connected)
        rings, over = frozenset(self.phones.placed), frozenset(self._over)
        return Went(frozenset(self._calls), frozenset(here), rings, over)

    def made_good(self, went: Went) -> None:
        """Nothing of it is left behind any more."""
        for call_id in went.calls:
            self._connected.discard(self._calls.pop(call_id, ""))
        self.phones.placed -= went.rings
        self._over -= went.over

    def close(self) -> None:
        """Finish what is under way."""
        self._threads.shutdown()

    # Asked by the network.

    def answer(self, piece: str, name: str, form: Form) -> Response:
        """A step or callback at `/w/<piece>/<name>`."""
        facts = Facts(form)
        try:
            if name in CALLERS_STEPS:
                waits = waits_in(self._seal, piece)
                return self._after(waits, facts) if name == Step.AFTER else self._wait(waits, name)
            offered = offered_in(self._seal, piece)
        except Unsealable:
            return Response("There is no such call.", 404)
        return self._peer(offered, name, facts)

    def _wait(self, waits: Waits, name: str) -> Response:
        """The promise and the queue, or what is heard there; with each, more phones may ring."""
        now = self._now()
        known = self.roster.last(now)
        if known is None:
            return self._sorry() if name != Step.WAIT else _xml(render([LeaveQueue()], _nowhere))
        before, (waits, wanted) = waits, self._ring_more(known, waits, now)
        if name != Step.WAIT:
            first = self._say.promise(known.line) if name == Step.PROMISE else []
            return self._waits(waits, [*first, *self._say.queue(waits)], wanted)
        ringing = self._ringing(waits, now)
        out_of_patience = now.timestamp() - waits.began >= known.line.patience_seconds
        nobody_left = not self._choosable(known, waits, now, any_phone=True)
        if not ringing and (out_of_patience or nobody_left):
            return _xml(render([LeaveQueue()], _nowhere))
        lacks = len(ringing) < self._at_once(known) and bool(self._choosable(known, waits, now))
        again = waits.round > before.round
        words = self._say.waiting(known.line, waits, lacks=lacks, once_more=again)
        return self._waits(waits._replace(heard=waits.heard + 1), words, wanted)

    def _after(self, waits: Waits, facts: Facts) -> Response:
        """The queue is behind them: they talked, hung up, nobody came, or it broke."""
        if facts.moved_out_of_queue:
            return _xml(NOTHING)
        stops = self._stop(waits.queue, waits.rung)
        if facts.leg_is_over or facts.hung_up_in_queue:
            return self._then(NOTHING, stops)
        if facts.left_queue:
            return self._sorry()
        known = self.roster.last(self._now())
        languages = known.line.languages if known else ()
        words = self._say.all_say(languages, "talk.peer_has_left") if facts.was_connected else []
        back = f"{self._public_url}{DOOR}{RETRY_OVERRIDES}"
        return self._then(render([*words, GoTo(_door)], lambda _: back), stops)

    def _peer(self, offered: Offered, name: str, facts: Facts) -> Response:
        queue, person_id, language = offered
        if name == STATUS:
            if facts.leg_is_over:
                self.phones.over(queue, person_id)
            return Response(status_code=204)
        if name == Step.OFFER:
            known = self.roster.last(self._now())
            if not self.phones.picked_up(queue, person_id, facts.leg_id) or known is None:
                return self._to_peer(offered, self._say.last(language, "breath.late"))
            return self._to_peer(offered, self._say.offer(known.line.name, language))
        if name == Step.TAKE and facts.key == "1":
            met, after = (self._link(offered, step) for step in (Step.MET, Step.TAKEN))
            moment = self._say.moment(language)
            return _xml(front_of_queue(moment, queue, met, after, FRONT_SECONDS, LONGEST_TALK))
        if name == Step.TAKE:
            return self._to_peer(offered, self._say.last(language, "offer.passed"))
        if name == Step.MET:
            return self._met(offered)
        talked = name == Step.TAKEN and facts.took_somebody
        key = "goodbye.volunteer" if talked else "breath.late"
        return self._to_peer(offered, self._say.last(language, key))

    def _met(self, offered: Offered) -> Response:
        """What the caller hears as their peer comes; all other phones may rest."""
        self._connected.add(offered.queue)
        self.phones.met(offered.queue, offered.person_id)
        known = self.roster.last(self._now())
        words = self._say.all_say(known.line.languages if known else (), "wait.coming")
        stops = self._stop(offered.queue)
        return self._then(render(words, _nowhere), stops)

    # Whom to ring.

    def _ring_more(
        self, known: Remembered, waits: Waits, now: datetime
    ) -> tuple[Waits, list[Wanted]]:
        """As many more phones as are wished for and may be rung now."""
        wanted: list[Wanted] = []
        while len(self._ringing(waits, now)) < self._at_once(known):
            free = self._choosable(known, waits, now)
            pause = self.phones.take_slot() if free else None
            if pause is None:
                break
            one = min(free, key=lambda peer: self._standing(peer, waits))
            until = int(now.timestamp()) + one.ring_seconds + PICKING_UP
            if waits.tries(one.person_id) and not self._was_spared(waits, one):
                waits = waits._replace(round=1)
            self.phones.wish(waits.queue, one.person_id, datetime.fromtimestamp(until, now.tzinfo))
            waits = with_rung(waits, Rung(one.person_id, until))
            wanted.append(self._wanted(waits.queue, one, known, pause))
        return waits, wanted

    def _at_once(self, known: Remembered) -> int:
        most = known.line.phones_at_once
        return phones_for_one(self._odds.chance, most)

    def _ringing(self, waits: Waits, now: datetime) -> set[int]:
        """Whose phones may ring for them now."""
        at = now.timestamp()
        return {
            who
            for who, until in waits.rung
            if until > at and self.phones.rings_for(waits.queue, who)
        }

    def _choosable(
        self, known: Remembered, waits: Waits, now: datetime, *, any_phone: bool = False
    ) -> list[OnShift]:
        """Who may be rung for them (again); with `any_phone` also whoever is in a call just now."""
        ringing = self._ringing(waits, now)
        return [
            one
            for one in known.on
            if one.is_on(now)
            and one.person_id not in ringing
            and (waits.tries(one.person_id) < MOST_RINGS or self._was_spared(waits, one))
            and (any_phone or self.phones.is_free(one.person_id))
        ]

    def _was_spared(self, waits: Waits, one: OnShift) -> bool:
        return self.phones.was_spared(waits.queue, one.person_id)

    def _standing(self, one: OnShift, waits: Waits) -> tuple[int, bool, bool, float, int]:
        """The least tried first, then who was free when last read, then the longest idle."""
        tries = waits.tries(one.person_id)
        return tries, one.busy, one.rung_last, one.idle_since, one.person_id

    def _wanted(self, queue: str, one: OnShift, known: Remembered, pause: float) -> Wanted:
        own = (code for code in one.languages.split(",") if code in known.line.languages)
        offered = Offered(queue, one.person_id, next(own, known.line.languages[0]))
        urls = (self._link(offered, Step.OFFER), self._link(offered, STATUS))
        return Wanted(queue, one.person_id, one.number, one.busy, one.ring_seconds, pause, *urls)

    def _stop(self, queue: str, rung: Sequence[Rung] = ()) -> Callable[[], object]:
        """Ends all rings for a queue, those that another process placed among them."""
        now = self._now()
        rings = self.phones.unwanted(queue)
        mine = {who for who, _ in rings}
        known = self.roster.last(now)
        numbers = {one.person_id: one.number for one in known.on} if known else {}
        late = [who for who, until in rung if until > now.timestamp() and who not in mine]
        others = [Elsewhere(who, numbers[who]) for who in late if who in numbers]
        first = known.line.languages[0] if known else ""
        return lambda: self.phones.stop(
            rings, others, lambda who: self._link(Offered(queue, who, first), Step.LATE)
        )

    # Documents.

    def _link(self, what: Waits | Offered, step: str) -> str:
        return f"{self._public_url}{PATH}/{sealed(self._seal, what)}/{step}{RETRY_OVERRIDES}"

    def _waits(self, waits: Waits, words: Words, wanted: Sequence[Wanted] = ()) -> Response:
        document = render(words, lambda step: self._link(waits, str(step)))
        return self._then(document, *(_placing(self.phones, one) for one in wanted))

    def _to_peer(self, offered: Offered, words: Words) -> Response:
        return _xml(render(words, lambda step: self._link(offered, str(step))))

    def _then(self, document: str, *work: Callable[[], object]) -> Response:
        """A document, and what is asked of the provider once it has left."""
        return _xml(document, self._after_it(*work) if work else None)

    def _after_it(self, *work: Callable[[], object]) -> BackgroundTask:
        async def after() -> None:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(self._threads, one) for one in work))

        return BackgroundTask(after)


def _placing(phones: Phones, wanted: Wanted) -> Callable[[], object]:
    return lambda: phones.place(wanted)


def _door(_turn: object, _leg: object) -> Words:
    """Stands for the door, where a call that comes in is met."""
    return []


def _nowhere(_step: Next) -> str:
    return ""


def _xml(document: str, after: BackgroundTask | None = None) -> Response:
    return Response(document, media_type="text/xml", background=after)
