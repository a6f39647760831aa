"""Does what the outbox wishes for: after the commit, once each, tried again where that is safe."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Row, select, update

from warmline.db import Database
from warmline.models import Ring
from warmline.phone import Provider, Refused, TryLater, Unknown, outbox
from warmline.phone.dial import MayNotRing, number_to_ring

RING_URLS: Final = ("/r/{token}/answer", "/r/{token}/status")
LOOK_AGAIN: Final = timedelta(seconds=5)
GIVEN_UP: Final = timedelta(seconds=60)
"""An unconfirmed ring not found at the provider after so long is dropped."""
SENDERS: Final = 8
OVER_SOON: Final = timedelta(minutes=2)
"""A move or hang-up that the provider has not taken for so long has lost its sense."""

log = structlog.get_logger(__name__)
RingFailed = Callable[[Connection, Row[Any], datetime], None]


@dataclass(slots=True)
class Sender:
    """Sends due effects; any number may run at once, in threads and in processes.

    `ring_failed` is told, in a transaction, of a ring that will not be: the search goes on.
    `provider` is asked for at the first effect, so that nothing heavy is loaded before.
    """

    database: Database
    provider: Callable[[], Provider]
    public_url: str
    calls_per_second: float
    now: Callable[[], datetime]
    ring_failed: RingFailed
    overrides: str = ""
    next_slot: datetime | None = None
    """When the provider's next slot comes, if a ring waits for it: wake then."""
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SENDERS))

    def send_due(self) -> int:
        """Send whatever is due now: hang-ups and moves at once, then rings, one a slot."""
        self.next_slot = None
        with self.database.reading() as db:
            found = outbox.due(db, self.now())
        urgent = [effect for effect in found if effect.kind != outbox.RING]
        sent = sum(self._pool.map(self._send, urgent))
        for effect in found:
            if effect.kind == outbox.RING:
                if not self._has_slot(effect):
                    break
                sent += self._send(effect)
        return sent

    def close(self) -> None:
        """Finish what is under way."""
        self._pool.shutdown()

    def _has_slot(self, effect: Row[Any]) -> bool:
        if effect.unknown_since is not None:
            return True
        with self.database.writing() as db:
            then = outbox.take_slot(db, effect.line_id, self.now(), self.calls_per_second)
        self.next_slot = then
        return then is None

    def _send(self, wished: Row[Any]) -> int:
        with self.database.writing() as db:
            effect = outbox.take(db, wished.id, self.now())
        if effect is None:
            return 0
        try:
            self._do(effect)
        except TryLater:
            self._later(effect)
        except Unknown:
            self._unsure(effect)
        except Refused as no:
            log.warning("the provider refused", kind=effect.kind, code=no.code)
            self._refused(effect)
        return 1

    def _do(self, effect: Row[Any]) -> None:
        if effect.kind == outbox.RING:
            self._place(effect)
            return
        if effect.kind == outbox.MOVE:
            self.provider().move(effect.subject, self.public_url + effect.url_path + self.overrides)
        else:
            self.provider().hang_up(effect.subject)
        with self.database.writing() as db:
            outbox.done(db, effect)

    def _place(self, effect: Row[Any]) -> None:
        token = effect.subject
        try:
            with self.database.reading() as db:
                to, seconds = number_to_ring(db, token, self.now())
        except MayNotRing:
            self._refused(effect)
            return
        if effect.unknown_since is not None:
            self._find(effect, to)
            return
        answer, status = (self.public_url + url.format(token=token) for url in RING_URLS)
        provider_id = self.provider().ring(to, answer + self.overrides, status, seconds)
        self._placed(effect, provider_id)

    def _placed(self, effect: Row[Any], provider_id: str) -> None:
        """The ring is at the provider; if nobody needs it any more it ends itself."""
        with self.database.writing() as db:
            outbox.done(db, effect)
            ring = db.execute(select(Ring.__table__).where(Ring.token == effect.subject)).first()
            if ring is None:
                # Its leg is over already, or it was ended before it had an id.
                outbox.hang_up(db, effect.line_id, provider_id, self.now())
            else:
                self._name(db, ring, provider_id)
            wished = db.info.pop(outbox.WISHED, False)
        if wished:
            self.send_due()

    def _name(self, db: Connection, ring: Row[Any], provider_id: str) -> None:
        named = update(Ring).where(Ring.id == ring.id, Ring.provider_id.is_(None))
        db.execute(named.values(provider_id=provider_id))
        placed = update(Ring).where(Ring.id == ring.id, Ring.state == "asked for")
        db.execute(placed.values(state="placed", heard_at=self.now()))
        if ring.state in ("ending", "leaving") and ring.provider_id is None:
            outbox.hang_up(db, ring.line_id, provider_id, self.now())

    def _later(self, effect: Row[Any]) -> None:
        """Certainly not done: again soon, unless it has lost its sense."""
        now = self.now()
        if effect.kind != outbox.RING and now - effect.made_at > OVER_SOON:
            with self.database.writing() as db:
                outbox.done(db, effect)
            return
        with self.database.writing() as db:
            outbox.again(db, effect, now + timedelta(seconds=min(30, 2 ** (effect.tries - 1))))

    def _unsure(self, effect: Row[Any]) -> None:
        """May have been done. Moves and hang-ups are simply repeated; a ring is looked for."""
        if effect.kind != outbox.RING:
            self._later(effect)
            return
        with self.database.writing() as db:
            since = effect.unknown_since or self.now()
            outbox.again(db, effect, self.now() + LOOK_AGAIN, unknown_since=since)

    def _find(self, effect: Row[Any], to: str) -> None:
        """Look for a ring whose creation was never confirmed: by callback, then in the list."""
        with self.database.reading() as db:
            known = set(db.execute(select(Ring.provider_id)).scalars().all())
            mine = db.execute(select(Ring.provider_id).where(Ring.token == effect.subject)).scalar()
        if mine is not None:
            self._placed(effect, mine)
            return
        for found in self.provider().find_ring(to, effect.made_at):
            if found.provider_id not in known:
                self._placed(effect, found.provider_id)
                return
        if self.now() - effect.unknown_since >= GIVEN_UP:
            self._refused(effect)
        else:
            self._unsure(effect)

    def _refused(self, effect: Row[Any]) -> None:
        """It will not be. A ring is struck out, and the search goes on with somebody else."""
        with self.database.writing() as db:
            outbox.done(db, effect)
            ring = db.execute(select(Ring.__table__).where(Ring.token == effect.subject)).first()
            if ring is not None and effect.kind == outbox.RING:
                self.ring_failed(db, ring, self.now())
            db.info.pop(outbox.WISHED, False)
