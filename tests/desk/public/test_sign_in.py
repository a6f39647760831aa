"""Coming in: a code to one's own phone, printed codes, and what nobody can find out or do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.desk.conftest import AtDesk, code_texted_to, give_role, signs_in
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import NUMBERS, Town
from warmline.models.sign_in import SignInCode
from warmline.sign_in import sessions

DAY = timedelta(days=1)
ABrowser = Callable[..., PlainBrowser]


def test_a_coordinator_comes_in_with_a_code_by_text(town: Town, a_browser: ABrowser) -> None:
    town.volunteer("Ana", on=None)
    give_role(town, "Ana", "coordinator")
    browser = a_browser(town).open("/desk?day=today")
    assert browser.path == "/desk/sign-in?to=/desk%3Fday%3Dtoday"
    browser.send("/desk/sign-in", phone="413 555 0111", way="text")
    assert "If that number is on the roster" in browser.text
    code = code_texted_to(town, "Ana")
    browser.send("/desk/sign-in/code", code=f" {code[:3]} {code[3:]} ")
    assert browser.path == "/desk?day=today"
    assert "Sign Ana out" in browser.text


def test_the_answer_does_not_tell_who_is_on_the_roster(town: Town, a_browser: ABrowser) -> None:
    ana = town.volunteer("Ana", on=None)
    known, unknown = a_browser(town), a_browser(town)
    for browser, number in ((known, NUMBERS["Ana"]), (unknown, NUMBERS["Gus"])):
        browser.open("/desk/sign-in").send("/desk/sign-in", phone=number, way="text")
    assert known.text == unknown.text
    town.wait(3)
    assert len(ana.texts) == 1
    assert town.phone("Gus").texts == []
    for browser in (known, unknown):
        browser.send("/desk/sign-in/code", code="000000")
    assert known.text == unknown.text


def test_a_code_is_good_once_and_in_its_own_browser_alone(town: Town, a_browser: ABrowser) -> None:
    town.volunteer("Ana", on=None)
    mine, other = a_browser(town), a_browser(town)
    for browser in (mine, other):
        browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS["Ana"], way="text")
        town.wait(3)
    first, second = (text.body.split("code is ")[1][:6] for text in town.phone("Ana").texts)
    assert "not good" in mine.send("/desk/sign-in/code", code=second).text
    slip = mine.http.cookies["warmline_slip"]
    assert "Sign Ana out" in mine.send("/desk/sign-in/code", code=first).text
    again = a_browser(town)
    again.http.cookies.set("warmline_slip", slip)
    assert (
        "not good" in again.open("/desk/sign-in/code").send("/desk/sign-in/code", code=first).text
    )


def test_a_code_is_good_for_five_tries_and_ten_minutes(town: Town, a_browser: ABrowser) -> None:
    town.volunteer("Ana", on=None)
    browser = a_browser(town)
    browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS["Ana"], way="text")
    code = code_texted_to(town, "Ana")
    for _ in range(5):
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        assert "not good" in browser.send("/desk/sign-in/code", code=wrong).text
    assert "not good" in browser.send("/desk/sign-in/code", code=code).text
    browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS["Ana"], way="text")
    code = code_texted_to(town, "Ana")
    town.hours_pass(0.2)
    assert "not good" in browser.send("/desk/sign-in/code", code=code).text
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SignInCode)) == 0


def test_nobodys_phone_is_texted_without_end_and_nobody_is_locked_out_for_long(
    town: Town, a_browser: ABrowser
) -> None:
    ana = town.volunteer("Ana", on=None)
    for _ in range(6):
        browser = a_browser(town)
        browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS["Ana"], way="text")
        town.wait(2)
    assert len(ana.texts) == 3
    town.hours_pass(0.3)
    signs_in(town, a_browser(town), "Ana")
    assert len(ana.texts) == 4


def test_what_is_no_number_is_said_beside_the_field_and_nothing_is_lost(
    town: Town, a_browser: ABrowser
) -> None:
    browser = a_browser(town).open("/desk/sign-in")
    browser.send("/desk/sign-in", phone="ana@example.org", way="call")
    assert browser.answer.status_code == 422
    assert "That is no phone number we can read" in browser.text
    assert ("phone", "ana@example.org") in browser.page.forms[0]["fields"]
    assert ("way", "call") in browser.page.forms[0]["fields"]


def test_who_leaves_the_desk_is_out_and_the_session_is_gone(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    cookie = browser.http.cookies["warmline_desk"]
    assert cookie not in town.everything_written()
    browser.open("/desk").send("/desk/sign-out")
    assert "You are signed out here" in browser.text
    browser.http.cookies.set("warmline_desk", cookie)
    assert browser.open("/desk").path.startswith("/desk/sign-in")


def test_a_session_ends_after_a_week_without_a_visit(town: Town, at_desk: AtDesk) -> None:
    cookie = at_desk(town).http.cookies["warmline_desk"]
    seal, start = town.parts.seal, town.network.now()
    with town.parts.database.writing() as db:
        for days in (4, 8, 12):
            here = sessions.visitor(db, seal, cookie, start + days * DAY)
            assert here is not None
            sessions.seen(db, here, start + days * DAY)
        assert sessions.visitor(db, seal, cookie, start + 19 * DAY) is None
        assert sessions.forget(db, start + 19 * DAY) == 1


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("duty", 303), ("", 403)])
def test_who_may_not_is_told_so(town: Town, at_desk: AtDesk, role: str, status: int) -> None:
    browser = at_desk(town, "Bo", role)
    browser.http.follow_redirects = False
    assert browser.post("/desk/duty/take", []).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_no_other_site_can_send_the_desks_forms(
    town: Town, at_desk: AtDesk, headers: dict[str, str]
) -> None:
    browser = at_desk(town)
    refused = browser.post("/desk/duty/take", [], **headers)
    assert (refused.status_code, refused.text) == (403, "Only the desk's own pages may do this.")
    assert "Nobody is on duty" in browser.open("/desk").text


def test_an_old_browser_is_known_by_its_origin(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    ours = {"content-type": "application/x-www-form-urlencoded"}
    for origin, status in (("https://elsewhere.example", 403), ("null", 403), (browser.url, 200)):
        sent = browser.http.post(
            "/desk/duty/take", content="hours=1", headers=ours | {"origin": origin}
        )
        assert sent.status_code == status, origin
    assert browser.http.post("/desk/duty/take", content="", headers=ours).status_code == 403


def test_every_answer_has_its_headers(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    for path in ("/", "/desk", "/desk/week", "/desk/nowhere", "/desk/sign-in"):
        answer = browser.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"


def test_no_script_can_read_who_is_signed_in(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    browser.http.follow_redirects = False
    browser.open("/desk/sign-out")
    sent = browser.post("/desk/sign-out", []).headers["set-cookie"].lower()
    assert "warmline_desk=" in sent
    assert "httponly" in sent
    assert "samesite=lax" in sent


def test_no_address_leads_away_from_the_desk(town: Town, a_browser: ABrowser) -> None:
    town.volunteer("Ana", on=None)
    give_role(town, "Ana", "viewer")
    for to in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"):
        browser = a_browser(town).open(f"/desk/sign-in?to={to}")
        assert ("to", "/desk") in browser.page.forms[0]["fields"]


def test_whom_init_named_comes_in_before_anybody_is_entered(
    town: Town, a_browser: ABrowser
) -> None:
    town.phone("Ana")
    town.set_rules(coordinator_phone=NUMBERS["Ana"])
    browser = a_browser(town)
    signs_in(town, browser, "Ana")
    assert browser.path == "/desk"
    assert "Today" in browser.text


def test_a_code_comes_by_a_call_that_reads_it_twice(town: Town, a_browser: ABrowser) -> None:
    ana = town.volunteer("Ana", on=None)
    browser = a_browser(town)
    browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS["Ana"], way="call")
    assert "its phone rings in a moment" in browser.text
    town.until_rings(ana)
    ana.pick_up()
    town.until_hears(ana, "Once more")
    digits = next(said for _, said in ana.heard if "Once more" in said)
    code = "".join(one for one in digits if one.isdigit())
    browser.send("/desk/sign-in/code", code=code)
    assert "Sign Ana out" in browser.text
    assert ana.texts == []
