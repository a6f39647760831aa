"""Does what the outbox wishes for: after the commit, once each, tried again where that is safe."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from threading import Event
from typing import Final

import structlog
from sqlalchemy import Connection, bindparam, select, update

from warmline.calls import calls
from warmline.calls.records import LiveRing, RingRow
from warmline.database.engine import Database
from warmline.database.records import first, made_of
from warmline.database.sealing import Seal
from warmline.database.turns import Reach, of_own_row, to_change
from warmline.models.calls import Ring
from warmline.models.outbox import EffectKind
from warmline.models.people import Volunteer
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.outbox.pacing import Pacing, Ready
from warmline.routing.reasons import GivenReason
from warmline.sending import call_back_calls, code_calls, effect_kinds, retries, talk_texts, texts
from warmline.sending.guard import MayNotRing, MayNotText, NotNow, number_to_ring
from warmline.sending.outages import Outages
from warmline.telephony.abilities import Abilities
from warmline.telephony.port import Provider, Refused, TooEarly, TryLater, Unknown

RING_URLS: Final = ("/r/{token}/answer", "/r/{token}/status")
LOOK_AGAIN: Final = timedelta(seconds=5)
GIVEN_UP: Final = timedelta(seconds=60)
"""An unconfirmed text not found at the provider after so long is dropped."""
NEVER_MADE: Final = timedelta(seconds=25)
"""So long after a ring was asked for in vain, a provider that is well and does not list it has not
made it: one that was slow has answered after twenty seconds. Its phone may ring for others."""
SKEW: Final = timedelta(seconds=2)
"""How much earlier than we the provider may say that a ring was made: it writes whole seconds."""
SENDERS: Final = 8
AT_A_TIME: Final = 2 * SENDERS
"""Effects that one sender takes at once: it has tried them all long before they are others' too."""
NONE_READY: Final = Ready({}, None)
LOST: Final = GivenReason("unknown")
log = structlog.get_logger(__name__)
_RING: Final = to_change(select(Ring.__table__).where(Ring.token == bindparam("token")), Ring)
_OF_RING: Final = of_own_row(update(Ring).where(Ring.id == bindparam("ring_id")))
_NAMED: Final = _OF_RING.where(Ring.provider_id.is_(None))
_PLACED: Final = _OF_RING.where(Ring.state == "asked for")
_ring_row: Final = made_of(RingRow, Ring.__table__.c)
RingFailed = Callable[[Connection, LiveRing, GivenReason], None]
TextRefused = Callable[[Connection, str, int], None]
NotErased = Callable[[Connection, int], None]


@dataclass(slots=True)
class Sender:
    """Sends due effects; any number may run at once, in threads and in processes.

    `ring_failed(db, ring, told)` is told, in a transaction, why a ring will not be;
    `text_refused(db, token, code)` of a text that the provider refused, before it is struck out;
    `not_erased(db, line_id)` of a record that the provider has not erased in fifteen days.
    `provider` is asked for at the first effect, so that nothing heavy is loaded before.
    """

    database: Database
    provider: Callable[[], Provider]
    public_url: str
    pacing: Pacing
    now: Callable[[], datetime]
    ring_failed: RingFailed
    seal: Seal
    overrides: str = ""
    text_refused: TextRefused = lambda _db, _token, _code: None
    not_erased: NotErased = lambda _db, _line_id: None
    abilities: Abilities = field(default_factory=Abilities)
    outages: Outages = field(init=False)
    next_slot: datetime | None = None
    """When the next slot comes for which a ring or a text waits: wake then."""
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SENDERS))
    _not_erased: set[int] = field(default_factory=set)
    """Erasures that the provider has refused, which is said once of each."""
    _ends: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.outages = Outages(self.now)

    def send_due(self, only: EffectKind | None = None) -> int:
        """Send whatever is due now, and what that leads to; how many effects that were.

        Hang-ups and moves go first and at once, then rings and texts, one a slot; with `only`,
        effects of that kind alone.
        """
        sent, goes_on = 0, True
        while goes_on:
            under_way = [self._pool.submit(self._send, effect) for effect in self._taken(only)]
            led_on = [one.result() for one in under_way]
            sent += len(led_on)
            goes_on = any(led_on) or len(led_on) == AT_A_TIME
        return sent

    def stop(self) -> None:
        """Begin nothing more: whoever sends next does the rest. What is under way goes on."""
        self._ends.set()

    def close(self) -> None:
        """Finish what is under way."""
        self.stop()
        self._pool.shutdown()

    def _taken(self, only: EffectKind | None) -> list[DueEffect]:
        """Due effects, the most urgent, taken for this sender alone; nothing while no slot is free.

        Whatever stands in the way is read first: a sender that finds nothing to do now keeps no
        writer waiting. What it then takes is settled row by row, so it waits for no writer either.
        """
        now = self.now()
        if self.next_slot is not None and self.next_slot <= now:
            self.next_slot = None
        with self.database.reading() as db:
            found = [one for one in outbox.due(db, now) if only in (None, one.kind)]
            ready = self.pacing.ready(db, found, now) if found else NONE_READY
        self._wake_at(ready.then)
        wanted = dict(islice(ready.effects.items(), AT_A_TIME))
        if not wanted or self._ends.is_set():
            return []
        with self.database.writing_beside_others() as db:
            for effect_id, slot in list(wanted.items()):
                if slot is not None and (then := self.pacing.take(db, slot, now)) is not None:
                    self._wake_at(then)
                    del wanted[effect_id]
            return outbox.take(db, list(wanted), now) if wanted else []

    def _wake_at(self, then: datetime | None) -> None:
        if then is not None:
            self.next_slot = min(then, self.next_slot or then)

    def _send(self, effect: DueEffect) -> bool:
        """Do one effect; whether that led to others."""
        if self._ends.is_set():
            self._at(effect, self.now())
            return False
        try:
            led_on = self._do(effect)
        except TooEarly:
            self._erase_later(effect)
        except TryLater as no:
            self.outages.failed(no, effect.kind, "tried again")
            self._later(effect, no_room=no.no_room)
        except Unknown as no:
            made = effect.kind in outbox.MADE
            self.outages.failed(no, effect.kind, "looked for" if made else "tried again")
            self._unsure(effect)
        except NotNow as no:
            self._at(effect, no.then)
        except MayNotRing as no:
            return self._drop(effect, told=GivenReason(no.why or "unknown"))
        except MayNotText:
            return self._drop(effect)
        except Refused as no:
            return self._refused(effect, no.code)
        else:
            self.outages.answered()
            return led_on
        return False

    def _refused(self, effect: DueEffect, code: int) -> bool:
        """The provider said no: said once, for an erasure is asked for again and again."""
        erases = effect.kind == outbox.ERASE
        if effect.id not in self._not_erased:
            then = "tried again" if erases else "given up"
            log.warning("the provider refused", kind=effect.kind, code=code, then=then)
        self.outages.answered()
        if erases:
            self._not_erased.add(effect.id)
            self._erase_later(effect)
            return False
        return self._drop(effect, told=GivenReason("refused", code=code))

    def _do(self, effect: DueEffect) -> bool:
        if effect.kind == outbox.RING:
            since = effect.unknown_since
            return self._find(effect, since) if since else self._place(effect)
        if effect.kind in outbox.TEXTS:
            since = effect.unknown_since
            return self._find_text(effect, since) if since else self._text(effect)
        if effect.kind in outbox.ONCE:
            return self._drop(effect) if effect.unknown_since else self._place_once(effect)
        if effect.kind == outbox.MOVE:
            self.provider().move(
                effect.subject, self.public_url + outbox.path_of(effect) + self.overrides
            )
        elif effect.kind == outbox.ERASE:
            if self.abilities.erases:
                self.provider().erase(effect.subject)
        else:
            self.provider().hang_up(effect.subject)
        with self.database.writing(Reach.OWN) as db:
            outbox.done(db, effect)
        return False

    def _place(self, effect: DueEffect) -> bool:
        with self.database.reading() as db:
            to, seconds = number_to_ring(db, effect.subject, self.now())
        answer, status = (self.public_url + url.format(token=effect.subject) for url in RING_URLS)
        answer, status = answer + self.overrides, status + self.overrides
        return self._placed(effect, self.provider().ring(to, answer, status, seconds))

    def _place_once(self, effect: DueEffect) -> bool:
        """A call that reads a code, or one to whoever asked to be called back."""
        urls = (self.public_url, self.overrides)
        if effect.kind == outbox.CODE:
            return code_calls.place(self.database, self.provider(), effect, *urls, self.now)
        who = (self.database, self.provider(), self.seal)
        return call_back_calls.place(*who, effect, urls, self.now)

    def _text(self, effect: DueEffect) -> bool:
        with self.database.reading() as db:
            out = effect_kinds.to_send(effect)(db, self.seal, effect.subject, self.now())
        url = texts.TALK_STATUS_URL if effect.kind == outbox.TALK else texts.STATUS_URL
        status = self.public_url + url.format(token=effect.subject) + self.overrides
        text = self.provider().text
        return self._texted(
            effect, text(out.from_number, out.to, out.body, status, out.valid_seconds)
        )

    def _texted(self, effect: DueEffect, provider_id: str) -> bool:
        def noted(db: Connection) -> bool:
            outbox.done(db, effect)
            if effect.kind == outbox.TALK:
                talk_texts.accepted(db, effect.subject, provider_id, self.now())
            else:
                texts.accepted(db, effect.subject, provider_id)
            return bool(db.info.pop(outbox.WISHED, False))

        return self.database.do(noted, Reach.OWN)

    def _find_text(self, effect: DueEffect, unknown_since: datetime) -> bool:
        """Look for a text whose creation was never confirmed; an answer is not sent twice.

        One that passes on what somebody wrote is sent once more when it is not found.
        """
        with self.database.reading() as db:
            out = effect_kinds.to_send(effect)(db, self.seal, effect.subject, self.now())
            found = texts.found_among(db, self.provider(), out, effect.made_at - SKEW)
        if found is not None:
            return self._texted(effect, found.provider_id)
        if self.now() - unknown_since >= GIVEN_UP:
            return self._once_more(effect) or self._drop(effect)
        self._unsure(effect)
        return False

    def _once_more(self, effect: DueEffect) -> bool:
        """Send a text of a talk a second time; False if it is none, or was sent again already."""
        with self.database.writing(Reach.OTHERS) as db:
            again = effect.kind == outbox.TALK and talk_texts.may_be_sent_again(db, effect.subject)
            if again:
                outbox.anew(db, effect, self.now())
        return again

    def _placed(self, effect: DueEffect, provider_id: str) -> bool:
        """The ring is at the provider; if nobody needs it any more it ends itself."""

        def noted(db: Connection) -> bool:
            # The ring first, as whoever ends one does: so neither waits for the other in a circle.
            ring = first(db.execute(_RING.of(db), {"token": effect.subject}), _ring_row)
            outbox.done(db, effect)
            if ring is None:
                # Its leg is over already, or it was ended before it had an id.
                outbox.hang_up(db, effect.line_id, [provider_id], self.now())
                outbox.erase(db, effect.line_id, [provider_id], self.now())
            else:
                self._name(db, ring, provider_id)
            return bool(db.info.pop(outbox.WISHED, False))

        return self.database.do(noted, Reach.OWN)

    def _name(self, db: Connection, ring: RingRow, provider_id: str) -> None:
        db.execute(_NAMED, {"ring_id": ring.id, "provider_id": provider_id})
        db.execute(_PLACED, {"ring_id": ring.id, "state": "placed", "heard_at": self.now()})
        if ring.state in ("ending", "leaving") and ring.provider_id is None:
            outbox.hang_up(db, ring.line_id, [provider_id], self.now())

    def _later(self, effect: DueEffect, *, no_room: bool = False) -> None:
        """Certainly not done: again soon, unless it has lost its sense."""
        wished = (effect.kind, effect.made_at, effect.tries, self.now())
        self._at(effect, retries.certainly_not_done(*wished, no_room=no_room))

    def _erase_later(self, effect: DueEffect) -> None:
        """The provider does not erase this yet: longer and longer pauses, up to fifteen days."""
        then = retries.not_erased_yet(effect.tries, self.now())
        if then is None:
            log.error("the provider has not erased a record in fifteen days")
            with self.database.writing(Reach.OTHERS) as db:
                self.not_erased(db, effect.line_id)
        self._at(effect, then)

    def _at(self, effect: DueEffect, then: datetime | None) -> None:
        """It is tried again then, or (None) never."""
        with self.database.writing(Reach.OTHERS) as db:
            effect_kinds.strike(db, effect, self.now()) if then is None else outbox.again(
                db, effect, then
            )

    def _unsure(self, effect: DueEffect) -> None:
        """May have been done: a ring or text is looked for, anything else simply repeated."""
        if effect.kind not in outbox.MADE:
            self._later(effect)
            return
        with self.database.writing(Reach.OTHERS) as db:
            since = effect.unknown_since or self.now()
            outbox.again(db, effect, self.now() + LOOK_AGAIN, unknown_since=since)

    def _find(self, effect: DueEffect, unknown_since: datetime) -> bool:
        """Look for a ring whose creation was never confirmed: by callback, then in the list."""
        mine = (
            select(Ring.provider_id, Volunteer.phone)
            .join(Volunteer, Volunteer.person_id == Ring.person_id)
            .where(Ring.token == effect.subject)
        )
        with self.database.reading() as db:
            known = set(db.execute(select(Ring.provider_id)).scalars().all())
            ring = db.execute(mine).first()
        if ring is None:
            return self._drop(effect)
        if ring.provider_id is not None:
            return self._placed(effect, ring.provider_id)
        for found in self.provider().find_ring(ring.phone, effect.made_at - SKEW):
            if found.provider_id not in known:
                return self._placed(effect, found.provider_id)
        if self.now() - unknown_since >= NEVER_MADE:
            return self._drop(effect)
        self._unsure(effect)
        return False

    def _drop(self, effect: DueEffect, *, told: GivenReason = LOST) -> bool:
        """It will not be. A ring is struck out, and the search goes on with somebody else.

        `told` is why; with the code with which the provider has said no, if it has.
        """
        with self.database.writing(Reach.OTHERS) as db:
            if told.code and effect.kind in outbox.TEXTS:
                self.text_refused(db, effect.subject, told.code)
            effect_kinds.strike(db, effect, self.now())
            ring = calls.ring_by_token(db, effect.subject) if effect.kind == outbox.RING else None
            if ring is not None:
                self.ring_failed(db, ring, told)
            return bool(db.info.pop(outbox.WISHED, False))
