"""Strangers who text JOIN by the dozen: nobody who is waited for waits behind them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice

import pytest
from sqlalchemy import func, select

from tests.stories.town import LINE, Town, town_on
from tests.stories.writing import in_a_talk
from warmline.models.people import Joining
from warmline.models.sign_in import Attempt
from warmline.people import joining
from warmline.simulator import Phone

NOTED, PUT_OFF = joining.WISHES.most, joining.PUT_OFF.most
SECONDS = timedelta(seconds=8)
"""Three who are waited for, at one text a second, and what the simulated hours round to."""


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, texts_per_second=1) as town:
        yield town


def strangers(town: Town, many: int) -> list[Phone]:
    """From two towns: each has a hundred numbers that are nobody's."""
    numbers = (f"+1{area}555{last:04}" for area in (212, 617) for last in range(100, 200))
    return [town.network.phone(one, one) for one in islice(numbers, many)]


def sent_at(town: Town, phone: Phone, words: str) -> datetime:
    """When the last text with these words was handed to the network."""
    [*_, found] = [
        parsedate_to_datetime(str(text["date_created"]))
        for text in town.network.records()
        if text["to"] == phone.number and words in str(text.get("body", ""))
    ]
    return found


def texts_to(phones: list[Phone]) -> int:
    return sum(len(one.texts) for one in phones)


def wishes(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Joining)) or 0


def test_a_code_a_talk_and_an_answer_leave_before_all_strangers_who_would_like_to_join(
    town: Town, full: bool
) -> None:
    """In the large size 120 of them at once."""
    town.volunteer("Ana")
    bo = town.volunteer("Bo", on=None)
    chi = town.volunteer("Chi", on=None)
    dot, ana, name = in_a_talk(town)
    crowd = strangers(town, 120 if full else NOTED + PUT_OFF + 5)
    for one in crowd:
        one.write(LINE, "JOIN")
    town.wait(3)
    now = town.network.now()
    dot.write(LINE, "It is a long night")
    bo.write(LINE, "SHIFTS")
    chi.write(LINE, "CODE")
    town.wait(10)
    assert sent_at(town, chi, "code is") <= now + SECONDS
    assert sent_at(town, ana, f"{name}: It is a long night") <= now + SECONDS
    assert sent_at(town, bo, "Riverside") <= now + SECONDS
    assert texts_to(crowd) < NOTED, "the strangers still wait"
    town.wait(3 * NOTED + PUT_OFF)
    assert texts_to(crowd) == 2 * NOTED + PUT_OFF


def test_beyond_twenty_an_hour_strangers_are_told_so_once_and_then_not_answered(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana")
    town.duty("Ana", -1, 5)
    crowd = strangers(town, NOTED + PUT_OFF + 5)
    for one in [*crowd, crowd[NOTED]]:
        one.write(LINE, "JOIN")
        town.wait(0.1)
    town.wait(10)
    noted, put_off, silent = crowd[:NOTED], crowd[NOTED:-5], crowd[-5:]
    assert all("will call you within a week" in one.texts[0].body for one in noted)
    assert all("is not noted. Please text JOIN again" in one.texts[0].body for one in put_off)
    assert [len(one.texts) for one in put_off] == [1] * PUT_OFF
    assert not any(one.texts for one in silent)
    assert wishes(town) == NOTED
    told = [text.body for text in ana.texts]
    assert sorted("more than 20 asked to JOIN" in one for one in told) == [False, True]
    written = town.everything_written()
    assert not any(one.number in written for one in crowd)
    town.hours_pass(1.1)
    silent[0].write(LINE, "JOIN")
    town.wait(5)
    assert "will call you within a week" in silent[0].texts[0].body, "as they were told"


def test_whoever_is_noted_is_answered_twice_an_hour_and_stays_noted_when_it_is_full(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    first, *others = strangers(town, NOTED)
    for one in (first, first, first, *others, first):
        one.write(LINE, "JOIN")
        town.wait(0.1)
    town.wait(5)
    assert [text.body for text in first.texts if "not noted" in text.body] == []
    assert len(first.texts) == 4
    assert wishes(town) == NOTED
    first.write(LINE, "LEAVE")
    town.wait(5)
    assert "your number is erased here" in first.texts[-1].body
    assert wishes(town) == NOTED - 1
    with town.parts.database.reading() as db:
        mine = town.parts.seal.digests(f"attempt: {joining.ANSWERED.what} {first.number}")
        assert db.scalar(select(Attempt.id).where(Attempt.what.in_(mine))) is None
