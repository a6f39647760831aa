"""Random words, shifts, races and jumps of the clock: what must hold whatever is texted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from shifts.models import ON_STATES, Place
from tests.databases import Databases
from tests.examples import examples
from tests.stories.test_volunteer_texts import open_place
from tests.stories.town import LINE, Town, town_on
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.simulator import Phone
from warmline.simulator.network import texts
from warmline.simulator.network.texts import Text
from warmline.texting import lengths as texting_lengths
from warmline.texting.volunteer_words import WORDS

VOLUNTEERS = ("Ana", "Bo", "Chi")
TEXTERS = ("Dot", "Gus")
NETWORKS_OWN = (texts.SAID_OUT, texts.SAID_BACK_IN, texts.SAID_HELP)
"""What the network says itself: no line has sent it."""
LATELY = timedelta(seconds=4)
"""What was allowed so long ago may still ring or arrive: it was on its way."""
PASSED_ON = re.compile(r"(?:^|: )note \d+")

numbers = st.lists(st.integers(1, 6), max_size=2).map(lambda all_: " ".join(map(str, all_)))
rests = st.one_of(
    numbers,
    st.sampled_from(["", "ALL", "4H", "UNTIL 9", "SAT EVENING", "OFF", "Bo", "10 MAR", "9PM-9AM"]),
)
spoken = [name for names in WORDS.values() for name in names if name not in ("LEAVE", "BORRAR")]
shift_words = st.builds(lambda word, rest: f"{word} {rest}".strip(), st.sampled_from(spoken), rests)
of_volunteers = st.one_of(
    shift_words,
    shift_words.map(lambda words: f"#{words}"),
    st.sampled_from(["OK", "NO", "#BYE", "#PASS", "1", "2", "hello there", "STOP", "START"]),
)
of_texters = st.one_of(
    st.just("note"),
    st.just("note"),
    st.sampled_from(["BYE", "ELSE", "QUIET", "WAIT", "RULES", "LIST", "HELP", "YES", "ESPAÑOL"]),
    st.sampled_from(["OK", "IN", "KEEP", "please stop texting me", "¿Hay alguien?"]),
)


@dataclass(frozen=True)
class Act:
    """Somebody writes something, or (nobody) time passes; `waits` seconds follow."""

    who: str
    body: str
    waits: float


PROMISED = (
    *("Our promise at Riverside:", "Your texts pass through a peer's own phone"),
    *("Nuestra promesa en Riverside:", "Sus textos pasan por el teléfono propio"),
)
acts = st.one_of(
    st.builds(Act, st.sampled_from(VOLUNTEERS), of_volunteers, st.sampled_from([0.0, 2.0, 8.0])),
    st.builds(Act, st.sampled_from(TEXTERS), of_texters, st.sampled_from([0.0, 2.0, 8.0])),
    st.builds(Act, st.just(""), st.just(""), st.sampled_from([30.0, 30.0, 130.0, 620.0])),
)


@pytest.mark.long
@examples(3, one_database=True)
@given(played=st.lists(acts, min_size=8, max_size=20))
def test_whatever_is_texted_the_promises_hold(databases: Databases, played: list[Act]) -> None:
    with watched_town(databases) as watch:
        for act in played:
            watch.play(act)
        watch.town.wait(20)
        watch.lengths()
        watch.nobody_was_rung_or_told_unasked()
        assert "500" not in watch.statuses(), watch.town.network.story()


@contextmanager
def watched_town(databases: Databases) -> Iterator["Watch"]:
    with databases.migrated() as url, town_on(url, languages="en,es") as town:
        town.volunteer("Ana", on=(-1, 2), breather=0)
        town.volunteer("Bo", on=(-1, 5), languages="es,en")
        town.volunteer("Chi", on=None)
        town.shift("Chi", 20, 23)
        for starts in (1, 22, 46):
            open_place(town, starts, starts + 3)
        # Of whoever is asked one after the other, only whom and what is looked at here.
        town.clock.late = timedelta(seconds=30)
        watch = Watch(town)
        town.network.every(2, lambda _now: watch.look())
        yield watch


@dataclass
class Watch:
    """Looks every second at who may be rung and told, and follows each note of a texter."""

    town: Town
    may_be_rung: dict[str, datetime] = field(default_factory=dict)
    may_be_told: dict[str, datetime] = field(default_factory=dict)
    rung: dict[str, int] = field(default_factory=dict)
    notes: int = 0
    faults: list[str] = field(default_factory=list)

    def play(self, act: Act) -> None:
        if not act.who:
            self.town.wait(act.waits)
            return
        phone = self.town.phone(act.who)
        if act.body == "note":
            self._note(act.who, phone)
        else:
            self.may_be_told[act.who] = self.town.network.now() + timedelta(seconds=20)
            phone.write(LINE, act.body)
        self.town.wait(act.waits)

    def _note(self, who: str, phone: Phone) -> None:
        """A texter's own words reach the peer whom they have, once; a talk keeps its order."""
        self.notes += 1
        body = f"note {self.notes}"
        before = self._peer_of(who)
        phone.write(LINE, body)
        self.town.wait(6)
        if before is not None and self._peer_of(who) == before:
            peer = self.town.phone(before)
            arrived = [text.body for text in peer.texts if text.body.endswith(f": {body}")]
            assert len(arrived) == 1, (who, before, body, self.town.network.story())

    def _peer_of(self, who: str) -> str | None:
        digests = self.town.parts.seal.digests(self.town.phone(who).number)
        with self.town.parts.database.reading() as db:
            person = db.execute(
                select(Talk.person_id).where(Talk.number_digest.in_(digests))
            ).scalar()
        return {number: name for name, number in self.town.people.items()}.get(person or 0)

    def look(self) -> None:
        now = self.town.network.now()
        with self.town.parts.database.reading() as db:
            allowed = rung_now(db, now)
            self.faults += on_twice(db)
        for name, person in self.town.people.items():
            phone = self.town.phone(name)
            if person in allowed:
                self.may_be_rung[name] = now
            for ring in phone.rings[self.rung.get(name, 0) :]:
                if ring.started - self.may_be_rung.get(name, ring.started) > LATELY:
                    self.faults.append(f"{name} was rung at {ring.started:%H:%M:%S}")
                if name not in self.may_be_rung:
                    self.faults.append(f"{name} was rung and never on")
            self.rung[name] = len(phone.rings)

    def nobody_was_rung_or_told_unasked(self) -> None:
        story = self.town.network.story()
        assert not self.faults, (self.faults, story)
        for name in VOLUNTEERS:
            stopped = self._stopped(name)
            late = [text.body for at, text in stopped if text.body not in NETWORKS_OWN and at]
            assert not late, (name, late, story)

    def _stopped(self, name: str) -> list[tuple[float, Text]]:
        """What reached them, from the second of a STOP until they came back."""
        reached = self.town.phone(name).texts
        said = [n for n, text in enumerate(reached) if text.body == texts.SAID_OUT]
        back = [n for n, text in enumerate(reached) if text.body == texts.SAID_BACK_IN]
        return [
            (reached[n].created_at, reached[n])
            for out in said
            for n in range(out + 1, next((one for one in back if one > out), len(reached)))
            if reached[n].created_at > reached[out].created_at + LATELY.total_seconds()
        ]

    def lengths(self) -> None:
        for name in (*VOLUNTEERS, *TEXTERS):
            for text in self.town.phone(name).texts:
                ours = text.body not in NETWORKS_OWN and not PASSED_ON.search(text.body)
                # Whoever writes TALK hears the promise as any caller does: whole.
                ours = ours and not text.body.startswith(PROMISED)
                if ours and name in VOLUNTEERS and not text.body.startswith("You wrote"):
                    fits = texting_lengths.fits(text.body, texting_lengths.LIST)
                    assert fits, (name, text.body)

    def statuses(self) -> str:
        lines = self.town.network.story().splitlines()
        return " ".join(line.rsplit(" · ", 1)[-1] for line in lines if "is asked" in line)


def rung_now(db: Connection, now: datetime) -> set[int]:
    """Who may be rung: on shift, agreed, in no pause."""
    found = (
        select(Volunteer.person_id)
        .join(Place, Place.person_id == Volunteer.person_id)
        .where(
            Place.state.in_(ON_STATES),
            Place.starts_at <= now,
            Place.ends_at > now,
            Volunteer.agreed == "yes",
        )
        .where(Volunteer.paused_until.is_(None) | (Volunteer.paused_until <= now))
    )
    return set(db.scalars(found))


def on_twice(db: Connection) -> list[str]:
    """Persons who hold two places of one kind at one time."""
    held = (Place.person_id.is_not(None), Place.state.in_((*ON_STATES, "asked")))
    order = (Place.person_id, Place.duty, Place.starts_at)
    places = db.execute(select(Place.__table__).where(*held).order_by(*order)).all()
    return [
        f"person {one.person_id} is on twice at {other.starts_at}"
        for one, other in pairwise(places)
        if (one.person_id, one.duty) == (other.person_id, other.duty)
        and one.ends_at > other.starts_at
    ]
