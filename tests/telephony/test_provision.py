"""Provision: the line's numbers point here afterwards, and a dry run only says so."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from warmline.settings import Settings
from warmline.simulator import Exchange
from warmline.telephony.provision import Notice, NumberPlan, plan, provision, wanted_points
from warmline.telephony.twilio import POINTS, AccountNumber, TwilioProvider

LINE = "+14135550100"
SECOND = "+14135550101"
FOREIGN = "+14135550199"
HERE = "https://line.example.org"
START = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    exchange = Exchange("AC1", "hush", start=START)
    yield exchange
    exchange.close()


@pytest.fixture
def provider(exchange: Exchange) -> TwilioProvider:
    exchange.add_number(LINE, voice_url="https://old.example/voice")
    settings = Settings(account_sid="AC1", auth_tokens=("hush",), provider_url=exchange.open())
    return TwilioProvider(settings, LINE)


def points_of(provider: TwilioProvider, number: str) -> dict[str, str]:
    [held] = [each for each in provider.incoming_numbers() if each.number == number]
    return dict(held.points)


def test_a_number_should_point_here_with_all_its_requests() -> None:
    again = "#rc=2&rp=ct,rt,5xx&rt=7000"
    wanted = wanted_points(HERE)
    assert set(wanted) == set(POINTS)
    assert wanted["voice_url"] == f"{HERE}/voice{again}"
    assert wanted["voice_fallback_url"] == f"{HERE}/voice/fallback{again}"
    assert wanted["status_callback"] == f"{HERE}/voice/status{again}"
    assert wanted["sms_url"] == f"{HERE}/text{again}"
    assert wanted["sms_fallback_url"] == f"{HERE}/text{again}"
    assert {wanted[name] for name in POINTS if name.endswith("_method")} == {"POST"}


def test_only_what_differs_is_planned() -> None:
    right = AccountNumber("PN1", LINE, wanted_points(HERE))
    bent = AccountNumber("PN2", SECOND, wanted_points(HERE) | {"sms_method": "GET"})
    assert plan([right, bent], [SECOND, LINE, FOREIGN], HERE) == [
        NumberPlan(SECOND, "PN2", {"sms_method": "GET"}, {"sms_method": "POST"}),
        NumberPlan(LINE, "PN1"),
        NumberPlan(FOREIGN, None),
    ]


def test_an_application_that_would_override_the_urls_is_taken_off() -> None:
    held = AccountNumber("PN1", LINE, wanted_points(HERE) | {"voice_application_sid": "AP1"})
    [one] = plan([held], [LINE], HERE)
    assert one.after == {"voice_application_sid": ""}


def test_numbers_of_the_account_that_are_not_the_lines_are_left_alone(
    exchange: Exchange, provider: TwilioProvider
) -> None:
    exchange.add_number(SECOND, voice_url="https://elsewhere.example/voice")
    assert len(provision(provider, [LINE], HERE, dry_run=False)) == 1
    assert points_of(provider, SECOND)["voice_url"] == "https://elsewhere.example/voice"


def test_a_dry_run_says_what_would_change_and_changes_nothing(provider: TwilioProvider) -> None:
    before = points_of(provider, LINE)
    [told] = provision(provider, [LINE], HERE, dry_run=True)
    assert told.line.startswith(f"{LINE}: would change voice_url from https://old.example/voice to")
    assert "sms_url from nothing to https://line.example.org/text#rc=2" in told.line
    assert not told.is_error
    assert points_of(provider, LINE) == before


def test_a_number_points_here_afterwards_and_a_second_run_changes_nothing(
    provider: TwilioProvider,
) -> None:
    [told] = provision(provider, [LINE], HERE, dry_run=False)
    assert told.line.startswith(f"{LINE}: changed voice_url from https://old.example/voice to")
    assert points_of(provider, LINE) == wanted_points(HERE)
    assert provision(provider, [LINE], HERE, dry_run=False) == [
        Notice(f"{LINE}: points here already")
    ]


def test_a_number_that_the_account_lacks_is_an_error_line_and_the_others_go_on(
    provider: TwilioProvider,
) -> None:
    missing, changed = provision(provider, [FOREIGN, LINE], HERE, dry_run=False)
    assert missing.is_error
    assert missing.line.startswith(f"{FOREIGN}: not a number of this provider account;")
    assert not changed.is_error
