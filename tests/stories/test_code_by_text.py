"""CODE, texted from one's own phone: it always brings a sign-in code, to whoever is on the roster.

What a browser does with it is in tests/desk/public/test_guessing.py.
"""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from shifts.models import Person
from tests.stories.town import LINE, NUMBERS, Town, town_on
from tests.stories.writing import in_a_talk, texts_after
from warmline.conversations.notices import unproven
from warmline.models.outbox import Effect
from warmline.models.people import Volunteer
from warmline.models.sign_in import Attempt, DeskRole, SignInCode
from warmline.operations import attempts
from warmline.outbox import outbox
from warmline.sending import texts
from warmline.sign_in import codes
from warmline.simulator import Phone
from warmline.texting import lengths

SIX = re.compile(r"\b\d{6}\b")


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def code_read(town: Town, phone: Phone, word: str = "CODE") -> str:
    [said] = texts_after(town, phone, word)
    [code] = SIX.findall(said)
    return str(code)


def test_it_brings_six_digits_that_lie_sealed_and_stay_the_same_while_they_are_good(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=None)
    code = code_read(town, ana)
    assert code not in town.everything_written()
    assert "until 6:10 PM" in ana.texts[-1].body
    assert code_read(town, ana, "code, please") == code
    assert code_read(town, ana) == code
    assert texts_after(town, ana, "CODE") == [], "three times is enough: it is on the phone"
    town.hours_pass(0.2)
    assert code_read(town, ana) != code


def test_in_spanish_it_is_codigo(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es", on=None)
    assert "tu código es" in texts_after(town, ana, "código")[0]


@pytest.mark.parametrize("agreed", ["", "ask", "held"])
def test_it_comes_to_who_has_not_agreed_to_anything_or_is_paused(town: Town, agreed: str) -> None:
    ana = town.volunteer("Ana", on=None)
    with town.parts.database.writing() as db:
        db.execute(update(Volunteer).values(agreed=agreed))
    assert code_read(town, ana)


def test_it_comes_to_whom_init_has_named_before_anybody_is_entered(town: Town) -> None:
    town.set_rules(coordinator_phone=NUMBERS["Ana"])
    ana = town.phone("Ana")
    assert code_read(town, ana)
    with town.parts.database.reading() as db:
        assert db.execute(select(DeskRole.role)).scalar_one() == "coordinator"
        assert db.execute(select(Person.name)).scalar_one() == "Coordinator"


def test_from_a_strangers_phone_it_is_a_text_like_any_other(town: Town) -> None:
    town.set_rules(coordinator_phone=NUMBERS["Ana"])
    assert not any("code is" in one for one in texts_after(town, town.phone("Dot"), "CODE"))
    with town.parts.database.reading() as db:
        assert db.execute(select(SignInCode.id)).first() is None


def test_in_a_talk_it_is_asked_for_whom_it_was_meant_and_a_hash_brings_it(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana, _ = in_a_talk(town)
    before = len(dot.texts)
    assert SIX.search(texts_after(town, ana, "CODE")[0]) is None
    assert SIX.search(texts_after(town, ana, "1")[0])
    assert SIX.search(texts_after(town, ana, "#CODE")[0])
    assert len(dot.texts) == before


def test_it_leaves_before_the_texts_that_wait(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    with town.parts.database.writing() as db:
        who = (db, town.parts.seal, 1, town.people["Bo"])
        texts.reply(*who, [f"number {n}" for n in range(30)], town.network.now())
    ana.write(LINE, "CODE")
    town.wait(3)
    assert SIX.search(ana.texts[-1].body)
    assert len(bo.texts) < 10


def test_once_strangers_have_used_up_the_tries_it_is_a_code_that_nobody_guesses(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=None)
    short = code_read(town, ana)
    with town.parts.database.writing() as db:
        for _ in range(codes.TRIES.most):
            who = (town.parts.seal, codes.TRIES, NUMBERS["Ana"], town.network.now())
            assert attempts.refused(db, *who) is None
    [said] = texts_after(town, ana, "CODE")
    assert re.search(r"code is \d{4} \d{4} \d{4}\.", said)
    assert short not in town.everything_written()
    assert len(said) - len("Riverside") + lengths.LINE_NAME <= 160, "one message, as ever"
    assert texts_after(town, ana, "CODE") == [said]


def test_whoever_forges_a_number_causes_no_more_than_a_text_an_hour_to_it(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    for _ in range(40):
        with town.parts.database.writing() as db:
            db.execute(delete(SignInCode))
        ana.write(LINE, "CODE")
        town.wait(2)
    assert len(ana.texts) == codes.TEXTED.most == 24


def test_a_code_for_a_phone_outside_the_lines_countries_is_never_sent(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.set_rules(countries="CA")
    assert texts_after(town, ana, "CODE") == []
    with town.parts.database.reading() as db:
        kinds = db.scalars(select(Effect.kind)).all()
    assert outbox.TEXT not in kinds


def test_leave_forgets_what_was_counted_for_a_phone(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert code_read(town, ana)
    with town.parts.database.reading() as db:
        assert db.execute(select(Attempt.id)).first() is not None
    for _ in range(2):
        texts_after(town, ana, "LEAVE")
    seal, now = town.parts.seal, town.network.now()
    with town.parts.database.reading() as db:
        [_] = db.execute(select(Attempt.id)).all()
        assert attempts.counts(db, seal, unproven.OF_ALL, 1, now), "that somebody went, and not who"
