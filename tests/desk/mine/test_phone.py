"""My phone and my names: a test ring, the line as a contact, the name that a caller hears."""

import pytest

from tests.desk.conftest import AtDesk
from tests.stories.town import LINE, SECOND, Town, town_on
from warmline.desk.mine.phone import _escaped
from warmline.sign_in import pins


def test_a_test_ring_rings_as_a_call_does_and_only_says_that_it_came_through(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Ana", "")
    ana = town.phone("Ana").picks_up(after=2)
    browser.open("/desk/mine/phone").send("/desk/mine/ring")
    assert "Your phone rings in a moment" in browser.text
    town.until_hears(ana, "Our calls come through. Goodbye.")
    town.until_over(ana)
    assert ana.rings[-1].shown_number == LINE


def test_nobody_is_rung_without_end(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Ana", "").open("/desk/mine/phone")
    said = []
    for _ in range(4):
        browser.open("/desk/mine/phone").send("/desk/mine/ring")
        said.append("rings in a moment" in browser.text)
        town.wait(40)
    # Three in a quarter of an hour; the code with which Ana came in was used, and does not count.
    assert said == [True, True, True, False]
    assert len(town.phone("Ana").rings) == 3


@pytest.mark.parametrize("name", ["", "Wren"])
def test_a_caller_hears_the_name_their_peer_wishes_them_to_hear_or_none(
    town: Town, at_desk: AtDesk, name: str
) -> None:
    browser = at_desk(town, "Ana", "").open("/desk/mine/phone")
    browser.send("/desk/mine/names", name="Anna", caller_name=name)
    town.shift("Ana", -1, 3)
    ana, cal, dot = town.phone("Ana"), town.phone("Cal"), town.phone("Dot")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert [said for _, said in cal.heard if "You are with" in said] == (
        [f"You are with {name}."] if name else []
    )
    cal.hang_up()
    town.until_over(ana)
    town.hours_pass(0.2)
    dot.write(LINE, "Hello?")
    town.wait(5)
    ana.write(LINE, "OK")
    town.wait(5)
    assert dot.texts[-1].body == f"Riverside: {name or 'a peer'} is here and reads what you wrote."
    assert "Anna" not in " ".join(said for _, said in cal.heard)
    assert "Anna" in at_desk(town, "Bo", "viewer").open("/desk/people").text


def test_a_name_with_figures_or_none_for_fellows_is_said_beside_its_field(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Ana", "").open("/desk/mine/phone")
    browser.send("/desk/mine/names", name=" ", caller_name="call 5550100")
    assert "A name of at most 80 letters" in browser.text
    assert "no figures" in browser.text


def test_the_line_is_a_contact_to_save(database_url: str, at_desk: AtDesk) -> None:
    with town_on(database_url, volunteer_number=SECOND) as town:
        browser = at_desk(town, "Ana", "").open("/desk/mine/phone")
        card = browser.follow("Save it on this phone").answer
        assert card.headers["content-type"] == "text/vcard; charset=utf-8"
        assert card.text.splitlines() == [
            "BEGIN:VCARD",
            "VERSION:3.0",
            "FN:Riverside",
            "N:Riverside;;;;",
            "ORG:Riverside",
            f"TEL;TYPE=VOICE:{LINE}",
            f"TEL;TYPE=VOICE:{SECOND}",
            "END:VCARD",
        ]


def test_a_lines_name_cannot_break_its_card() -> None:
    assert _escaped("A, B; C\\D\r\nTEL:1") == r"A\, B\; C\\D TEL:1"


def test_a_pin_is_chosen_changed_and_taken_away_by_oneself_alone(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Ana", "").open("/desk/mine/phone")
    browser.send("/desk/mine/pin", pin="111111", deed="choose")
    assert "not all the same, not in order" in browser.text
    assert is_right(town, "111111") is False
    for pin in ("271828", "314159"):
        browser.open("/desk/mine/phone").send("/desk/mine/pin", pin=pin, deed="choose")
        assert "Your PIN is kept; nobody can read it here." in browser.text
        assert is_right(town, pin)
        assert pin not in town.everything_written()
        assert pin not in browser.answer.text
    assert not is_right(town, "271828"), "changed"
    browser.open("/desk/mine/phone").send("/desk/mine/pin", deed="remove")
    assert "No PIN is asked for any more." in browser.text
    assert not is_right(town, "314159")
    assert "No PIN any more" not in browser.text


def is_right(town: Town, pin: str) -> bool:
    with town.parts.database.reading() as db:
        return pins.is_right(db, town.parts.seal, town.people["Ana"], pin)
