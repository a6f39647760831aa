"""Whatever is asked of us twice is answered twice with the same words: every step, every key."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.databases import Databases
from tests.stories import test_called_back, test_code_call
from tests.stories.asked_twice import Ways, every_step
from tests.stories.test_pins import PIN, chosen
from tests.stories.test_receipts import counted_call
from tests.stories.test_third_persons import PEER_CHOICES, presses, talking
from tests.stories.test_volunteer_texts import open_place
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.calls import calls
from warmline.conversations.arrivals import called_back, code_call, led_back, many_calls
from warmline.conversations.both_sides import rooms
from warmline.conversations.caller import (
    feedback,
    practising,
    questions,
    talk,
    third_person,
    waiting,
)
from warmline.conversations.volunteer import calls_in, leg, menu, menu_shifts, offer, pin, stand_by
from warmline.conversations.volunteer import talk as volunteer_talk
from warmline.conversations.volunteer import third_person as volunteer_third_person
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.people import Volunteer
from warmline.models.sign_in import SignInCode
from warmline.privacy import notes
from warmline.telephony.words import Step

OF_NOBODY = "12345678"


class Scene:
    """A town, and somebody at a certain point of a call: every way on from there."""

    def __init__(self, town: Town, ways: Ways) -> None:
        self.town = town
        self.ways = ways

    def caller(self, first: Step, deep: int = 4, key: str = "", digits: str = OF_NOBODY) -> None:
        """Of the leg of whoever called us last."""
        number = {"From": NUMBERS["Cal"], "To": LINE, "Direction": "inbound"}
        token = self._token(Call)
        self.ways.go(self.town, first, token, key=key, digits=digits, deep=deep, now=number)

    def peer(self, name: str, first: Step, deep: int = 4) -> None:
        """Of the leg of a volunteer whom we rang."""
        mine = Ring.person_id == self.town.people[name]
        self.ways.go(self.town, first, self._token(Ring, mine), deep=deep)

    def other(self, first: Step, kind: type[CallBack | SignInCode]) -> None:
        """Of the leg of whoever asked for a call."""
        number = {"To": NUMBERS["Cal"], "From": LINE, "Direction": "outbound-api"}
        self.ways.go(self.town, first, self._token(kind), now=number)

    def _token(self, kind: Any, *where: Any) -> str:
        with self.town.parts.database.reading() as db:
            found = select(kind.token).where(*where).order_by(kind.id.desc())
            return str(db.scalars(found).first())

    def changes(self, kind: Any, **values: object) -> None:
        with self.town.parts.database.writing() as db:
            db.execute(update(kind).values(**values))


def hello_and_waiting(scene: Scene) -> None:
    """Nobody picks up for a caller who may choose a language."""
    town, cal = scene.town, scene.town.phone("Cal")
    town.volunteer("Ana").never_picks_up()
    town.volunteer("Bo", languages="es").never_picks_up()
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal.dial(LINE)
    town.wait(1)
    scene.caller(many_calls.go_on, deep=3)
    scene.caller(waiting.after_promise_counted, key="5")
    cal.when_hears("Our promise", press="#", once=True)
    town.until_hears(cal, "We're looking")
    scene.caller(waiting.wait, deep=3)
    town.wait(1)
    scene.caller(waiting.another_key, key="5", deep=1)
    scene.caller(waiting.wait_key, key="0")
    scene.caller(waiting.wait_key, key="4", deep=3)
    town.until_hears(cal, "No one could pick up", within=600)
    scene.caller(questions.ask_again, deep=3)
    scene.caller(led_back.again, deep=3)
    scene.changes(Call, state="asked", asked="no answer", last_round=True)
    scene.caller(questions.no_key, deep=2)


def a_receipt_is_keyed_in(scene: Scene) -> None:
    town, cal = scene.town, scene.town.phone("Cal")
    town.volunteer("Ana").never_picks_up()
    town.set_rules(patience_seconds=1800)
    number = counted_call(town, cal)
    cal.does_nothing().dial(LINE)
    town.wait(15)
    with town.parts.turn() as turn:
        # One number more may be looked up in this minute.
        for other in range(notes.A_MINUTE["voice"].most - 1):
            notes.may_look_up(turn.db, turn.seal, 1, "voice", f"call {other}", turn.now)
    scene.caller(waiting.wait_key, deep=3, key="0", digits=number)
    scene.caller(feedback.how_key, deep=2, key=feedback.ANSWER)


def nobody_on_and_then_somebody(scene: Scene) -> None:
    town = scene.town
    town.volunteer("Ana", on=None)
    town.phone("Cal").dial(LINE)
    town.until_hears(town.phone("Cal"), "Nobody is here")
    scene.caller(waiting.hello, deep=3)
    town.shift("Ana", -1, 3)
    for in_queue in (False, True):
        for saying in (None, "practice star 1"):
            scene.changes(Call, in_queue=in_queue, saying=saying)
            scene.caller(questions.no_key, deep=2)
            scene.caller(practising.beat_silence, deep=2)
            scene.caller(practising.leave_practice, deep=2)


def practice(scene: Scene) -> None:
    town = scene.town
    town.volunteer("Ana").never_picks_up()
    town.phone("Cal").dial(LINE)
    town.until_hears(town.phone("Cal"), "We're looking")
    scene.caller(practising.practice, deep=4)
    scene.changes(Call, saying="practice star 1")
    scene.caller(practising.next_beat_key, deep=2)
    scene.caller(practising.next_beat_silence, deep=2)
    scene.caller(practising.practise_more, key="1", deep=1)


def a_call_back_is_asked_for_and_comes(scene: Scene) -> None:
    town = scene.town
    ana = town.volunteer("Ana", breather=0).picks_up(after=2).when_hears("Press 1", press="1")
    town.phone("Gus").dial(LINE)
    town.until_talking(town.phone("Gus"), ana)
    cal = test_called_back.asks(town)
    cal.dial(LINE)
    town.wait(1)
    scene.caller(waiting.wait_key, key="4", deep=3)
    cal.hang_up()
    town.wait(5)
    town.phone("Gus").hang_up()
    town.until_rings(cal)
    cal.pick_up()
    scene.other(called_back.answer, CallBack)
    scene.other(called_back.again, CallBack)


def a_talk(scene: Scene) -> None:
    """Somebody else is free, so that a third person can come; and then nobody is."""
    town = scene.town
    cal, ana, _ = talking(town)
    for _ in range(2):
        scene.caller(talk.left_room)
        scene.caller(talk.by_themselves, deep=2)
        scene.peer("Ana", volunteer_talk.left_talk, deep=5)
        scene.changes(Volunteer, paused_until=town.network.now() + timedelta(hours=1))
    scene.changes(Call, state=calls.JOINING, saying=None)
    scene.changes(Volunteer, caller_name="Nana")
    scene.caller(talk.into_room, deep=2)
    scene.changes(Call, state=calls.TALKING)
    ana.press("*")
    town.until_hears(cal, "is still here")
    scene.peer("Ana", volunteer_talk.how_key)
    scene.changes(Call, asked="may third")
    scene.caller(waiting.wait, deep=3)
    scene.changes(Volunteer, paused_until=None)
    scene.caller(waiting.wait, deep=3)
    scene.changes(Call, asked=calls.OUTSIDE_HELP)
    scene.caller(waiting.wait, deep=3)
    scene.peer("Ana", volunteer_talk.wait_for_them, deep=2)
    ended = (leg.not_needed, leg.somebody_else_wished)
    for step in (*ended, leg.thanks, leg.they_hung_up, volunteer_third_person.over):
        scene.peer("Ana", step)


def kindly_ended(scene: Scene) -> None:
    town = scene.town
    cal, ana, _ = talking(town)
    scene.caller(talk.to_queue, deep=1)
    scene.caller(led_back.again, deep=3)
    scene.peer("Ana", offer.again, deep=3)
    scene.peer("Ana", leg.come_in, deep=1)
    presses(town, ana, "9: end kindly", "9")
    town.until_hears(cal, "press 5")
    scene.caller(talk.farewell, deep=5)


def a_third_person(scene: Scene) -> None:
    """Of a yes that was spoken: the caller hears of it first."""
    town = scene.town
    cal, ana, bo = talking(town)
    bo.does_nothing()
    ana.when_hears("2: they said yes aloud", press="2", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_rings(bo)
    bo.pick_up()
    scene.peer("Bo", offer.answer)
    town.until_hears(bo, "Press 1 to join")
    bo.press("1")
    town.until_hears(cal, "You said yes")
    scene.caller(third_person.third_comes)
    scene.peer("Bo", volunteer_third_person.join)
    assert town.network.run_until(lambda: len(cal.talking_with) == 2, 60)
    scene.peer("Bo", volunteer_third_person.left_third, deep=5)


def a_hand_over(scene: Scene) -> None:
    """Asked for, agreed to, taken: and while the caller hears something else."""
    town = scene.town
    cal, ana, bo = talking(town)
    bo.does_nothing()
    ana.press("*")
    town.until_hears(ana, "2: hand over.")
    scene.changes(Call, asked=calls.MAY_HAND_OVER)
    scene.caller(waiting.wait, deep=3)
    scene.changes(Call, asked=None)
    cal.when_hears("another peer may take over", press="1", once=True)
    ana.press("2")
    town.until_rings(bo)
    bo.pick_up()
    scene.peer("Bo", offer.answer)
    town.until_hears(bo, "Press 1 to take over")
    town.until_talking(cal, ana)
    scene.peer("Bo", offer.answer)
    scene.caller(talk.taken_over, deep=2)
    scene.peer("Ana", leg.handed_over)


def somebody_stands_by(scene: Scene) -> None:
    town = scene.town
    cal, ana, bo = talking(town)
    bo.does_nothing()
    scene.changes(Volunteer, stands_by=True)
    ana.press("*")
    town.until_hears(ana, "5: stand by me.")
    ana.press("5")
    town.until_rings(bo)
    scene.peer("Ana", stand_by.left_stand_by, deep=3)
    scene.peer("Ana", stand_by.stand_by_alone, deep=1)
    scene.peer("Ana", stand_by.nobody_stands_by, deep=2)
    bo.pick_up()
    scene.peer("Bo", offer.answer)
    town.until_hears(cal, "They take a moment")
    scene.caller(waiting.wait, deep=3)
    town.until_hears(bo, "Press 1 to join")
    bo.press("1")
    town.wait(15)
    scene.peer("Bo", stand_by.left_stand_by, deep=3)
    scene.peer("Ana", stand_by.left_stand_by, deep=3)


def the_offer(scene: Scene) -> None:
    """To somebody of another language; and once more after they were cut off."""
    town = scene.town
    ana = town.volunteer("Ana", languages="es,en")
    town.phone("Cal").when_hears("Our promise", press="#", once=True)
    town.phone("Cal").dial(LINE)
    town.until_rings(ana)
    ana.pick_up()
    scene.peer("Ana", offer.answer)
    town.wait(1)
    ana.press("1")
    town.wait(2)
    scene.caller(talk.into_room)
    scene.caller(waiting.after_promise)
    cal = town.phone("Cal")
    town.until_talking(cal, ana)
    ana.hang_up()
    town.until_rings(ana)
    scene.caller(waiting.wait)
    ana.pick_up()
    scene.peer("Ana", offer.answer)


def the_last_minutes(scene: Scene) -> None:
    """Five minutes before the provider's own limit both hear of it."""
    town = scene.town
    talking(town)
    began = town.network.now() - rooms.LONGEST_LEG + rooms.WARNING
    scene.changes(Call, arrived_at=began)
    scene.caller(talk.left_room)
    scene.peer("Ana", volunteer_talk.left_talk)


def the_volunteers_menu(scene: Scene) -> None:
    town = scene.town
    ana = town.volunteer("Ana")
    town.shift("Ana", 44, 47)
    ask(town, "Ana", (20, 23), (70, 73))
    open_place(town, 92, 95)
    ana.dial(LINE)
    town.wait(1)
    scene.caller(calls_in.hello_key, deep=1)
    scene.caller(menu.as_caller, deep=2)
    scene.caller(menu.menu, deep=2)
    for key, deep in {"5": 4, "6": 4, "7": 5, "8": 4}.items():
        scene.caller(calls_in.menu_key, key=key, deep=deep)
    scene.caller(menu_shifts.away_key, key="3", deep=4)


def a_pin_is_keyed_in(scene: Scene) -> None:
    town, ana = scene.town, scene.town.volunteer("Ana")
    chosen(town, "Ana")
    ana.verstat = None
    ana.dial(LINE)
    town.wait(1)
    scene.caller(calls_in.hello_key, key="1", deep=2)
    scene.caller(pin.pin_keyed, digits=OF_NOBODY[:6], deep=4)
    scene.caller(pin.pin_keyed, digits=PIN, deep=2)


def a_code_is_read_out(scene: Scene) -> None:
    scene.town.volunteer("Ana", on=None)
    test_code_call.ask(scene.town, "Ana")
    scene.other(code_call.read_out, SignInCode)
    scene.other(code_call.again, SignInCode)


SCENES = (
    hello_and_waiting,
    a_receipt_is_keyed_in,
    nobody_on_and_then_somebody,
    practice,
    a_call_back_is_asked_for_and_comes,
    a_talk,
    kindly_ended,
    a_third_person,
    a_hand_over,
    somebody_stands_by,
    the_offer,
    the_last_minutes,
    the_volunteers_menu,
    a_pin_is_keyed_in,
    a_code_is_read_out,
)


@pytest.mark.long
def test_every_step_asked_twice_answers_twice_with_the_same_words(
    sqlite_databases: Databases,
) -> None:
    ways = Ways()
    for scene in SCENES:
        with sqlite_databases.migrated() as url, town_on(url, languages="en,es") as town:
            scene(Scene(town, ways))
        faults = "\n".join(ways.faults)
        assert not faults, f"{scene.__name__}:\n{faults}"
    left_out = every_step() - ways.taken
    assert not left_out, "no scene comes to these"
