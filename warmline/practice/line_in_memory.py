"""The line of a practice: the real steps, on a database in memory that goes with the page."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, insert
from sqlalchemy.pool import NullPool, StaticPool

from shifts.models import AGREED, Base, Person, Place
from warmline import languages, prompts
from warmline.database.sealing import Seal
from warmline.line import opening
from warmline.models.people import Volunteer
from warmline.promise.promise import NEVER, QUESTIONS, Promise
from warmline.routing.odds import Odds
from warmline.telephony.conversation import AnyConversation, Callback, Turn
from warmline.telephony.words import HangUp, Step, Words

NUMBER: Final = "+14135550100"
PARTNER: Final = "+14135550151"
VISITOR: Final = "+14135550111"
NOBODY: Final = "+14135550112"
"""Numbers that nobody has: no network is there to be asked for them."""
BEGINS: Final = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
SHIFT: Final = timedelta(hours=6)
SEAL: Final = Seal(("what is sealed here lives as long as a page is made",))
Form = Mapping[str, str]


class PracticeLine:
    """One line with one volunteer, who is on shift; `now` moves only when told to."""

    def __init__(self, db: Connection) -> None:
        self.now = BEGINS
        self.db: Final = db
        self._odds: Final = Odds()

    @contextmanager
    def turn(self, form: Form, token: str = "") -> Iterator[Turn]:
        """One request within its transaction."""
        with self.db.begin():
            self.db.exec_driver_sql("BEGIN")
            yield Turn(
                form=form,
                now=self.now,
                db=self.db,
                prompts=prompts.load(),
                odds=self._odds,
                seal=SEAL,
                token=token,
            )

    def step(self, conversation: AnyConversation, token: str, step: Step, form: Form) -> Words:
        """What a step of the leg with this token answers."""
        with self.turn(form, token) as turn:
            leg = conversation.find(turn.db, token)
            if leg is None:
                return [turn.say("goodbye.unknown"), HangUp()]
            turn.language = leg.spoken
            return step(turn, leg)

    def tell(self, conversation: AnyConversation, token: str, told: Callback, form: Form) -> None:
        """Tell a callback of the leg with this token something."""
        with self.turn(form, token) as turn:
            leg = conversation.find(turn.db, token)
            if leg is not None:
                turn.language = leg.spoken
                told(turn, leg)

    def arrive(self, arrival: Callable[[Turn], Words | None], form: Form) -> tuple[Words, str]:
        """What the line answers to a call or a text that comes in, and the token of the leg."""
        with self.turn(form) as turn:
            words = arrival(turn)
            return words or [], turn.token


@contextmanager
def practice_line(language: str) -> Iterator[PracticeLine]:
    """A fresh line that speaks this language alone; all of it is gone after the block."""
    with _engine(language).connect() as db:
        yield PracticeLine(db)


@cache
def _engine(language: str) -> Engine:
    """Every connection is a database of its own; the statements are compiled once for all."""

    def fresh() -> sqlite3.Connection:
        raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        raw.deserialize(_as_at_the_beginning(language))
        return raw

    return create_engine("sqlite://", creator=fresh, poolclass=NullPool, hide_parameters=True)


@cache
def _as_at_the_beginning(language: str) -> bytes:
    raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with engine.begin() as db:
        _set_up(db, language)
    made = raw.serialize()
    engine.dispose()
    raw.close()
    return made


def _set_up(db: Connection, language: str) -> None:
    wanted: dict[str, Any] = {
        "name": languages.of(language).practice,
        "number": NUMBER,
        "time_zone": "America/New_York",
        "languages": (language,),
        "coordinator_phone": NOBODY,
    }
    promised = Promise(language, dict.fromkeys(QUESTIONS, NEVER))
    opening.set_up(db, opening.complete(wanted), [promised], BEGINS)
    line_id = opening.the_line(db).line_id
    opening.open_line(db, line_id, BEGINS)
    person = db.execute(insert(Person).values(line_id=line_id, name="-").returning(Person.id))
    me = {"person_id": person.scalar_one(), "line_id": line_id}
    agreed = {"agreed": "yes", "agreed_at": BEGINS, "agreed_promise": 1, "breather_minutes": 0}
    db.execute(insert(Volunteer).values(phone=VISITOR, languages=language, **me, **agreed))
    hours = {"starts_at": BEGINS - SHIFT, "ends_at": BEGINS + SHIFT}
    db.execute(insert(Place).values(state=AGREED, duty=False, **me, **hours))
