"""Talks by text, as rules: moves, names, whom to ask, words, how long texts are cut."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, func, insert, select

from shifts.models import Line, Person
from warmline.calls import talks
from warmline.calls.calls import MoveNotAllowed
from warmline.calls.talks import NAMES
from warmline.database.engine import Database
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.routing.peers import Peer, Tries, Waiting
from warmline.routing.text_search import Texter, whom_to_ask
from warmline.texting.caller_words import CALLERS, is_a_volunteers_word, is_stop, word_of
from warmline.texting.lengths import in_gsm

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def texter(person: int, idle: float = 1, *, texts: bool = True, talking: bool = False) -> Texter:
    """Somebody on shift, idle for so many hours."""
    peer = Peer(person, ["en"], NOW - idle * HOUR, NOW + HOUR, talking=talking)
    return Texter(peer, texts)


def waits(talk: int, since: float = 0, tries: dict[int, Tries] | None = None) -> Waiting:
    return Waiting(talk, "en", NOW - since * HOUR, tries=tries or {})


ASKED: list[tuple[str, list[Waiting], list[Texter], dict[int, int], list[tuple[int, int]]]] = [
    ("nobody waits", [], [texter(1)], {}, []),
    ("few on: all", [waits(7)], [texter(1, 1), texter(2, 2)], {}, [(7, 2), (7, 1)]),
    (
        "the longest idle first",
        [waits(7)],
        [texter(n, n) for n in (1, 2, 3, 4)],
        {},
        [(7, 4), (7, 3)],
    ),
    ("already asked", [waits(7)], [texter(1), texter(2)], {1: 7}, [(7, 2)]),
    ("asked for another talk", [waits(7)], [texter(1)], {1: 8}, []),
    (
        "who was not asked yet, first",
        [waits(7, tries={n: Tries(1) for n in (3, 4)})],
        [texter(n, n) for n in (1, 2, 3, 4)],
        {},
        [(7, 2), (7, 1)],
    ),
    ("passed", [waits(7, tries={1: Tries(1, passed=True)})], [texter(1)], {}, []),
    ("the longest wait first", [waits(8, 1), waits(9, 2)], [texter(1)], {}, [(9, 1)]),
    ("in a talk", [waits(7)], [texter(1, talking=True), texter(2)], {}, [(7, 2)]),
    ("calls only", [waits(7)], [texter(1, texts=False), texter(2)], {}, [(7, 2)]),
    (
        "all texters talk: who takes calls is asked",
        [waits(7)],
        [texter(1, texts=False), texter(2, talking=True)],
        {},
        [(7, 1)],
    ),
]


@pytest.mark.parametrize(
    ("waiting", "on", "asks", "pairs"), [one[1:] for one in ASKED], ids=[one[0] for one in ASKED]
)
def test_whom_the_line_asks(
    waiting: list[Waiting], on: list[Texter], asks: dict[int, int], pairs: list[tuple[int, int]]
) -> None:
    assert whom_to_ask(waiting, on, asks, NOW, at_once=2, most=4) == pairs


@pytest.mark.parametrize(
    ("body", "word"),
    [
        *[("bye", "BYE"), (" Adiós! ", "BYE"), ("español", "ESPANOL"), ("list?", "LIST")],
        *[("goodbye", None), ("bye for now", None), ("", None), ("wait for me", None)],
    ],
)
def test_a_word_counts_when_it_is_the_whole_message(body: str, word: str | None) -> None:
    assert word_of(body) == word


@pytest.mark.parametrize(
    ("body", "stops"),
    [
        *[("STOP", True), ("stop.", True), ("Please stop texting me", True), ("quit", True)],
        *[("Don't text me again, please!", True), ("por favor no me escriban más", True)],
        *[("I cannot stop crying", False), ("don't stop texting me", False)],
    ],
)
def test_stops_in_plain_words_are_understood_as_whole_messages(body: str, stops: bool) -> None:
    assert is_stop(body) is stops


@pytest.mark.parametrize(("body", "ours"), [("out", True), ("Pause!", True), ("in a bit", False)])
def test_a_shift_word_alone_may_be_meant_for_the_line(body: str, ours: bool) -> None:
    assert is_a_volunteers_word(body) is ours


def test_there_are_sixty_names_or_more_and_none_is_a_word_of_ours() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 60
    assert not [name for name in NAMES if is_a_volunteers_word(name) or name.upper() in CALLERS]
    assert all(in_gsm(name) == name for name in NAMES)


def test_a_name_is_free_even_when_all_are_taken() -> None:
    assert talks.free_name(NAMES[1:]) == NAMES[0]
    assert talks.free_name(NAMES).endswith(" 2")


def test_only_moves_of_the_table_are_made(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.writing() as db, pytest.raises(MoveNotAllowed):
        talks.move(db, 1, (talks.LOOKING,), talks.CLOSING)
    database.close()


@pytest.fixture
def rounds(full: bool) -> range:
    """How often each race is run."""
    return range(20 if full else 6)


@pytest.mark.both_databases
def test_one_talk_is_taken_by_one_of_many_who_say_ok_at_once(
    database_url: str, rounds: range
) -> None:
    with at_work(database_url, 8) as processes:
        database = processes[0]
        with database.writing() as db:
            a_line_with(db, range(8))
        for number in rounds:
            with database.writing() as db:
                talk_id = talks.begin(db, 1, f"digest {number}", "en", NOW)
                assert talk_id is not None
            winners = claim_at_once(processes)
            with database.writing() as db:
                talk = db.execute(select(Talk.__table__).where(Talk.id == talk_id)).one()
                assert [talk.person_id] == winners
                assert talk.state == talks.TALKING
                talks.forget(db, talk_id)
        with database.reading() as db:
            assert db.execute(select(func.count()).select_from(Talk)).scalar_one() == 0


@pytest.mark.both_databases
def test_two_first_texts_at_once_are_one_talk(database_url: str, rounds: range) -> None:
    with at_work(database_url, 4) as processes:
        with processes[0].writing() as db:
            a_line_with(db, range(0))
        for number in rounds:

            def first_text(db: Connection, _one: int, digest: str = f"digest {number}") -> bool:
                return talks.begin(db, 1, digest, "en", NOW) is not None

            assert len(at_once(processes, first_text)) == 1
        with processes[0].reading() as db:
            talks_begun = db.execute(select(func.count()).select_from(Talk)).scalar_one()
            assert talks_begun == len(rounds)


@pytest.mark.both_databases
def test_nobody_is_peer_and_texter_at_once(database_url: str, rounds: range) -> None:
    with at_work(database_url, 2) as processes:
        database = processes[0]
        with database.writing() as db:
            a_line_with(db, range(1))
        for number in rounds:
            with database.writing() as db:
                talk_id = talks.begin(db, 1, "somebody", "en", NOW)
                assert talk_id is not None

            def ok_or_talk(db: Connection, which: int, digest: str = f"own {number}") -> bool:
                if which:
                    return talks.claim(db, 1, 1, NOW, NOW + HOUR) is not None
                return talks.begin(db, 1, digest, "en", NOW, volunteer_id=1) is not None

            assert len(at_once(processes, ok_or_talk)) == 1
            with database.writing() as db:
                db.execute(delete(Talk))


def a_line_with(db: Connection, people: range) -> None:
    line = {"id": 1, "name": "Riverside", "time_zone": "America/New_York"}
    db.execute(insert(Line).values(line | {"calendar_key": "0123456789abcdef"}))
    db.execute(insert(LineRules).values(line_id=1, number="+14135550100", languages="en"))
    for one in (index + 1 for index in people):
        db.execute(insert(Person).values(id=one, line_id=1, name=f"Peer {one}"))
        mine = {"person_id": one, "line_id": 1, "phone": f"phone {one}", "languages": "en"}
        db.execute(insert(Volunteer).values(mine))


@contextmanager
def at_work(url: str, number: int) -> Iterator[list[Database]]:
    """So many processes of the service, as the database sees them: each has its connections."""
    processes = [Database(url) for _ in range(number)]
    yield processes
    for database in processes:
        database.close()


def claim_at_once(processes: Sequence[Database]) -> list[int]:
    """Everybody says OK at one instant; who has the talk."""

    def says_ok(db: Connection, one: int) -> bool:
        return talks.claim(db, 1, one + 1, NOW, NOW + HOUR) is not None

    return [one + 1 for one in at_once(processes, says_ok)]


def at_once(processes: Sequence[Database], act: Callable[[Connection, int], bool]) -> list[int]:
    """All act at one instant, each by a process of their own; for whom it was done."""
    start = threading.Barrier(len(processes))
    done: list[int] = []

    def acts(one: int) -> None:
        start.wait()
        with processes[one].writing() as db:
            if act(db, one):
                done.append(one)

    threads = [threading.Thread(target=acts, args=(one,)) for one in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
