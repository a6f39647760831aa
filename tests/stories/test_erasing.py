"""What the provider does not erase: duty hears in time; where it cannot, it is not asked."""

from datetime import timedelta

from sqlalchemy import select, update

from tests.stories.town import Town
from warmline.models.outbox import Effect
from warmline.outbox import outbox
from warmline.telephony.abilities import Abilities

NEVER_OVER = "CA" + "0" * 32


def waits(town: Town, provider_id: str = NEVER_OVER) -> bool:
    with town.parts.database.reading() as db:
        this = (Effect.kind == outbox.ERASE, Effect.subject == provider_id)
        return db.execute(select(Effect.id).where(*this)).first() is not None


def wish(town: Town, provider_id: str = NEVER_OVER, tries: int = 0) -> None:
    now = town.network.now() - timedelta(hours=1)
    with town.parts.database.writing() as db:
        outbox.erase(db, 1, [provider_id], now)
        if tries:
            db.execute(update(Effect).values(tries=tries))


def test_after_fifteen_days_of_too_early_duty_hears_and_the_id_goes(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.duty("Ana", -1, 3)
    cal = town.phone("Cal")
    cal.dial("+14135550100")
    town.wait(5)
    [live] = town.network.records()
    wish(town, str(live["sid"]), tries=19)
    town.wait(10)
    assert not waits(town, str(live["sid"]))
    assert any("has not erased a record in 15 days" in text.body for text in ana.texts)


def test_what_the_provider_does_not_know_any_more_is_done(town: Town) -> None:
    wish(town)
    town.wait(5)
    assert not waits(town)


def test_a_provider_that_cannot_erase_is_not_asked(town: Town) -> None:
    town.parts.sender.abilities = Abilities(erases=False)
    before = len(town.network.records())
    wish(town)
    town.wait(5)
    assert not waits(town)
    assert len(town.network.records()) == before
