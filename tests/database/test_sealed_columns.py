"""Numbers of the people on the roster lie sealed, are found by any key, and are sealed anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from typer.testing import Result

from shifts.models import Line, Person
from tests.cli.test_cli import ANA, BO, complaints, file, init, ready, warmline
from warmline.calls import call_backs, talks
from warmline.calls.call_back_times import Window
from warmline.database import sealed_columns
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.models.line import LineRules
from warmline.models.people import Joining, Volunteer
from warmline.models.talks import TalkText
from warmline.people import joining
from warmline.privacy import feedback, resealing
from warmline.sending import talk_texts

pytestmark = pytest.mark.both_databases

OLD, NEW = "an old secret of thirty-two letters or so", "a new secret of thirty-two letters or so"
NOW = datetime(2030, 3, 4, 23, tzinfo=UTC)
CAL = "+14135550151"
__all__ = ["warmline"]


@contextmanager
def opened(url: str, *keys: str) -> Iterator[Database]:
    database = Database(url, Seal(keys) if keys else None)
    yield database
    database.close()


def enter(db: Connection, *numbers: str) -> None:
    """A line, whose coordinator has the first number, and a volunteer for each."""
    row = {"id": 1, "name": "Maple Line", "time_zone": "America/New_York", "calendar_key": "x" * 16}
    db.execute(insert(Line).values(row))
    rules = {"line_id": 1, "number": "+14135550100", "coordinator_phone": numbers[0]}
    db.execute(insert(LineRules).values(rules))
    for person in range(1, len(numbers) + 1):
        db.execute(insert(Person).values(id=person, line_id=1, name=f"Person {person}"))
    rows = [
        {"person_id": person, "line_id": 1, "phone": number, "languages": "en"}
        for person, number in enumerate(numbers, start=1)
    ]
    db.execute(insert(Volunteer), rows)


def whose(db: Connection, number: str) -> int | None:
    found = Volunteer.phone_index.in_(sealed_columns.indexes(number))
    return db.scalar(select(Volunteer.person_id).where(found))


def lying(db: Connection) -> str:
    """Everything of the two tables as it lies in the database."""
    rows = [db.execute(text(f"SELECT * FROM {one}")).all() for one in ("volunteer", "line_rules")]  # noqa: S608 - of our own
    return f"{rows}"


def test_no_number_is_legible_and_each_is_found_and_read(database_url: str) -> None:
    with opened(database_url, OLD) as database:
        with database.writing() as db:
            enter(db, ANA, BO)
        with database.reading() as db:
            assert ANA not in lying(db)
            assert "5550112" not in lying(db)
            assert whose(db, ANA) == 1
            assert db.scalar(select(Volunteer.phone).where(Volunteer.person_id == 2)) == BO
            assert db.scalar(select(LineRules.coordinator_phone)) == ANA


def test_no_two_ciphertexts_are_alike_and_one_moved_elsewhere_opens_nowhere(
    database_url: str,
) -> None:
    with opened(database_url, OLD) as database, database.writing() as db:
        enter(db, ANA)
        [phone, coordinator] = db.execute(
            text("SELECT phone, coordinator_phone FROM volunteer, line_rules")
        ).one()
        assert phone != coordinator
        db.execute(text("UPDATE line_rules SET coordinator_phone = :it"), {"it": phone})
        with pytest.raises(sealed_columns.NoSecretKey):
            db.scalar(select(LineRules.coordinator_phone))


def test_a_sealed_column_is_never_compared(database_url: str) -> None:
    with opened(database_url, OLD), pytest.raises(TypeError, match="digest"):
        select(Volunteer.person_id).where(Volunteer.phone == ANA)


def test_one_number_is_one_volunteer(database_url: str) -> None:
    with (
        opened(database_url, OLD) as database,
        database.writing() as db,
        pytest.raises(IntegrityError),
        db.begin_nested(),
    ):
        enter(db, ANA, ANA)


def test_the_index_is_used_whatever_the_number_of_keys(sqlite_url: str) -> None:
    with opened(sqlite_url, NEW, OLD) as database, database.writing() as db:
        enter(db, ANA)
        plan = db.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT person_id FROM volunteer"
                " WHERE line_id = 1 AND phone_index IN ('a', 'b', 'c')"
            )
        ).all()
        assert "uq_volunteer_phone" in f"{plan}"


def test_what_was_written_without_a_key_lies_open_until_the_clock_seals_it(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.writing() as db:
        enter(db, ANA, BO)
        assert ANA in lying(db)
    with opened(database_url, OLD) as database:
        with database.writing() as db:
            assert whose(db, BO) == 2, "found while it lies open"
            assert resealing.seal_open(db) == 3
            assert resealing.seal_open(db) == 0
        with database.reading() as db:
            assert ANA not in lying(db)
            assert whose(db, BO) == 2


def test_in_the_middle_of_a_rotation_everybody_is_found_and_after_it_with_the_new_key_alone(
    database_url: str,
) -> None:
    with opened(database_url, OLD) as database, database.writing() as db:
        enter(db, ANA, BO)
        joining.note(db, Seal([OLD]), 1, "+14135550151", "en", NOW)
        feedback.say(db, Seal([OLD]), 1, "12345678", NOW.date(), words="Well.", about=1)
    both = Seal([NEW, OLD])
    with opened(database_url, NEW, OLD) as database:
        with database.reading() as db:
            assert (whose(db, ANA), whose(db, BO)) == (1, 2)
        steps = resealing.reseal(database, both)
        assert next(steps) == (2, 0), "broken off here"
        assert sum(done for done, _ in resealing.reseal(database, both)) == 5
    with opened(database_url, NEW) as database, database.reading() as db:
        assert (whose(db, ANA), whose(db, BO)) == (1, 2)
        assert db.scalar(select(LineRules.coordinator_phone)) == ANA
        wish = db.execute(select(Joining.__table__)).one()
        assert Seal([NEW]).open(wish.number, wish.number_digest) == "+14135550151"
        [said] = feedback.for_reader(db, Seal([NEW]), 1, 2)
        assert (said.words, said.about) == ("Well.", 1)


def test_a_talk_its_texts_and_a_call_back_go_on_through_a_rotation(database_url: str) -> None:
    old, both, new = Seal([OLD]), Seal([NEW, OLD]), Seal([NEW])
    window = Window(NOW, NOW + timedelta(hours=2), soon=True)
    with opened(database_url, OLD) as database, database.writing() as db:
        enter(db, ANA)
        talk_id = talks.begin(db, 1, old.digests(CAL)[0], "en", NOW, None)
        assert talk_id is not None
        talk = talks.by_id(db, talk_id)
        assert talk is not None
        talks.change(db, talk_id, number=old.close(CAL, talk.token))
        talk_texts.put(db, old, 1, talk.token, talk_texts.CALLER, ["Hello."], NOW, number=CAL)
        call_backs.note(db, old, 1, CAL, "6", "en", window, NOW)
    with opened(database_url, NEW, OLD) as database:
        done = list(resealing.reseal(database, both))
        assert sum(lost for _, lost in done) == 0
    with opened(database_url, NEW) as database, database.reading() as db:
        talk = talks.of_number(db, 1, new.digests(CAL))
        assert talk is not None
        assert new.open(talk.number, talk.token) == CAL
        out = db.execute(select(TalkText.__table__)).one()
        assert (new.open(out.body, out.token), new.open(out.number, out.token)) == ("Hello.", CAL)
        asked = call_backs.of_number(db, new, 1, CAL)
        assert asked is not None
        assert call_backs.key_and_number(new, asked) == ("6", CAL)


def test_what_no_key_opens_is_counted_and_the_rest_goes_on(database_url: str) -> None:
    with opened(database_url, OLD) as database, database.writing() as db:
        enter(db, ANA, BO)
    with opened(database_url, NEW) as database:
        with database.writing() as db:
            db.execute(update(Volunteer).where(Volunteer.person_id == 2).values(phone=BO))
        done = list(resealing.reseal(database, Seal([NEW])))
    assert done[0] == (1, 1)


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda keys: monkeypatch.setenv("WARMLINE_SECRET_KEY", keys)


Run = Callable[..., Result]


def test_keys_rotate_says_how_many_and_that_the_old_key_may_go(
    warmline: Run,
    with_key: Callable[[str], None],
) -> None:
    assert complaints(warmline("keys", "rotate")) == [
        "WARMLINE_SECRET_KEY: is missing; warmline init --secret-key makes one"
    ]
    with_key(OLD)
    ready(warmline)
    assert ANA in warmline("volunteers", "export").stdout
    with_key(f"{NEW},{OLD}")
    result = warmline("keys", "rotate")
    assert result.exit_code == 0
    assert "sealed anew with the first key: 3 rows" in result.stdout
    assert "the other keys may go" in result.stdout
    with_key(NEW)
    assert ANA in warmline("volunteers", "export").stdout
    assert "the other keys" not in warmline("keys", "rotate").stdout
    with_key(OLD)
    assert complaints(warmline("volunteers", "export")) == [
        "WARMLINE_SECRET_KEY: none of its keys opens the numbers of the roster; add the old one"
    ]
    assert complaints_after_rows(warmline("keys", "rotate")) == [
        "no key of WARMLINE_SECRET_KEY opens 3 rows; add the key they are under"
    ]


def complaints_after_rows(result: Result) -> list[str]:
    assert result.exit_code == 1
    return result.stderr.splitlines()


def test_without_the_key_what_lies_sealed_is_told_in_one_line(
    warmline: Run,
    with_key: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_key(OLD)
    ready(warmline)
    monkeypatch.delenv("WARMLINE_SECRET_KEY")
    wanted = ["WARMLINE_SECRET_KEY: needed to read the numbers of the roster"]
    assert complaints(warmline("volunteers", "export")) == wanted
    rows = f"name,phone,languages,tags,voice,text,agreed\nAna,{ANA},en,,yes,yes,yes\n"
    assert complaints(warmline("volunteers", "import", file("v.csv", rows))) == wanted
    assert Path("v.csv").exists()
    assert init(warmline).exit_code == 1
