"""When a shift's person hears of it, as examples: by their wish, out of their quiet hours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import warmline
from warmline.conversations.membership.joining import TEXTS_A_WEEK
from warmline.conversations.notices import cover_rules
from warmline.conversations.notices.reminders import (
    DAY_AHEAD,
    DAY_OF_USE,
    LOOKED_AHEAD,
    of_shift,
)
from warmline.prompts import LANGUAGES, load

NEW_YORK = ZoneInfo("America/New_York")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "wish", "quiet", "ahead"),
    [
        ("2030-03-05T14:00", "day", (None, None), ("2030-03-04T14:00", "2030-03-04T17:00")),
        # Of no use any more once their quiet hours begin.
        ("2030-03-05T18:00", "day", (None, None), ("2030-03-04T18:00", "2030-03-04T20:00")),
        # It would come at two in the night: it comes before eight in the evening instead.
        ("2030-03-06T02:00", "day", (None, None), ("2030-03-04T17:00", "2030-03-04T20:00")),
        ("2030-03-06T08:00", "day", (None, None), ("2030-03-04T17:00", "2030-03-04T20:00")),
        ("2030-03-06T02:00", "day", (0, 0), ("2030-03-05T02:00", "2030-03-05T05:00")),
        ("2030-03-05T18:00", "hour", (None, None), ("2030-03-05T17:00", "2030-03-05T17:45")),
        ("2030-03-06T18:00", "day", (20 * 60, 19 * 60), ("2030-03-04T17:00", "2030-03-04T20:00")),
        # The night in which clocks go forward is an hour shorter, the other one an hour longer.
        ("2030-03-10T18:00", "day", (None, None), ("2030-03-09T17:00", "2030-03-09T20:00")),
        ("2030-11-03T14:00", "day", (None, None), ("2030-11-02T15:00", "2030-11-02T18:00")),
        ("2030-11-03T01:30", "hour", (None, None), ("2030-11-03T00:30", "2030-11-03T01:15")),
    ],
)
def test_a_shift_is_told_ahead_and_at_its_start(
    starts: str, wish: str, quiet: tuple[int | None, int | None], ahead: tuple[str, str]
) -> None:
    first, second = of_shift(local(starts), wish, NEW_YORK, *quiet)
    assert (first.at, first.until) == (local(ahead[0]), local(ahead[1]))
    assert (second.at, second.until - second.at) == (local(starts), timedelta(minutes=15))
    assert first.is_due(first.at)
    assert not first.is_due(first.until)


@pytest.mark.parametrize("hours", range(24))
@pytest.mark.parametrize("quiet", [(None, None), (1, 0), (13 * 60, 15 * 60), (0, 0)])
def test_every_reminder_is_looked_for_while_it_is_due(
    hours: int, quiet: tuple[int | None, int | None]
) -> None:
    starts = local("2030-03-06T00:00") + timedelta(hours=hours)
    ahead, _ = of_shift(starts, "day", NEW_YORK, *quiet)
    assert ahead.at < ahead.until <= starts
    assert starts - ahead.until < LOOKED_AHEAD
    assert starts - ahead.at <= LOOKED_AHEAD
    assert starts - ahead.until >= DAY_AHEAD - DAY_OF_USE


def test_who_wishes_no_reminder_gets_none() -> None:
    assert of_shift(local("2030-03-05T18:00"), "off", NEW_YORK) == []


def test_the_opt_in_words_state_what_a_usual_week_brings() -> None:
    """One or two shifts, and being asked for cover as often as they leave room for."""
    least, most = TEXTS_A_WEEK
    shifts = [of_shift(local(f"2030-03-{day:02}T18:00"), "day", NEW_YORK) for day in (5, 7)]
    assert len(shifts[0]) == least
    assert sum(len(texts) for texts in shifts) + cover_rules.LEAST_ASKED == most
    for language in LANGUAGES:
        opt_in = load().text(language, "text.opt_in", line="", least=least, most=most)
        others = [load().text(language, f"text.{key}") for key in ("help", "help_invited")]
        assert all(f"{least}-{most} " in said for said in (opt_in, *others))


def test_the_paper_on_going_live_quotes_what_is_really_texted() -> None:
    """Whoever reads a registration compares it with what the line sends."""
    paper = (Path(warmline.__file__).parent / "docs/operators.md").read_text(encoding="utf-8")
    least, most = TEXTS_A_WEEK
    opt_in = load().text("en", "text.opt_in", line="", least=least, most=most)
    cover = load().text("en", "text.cover", line="", shifts="1 Tue 5 Mar 2 PM-5 PM")
    asked = load().text("en", "talks.asked", line="", name="")
    for said in (opt_in, cover, asked):
        assert said.lstrip(" :,") in paper
