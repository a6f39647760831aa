"""Passkeys in a real browser, with an authenticator of its own; and in one without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.demo.conftest import Demo, running
from tests.desk.conftest import AtDesk
from tests.stories.town import Town

AN_HOUR = 3600.0
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def demo() -> Iterator[Demo]:
    with running(speed=0) as demo:
        yield demo


def finger(page: Page, *, there: bool) -> None:
    """The device's owner touches it, or does not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = KEY | {"isUserVerified": there}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_a_passkey_is_made_opens_the_desk_and_is_removed(page: Page, demo: Demo) -> None:
    finger(page, there=True)
    by_name = demo.url.replace("127.0.0.1", "localhost")
    page.goto(f"{by_name}/coordinator")
    page.goto(f"{by_name}/desk/mine/passkeys")
    page.get_by_label("A name for it").fill("Ana's laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("main")).to_contain_text("Next time it can let you in")
    expect(page.locator("main")).to_contain_text("Ana's laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("this device has it already")).to_be_visible()
    page.get_by_role("button", name="Sign Ana out").click()
    demo.skips(AN_HOUR)
    page.get_by_role("button", name="Come in with a passkey").click()
    expect(page).to_have_url(f"{by_name}/desk")
    page.goto(f"{by_name}/desk/mine/passkeys")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("You have none yet")
    page.get_by_role("button", name="Sign Ana out").click()
    page.get_by_role("button", name="Come in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("the passkey is not known here")
    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()


def test_by_an_address_in_digits_the_way_to_a_name_is_shown(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/coordinator")
    page.goto(f"{demo.url}/desk/mine/passkeys")
    page.get_by_role("link", name="http://localhost").click()
    expect(page).to_have_url(
        f"{demo.url.replace('127.0.0.1', 'localhost')}/desk/sign-in?to=/desk/mine/passkeys"
    )


def test_without_scripts_nothing_is_offered_that_cannot_be(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town).open("/desk/mine/passkeys")
    assert "address in digits" in ana.text
    assert not [one for one in ana.page.forms if one["action"] == "/desk/mine/passkeys"]
    ana.post("/desk/mine/passkeys", [("answer", "{}")])
    assert "You have none yet" in ana.open("/desk/mine/passkeys").text
    nobody = at_desk(town, "Bo").post("/desk/sign-in/passkey", [("answer", "{}"), ("to", "/desk")])
    assert nobody.status_code == 422
    odd = ana.http.get("/desk/mine/passkeys", headers={"host": "[x"})
    assert odd.status_code == 200
    assert "The code works as always" in nobody.text
