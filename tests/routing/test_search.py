"""Whom the line rings now: the rules by example, and what must hold whatever the evening."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from warmline.routing.peers import MOST_RINGS, LiveRing, Peer, Tries, Waiting, in_order
from warmline.routing.search import NewRing, Plan, lacks_a_phone, plan

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ANA, BO, CHI, DEE, ELI, FAY, GIL = range(1, 8)
CAL, DOT, GUS = 11, 12, 13


def on(person: int, languages: str = "en", idle: float = 0, **facts: Any) -> Peer:
    """Somebody on shift, idle for so many minutes."""
    return Peer(person, languages.split(","), NOW - idle * MINUTE, NOW + 60 * MINUTE, **facts)


def everybody(number: int) -> list[Peer]:
    """So many peers on, the first the longest idle."""
    return [on(person, idle=60 - person) for person in range(1, number + 1)]


def waits(call: int = CAL, minutes: float = 1, language: str = "en", **facts: Any) -> Waiting:
    return Waiting(call, language, NOW - minutes * MINUTE, **facts)


def ring(person: int, call: int = CAL, language: str = "en", **facts: Any) -> LiveRing:
    return LiveRing(100 + person, person, call, language, **facts)


def look(
    waiting: Iterable[Waiting],
    peers: list[Peer],
    rings: Iterable[LiveRing] = (),
    at_once: int = 3,
    most: int = 4,
) -> Plan:
    return plan(list(waiting), peers, list(rings), NOW, at_once, most)


def rung(made: Plan) -> list[int]:
    return [new.person_id for new in made.place]


# How many.


@pytest.mark.parametrize("at_once", [1, 2, 3, 4])
def test_so_many_phones_ring_for_each_caller(at_once: int) -> None:
    assert len(rung(look([waits()], everybody(25), at_once=at_once))) == at_once
    two = look([waits(CAL), waits(DOT)], everybody(25), at_once=at_once)
    assert len(rung(two)) == 2 * at_once


@pytest.mark.parametrize("number", [1, 2, 3])
def test_with_three_or_fewer_on_shift_all_are_rung(number: int) -> None:
    assert rung(look([waits()], everybody(number), at_once=1)) == [ANA, BO, CHI][:number]


def test_a_line_that_wants_one_phone_at_a_time_gets_one() -> None:
    assert rung(look([waits()], everybody(3), at_once=1, most=1)) == [ANA]


def test_a_failed_ring_is_replaced_and_no_more() -> None:
    made = look([waits()], everybody(25), [ring(BO), ring(CHI)])
    assert made == Plan(place=[NewRing(ANA, CAL, "en")])


def test_nothing_is_done_while_enough_phones_ring() -> None:
    assert look([waits()], everybody(25), [ring(ANA), ring(BO), ring(CHI)]) == Plan()


def test_phones_that_ring_already_go_on_when_fewer_are_wanted_now() -> None:
    rings = [ring(ANA), ring(BO), ring(CHI)]
    assert look([waits()], everybody(25), rings, at_once=1) == Plan()


# Who.


def test_the_longest_idle_first() -> None:
    peers = [on(ANA, idle=5), on(BO, idle=50), on(CHI, idle=20), on(DEE, idle=1)]
    assert rung(look([waits()], peers)) == [BO, CHI, ANA]


@pytest.mark.parametrize(
    "away",
    [
        {"talking": True},
        {"breather_until": NOW + SECOND},
        {"paused_until": NOW + SECOND},
        {"until": NOW + 19 * SECOND},
        {"owed_to": DOT},
    ],
)
def test_who_is_not_free_is_not_rung(away: dict[str, Any]) -> None:
    peer = replace(on(ANA), **away)
    assert look([waits()], [peer]) == Plan()


@pytest.mark.parametrize(
    "back",
    [
        {"breather_until": NOW},
        {"paused_until": NOW},
        {"until": NOW + 20 * SECOND},
        {"owed_to": CAL},
    ],
)
def test_who_is_free_again_is_rung(back: dict[str, Any]) -> None:
    peer = replace(on(ANA), **back)
    assert rung(look([waits()], [peer])) == [ANA]


def test_a_ring_under_way_runs_out_beyond_the_end_of_a_shift() -> None:
    assert look([waits()], [], [ring(ANA)]) == Plan()
    ending = replace(on(ANA), until=NOW + 5 * SECOND)
    assert look([waits()], [ending], [ring(ANA)]) == Plan()


def test_no_phone_is_rung_that_rings_or_is_being_ended() -> None:
    rings = [ring(ANA, ending=True), ring(BO)]
    assert rung(look([waits()], everybody(3), rings)) == [CHI]


def test_callers_who_are_volunteers_are_not_rung_for_their_own_call() -> None:
    assert rung(look([waits(volunteer_id=ANA)], everybody(2))) == [BO]


@pytest.mark.parametrize("tries", [Tries(2), Tries(1, passed=True), Tries(0, passed=True)])
def test_at_most_two_rings_per_peer_and_caller_and_none_after_a_pass(tries: Tries) -> None:
    assert rung(look([waits(tries={ANA: tries})], everybody(2))) == [BO]


def test_who_passed_one_caller_is_rung_for_another() -> None:
    callers = [waits(CAL, 5, tries={ANA: Tries(1, passed=True)}), waits(DOT)]
    assert look(callers, everybody(1)).place == [NewRing(ANA, DOT, "en")]


# Misses and voicemails.


def resting(peer: Peer, seconds: float = 60) -> Peer:
    return replace(peer, resting_until=NOW + seconds * SECOND)


def test_who_missed_a_ring_rests_while_others_are_left() -> None:
    ana, *others = everybody(5)
    assert rung(look([waits()], [resting(ana), *others])) == [BO, CHI, DEE]


def test_who_missed_a_ring_waits_until_the_phones_of_the_others_have_rung_out() -> None:
    ana, bo = everybody(2)
    assert rung(look([waits()], [resting(ana), bo], [ring(BO)])) == []


def test_who_missed_a_ring_is_rung_when_nobody_else_is_left() -> None:
    peers = [resting(peer) for peer in everybody(4)]
    assert rung(look([waits()], peers)) == [ANA, BO, CHI]
    assert rung(look([waits()], peers, [ring(ANA), ring(BO)])) == [CHI]


def test_a_rest_is_over_after_its_time() -> None:
    assert rung(look([waits()], [resting(on(ANA, idle=9), 0), on(BO)])) == [ANA, BO]


def test_one_more_is_rung_beside_a_likely_voicemail_which_stays() -> None:
    rings = [ring(ANA, early=True, answered=True), ring(BO), ring(CHI)]
    assert look([waits()], everybody(25), rings) == Plan(place=[NewRing(DEE, CAL, "en")])


def test_voicemails_do_not_keep_those_who_missed_from_being_rung() -> None:
    ana, bo = everybody(2)
    made = look([waits()], [resting(ana), bo], [ring(BO, early=True, answered=True)])
    assert rung(made) == [ANA]


def test_as_many_voicemails_as_there_are_stay_beside_the_phones_that_ring() -> None:
    early = [ring(person, early=True, answered=True) for person in (ANA, BO, CHI)]
    live = [ring(person) for person in (DEE, ELI, FAY)]
    assert look([waits()], everybody(25), [*early, *live]) == Plan()


def test_a_likely_voicemail_may_still_answer_however_many_others_have_picked_up() -> None:
    answered = [ring(person, answered=True) for person in (ANA, BO, CHI, DEE)]
    early = ring(ELI, early=True, answered=True)
    assert look([waits()], everybody(25), [*answered, early]) == Plan()


# Several callers.


def test_callers_are_served_oldest_first_and_a_returning_one_before_all() -> None:
    callers = [waits(CAL, 3), waits(DOT, 1, first_in_line=True), waits(GUS, 5)]
    assert [one.call_id for one in in_order(callers)] == [DOT, GUS, CAL]


def test_phones_are_shared_out_among_those_who_wait() -> None:
    made = look([waits(CAL, 5), waits(DOT, 2)], everybody(25))
    assert [new.call_id for new in made.place] == [CAL, DOT] * 3


def test_with_one_peer_for_two_callers_the_older_is_the_one_they_are_rung_for() -> None:
    assert look([waits(DOT, 2), waits(CAL, 5)], everybody(1)).place == [NewRing(ANA, CAL, "en")]


def test_each_language_gets_a_phone_before_either_gets_a_second() -> None:
    peers = [on(ANA, "en,es", 3), on(BO, "en,es", 2)]
    made = look([waits(CAL, 5), waits(DOT, 2, "es")], peers)
    assert made.place == [NewRing(ANA, CAL, "en"), NewRing(BO, DOT, "es")]


def test_the_rings_of_a_caller_who_has_gone_serve_another_of_the_pool() -> None:
    made = look([waits(DOT)], everybody(25), [ring(ANA), ring(BO), ring(CHI)])
    assert made == Plan(serve={100 + one: NewRing(one, DOT, "en") for one in (ANA, BO, CHI)})


def test_rings_that_no_waiting_caller_needs_end_the_last_asked_for_first() -> None:
    rings = [ring(person) for person in (ANA, BO, CHI, DEE, ELI)]
    rings += [ring(FAY, answered=True)]
    made = look([waits(CAL)], everybody(25), rings)
    assert sorted(made.end) == [100 + DEE, 100 + ELI]
    assert not made.place


def test_when_nobody_waits_every_ring_ends() -> None:
    rings = [ring(ANA), ring(BO, bound=True), ring(CHI, early=True), ring(DEE, ending=True)]
    assert sorted(look([], everybody(4), rings).end) == [100 + ANA, 100 + BO, 100 + CHI]


def test_a_ring_whose_caller_has_gone_ends_if_its_peer_passed_those_who_wait() -> None:
    made = look([waits(DOT, tries={ANA: Tries(1, passed=True)})], everybody(1), [ring(ANA)])
    assert made == Plan(end=[100 + ANA])


# Languages.


def test_speakers_are_rung_first_though_others_are_idle_longer() -> None:
    peers = [on(ANA, idle=50), on(BO, "en,es", 5), on(CHI, idle=40), on(DEE, idle=30)]
    assert rung(look([waits(language="es")], peers)) == [BO]


def test_others_are_rung_when_no_speaker_is_left() -> None:
    peers = [on(ANA, idle=50), on(BO, "es", 5), on(CHI, idle=40), on(DEE, idle=30)]
    passed = waits(language="es", tries={BO: Tries(1, passed=True)})
    assert rung(look([passed], peers)) == [ANA, CHI, DEE]


def test_others_are_rung_before_a_speaker_who_has_just_missed_a_ring() -> None:
    peers = [resting(on(ANA, "es", 50)), on(BO, idle=5)]
    assert rung(look([waits(language="es")], peers)) == [BO]


def test_a_phone_that_rings_already_is_given_to_a_caller_with_another_language() -> None:
    made = look([waits(DOT, language="es")], [on(ANA)], [ring(ANA, CAL, "en")])
    assert made == Plan(serve={100 + ANA: NewRing(ANA, DOT, "es")})


def test_a_phone_that_rings_already_comes_before_one_that_does_not() -> None:
    made = look([waits(DOT, language="es")], everybody(4), [ring(DEE, CAL, "en")], at_once=1)
    assert made == Plan(serve={100 + DEE: NewRing(DEE, DOT, "es")})


def test_a_caller_who_changes_the_language_has_the_phones_of_its_speakers() -> None:
    peers = [on(ANA), on(BO), on(CHI, "en,es"), on(DEE, "es")]
    made = look([waits(language="es")], peers, [ring(ANA), ring(BO), ring(CHI)])
    assert made.serve == {100 + CHI: NewRing(CHI, CAL, "es")}
    assert rung(made) == [DEE]
    assert sorted(made.end) == [100 + ANA, 100 + BO]


# A caller whose peer's phone left the talk.


def test_the_same_peer_is_rung_back_and_nobody_else() -> None:
    made = look([waits(bound_to=BO)], everybody(3))
    assert made == Plan(place=[NewRing(BO, CAL, "en", bound=True)])
    assert look([waits(bound_to=BO)], everybody(3), [ring(BO, bound=True)]) == Plan()


def test_who_had_been_rung_twice_before_the_talk_is_rung_back_all_the_same() -> None:
    made = look([waits(bound_to=BO, tries={BO: Tries(2)})], everybody(3))
    assert rung(made) == [BO]


@pytest.mark.parametrize(
    "peers",
    [
        [],
        [on(BO, talking=True)],
        [on(BO, paused_until=NOW + MINUTE)],
        [replace(on(BO), until=NOW + SECOND)],
    ],
)
def test_a_peer_who_cannot_be_had_back_is_not_waited_for(peers: list[Peer]) -> None:
    made = look([waits(bound_to=BO)], [*peers, on(ANA)])
    assert made == Plan(unbind=[CAL], place=[NewRing(ANA, CAL, "en")])


def test_a_peer_whose_last_leg_is_not_over_yet_is_waited_for() -> None:
    assert look([waits(bound_to=BO)], everybody(3), [ring(BO, ending=True)]) == Plan()


def test_a_bound_ring_ends_with_its_own_call_and_serves_no_other() -> None:
    made = look([waits(DOT)], everybody(1), [ring(ANA, CAL, bound=True)])
    assert made == Plan(end=[100 + ANA])


def test_two_callers_bound_to_one_peer_are_rung_back_one_after_the_other() -> None:
    both = [waits(call, bound_to=6) for call in (12, 13)]
    assert rung(plan(both, [on(6)], [], NOW, 1)) == [6]


# Whatever the evening.

PEOPLE = st.integers(1, 7)
LANGUAGES = st.sampled_from(["en", "es", "en,es"])
SOON = st.none() | st.integers(-60, 60).map(lambda seconds: NOW + seconds * SECOND)


@st.composite
def evenings(draw: st.DrawFn) -> tuple[list[Waiting], list[Peer], list[LiveRing]]:
    """Callers, peers and rings as they may stand together."""
    people = draw(st.lists(PEOPLE, unique=True))
    calls = draw(st.lists(st.sampled_from([CAL, DOT, GUS]), unique=True))
    peers = [
        Peer(
            person,
            draw(LANGUAGES).split(","),
            NOW - draw(st.integers(0, 60)) * MINUTE,
            NOW + draw(st.sampled_from([5, 20, 3600])) * SECOND,
            talking=draw(st.booleans()),
            owed_to=draw(st.none() | st.sampled_from([CAL, DOT, GUS])),
            resting_until=draw(SOON),
            breather_until=draw(SOON),
            paused_until=draw(SOON),
        )
        for person in people
    ]
    waiting = [
        waits(
            call,
            draw(st.integers(0, 9)),
            draw(st.sampled_from(["en", "es"])),
            first_in_line=draw(st.booleans()),
            bound_to=draw(st.none() | st.none() | PEOPLE),
            volunteer_id=draw(st.none() | PEOPLE),
            tries=draw(st.dictionaries(PEOPLE, st.builds(Tries, st.integers(0, 2), st.booleans()))),
        )
        for call in calls
    ]
    rings = [
        LiveRing(
            100 + person,
            person,
            draw(st.sampled_from([CAL, DOT, GUS])),
            draw(st.sampled_from(["en", "es"])),
            bound=draw(st.booleans()),
            early=draw(st.booleans()),
            ending=draw(st.booleans()),
            answered=draw(st.booleans()),
        )
        for person in draw(st.lists(PEOPLE, unique=True))
    ]
    return waiting, peers, rings


AT_ONCE = st.integers(1, 4)
Evening = tuple[list[Waiting], list[Peer], list[LiveRing]]


def carried_out(evening: Evening, made: Plan) -> Evening:
    """The evening after the plan: what the tables would say."""
    waiting, peers, rings = evening
    callers = {one.call_id: one for one in waiting}
    for call in made.unbind:
        person = callers[call].bound_to or 0
        tries = {**callers[call].tries, person: Tries(MOST_RINGS)}
        callers[call] = callers[call]._replace(bound_to=None, tries=tries)
    for new in [*made.place, *made.serve.values()]:
        caller = callers[new.call_id]
        tried = caller.tried(new.person_id)
        one_more = {**caller.tries, new.person_id: replace(tried, rings=tried.rings + 1)}
        callers[new.call_id] = caller._replace(tries=one_more)
    after = []
    for one in rings:
        now = made.serve.get(one.ring_id, one)
        ending = one.ending or one.ring_id in made.end
        after.append(replace(one, call_id=now.call_id, language=now.language, ending=ending))
    after += [
        LiveRing(200 + new.person_id, new.person_id, new.call_id, new.language, new.bound)
        for new in made.place
    ]
    return list(callers.values()), peers, after


def nobody_is_rung_who_is_not_free(evening: Evening, at_once: int) -> None:
    waiting, peers, rings = evening
    made = plan(waiting, peers, rings, NOW, at_once)
    on_shift = {peer.person_id: peer for peer in peers}
    callers = {one.call_id: one for one in waiting}
    for new in made.place:
        caller = callers[new.call_id]
        assert on_shift[new.person_id].is_free(NOW)
        assert new.bound == (caller.bound_to == new.person_id and caller.bound_to is not None)
        assert new.bound or caller.may_have(new.person_id)
        assert new.bound or on_shift[new.person_id].owed_to in (None, new.call_id)


def no_person_has_two_rings(evening: Evening, at_once: int) -> None:
    waiting, peers, rings = evening
    made = plan(waiting, peers, rings, NOW, at_once)
    people = [ring.person_id for ring in rings] + rung(made)
    assert len(people) == len(set(people))


def a_bound_ring_never_serves_another_call(evening: Evening, at_once: int) -> None:
    waiting, _, rings = carried_out(evening, plan(*evening, NOW, at_once))
    bound_to = {one.call_id: one.bound_to for one in waiting}
    for one in rings:
        if one.bound and not one.ending:
            assert one.call_id is not None
            assert bound_to[one.call_id] == one.person_id
        elif not one.ending:
            assert one.call_id in bound_to
            assert bound_to[one.call_id] is None


def carried_out_and_asked_again_there_is_nothing_to_do(evening: Evening, at_once: int) -> None:
    after = carried_out(evening, plan(*evening, NOW, at_once))
    assert plan(*after, NOW, at_once) == Plan()


def a_phone_rings_for_every_caller_whom_a_free_peer_may_have(
    evening: Evening, at_once: int
) -> None:
    waiting, peers, rings = carried_out(evening, plan(*evening, NOW, at_once))
    taken = {one.person_id for one in rings}
    left = [peer for peer in peers if peer.is_free(NOW) and peer.person_id not in taken]
    for caller in waiting:
        rings_for_them = [
            one
            for one in rings
            if not (one.ending or one.early or one.bound) and one.language == caller.language
        ]
        if caller.bound_to is None and not rings_for_them:
            assert not any(peer.may_be_rung_for(caller) for peer in left)


def no_more_phones_ring_than_the_callers_can_want(evening: Evening, at_once: int) -> None:
    waiting, _, rings = carried_out(evening, plan(*evening, NOW, at_once, 4))
    for language in ("en", "es"):
        callers = [one for one in waiting if one.language == language and not one.bound_to]
        live = [
            one
            for one in rings
            if one.language == language and not (one.ending or one.early or one.bound)
        ]
        assert len(live) <= 4 * len(callers)


ALWAYS: tuple[Callable[[Evening, int], None], ...] = (
    nobody_is_rung_who_is_not_free,
    no_person_has_two_rings,
    a_bound_ring_never_serves_another_call,
    carried_out_and_asked_again_there_is_nothing_to_do,
    a_phone_rings_for_every_caller_whom_a_free_peer_may_have,
    no_more_phones_ring_than_the_callers_can_want,
)


@given(evenings(), AT_ONCE)
@examples(60)
def test_whatever_the_evening_each_of_these_holds(evening: Evening, at_once: int) -> None:
    """All of one evening: to think it up takes longer than to look at it."""
    for holds in ALWAYS:
        holds(evening, at_once)


@given(evenings(), AT_ONCE)
@examples(60)
def test_a_caller_for_whom_a_phone_would_ring_is_seen_to_lack_one(
    evening: Evening, at_once: int
) -> None:
    waiting, peers, rings = evening
    for one in waiting:
        alone = one._replace(bound_to=None)
        if plan([alone], peers, rings, NOW, at_once).place:
            assert lacks_a_phone(alone, peers, rings, NOW, at_once)


def test_a_caller_lacks_no_phone_while_enough_ring_or_none_is_left_for_them() -> None:
    three = [ring(ANA), ring(BO), ring(CHI)]
    assert lacks_a_phone(waits(), everybody(25), three[:2], NOW, 3)
    assert not lacks_a_phone(waits(), everybody(25), three, NOW, 3)
    theirs = [ring(person, DOT) for person in (ANA, BO, CHI)]
    assert lacks_a_phone(waits(), everybody(4), theirs, NOW, 3)
    assert not lacks_a_phone(waits(), everybody(3), theirs, NOW, 3)
    spent = {DEE: Tries(MOST_RINGS)}
    assert not lacks_a_phone(waits(tries=spent), everybody(4), theirs, NOW, 3)
