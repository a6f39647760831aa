"""The database is gone, and the line still connects: from what is remembered, and nothing else."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2 as httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.locks import held_by_another
from tests.logs import logged
from tests.stories.test_faults import calls, ends, takes
from tests.stories.test_faults_outside import A_MOMENT, locks_are_given_up_soon, provisioned
from tests.stories.town import LINE, NUMBERS, Town
from tests.telephony.test_webhook import Visitor
from warmline.app import create_app
from warmline.database import breaker
from warmline.parts import Parts

__all__ = ["locks_are_given_up_soon"]

SHORT = "We are a little short of breath just now. Stay on, and we ring our peers."
CARRIED = "If not, stay on the line"
FASTER = "Somebody else was faster"


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with provisioned(sqlite_url) as town:
        yield town


@contextmanager
def gone(town: Town) -> Iterator[None]:
    """Nothing can be written; the roster was read just before, and nobody waits any more."""
    town.parts.remember()
    with town.clock.resting(), held_by_another(town.parts.settings.database_url):
        for _ in range(min(3, breaker.FAILURES)):
            town.parts.door.in_time.breaker.failed()
        yield


def is_not_back(town: Town) -> None:
    town.wait(1)
    assert not town.parts.door.in_time.look()


def is_back(town: Town) -> None:
    """As each second, where the service runs by itself."""
    town.wait(1)
    assert town.parts.door.in_time.look()
    town.parts.sender.send_due()


def test_a_new_caller_is_put_through_to_a_peer_who_presses_1(town: Town) -> None:
    ana, cal = takes(town, "Ana"), town.phone("Cal")
    with logged("info") as lines, gone(town):
        before = town.everything_written()
        cal.dial(LINE)
        town.until_talking(cal, ana)
        assert town.everything_written() == before, "nothing is written"
        town.wait(120)
        assert ana.name in cal.talking_with
        with logged("info") as more:
            is_not_back(town)
        assert "database" not in more.getvalue(), "it is said once"
    with logged("info") as at_the_end:
        is_back(town)
    assert at_the_end.getvalue().count("the database is back") == 1
    assert lines.getvalue().count("the database cannot be had") == 1
    for said in (lines, at_the_end):
        for name in ("Ana", "Cal"):
            assert NUMBERS[name][2:] not in said.getvalue()
    town.wait(60)
    assert ana.name in cal.talking_with, "the talk goes on"
    assert cal.has_heard(SHORT)
    assert cal.has_heard("Our promise")
    cal.hang_up()
    ends(town)


def test_who_was_waiting_is_carried_over_and_the_call_is_an_ordinary_one_for_nobody(
    town: Town,
) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "We're looking for someone")
    bo = takes(town, "Bo")
    with gone(town):
        town.until_talking(cal, bo)
        assert cal.has_heard(CARRIED)
        assert not cal.has_heard(SHORT), "they have heard the promise"
    is_back(town)
    assert town.live_rows().get("call", 0) == 0, "the search goes on for nobody"
    town.wait(90)
    assert bo.name in cal.talking_with
    cal.hang_up()
    ends(town)


@pytest.fixture
def everybody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notices that the database is away for long."""
    monkeypatch.setattr(breaker, "FAILURES", 10**9)
    monkeypatch.setattr(breaker, "AGAIN_AFTER", timedelta(days=1))


@pytest.mark.usefixtures("everybody_waits")
def test_who_waits_and_who_calls_hear_a_moment_for_a_minute_at_most_and_are_put_through(
    town: Town,
) -> None:
    town.volunteer("Ana").never_picks_up()
    cal, dot = calls(town), town.phone("Dot")
    town.until_hears(cal, "We're looking for someone")
    bo, chi = takes(town, "Bo"), takes(town, "Chi")
    with gone(town):
        dot.dial(LINE)
        town.wait(30)
        for phone in (cal, dot):
            assert phone.has_heard(A_MOMENT)
            assert not phone.has_heard("short of breath")
        together = lambda: bool(cal.talking_with and dot.talking_with)  # noqa: E731  # one thought
        assert town.network.run_until(together, 70), town.network.story()
        assert {*cal.talking_with, *dot.talking_with} == {bo.name, chi.name}
        cal.hang_up()
        dot.hang_up()
        town.wait(5)
    is_back(town)
    ends(town)


def test_a_form_of_the_desk_is_answered_at_once_that_nothing_can_be_written(town: Town) -> None:
    takes(town, "Ana")
    base = town.parts.settings.public_url
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    with gone(town):
        answer = httpx.post(f"{base}/desk/sign-in", data={"phone": "1"}, headers=headers)
        assert answer.status_code == 503
        assert httpx.get(f"{base}/desk/sign-in").status_code == 200, "what can be read is shown"


def test_whoever_presses_1_second_hears_that_somebody_was_faster(town: Town) -> None:
    ana, bo, cal = takes(town, "Ana", 1), takes(town, "Bo", 5), town.phone("Cal")
    chi = town.volunteer("Chi").never_picks_up()
    with gone(town):
        cal.dial(LINE)
        town.until_talking(cal, ana)
        town.until_over(bo, within=30)
        assert bo.has_heard(FASTER)
        assert not bo.has_talked_with
        assert not chi.is_ringing, "the others stop ringing"
        assert ana.name in cal.talking_with
        cal.hang_up()
        town.wait(5)
        assert ana.has_heard("Goodbye, and thank you.")
    is_back(town)
    ends(town)


def test_a_caller_who_hangs_up_stops_the_ringing(town: Town) -> None:
    phones = [town.volunteer(name).never_picks_up() for name in ("Ana", "Bo")]
    cal = town.phone("Cal")
    with gone(town):
        cal.dial(LINE)
        town.until_rings(phones[0])
        town.until_rings(phones[1])
        cal.hang_up()
        town.wait(2)
        assert not any(phone.is_ringing for phone in phones)
        town.wait(60)
        assert rung(town, "Ana") == rung(town, "Bo") == 1
    is_back(town)
    ends(town)


def rung(town: Town, name: str) -> int:
    """How often the line has rung this phone."""
    return sum(one.get("to") == NUMBERS[name] for one in town.network.records())


def test_phones_ring_a_few_at_a_time_as_the_lines_rules_say(sqlite_url: str) -> None:
    with provisioned(sqlite_url, phones_at_once=2) as town:
        phones = [town.volunteer(one).never_picks_up() for one in ("Ana", "Bo", "Chi", "Dee")]
        ring_now: list[int] = []

        def look(_now: object) -> None:
            ring_now.append(sum(phone.is_ringing for phone in phones))

        with gone(town):
            town.network.every(0.5, look)
            town.phone("Cal").dial(LINE)
            town.wait(60)
        assert max(ring_now) == 2
        assert all(rung(town, name) for name in ("Ana", "Bo", "Chi", "Dee"))


def test_nobody_picks_up_then_all_are_tried_once_more_and_then_other_places_are_named(
    town: Town,
) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    town.volunteer("Ana").never_picks_up()
    town.volunteer("Bo").has_voicemail(after=3)
    cal = town.phone("Cal")
    with gone(town):
        cal.dial(LINE)
        town.until_hears(cal, "We're trying everyone once more.")
        town.until_over(cal, within=120)
    assert cal.has_heard("Hilltop Peers")
    assert rung(town, "Ana") == rung(town, "Bo") == 2
    is_back(town)
    ends(town)


def test_a_peer_in_a_talk_is_not_rung_and_the_talk_goes_on(town: Town) -> None:
    ana, cal = takes(town, "Ana"), calls(town)
    town.until_talking(cal, ana)
    bo, dot = takes(town, "Bo", 8), town.phone("Dot")
    with gone(town):
        dot.dial(LINE)
        town.until_talking(dot, bo)
        assert cal.name in ana.talking_with
        assert rung(town, "Ana") == 1
        gus = town.phone("Gus")
        gus.dial(LINE)
        town.wait(40)
        assert rung(town, "Ana") == rung(town, "Bo") == 1
        cal.hang_up()
        town.until_talking(gus, ana)
        assert ana.has_heard("your phone rings again when somebody needs you")
        gus.hang_up()
        dot.hang_up()
        town.wait(5)
    is_back(town)
    ends(town)


def test_two_who_call_at_once_are_each_with_a_peer_of_their_own(town: Town) -> None:
    for name in ("Ana", "Bo", "Chi"):
        takes(town, name)
    cal, dot = town.phone("Cal"), town.phone("Dot")
    with gone(town):
        cal.dial(LINE)
        dot.dial(LINE)
        assert town.network.run_until(lambda: bool(cal.talking_with and dot.talking_with), 120)
        assert cal.talking_with != dot.talking_with
        cal.hang_up()
        dot.hang_up()
        town.wait(5)
    is_back(town)
    ends(town)


def test_a_caller_whose_peer_is_cut_off_stays_on_the_line_and_is_put_through_again(
    town: Town,
) -> None:
    ana, cal = takes(town, "Ana"), town.phone("Cal")
    with gone(town):
        cal.dial(LINE)
        town.until_talking(cal, ana)
        ana.hang_up()
        town.until_hears(cal, "If you got cut off, stay on the line.")
        town.until_talking(cal, ana)
        ana.hang_up()
    is_back(town)
    town.until_talking(cal, ana)
    assert town.live_rows()["call"] == 1, "an ordinary call again"
    cal.hang_up()
    ends(town)


def test_while_nobody_is_on_it_is_a_moment_and_after_about_a_minute_kind_words(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    town.volunteer("Ana", on=(1, 2))
    cal = town.phone("Cal")
    with gone(town):
        begun = town.network.now()
        cal.dial(LINE)
        town.until_over(cal, within=90)
        assert (town.network.now() - begun).total_seconds() > 40
    assert cal.has_heard("Hilltop Peers")
    assert not rung(town, "Ana")


def test_a_shift_that_begins_meanwhile_is_known(town: Town) -> None:
    ana = takes(town, "Ana")
    town.volunteer("Bo", on=(0.5, 2))
    bo, cal = takes(town, "Bo"), town.phone("Cal")
    with gone(town):
        ana.is_busy()
        town.network.run_for(3600)
        cal.dial(LINE)
        town.until_talking(cal, bo)
        cal.hang_up()


def test_both_languages_are_spoken_and_each_peer_is_asked_in_theirs(sqlite_url: str) -> None:
    with provisioned(sqlite_url, languages="en,es") as town:
        bo = town.volunteer("Bo", languages="es").picks_up(after=3)
        bo.when_hears("Oprima 1 para contestar", press="1")
        cal = town.phone("Cal")
        with gone(town):
            cal.dial(LINE)
            town.until_talking(cal, bo)
        assert cal.has_heard(SHORT)
        assert cal.has_heard("nos falta un poco el aliento")


def test_requests_that_reach_one_process_and_then_another_go_on_alike(town: Town) -> None:
    """What the one rings, the other stops; each has read the roster for itself."""
    ana, bo = takes(town, "Ana", 5), town.volunteer("Bo").never_picks_up()
    cal, dot = town.phone("Cal"), town.phone("Dot")
    other = Parts(town.parts.settings, town.network.now)
    other.breath.phones.pause = lambda _seconds: None
    other.remember()
    with gone(town), lives_in_turn(town, other):
        for _ in range(3):
            other.door.in_time.breaker.failed()
        cal.dial(LINE)
        town.until_talking(cal, ana)
        town.wait(20)
        assert not bo.is_ringing
        dot.dial(LINE)
        town.until_rings(bo)
        assert ana.name in cal.talking_with
        dot.hang_up()
        town.wait(20)
        assert not bo.is_ringing
        cal.hang_up()
        town.wait(5)
    is_back(town)
    assert other.door.in_time.look()
    other.close()
    ends(town)


@contextmanager
def lives_in_turn(town: Town, other: Parts) -> Iterator[None]:
    """Every other request goes to another process."""
    first, turns = town.in_flight._app, itertools.cycle((True, False))
    second = create_app(other, sends_by_itself=False)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        await (first if next(turns) else second)(scope, receive, send)

    town.in_flight._app = either
    yield
    town.in_flight._app = first


def test_an_address_says_nothing_and_cannot_be_made_up(town: Town) -> None:
    takes(town, "Ana")
    visitor = Visitor(town)
    with gone(town), logged("debug") as lines:
        body = visitor.post("/voice", [("CallSid", "CA7"), ("To", LINE)]).body
        piece = re.findall(r"/w/([\w-]+)/", body)[0]
        assert piece not in lines.getvalue()
        for made_up in (piece[:-2], piece.swapcase(), "7" * 40, "x"):
            assert visitor.post(f"/w/{made_up}/wait", [("CallSid", "CA7")]).status == 404
        assert visitor.post(f"/w/{piece}/wait", [("CallSid", "CA7")], signature="x").status == 403
        assert visitor.post(f"/w/{piece}/offer", [("CallSid", "CA7")]).status == 404, "another's"
    assert not re.search(r"\d{7}", body.replace(visitor.base, ""))


def test_the_roster_lies_sealed_in_memory(town: Town) -> None:
    takes(town, "Ana")
    town.parts.remember()
    kept = str(vars(town.parts.breath.roster))
    assert "Ana" not in kept
    assert NUMBERS["Ana"] not in kept
    known = town.parts.breath.roster.last(town.network.now())
    assert known is not None
    assert [one.number for one in known.on] == [NUMBERS["Ana"]]
