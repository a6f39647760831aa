"""A stranger at the desk's door, with patience and a thousand addresses: what they cannot do."""

import hmac
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from tests.desk.conftest import code_texted_to, give_role, signs_in
from tests.desk.nothing import nothing_on
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.desk import slips
from warmline.desk.public import asked_codes, printed_codes
from warmline.desk.public.asked_codes import CodeTried, Desk
from warmline.desk.slips import Asker, Slip, Way
from warmline.desk.wording import Telling
from warmline.line import opening
from warmline.models.sign_in import Attempt, SignInCode
from warmline.models.texts import TextOut
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.sign_in import codes

ABrowser = Callable[..., PlainBrowser]
ANA, GUS = NUMBERS["Ana"], NUMBERS["Gus"]
STRANGER = Asker("", None)
QUARTER = timedelta(minutes=15)
WRONG = "1"
"""No code is so short."""


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Town]:
    """A town on the database with which it is made soonest."""
    with town_on(sqlite_url) as town:
        yield town


@contextmanager
def at(town: Town, now: datetime | None = None) -> Iterator[Desk]:
    with town.parts.database.writing() as db:
        seal, line = town.parts.seal, opening.the_line(db)
        yield Desk(db, seal, line, now or town.network.now())


def asks(
    town: Town,
    phone: str = ANA,
    asker: Asker = STRANGER,
    *,
    way: Way = slips.TEXT,
    before: Slip | None = None,
    now: datetime | None = None,
) -> Slip:
    with at(town, now) as desk:
        telling = Telling("en", ZoneInfo("UTC"))
        return asked_codes.ask(desk, phone, way, telling, asker, before)


def enters(
    town: Town, slip: Slip, code: str, asker: Asker = STRANGER, now: datetime | None = None
) -> CodeTried:
    with at(town, now) as desk:
        return asked_codes.enter(desk, slip, code, asker)


def addresses() -> Iterator[Asker]:
    return (Asker(f"198.51.{n // 250}.{n % 250}", None) for n in count(1))


def code_of(town: Town, slip: Slip, way: Way = slips.TEXT) -> str:
    """The code that left for a slip."""
    with town.parts.database.reading() as db:
        seal = town.parts.seal
        digests = seal.digests(f"sign-in slip {slip.key} {way}")
        row = db.execute(select(SignInCode.__table__).where(SignInCode.slip.in_(digests))).one()
        return seal.open(row.code, row.token)


def many(town: Town, table: Any) -> int:
    with town.parts.database.reading() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Whatever is compared with a code from now on."""
    seen: list[bytes] = []
    plain = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        seen.append(other)
        return plain(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    return seen


def test_of_many_guesses_over_many_slips_fifteen_are_compared(
    quick: Town, compared: list[bytes], full: bool
) -> None:
    """In the large size a thousand over two hundred."""
    quick.volunteer("Ana", on=None)
    asker, pairs = addresses(), 100 if full else 12
    slip_of = [asks(quick, ANA, next(asker), way=way) for _ in range(pairs) for way in BOTH]
    assert len({slip.key for slip in slip_of}) == 2 * pairs
    for _ in range(5):
        for slip in slip_of:
            assert enters(quick, slip, WRONG, next(asker)).person_id is None
    assert 0 < len(compared) <= 15
    assert many(quick, SignInCode) == 3


BOTH: tuple[Way, Way] = (slips.TEXT, slips.CALL)


def test_no_code_is_kept_that_did_not_leave(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    made = [asks(quick) for _ in range(8)]
    assert [bool(slip.left) for slip in made] == [True] * 3 + [False] * 5
    assert many(quick, SignInCode) == many(quick, TextOut) == 3
    asks(quick, GUS)
    assert many(quick, SignInCode) == 3, "nobody has that phone"


@pytest.mark.both_databases
def test_of_many_guesses_at_once_no_more_are_compared(
    database_url: str, compared: list[bytes]
) -> None:
    with town_on(database_url) as town:
        town.volunteer("Ana", on=None)
        held = [asks(town) for _ in range(3)]
        guesses = 15
        barrier = Barrier(guesses)

        def guess(number: int) -> CodeTried:
            barrier.wait()
            return enters(town, held[number % 3], WRONG)

        with ThreadPoolExecutor(guesses) as pool:
            assert all(one.person_id is None for one in pool.map(guess, range(guesses)))
        assert len(compared) == 10


def test_after_ten_wrong_ones_a_call_is_looked_at_and_a_text_is_not(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    for _ in range(2):
        slip = asks(quick)
        for _ in range(5):
            enters(quick, slip, WRONG)
    text = asks(quick)
    assert (text.why, text.left) == ("tries", {})
    call = asks(quick, way=slips.CALL)
    assert enters(quick, call, code_of(quick, call, slips.CALL)).person_id == quick.people["Ana"]


def test_one_more_hour_and_texts_are_looked_at_again(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    for _ in range(2):
        slip = asks(quick)
        for _ in range(5):
            enters(quick, slip, WRONG)
    later = quick.network.now() + timedelta(minutes=61)
    slip = asks(quick, now=later)
    assert enters(quick, slip, code_of(quick, slip), now=later).person_id == quick.people["Ana"]


def test_strangers_of_a_hundred_networks_cause_six_texts_and_calls_a_day_at_most(
    quick: Town, full: bool
) -> None:
    quick.volunteer("Ana", on=None)
    start, asker = quick.network.now(), addresses()
    for quarter in range(0, 2 * 96, 1 if full else 4):
        for way in BOTH:
            asks(quick, ANA, next(asker), way=way, now=start + quarter * QUARTER)
    assert many(quick, SignInCode) == 12, "in two days"


def test_a_code_that_was_used_was_wanted_and_does_not_count(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    for _ in range(8):
        slip = asks(quick, asker=Asker("198.51.100.7", None))
        assert enters(quick, slip, code_of(quick, slip)).person_id == quick.people["Ana"]


def test_while_a_code_is_good_asking_again_sends_nothing_and_it_stays_good(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    first = asks(quick)
    again = asks(quick, before=first)
    assert not again.anew
    called = asks(quick, way=slips.CALL, before=again)
    assert many(quick, SignInCode) == 2
    code = code_of(quick, first)
    assert enters(quick, called, code).person_id == quick.people["Ana"]
    assert enters(quick, called, code).person_id is None, "good once"


def test_a_browser_that_was_in_passes_where_strangers_have_used_everything_up(quick: Town) -> None:
    ana = quick.volunteer("Ana", on=None)
    strangers_use_everything_up(quick)
    known = Asker("198.51.100.7", quick.people["Ana"])
    slip = asks(quick, asker=known)
    assert slip.anew
    assert enters(quick, slip, code_of(quick, slip), known).person_id == quick.people["Ana"]
    bo = Asker("198.51.100.7", quick.people["Ana"] + 1)
    assert asks(quick, asker=bo).why, "whose browser it was matters"
    assert ana.texts == []


def strangers_use_everything_up(town: Town) -> None:
    """Every code of a day and every try of an hour, by text and by call."""
    now, asker = town.network.now(), addresses()
    for hour in (14, 13):
        for _ in range(3):
            asks(town, ANA, next(asker), now=now - timedelta(hours=hour))
    for phone in (ANA, GUS):
        with at(town) as desk:
            for limit in (codes.TRIES, codes.TRIES_BY_CALL):
                for _ in range(limit.most):
                    attempts.refused(desk.db, desk.seal, limit, phone, now)
    assert asks(town).why == "tries"


def test_one_network_cannot_ask_for_everybody(quick: Town) -> None:
    one, other = Asker("198.51.100.7", None), Asker("198.51.100.8", None)
    seen = [asks(quick, f"+1413555{n:04}", one).why for n in range(120, 132)]
    assert seen == [""] * 10 + ["asker"] * 2
    assert asks(quick, GUS, other).why == ""


def test_wrong_codes_of_all_strangers_together_are_few(quick: Town, compared: list[bytes]) -> None:
    names = ("Ana", "Bo", "Chi", "Cal", "Dot", "Gus")
    for name in names:
        quick.volunteer(name, on=None)
    asker = addresses()
    for name in names:
        for _ in range(3):
            slip = asks(quick, NUMBERS[name], next(asker))
            for _ in range(5):
                enters(quick, slip, WRONG, next(asker))
    assert len(compared) == 60
    slip = asks(quick, ANA, way=slips.CALL)
    assert enters(quick, slip, WRONG).why == "line"


def test_known_and_unknown_numbers_take_the_same_statements(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    quick.set_rules(coordinator_phone=NUMBERS["Cal"])
    asks(quick, NUMBERS["Dot"])
    done: dict[str, list[list[str]]] = {}
    for phone in (ANA, GUS, NUMBERS["Cal"]):
        with statements(quick) as seen:
            slip = asks(quick, phone)
            asks(quick, phone, before=slip)
            asks(quick, phone, way=slips.CALL, before=slip)
            enters(quick, slip, WRONG)
            with at(quick) as desk:
                printed_codes.use_recovery_code(desk, phone, "nope", STRANGER)
        done[phone] = seen
    assert len(done[ANA][0]) > 20
    assert done[ANA] == done[GUS] == done[NUMBERS["Cal"]]


@contextmanager
def statements(town: Town) -> Iterator[list[list[str]]]:
    """Every statement that the database is given meanwhile."""
    seen: list[str] = []
    found: list[list[str]] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = town.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)
    found.append(seen)


def test_wrong_printed_codes_of_a_stranger_lock_nobody(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    stranger = Asker("198.51.100.7", None)
    with at(quick) as desk:
        [right, *_] = printed_codes.new_recovery_codes(desk.db, desk.seal, quick.people["Ana"])
    wrong = []
    for _ in range(25):
        with at(quick) as desk:
            wrong.append(printed_codes.use_recovery_code(desk, ANA, "aaaa-bbbb-cccc", stranger))
    assert [one.person_id for one in wrong] == [None] * 25
    assert [one.why for one in wrong] == [""] * 20 + ["asker"] * 5
    with at(quick) as desk:
        hers = printed_codes.use_recovery_code(desk, ANA, right, Asker("198.51.100.8", None))
        assert hers.person_id == quick.people["Ana"]
        again = printed_codes.use_recovery_code(desk, ANA, right, Asker("198.51.100.8", None))
        assert again.person_id is None, "good once"


def test_what_is_no_digit_of_ours_is_only_wrong(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    slip = asks(quick)
    for code in ("²²²²²²", "١٢٣٤٥٦", "", "x" * 500, "1" * 12):
        assert enters(quick, slip, code).person_id is None


def test_nothing_of_who_asked_is_left_once_it_limits_nobody(quick: Town) -> None:
    quick.volunteer("Ana", on=None)
    slip = asks(quick, GUS, Asker("198.51.100.7", None))
    enters(quick, slip, WRONG, Asker("198.51.100.7", None))
    written = quick.everything_written()
    assert many(quick, Attempt) > 5
    assert "198.51.100.7" not in written
    assert GUS not in written
    with quick.parts.database.writing() as db:
        assert attempts.forget(db, quick.network.now() + timedelta(hours=25)) > 5
    assert many(quick, Attempt) == 0


def test_a_limit_holds_within_every_span_and_says_when_it_is_over(quick: Town) -> None:
    limit, seal = Limit("test", 3, timedelta(hours=1)), quick.parts.seal
    start = datetime(2026, 11, 29, tzinfo=UTC)
    with quick.parts.database.writing() as db:
        for minute in (0, 20, 40):
            then = start + timedelta(minutes=minute)
            assert attempts.used_up(db, seal, limit, "me", then) is None
            assert attempts.refused(db, seal, limit, "me", then) is None
        later = start + timedelta(minutes=50)
        assert attempts.refused(db, seal, limit, "me", later) == start + timedelta(hours=1)
        assert attempts.used_up(db, seal, limit, "me", later) == start + timedelta(hours=1)
        assert attempts.refused(db, seal, limit, "you", later) is None
        assert attempts.refused(db, seal, limit, "me", start + timedelta(hours=1)) is None
        assert attempts.refused(db, seal, limit, "me", start + timedelta(hours=1)) is not None
        attempts.take_back(db, seal, limit, "me")
        assert attempts.refused(db, seal, limit, "me", start + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("a socket", ""),
    ],
)
def test_who_asks_is_their_address_or_their_part_of_a_network(host: str, network: str) -> None:
    assert slips.network_of(host) == network


def test_a_slip_and_a_browser_are_known_only_by_what_we_have_sealed(quick: Town) -> None:
    seal, now = quick.parts.seal, quick.network.now()
    slip = replace(asks(quick), why="phone", again_at=now)
    assert slips.unsealed(seal, slips.sealed(seal, slip), now) == slip
    assert slips.unsealed(seal, slips.sealed(seal, slip), slip.until) is None
    assert slips.unsealed(seal, slips.remember(seal, 1, now), now) is None
    assert slips.remembered(seal, slips.remember(seal, 7, now), now) == 7
    assert slips.remembered(seal, slips.sealed(seal, slip), now) is None
    assert slips.remembered(seal, slips.remember(seal, 7, now), now + slips.KNOWN_FOR) is None
    assert slips.remembered(seal, "nonsense", now) is None


def test_the_page_says_what_was_sent_and_when_the_next_can_be(
    quick: Town, a_browser: ABrowser
) -> None:
    ana = quick.volunteer("Ana", on=None)
    known, unknown = a_browser(quick), a_browser(quick)
    told: list[list[str]] = [[], []]
    for browser, phone, said in ((known, ANA, told[0]), (unknown, GUS, told[1])):
        for way in ("text", "text", "call"):
            browser.open("/desk/sign-in").send("/desk/sign-in", phone=phone, way=way)
            said.append(browser.text)
    assert told[0] == told[1]
    until, at_once = f"{minutes(quick, 10)} PM", f"{minutes(quick, 0)} PM"
    assert f"six digits is on its way to it. It is good until {until}" in told[0][0]
    assert f"Nothing new was sent: the code that went out by text at {at_once}" in told[0][1]
    assert f"reads six digits, twice. They are good until {until}" in told[0][2]
    quick.wait(3)
    assert len(ana.texts) == 1
    third, fourth = a_browser(quick), a_browser(quick)
    for browser in (fourth, third):
        browser.open("/desk/sign-in").send("/desk/sign-in", phone=ANA, way="text")
    assert f"The next can be sent at {minutes(quick, 15)} PM" in third.text
    assert "No code was sent: enough were asked for that number" in third.text
    assert "Text CODE to (413) 555-0100 from the phone itself" in third.text
    assert "not good" in third.send("/desk/sign-in/code", code="123456").text


def minutes(town: Town, later: int) -> str:
    """The line's clock, so many minutes from now."""
    then = town.network.now().astimezone(ZoneInfo("America/New_York"))
    then += timedelta(minutes=later)
    return f"{then.hour % 12}" + (f":{then.minute:02}" if then.minute else "")


def test_strangers_lock_a_coordinator_out_of_nothing(quick: Town, a_browser: ABrowser) -> None:
    quick.volunteer("Ana", on=None)
    give_role(quick, "Ana", "coordinator")
    hers = a_browser(quick)
    signs_in(quick, hers, "Ana")
    hers.open("/desk").send("/desk/sign-out")
    strangers = [a_browser(quick) for _ in range(4)]
    for number, stranger in enumerate(strangers):
        stranger.http.headers["x-forwarded-for"] = f"198.51.100.{number}"
        stranger.open("/desk/sign-in").send("/desk/sign-in", phone=ANA, way="text")
        for _ in range(6):
            stranger.send("/desk/sign-in/code", code="000000")
        quick.wait(2)
    assert "No code was sent" in strangers[-1].open("/desk/sign-in/code").text
    signs_in(quick, hers, "Ana")
    assert hers.path == "/desk"
    new = a_browser(quick)
    new.open("/desk/sign-in").send("/desk/sign-in", phone=ANA, own="yes")
    assert "Text CODE to (413) 555-0100 from the phone whose number you gave" in new.text
    assert len(codes_texted(quick)) == 4, "two of strangers', and two of hers"
    quick.phone("Ana").write(LINE, "code")
    quick.wait(3)
    long = quick.phone("Ana").texts[-1].body.split("code is ")[1].split(".")[0]
    assert len(long.replace(" ", "")) == 12, "six digits are used up"
    new.send("/desk/sign-in/code", code=long)
    assert "Sign Ana out" in new.text


def codes_texted(town: Town) -> list[str]:
    return [text.body for text in town.phone("Ana").texts if "code is" in text.body]


def test_the_address_that_a_front_server_gives_is_the_one_that_is_counted(
    quick: Town, a_browser: ABrowser
) -> None:
    quick.volunteer("Ana", on=None)
    stranger = a_browser(quick)
    stranger.http.headers["x-forwarded-for"] = "2001:db8::1"
    for number in range(11):
        stranger.http.headers["x-forwarded-for"] = f"2001:db8::{number:x}"
        phone = f"+1413555{number + 120:04}"
        stranger.open("/desk/sign-in").send("/desk/sign-in", phone=phone, way="text")
    assert "too many were asked for from your network" in stranger.text
    signs_in(quick, a_browser(quick), "Ana")
    assert code_texted_to(quick, "Ana")


def test_the_first_code_of_all_is_counted_for_each_network_apart(sqlite_url: str) -> None:
    with nothing_on(sqlite_url) as nothing:
        browser = nothing.browser.open("/desk")
        browser.http.headers["x-forwarded-for"] = "198.51.100.7"
        for _ in range(20):
            browser.send("/desk/start", code="0000-0000-0000-0000")
        right = nothing.parts.start.code
        assert "That is not the code" in browser.send("/desk/start", code=right).text
        browser.http.headers["x-forwarded-for"] = "198.51.100.8"
        assert "That is not the code" not in browser.send("/desk/start", code=right).text


def test_a_stranger_with_patience_has_fifteen_tries_an_hour_and_six_codes_a_day(
    quick: Town, compared: list[bytes], full: bool
) -> None:
    """From ever new networks, for a night; in the large size for three days."""
    quick.volunteer("Ana", on=None)
    asker, start = addresses(), quick.network.now()
    hours = 72 if full else 8
    for hour in range(hours):
        now, before = start + timedelta(hours=hour, minutes=1), len(compared)
        for way in BOTH:
            slip = asks(quick, ANA, next(asker), way=way, now=now)
            for _ in range(9):
                enters(quick, slip, WRONG, next(asker), now)
        assert len(compared) - before <= 15
    codes_a_day = codes.SENT_A_DAY.most * -(-hours // 24)
    assert len(compared) <= 10 * codes_a_day, "where no code has left there is nothing to guess"
    assert many(quick, SignInCode) <= codes_a_day


def test_through_the_pages_from_ever_new_addresses_fifteen_guesses_are_compared(
    quick: Town, a_browser: ABrowser, compared: list[bytes]
) -> None:
    quick.volunteer("Ana", on=None)
    give_role(quick, "Ana", "coordinator")
    for number in range(8):
        stranger = a_browser(quick)
        stranger.http.headers["x-forwarded-for"] = f"203.0.113.{number}"
        way = BOTH[number % 2]
        stranger.open("/desk/sign-in").send("/desk/sign-in", phone=ANA, way=way)
        for guess in range(4):
            stranger.http.headers["x-forwarded-for"] = f"198.51.100.{8 * guess + number}"
            stranger.send("/desk/sign-in/code", code="000000")
            assert "Sign Ana out" not in stranger.text
    assert 0 < compared.count(b"000000") <= 15
