"""A sign-in code by a call that reads it twice."""

import pytest
from sqlalchemy import delete, insert, update

from tests.stories.town import Town
from warmline.calls.calls import new_token
from warmline.models.line import LineRules
from warmline.models.sign_in import SignInCode
from warmline.outbox import outbox

TEN_MINUTES = 600


def ask(town: Town, name: str, code: str = "402913") -> None:
    """Somebody has asked at the desk for a call."""
    now, token = town.network.now(), new_token()
    with town.parts.database.writing() as db:
        row = {"line_id": 1, "token": token, "slip": token * 2, "spoken": True}
        whose = {"person_id": town.people[name], "code": town.parts.seal.close(code, token)}
        until = now.replace(hour=now.hour, minute=10)
        db.execute(insert(SignInCode).values(row | whose | {"made_at": now, "until": until}))
        outbox.say_code(db, 1, token, now)


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_the_code_is_read_twice_and_nothing_is_left_at_the_provider(
    town: Town, every_request_comes_twice: bool
) -> None:
    town.network.faults.webhooks_twice = every_request_comes_twice
    ana = town.volunteer("Ana", on=None)
    ask(town, "Ana")
    town.until_rings(ana)
    ana.pick_up()
    town.until_hears(ana, "Your code is: 4. 0. 2. 9. 1. 3.")
    town.until_hears(ana, "Once more: 4. 0. 2. 9. 1. 3. Goodbye.")
    town.until_over(ana)
    town.wait(400)
    assert len(ana.rings) == 1
    assert town.network.records() == []
    assert town.live_rows() == {}


def test_it_is_read_in_ones_own_language(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es", on=None)
    ask(town, "Ana")
    town.until_rings(ana)
    ana.pick_up()
    town.until_hears(ana, "Tu código es: 4. 0. 2.")


def test_a_phone_that_nobody_picks_up_rings_once(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    ask(town, "Ana")
    town.until_rings(ana)
    assert town.network.run_until(lambda: not ana.is_ringing, 60)
    town.wait(TEN_MINUTES)
    assert len(ana.rings) == 1
    assert town.network.records() == []


def test_no_phone_outside_the_lines_countries_is_called(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    with town.parts.database.writing() as db:
        db.execute(update(LineRules).values(countries="CA"))
    ask(town, "Ana")
    town.wait(60)
    assert not ana.is_ringing
    assert town.live_rows() == {}


def test_a_call_whose_placing_was_never_confirmed_is_not_placed_again_and_leaves_nothing(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=None).never_picks_up()
    town.network.faults.creates_lost = 1
    ask(town, "Ana")
    town.wait(TEN_MINUTES)
    assert len(ana.rings) == 1
    assert town.network.records() == []
    assert town.live_rows() == {}


def test_a_code_that_is_gone_by_then_is_not_read_and_its_call_is_erased_all_the_same(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=None)
    town.network.faults.creates_lost = 1
    ask(town, "Ana")
    town.until_rings(ana)
    with town.parts.database.writing() as db:
        db.execute(delete(SignInCode))
    ana.pick_up()
    town.until_hears(ana, "This call has ended.")
    town.until_over(ana)
    town.wait(400)
    assert town.network.records() == []
    assert town.live_rows() == {}
