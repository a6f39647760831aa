"""The suite on another day: a test, the processes it starts and its pages are all on that day."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests import other_days
from tests.other_days import DAYS, ZONE, instant, main

AN_HOUR = timedelta(hours=1)
SHOWS_ITS_TIME = "from datetime import UTC, datetime; print(datetime.now(UTC).isoformat())"


def test_a_test_and_the_processes_it_starts_are_on_the_same_day(fixed_clock: datetime) -> None:
    assert fixed_clock == other_days.begins()
    before = datetime.now(UTC)
    command = [sys.executable, "-c", SHOWS_ITS_TIME]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert fixed_clock <= before <= datetime.fromisoformat(shown.strip()) < before + AN_HOUR


def test_a_page_is_on_the_day_of_its_test(page: Page) -> None:
    page.goto("about:blank")
    shown = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    assert abs(shown - datetime.now(UTC)) < AN_HOUR


def test_an_instant_is_new_york_s_unless_it_has_an_offset() -> None:
    assert instant("2028-02-29T12:00") == datetime(2028, 2, 29, 17, 0, tzinfo=UTC)
    assert instant("2026-11-01T01:30-05:00") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="tomorrow"):
        instant("tomorrow")


def test_the_other_days_are_the_ones_on_which_calendars_break() -> None:
    days = {name: instant(words).astimezone(ZONE) for name, words in DAYS.items()}
    assert days["monday"].weekday() == 0
    assert (days["saturday"].weekday(), days["saturday"].hour) == (5, 23)
    for name, change in (("spring", AN_HOUR), ("autumn", -AN_HOUR)):
        later = (days[name].astimezone(UTC) + AN_HOUR).astimezone(ZONE)
        assert later.utcoffset() == (days[name].utcoffset() or timedelta()) + change, name
    assert (days["leap"].month, days["leap"].day) == (2, 29)
    assert f"{days['new-year']:%m-%d %H:%M}" == "12-31 23:59"
    assert days["first"].day == 1


def test_a_day_that_is_not_known_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["someday"]) == 2
    assert capsys.readouterr().err == f"no such day: someday; choose {', '.join(DAYS)}\n"
