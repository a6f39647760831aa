"""What --json gives to machines: its shape, and that no secret is in it."""

import json
from datetime import timedelta

import pytest

from tests.at_work import COORDINATOR, NUMBER, Commands
from tests.other_days import begins
from warmline.operations.job_runs import Runs

pytestmark = pytest.mark.usefixtures("fixed_clock")

SECRETS = {
    "WARMLINE_SECRET_KEY": "made-up-and-long-enough-for-a-secret-key",
    "TWILIO_AUTH_TOKEN": "made-up-auth-token",
    "WARMLINE_METRICS_TOKEN": "made-up-metrics-token",
}


def test_the_line_as_json_holds_every_setting_and_changes_show(commands: Commands) -> None:
    commands.set_up()
    wanted = ("--hours", "mon-fri 18:00-23:00", "--closed", "2026-12-25 holiday", "--wanted", "2")
    shown = json.loads(commands.done("line", *wanted, "--patience", "240", "--json"))
    assert shown == {
        "name": "Maple Line",
        "number": NUMBER,
        "volunteer_number": None,
        "time_zone": "America/New_York",
        "languages": ["en"],
        "countries": ["US"],
        "patience_seconds": 240,
        "breather_minutes": 10,
        "ring_seconds": 15,
        "phones_at_once": 4,
        "hours": ["mon-fri 18:00-23:00"],
        "days": {"2026-12-25": "closed (holiday)"},
        "wanted": shown["wanted"],
        "coordinator_phone": COORDINATOR,
        "promise": 1,
        "promised": ["en"],
        "proposed": [],
        "spoken_yes": True,
        "runs_it": None,
        "source": None,
        "opened_at": None,
    }
    assert "2" in shown["wanted"]
    assert json.loads(commands.done("line", "--json")) == shown


def test_jobs_as_json_say_when_each_ran_and_runs_and_whether_it_is_late(commands: Commands) -> None:
    commands.set_up()
    silent = json.loads(commands.done("jobs", "--json"))
    assert {"name": "remind of shifts", "every_seconds": 60} | dict.fromkeys(
        ("last_at", "next_at")
    ) | {"overdue": True} in silent
    database = commands.database()
    now = begins().replace(microsecond=0)
    Runs(database).note("remind of shifts", now)
    Runs(database).note("look after talks by text", now - timedelta(hours=2))
    database.close()
    told = {one["name"]: one for one in json.loads(commands.done("jobs", "--json"))}
    assert told["remind of shifts"] == {
        "name": "remind of shifts",
        "every_seconds": 60,
        "last_at": now.isoformat(),
        "next_at": (now + timedelta(seconds=60)).isoformat(),
        "overdue": False,
    }
    assert told["look after talks by text"]["overdue"]
    assert told["look after talks by text"]["next_at"] is None
    assert not told["look up lost calls"]["overdue"]


@pytest.mark.parametrize("command", ["line", "jobs", "who", "gaps"])
def test_json_holds_no_secret(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    commands.set_up()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    result = commands(command, "--json")
    json.loads(result.stdout)
    assert not [value for value in SECRETS.values() if value in result.output]
