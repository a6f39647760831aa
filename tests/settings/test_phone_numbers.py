"""What is a phone number, and which may be dialled."""

import pytest

from warmline.phone_numbers import BadNumber, NotDialled, country_of, may_be_dialled, parse


def north_american(area: int, rest: str) -> str:
    return f"+1{area}{rest}"


@pytest.mark.parametrize(
    "text",
    ["+14135550111", "413-555-0111", "(413) 555-0111", "1 413 555 0111", " +1 413.555.0111 "],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    assert parse(text, "US") == "+14135550111"


@pytest.mark.parametrize(
    "text",
    [
        *("", "911", "988", "+1988", "413555", "555-0111", "1-800-FLOWERS", "413 555 0111 x5"),
        *("9" * 60, "tel:413", "\x00", "+1 413 555 011", "=1+1", "🙂"),
    ],
)
def test_what_is_no_full_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadNumber, match=r"write it as \+1 413 555 0100"):
        parse(text, "US")


def test_a_number_is_read_in_its_own_country() -> None:
    assert parse("(416) 4567890", "CA") == north_american(416, "4567890")
    assert country_of(north_american(416, "4567890")) == "CA"
    assert country_of("+14135550111") == "US"


def test_a_persons_number_in_an_allowed_country_may_be_dialled() -> None:
    may_be_dialled("+14135550111", {"US"})
    may_be_dialled(north_american(416, "4567890"), {"US", "CA"})


@pytest.mark.parametrize(
    "number",
    [
        *("911", "988", "+1911", "+1988", "+1413555", "", "nobody", "+14135550111;ext=5"),
        *(north_american(area, "5550123") for area in (900, 800, 888, 500)),
        *(north_american(413, rest) for rest in ("9112345", "4112345", "9115678", "5551212")),
        north_american(416, "4567890"),
        north_american(876, "5550123"),
    ],
)
def test_short_premium_service_and_foreign_numbers_fall_out(number: str) -> None:
    with pytest.raises(NotDialled):
        may_be_dialled(number, {"US"})


@pytest.mark.parametrize(
    "number",
    [
        *("x+14135550111", "+14135550111x", "tel:+14135550111", "sip:+14135550111@example.org"),
        *("sip:+14135550111", "client:+14135550111", "client:ana", "whatsapp:+14135550111"),
        *("rcs:+14135550111", "rcs:line_agent", "messenger:14135550111", "+1 413 555 0111"),
        *("+1-413-555-0111", "14135550111", "4135550111", " +14135550111", "+14135550111 "),
        *(
            "+14135550111\n",
            "++14135550111",
            "\uff0b14135550111",
            "+1" + "14135550111",
            "0014135550111",
        ),
        *("+\uff11\uff14135550111", "+1(413)5550111", "+1413555O111", "+1413FLOWERS"),
        *("+14135550111#", "+14135550111,,1", "+14135550111;ext=5", "anonymous", "+266696687"),
    ],
)
def test_only_exact_e164_may_be_dialled(number: str) -> None:
    with pytest.raises(NotDialled):
        may_be_dialled(number, {"US", "CA"})
