"""What the provider does not do for us is in the log: once when it begins, once when it is over."""

from collections.abc import Iterator

import pytest

from tests.logs import logged
from tests.outbox.test_outbox import another_process, in_hand, waiting_caller, wish_to_ring
from tests.stories.town import LINE, NUMBERS, Town, town_on


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, per_second=10) as town:
        yield town


def about_the_provider(lines: str) -> list[str]:
    return [line.partition(" event=")[2] for line in lines.splitlines() if '"the provider' in line]


def test_an_outage_is_said_once_with_its_code_and_what_is_done_and_once_when_it_is_over(
    town: Town,
) -> None:
    with logged("info") as lines:
        waiting_caller(town)
        town.network.faults.requests_refused = 1000
        wish_to_ring(town, "Ana", "Chi")
        town.wait(30)
        begun = '"the provider fails" code=20429 kind=ring then="tried again"'
        assert about_the_provider(lines.getvalue()) == [begun]
        assert town.parts.sender.outages.go_on()
        refused = 1000 - town.network.faults.requests_refused
        assert refused > 3
        town.network.faults.requests_refused = 0
        town.wait(120)
        town.parts.sender.outages.answered()
        _, over = about_the_provider(lines.getvalue())
        assert over.startswith('"the provider is well again" code=20429 times=')
        assert not town.parts.sender.outages.go_on()
        assert "4135550" not in lines.getvalue()


def test_an_answer_that_was_lost_is_said_with_what_is_done(town: Town) -> None:
    with logged("info") as lines:
        waiting_caller(town)
        town.network.faults.creates_lost = 1
        wish_to_ring(town, "Ana")
        town.wait(20)
        lost = '"the provider fails" code="answer lost" kind=ring then="looked for"'
        assert about_the_provider(lines.getvalue()) == [lost]


def test_a_refused_text_is_said_and_counted_by_its_code(town: Town) -> None:
    with logged("info") as lines:
        bo = town.volunteer("Bo")
        town.network.faults.texts_refused[NUMBERS["Bo"]] = 21610
        bo.write(LINE, "SHIFTS")
        town.wait(10)
        said = '"the provider refused" kind=text code=21610 then="given up"'
        assert about_the_provider(lines.getvalue()) == [said]
    figures = town.parts.metrics.render().decode()
    assert 'warmline_texts_refused_total{code="21610"} 1.0' in figures
    assert 'warmline_provider_answers_total{code="21610"} 1.0' in figures


def test_a_text_that_a_carrier_refused_is_counted_by_its_code(town: Town) -> None:
    bo = town.volunteer("Bo")
    town.network.faults.texts_lost[NUMBERS["Bo"]] = 30007
    bo.write(LINE, "SHIFTS")
    town.wait(10)
    figures = town.parts.metrics.render().decode()
    assert 'warmline_texts_refused_total{code="30007"} 1.0' in figures
    assert 'warmline_provider_answers_total{code="201"}' in figures


def test_a_sender_that_ends_begins_nothing_and_puts_back_what_it_has_taken(town: Town) -> None:
    waiting_caller(town)
    [ana] = wish_to_ring(town, "Ana")
    sender = town.parts.sender
    taken = in_hand(town)
    sender.stop()
    assert not sender._send(taken)
    assert sender.send_due() == 0
    assert not ana.is_ringing
    with another_process(town) as other:
        # At once, and not after the time for which a sender may keep an effect to itself.
        assert other.sender.send_due() == 1
    town.wait(1)
    assert ana.is_ringing
    assert len(ana.rings) == 1
