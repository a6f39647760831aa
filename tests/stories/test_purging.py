"""`warmline purge`: by hand what the clock does; what waits only for its delay, with --now."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from tests.stories.test_after_a_text_talk import asked, talked
from tests.stories.town import EVENING, LINE, Town
from warmline.cli import privacy
from warmline.models.texts import TextIn
from warmline.outbox import backlog, outbox
from warmline.selfcheck import earlier_records, purging
from warmline.simulator import Phone

SECOND = "+14135550101"


def rows(town: Town) -> tuple[int, int, int]:
    """Ids of messages that came in, questions that may be answered, erasures that wait."""
    with town.parts.database.reading() as db:
        came = db.execute(select(func.count()).select_from(TextIn)).scalar_one()
        return came, asked(town), backlog.erasures_left(db)


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


def test_what_began_before_the_line_opened_stays_at_the_provider_until_somebody_says_yes(
    sqlite_town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town = sqlite_town
    gus, dot = town.phone("Gus"), town.phone("Dot")
    old = refused_text_of(town, gus)
    town.set_rules(opened_at=town.network.now())
    refused_text_of(town, dot)
    town.parts.sweep(timedelta(0))
    list(purging.purge(town.parts, sooner=True))
    assert [record["sid"] for record in town.network.records()] == [old]
    privacy.erase_older(town.parts, yes=False)
    said = capsys.readouterr().out
    assert "the provider keeps 0 calls and 1 text;" in said
    assert "nothing was erased" in said
    assert len(town.network.records()) == 1
    privacy.erase_older(town.parts, yes=True)
    assert "erased at the provider: 1 records" in capsys.readouterr().out
    assert town.network.records() == []


def test_a_line_that_has_not_opened_erases_nobodys_past_by_purge(sqlite_town: Town) -> None:
    old = refused_text_of(sqlite_town, sqlite_town.phone("Gus"))
    list(purging.purge(sqlite_town.parts, sooner=True))
    assert [record["sid"] for record in sqlite_town.network.records()] == [old]


def test_the_past_of_a_number_that_comes_to_the_line_later_stays_as_well(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    town.set_rules(opened_at=EVENING)
    town.parts.sweep()
    town.network.add_number(SECOND)
    town.phone("Gus").dial(SECOND)
    town.wait(60)
    town.phone("Gus").write(SECOND, "to whoever had this number")
    town.wait(60)
    before = {str(record["sid"]) for record in town.network.records()}
    assert len(before) == 2
    town.set_rules(volunteer_number=SECOND)
    town.parts.sweep()
    town.wait(2)
    town.phone("Dot").write(SECOND, "STOP")
    town.wait(60)
    town.parts.sweep(timedelta(0))
    list(purging.purge(town.parts, sooner=True))
    assert {str(record["sid"]) for record in town.network.records()} == before
    assert (earlier_records.count(town.parts).calls, earlier_records.count(town.parts).texts) == (
        1,
        1,
    )
    assert earlier_records.erase(town.parts) == 2
    assert town.network.records() == []
    assert earlier_records.count(town.parts).sentence.endswith("no calls and no texts")


def test_more_than_one_page_of_older_records_is_erased_to_the_last(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier_records, "AT_ONCE", 2)
    sqlite_town.network.add_number(SECOND)
    for _ in range(5):
        sqlite_town.phone("Gus").write(SECOND, "long ago")
    sqlite_town.wait(60)
    sqlite_town.set_rules(number=SECOND, opened_at=sqlite_town.network.now())
    assert earlier_records.kept(
        sqlite_town.parts.provider, {SECOND: sqlite_town.network.now()}, 2
    ).more
    assert earlier_records.erase(sqlite_town.parts) == 5
    assert sqlite_town.network.records() == []


def refused_text_of(town: Town, phone: Phone) -> str:
    """The id of the network's own answer to STOP, which nobody tells us of."""
    before = {record["sid"] for record in town.network.records()}
    phone.write(LINE, "STOP")
    town.wait(150)
    [left] = [one["sid"] for one in town.network.records() if one["sid"] not in before]
    return str(left)


def test_the_clock_leaves_nothing_in_sqlite_s_own_log(sqlite_town: Town) -> None:
    log = Path(f"{make_url(sqlite_town.parts.database.url).database}-wal")
    sqlite_town.volunteer("Ana")
    assert log.stat().st_size > 0
    with sqlite_town.parts.database.reading() as db:
        db.exec_driver_sql("SELECT * FROM person")
        assert not sqlite_town.parts.database.let_go(), "somebody reads: the next time"
    assert sqlite_town.parts.database.let_go()
    assert log.stat().st_size == 0
