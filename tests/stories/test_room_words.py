"""What the network calls the end of a room or of the queue decides nothing: our own state does."""

import pytest

from tests.databases import Databases
from tests.stories.test_faults import STORIES, a_town, as_ever, ends, told
from tests.stories.test_third_random import three_talk
from tests.stories.town import LINE, Town
from tests.telephony.test_webhook import Visitor, waiting_call

SAYINGS = {
    "all completed": {"room_ended_says": "completed", "room_moved_says": "completed"},
    "all answered": {"room_ended_says": "answered", "room_moved_says": "answered"},
    "the wrong way round": {"room_ended_says": "completed", "room_moved_says": "answered"},
    "words nobody knows": {
        "room_ended_says": "over",
        "room_moved_says": "url-updated",
        "queue_moved_says": "url-updated",
    },
    "the queue says it was left": {"queue_moved_says": "leave"},
}
CONTRARY = ("the wrong way round", "words nobody knows")
"""What is furthest from the words that the network usually has."""
WITH_ROOMS = {
    "cut_off_and_passed_on": tuple(SAYINGS),
    "cut_off_and_back": CONTRARY,
    "counted_then_ended_kindly_then_somebody_else": CONTRARY,
    "passed_and_taken_by_another": CONTRARY,
}


@pytest.mark.parametrize("story", WITH_ROOMS)
def test_whatever_the_network_calls_the_end_of_a_room_everybody_hears_the_same(
    story: str, sqlite_databases: Databases, full: bool
) -> None:
    for name in SAYINGS if full else WITH_ROOMS[story]:
        heard = told(sqlite_databases, STORIES[story], **SAYINGS[name])
        assert heard == as_ever(sqlite_databases, story), name


@pytest.mark.parametrize("says", SAYINGS.values(), ids=SAYINGS.keys())
def test_a_third_person_steps_out_and_back_and_is_thanked_whatever_the_room_says(
    says: dict[str, object], sqlite_databases: Databases
) -> None:
    with a_town(sqlite_databases) as town:
        for name, word in says.items():
            setattr(town.network.faults, name, word)
        three_talk(town)
        cal, ana, bo = (town.phone(name) for name in ("Cal", "Ana", "Bo"))
        bo.press("*")
        town.until_hears(bo, "9: leave the two")
        assert town.network.run_until(lambda: "Bo" in cal.talking_with, 30), town.network.story()
        ana.press("*")
        town.until_hears(ana, "9: end kindly")
        assert town.network.run_until(lambda: len(cal.talking_with) == 2, 60), town.network.story()
        cal.hang_up()
        town.until_over(ana)
        assert ana.has_heard("They have hung up. Thank you.")
        town.until_over(bo)
        assert bo.has_heard("Thank you"), bo.words
        ends(town)


def test_a_leg_whose_move_waits_to_be_sent_goes_there_by_itself(sqlite_town: Town) -> None:
    """The peer ends it kindly while the provider takes nothing, and the caller presses `*`."""
    town = sqlite_town
    ana = town.volunteer("Ana").picks_up(3).when_hears("Press 1 to take it", press="1")
    cal = town.phone("Cal").when_hears("Our promise", press="#", once=True)
    cal.dial(LINE)
    town.until_talking(cal, ana)
    town.network.faults.requests_refused = 1000
    town.network.faults.room_ended_says = "completed"
    ana.when_hears("9: end kindly", press="9")
    ana.press("*")
    town.wait(12)
    assert not cal.has_heard("goodbye")
    cal.press("*")
    town.until_hears(cal, "press 1.", within=10)
    town.network.faults.requests_refused = 0


def test_a_caller_who_is_said_to_have_hung_up_and_has_not_keeps_their_place(
    sqlite_town: Town,
) -> None:
    token, provider_id = waiting_call(sqlite_town)
    said = [("CallSid", provider_id), ("CallStatus", "in-progress"), ("QueueResult", "hangup")]
    assert Visitor(sqlite_town).post(f"/c/{token}/left_queue", said).tags[-1] == "Enqueue"
    sqlite_town.wait(40)
    assert sqlite_town.phone("Cal").is_in_call
    assert sqlite_town.live_rows() != {}
