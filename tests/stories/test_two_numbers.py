"""A line with a number for its volunteers: shift words live there, talks come from its own."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest

from tests.stories.town import LINE, SECOND, Town, town_on
from warmline.simulator import Phone


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, volunteer_number=SECOND) as town:
        yield town


def writes(town: Town, phone: Phone, number: str, body: str) -> list[tuple[str, str]]:
    """What comes back within a few seconds: from which number, and what."""
    before = len(phone.texts)
    phone.write(number, body)
    town.wait(6)
    return [(text.from_number, text.body) for text in phone.texts[before:]]


def test_shift_words_are_answered_from_the_volunteers_number_wherever_they_are_written(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=None)
    for number in (SECOND, LINE):
        [(answers, said)] = writes(town, ana, number, "IN")
        assert answers == SECOND
        assert "until 8 PM" in said


def test_a_talk_comes_from_the_lines_own_number_and_its_words_are_passed_on_unasked(
    town: Town,
) -> None:
    ana, dot = town.volunteer("Ana", breather=0), town.phone("Dot")
    told = writes(town, dot, LINE, "Is anybody there?")
    assert {number for number, _ in told} == {LINE}
    assert ana.texts[-1].from_number == LINE
    assert {number for number, _ in writes(town, ana, LINE, "OK")} == {LINE}
    assert writes(town, ana, LINE, "OUT") == []
    assert (dot.texts[-1].from_number, dot.texts[-1].body) == (LINE, "OUT")
    [(answers, said)] = writes(town, ana, SECOND, "PAUSE 45")
    assert (answers, "does not ring until 6:45 PM" in said) == (SECOND, True)
    [(answers, said)] = writes(town, ana, LINE, "#WHO")
    assert (answers, "on now: Ana" in said) == (SECOND, True)
    assert dot.texts[-1].body == "OUT"
    writes(town, ana, LINE, "#BYE")
    assert "your peer says goodbye" in dot.texts[-1].body


def test_who_needs_a_peer_writes_talk_to_either_and_talks_on_the_lines_own(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    assert {number for number, _ in writes(town, ana, SECOND, "TALK")} == {LINE}
    writes(town, bo, LINE, "OK")
    assert writes(town, ana, LINE, "Out") == []
    assert (bo.texts[-1].from_number, bo.texts[-1].body[-5:]) == (LINE, ": Out")
    before = len(bo.texts)
    [(answers, said)] = writes(town, ana, SECOND, "WHO")
    assert (answers, "on now: Ana, Bo" in said, len(bo.texts)) == (SECOND, True, before)


def test_a_stranger_who_writes_to_the_volunteers_number_finds_a_peer_all_the_same(
    town: Town,
) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    told = writes(town, dot, SECOND, "Hello?")
    assert {number for number, _ in told} == {LINE}
    assert "OK = take it" in ana.texts[-1].body


def test_a_call_to_the_volunteers_number_is_answered_and_rings_show_the_lines_own(
    town: Town,
) -> None:
    ana, cal = town.volunteer("Ana").picks_up(after=2), town.phone("Cal")
    ana.when_hears("Press 1", press="1")
    cal.dial(SECOND)
    town.until_talking(cal, ana)
    assert ana.rings[-1].shown_number == LINE


def test_a_number_sends_its_texts_one_after_the_other_and_talks_do_not_wait_for_others(
    database_url: str,
) -> None:
    with town_on(database_url, texts_per_second=0.5) as town:
        names = ("Ana", "Bo", "Chi")
        phones = [town.volunteer(name, on=None) for name in names]
        for phone in phones:
            phone.write(LINE, "SHIFTS")
        dot = town.phone("Dot")
        dot.write(LINE, "Hello?")
        town.wait(16)
        assert [len(phone.texts) for phone in phones] == [1, 1, 1]
        sent = sorted(
            (parsedate_to_datetime(str(text["date_created"])), text["to"] == dot.number)
            for text in town.network.records()
            if text["direction"] == "outbound-api"
        )
        gaps = [later - earlier for (earlier, _), (later, _) in pairwise(sent)]
        assert min(gaps) >= timedelta(seconds=2)
        to_dot = [place for place, (_, hers) in enumerate(sent) if hers]
        assert to_dot in ([0, 1, 2], [1, 2, 3])


def test_the_two_numbers_do_not_wait_for_each_other(database_url: str) -> None:
    with town_on(database_url, texts_per_second=0.1, volunteer_number=SECOND) as town:
        ana, dot = town.volunteer("Ana", on=None), town.phone("Dot")
        dot.write(LINE, "Hello?")
        ana.write(SECOND, "SHIFTS")
        town.wait(4)
        assert [len(ana.texts), len(dot.texts)] == [1, 1]
