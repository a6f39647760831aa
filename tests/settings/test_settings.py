"""Settings: every wrong one is a single clear line, none of them shows a secret."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from warmline.settings import EXAMPLES, OTHER_NAMES, BadSetting, Settings, load

KEY = "k" * 32
OTHER_KEY = "o" * 40


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of the machine and no `.env` of the checkout reaches these tests."""
    for name in (*EXAMPLES, *OTHER_NAMES.values()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaint_about(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as bad:
        load()
    return str(bad.value)


def test_without_any_setting_the_defaults_stand() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///warmline.db"
    assert settings.provider_url == "https://api.twilio.com"
    assert (settings.port, settings.calls_per_second) == (8000, 1.0)
    assert (settings.provider, settings.log_level) == ("twilio", "info")
    assert settings.auth_tokens == settings.secret_keys == ()


def test_the_environment_goes_before_the_env_file(
    monkeypatch: pytest.MonkeyPatch, bare_environment: Path
) -> None:
    (bare_environment / ".env").write_text("PORT=8100\nWARMLINE_LOG_LEVEL=warning\nOTHER=1\n")
    monkeypatch.setenv("PORT", "8200")
    settings = load()
    assert (settings.port, settings.log_level) == (8200, "warning")


def test_a_platforms_name_for_the_workers_holds_unless_ours_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    assert load().workers == 3
    monkeypatch.setenv("WARMLINE_WORKERS", "2")
    assert load().workers == 2
    said = complaint_about(monkeypatch, "WARMLINE_WORKERS", "65")
    assert said == (
        "WARMLINE_WORKERS (or WEB_CONCURRENCY) is '65', but must be a whole number from 1 to 64;"
        " for example WARMLINE_WORKERS=2"
    )


def test_an_empty_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    assert load().port == 8000
    assert load().auth_tokens == ()


def test_lists_are_split_at_commas_and_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "new, old,")
    monkeypatch.setenv("WARMLINE_SECRET_KEY", f"{KEY},{OTHER_KEY}")
    settings = load()
    assert settings.auth_tokens == ("new", "old")
    assert settings.secret_keys == (KEY, OTHER_KEY)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("sqlite:///line.db", "sqlite:///line.db"),
        ("sqlite:////var/line.db", "sqlite:////var/line.db"),
        ("postgres://ana:pw@db/line", "postgresql+psycopg://ana:pw@db/line"),
        ("postgresql://ana:p%23w@db:5433/line", "postgresql+psycopg://ana:p%23w@db:5433/line"),
        ("postgresql+psycopg://db/line?sslmode=require", None),
        ("postgresql:///line?host=/run/pg", "postgresql+psycopg:///line?host=/run/pg"),
    ],
)
def test_the_driver_of_the_database_is_chosen(
    monkeypatch: pytest.MonkeyPatch, written: str, understood: str | None
) -> None:
    monkeypatch.setenv("DATABASE_URL", written)
    assert load().database_url == (understood or written)


@pytest.mark.parametrize(
    "written",
    ["line.db", "mysql://db/line", "sqlite://", "sqlite:///", "postgres://db", "://", "x"],
)
def test_a_database_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    assert "DATABASE_URL must name a database" in complaint_about(
        monkeypatch, "DATABASE_URL", written
    )


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://line.example.org", "https://line.example.org"),
        ("https://line.example.org/", "https://line.example.org"),
        ("https://line.example.org:8443/w", "https://line.example.org:8443/w"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_public_url_is_a_base_without_a_trailing_slash(
    monkeypatch: pytest.MonkeyPatch, written: str, base: str
) -> None:
    monkeypatch.setenv("WARMLINE_PUBLIC_URL", written)
    assert load().public_url == base


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("http://line.example.org", "must begin with https://"),
        ("line.example.org", "must begin with https://"),
        ("ftp://line.example.org", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https://line.example.org/?a=1", "a query"),
        ("https://line.example.org/?", "a query"),
        ("https://line.example.org/#top", "a fragment"),
        ("https://ana:pw@line.example.org", "a user name"),
        ("https://line.example.org:99999", "is not a web address"),
        ("https://[::1", "is not a web address"),
        ("https://my_line.example.org", "underscore"),
        ("https://línea.example.org", "not plain ASCII"),
        ("https://line.example.org/a b", "holds a space"),
    ],
)
def test_a_public_url_that_the_provider_could_not_use_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str, what: str
) -> None:
    complaint = complaint_about(monkeypatch, "WARMLINE_PUBLIC_URL", written)
    assert complaint.startswith("WARMLINE_PUBLIC_URL ")
    assert what in complaint
    assert complaint.endswith("for example WARMLINE_PUBLIC_URL=https://line.example.org")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "80x", "PORT is '80x', but must be a whole number from 1 to 65535;"),
        ("PORT", "0", "PORT is '0', but must be a whole number from 1 to 65535;"),
        ("PORT", "65536", "PORT is '65536', but must be"),
        ("PORT", "8000\n1", "PORT is '8000\\n1', but must be"),
        ("WARMLINE_CALLS_PER_SECOND", "0", "WARMLINE_CALLS_PER_SECOND is '0', but must be a numb"),
        ("WARMLINE_CALLS_PER_SECOND", "nan", "WARMLINE_CALLS_PER_SECOND is 'nan', but must be"),
        ("WARMLINE_LOG_LEVEL", "loud", "WARMLINE_LOG_LEVEL is 'loud', but must be one of debug,"),
        ("WARMLINE_PROVIDER", "carrier", "WARMLINE_PROVIDER is 'carrier', but must be twilio;"),
        ("WARMLINE_PROVIDER_URL", "http://api.example.org", "WARMLINE_PROVIDER_URL must begin"),
        ("WARMLINE_METRICS_TOKEN", "two words", "WARMLINE_METRICS_TOKEN holds a space"),
        ("WARMLINE_SECRET_KEY", "short", "WARMLINE_SECRET_KEY is too short: each key needs at"),
        ("WARMLINE_SECRET_KEY", f"{KEY},short", "WARMLINE_SECRET_KEY is too short"),
        ("TWILIO_AUTH_TOKEN", "one two", "TWILIO_AUTH_TOKEN holds a space"),
        ("TWILIO_ACCOUNT_SID", "AC/../x", "TWILIO_ACCOUNT_SID holds a character that cannot"),
    ],
)
def test_a_malformed_setting_is_one_line_with_its_name_and_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    complaint = complaint_about(monkeypatch, name, value)
    assert complaint.startswith(line)
    assert f"for example {name}={EXAMPLES[name]}" in complaint
    assert "\n" not in complaint


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "WARMLINE_SECRET_KEY"])
def test_a_wrong_secret_is_not_repeated_in_its_complaint(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert "hush" not in complaint_about(monkeypatch, name, "hush hush")[len(name) :]


def test_what_a_command_needs_and_lacks_is_named_in_one_line() -> None:
    with pytest.raises(BadSetting) as bad:
        load(needs=["WARMLINE_PUBLIC_URL", "TWILIO_AUTH_TOKEN"])
    assert str(bad.value) == (
        "TWILIO_AUTH_TOKEN and WARMLINE_PUBLIC_URL are missing; set in the environment or in .env,"
        " for example TWILIO_AUTH_TOKEN=<auth token from the provider's console>"
        " WARMLINE_PUBLIC_URL=https://line.example.org"
    )


def test_what_a_command_needs_and_has_is_no_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARMLINE_SECRET_KEY", KEY)
    assert load(needs=["WARMLINE_SECRET_KEY", "DATABASE_URL"]).secret_keys == (KEY,)


def test_an_env_file_that_is_not_text_is_one_line(bare_environment: Path) -> None:
    (bare_environment / ".env").write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(BadSetting, match=r"^\.env cannot be read: .*$"):
        load()


def test_printing_the_settings_shows_no_secret() -> None:
    settings = Settings(
        database_url="postgresql://ana:hush1@db/line",
        auth_tokens=("hush2",),
        metrics_token="hush3",
        secret_keys=("hush4" * 8,),
    )
    assert "hush" not in repr(settings) + str(settings)


def test_settings_made_by_hand_read_nothing_and_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "9999")
    settings = Settings(account_sid="AC1", auth_tokens=("t",), public_url="http://127.0.0.1:1")
    assert settings.port == 8000
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1
