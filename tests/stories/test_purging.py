"""`warmline purge`: by hand what the clock does; what waits only for its delay, with --now."""

from pathlib import Path

from sqlalchemy import func, make_url, select

from tests.stories.test_after_a_text_talk import asked, talked
from tests.stories.town import EVENING, LINE, Town
from warmline import purging
from warmline.phone import outbox
from warmline.text_models import TextIn


def rows(town: Town) -> tuple[int, int, int]:
    """Ids of messages that came in, questions that may be answered, erasures that wait."""
    with town.parts.database.reading() as db:
        came = db.execute(select(func.count()).select_from(TextIn)).scalar_one()
        return came, asked(town), outbox.erasures_left(db)


def test_without_now_only_what_is_due_is_erased(town: Town) -> None:
    town.volunteer("Ana")
    talked(town)
    before = rows(town)
    assert all(before)
    list(purging.purge(town.parts, sooner=False))
    assert rows(town) == before


def test_with_now_nothing_of_what_is_over_is_left_here_or_there(town: Town) -> None:
    town.volunteer("Ana")
    talked(town)
    said = list(purging.purge(town.parts, sooner=True))
    assert rows(town) == (0, 0, 0)
    assert town.network.records() == []
    assert "wait" not in said[1]


def test_a_live_talk_outlives_the_purge(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    for phone, words in ((dot, "Hello?"), (ana, "OK")):
        phone.write(LINE, words)
        town.wait(5)
    list(purging.purge(town.parts, sooner=True))
    dot.write(LINE, "still with me?")
    town.wait(5)
    assert ana.texts[-1].body.endswith("still with me?")


def test_nobody_is_rung_or_texted_by_it(town: Town) -> None:
    town.volunteer("Ana")
    with town.parts.database.writing() as db:
        outbox.move(db, 1, "CA1", "/c/0/wait", EVENING)
        outbox.erase(db, 1, ["SM1"], EVENING)
    list(purging.purge(town.parts, sooner=True))
    assert town.effects_waiting() == 1
    assert rows(town)[2] == 0


def test_the_network_s_own_answers_are_swept_after_a_day(town: Town) -> None:
    town.volunteer("Ana")
    dot = town.phone("Dot")
    dot.write(LINE, "Hello?")
    town.wait(5)
    dot.write(LINE, "STOP")
    town.wait(300)
    assert [record["to"] for record in town.network.records()] == [dot.number]
    town.hours_pass(24)
    town.wait(3600 + 200)
    assert town.network.records() == []


def test_the_clock_leaves_nothing_in_sqlite_s_own_log(sqlite_town: Town) -> None:
    log = Path(f"{make_url(sqlite_town.parts.database.url).database}-wal")
    sqlite_town.volunteer("Ana")
    assert log.stat().st_size > 0
    with sqlite_town.parts.database.reading() as db:
        db.exec_driver_sql("SELECT * FROM person")
        assert not sqlite_town.parts.database.let_go(), "somebody reads: the next time"
    assert sqlite_town.parts.database.let_go()
    assert log.stat().st_size == 0
