"""After a crash of PostgreSQL open talks are gone; both sides hear so and begin anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.stories.town import Town, town_on
from tests.stories.writing import in_a_talk, texts_after
from warmline.models.talks import LostTalk, Talk

LOST = "A fault on our side ended that talk"


@pytest.fixture
def town(postgresql_url: str) -> Iterator[Town]:
    with town_on(postgresql_url) as town:
        yield town


def crashes(town: Town) -> None:
    """What PostgreSQL does to unlogged tables when it comes up after a crash: they are empty."""
    with town.parts.database.engine.begin() as db:
        db.exec_driver_sql("TRUNCATE fleeting_key")


def rows(town: Town, table: type[Talk] | type[LostTalk]) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_the_peer_is_told_at_once_and_the_texter_when_they_write_again(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana, name = in_a_talk(town)
    crashes(town)
    town.wait(30)
    assert f"your talk with {name}" in ana.texts[-1].body
    assert rows(town, Talk) == 0
    heard = texts_after(town, dot, "Are you still there?")
    assert LOST in heard[0]
    assert len(heard) > 1, "and the promise, as for anybody who begins"
    assert rows(town, Talk) == 1
    texts_after(town, ana, "OK")
    assert "Are you still there?" in ana.texts[-1].body


def test_after_an_hour_nothing_of_it_is_left_and_nobody_is_told_any_more(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    in_a_talk(town)
    crashes(town)
    town.hours_pass(1.1)
    assert rows(town, LostTalk) == 0
    gus = town.phone("Gus")
    assert not any(LOST in said for said in texts_after(town, gus, "Hello?"))
