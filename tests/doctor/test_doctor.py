"""What doctor finds: well only while the whole chain is; where it is not, what to do."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import tzdata
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import insert, make_url, text
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp

from tests.at_work import LINE, NO_EXCEPTIONS, NUMBER, Commands
from tests.schema import same_schema
from tests.stories.served import House, house, lives_in
from warmline.app import create_app
from warmline.cli import TO_SERVE
from warmline.database.engine import Database
from warmline.doctor import Finding, examine, findings, machine
from warmline.doctor.findings import Sight
from warmline.models.outbox import Effect
from warmline.operations.job_runs import Runs
from warmline.outbox import outbox
from warmline.parts import Parts
from warmline.settings import Settings, load
from warmline.simulator import Exchange

SECRET, OLDER = "not-a-secret-but-long-enough-for-one", "an-older-secret-that-was-long-enough"
TOKEN, SECOND_TOKEN = "made-up-token", "made-up-second-token"
ACCOUNT = "AC" + "0" * 32
ZONES = f"zone data {tzdata.IANA_VERSION} (the package's)"
WELL = [
    *("settings", ZONES, "file modes", "database", "schema", "line", "promise", "clock"),
    *("effects", "backup", "disk", "public address", "this instance", "signed request"),
    *("clock beside the web's", "clock beside the provider's"),
    *("provider account", "erasing", f"number {NUMBER}"),
]


@dataclass
class Chain:
    """A line that is all well: set up, its web served, its clock heard of, the provider reached."""

    commands: Commands
    home: House
    settings: Settings
    served: list[Parts] = field(default_factory=list)

    def serve(self, **changes: object) -> None:
        """Let a web with these settings answer at the public address instead."""
        parts = Parts(self.settings.model_copy(update=changes))
        self.served.append(parts)
        self.home.service = create_app(parts, sends_by_itself=False)

    def answers(self, app: ASGIApp) -> None:
        """Let this answer instead."""
        self.home.service = app

    def found(self, now: datetime | None = None) -> dict[str, str]:
        """What doctor says that is not well, by what it is about."""
        seen = list(examine(TO_SERVE, now or datetime.now(UTC)))
        return {one.what: one.to_do for one in seen if not one.well}

    def close(self) -> None:
        for parts in self.served:
            parts.close()


@pytest.fixture
def chain(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chain]:
    same_schema.is_compared_once(monkeypatch)
    exchange = Exchange(ACCOUNT, TOKEN, start=datetime.now(UTC))
    with house() as home:
        public = f"http://127.0.0.1:{home.port}"
        exchange.add_number(NUMBER)
        given = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "WARMLINE_SECRET_KEY": SECRET,
            "WARMLINE_PUBLIC_URL": public,
            "WARMLINE_PROVIDER_URL": exchange.open(),
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        commands.set_up()
        commands.done("provision")
        Path(str(make_url(commands.url).database)).chmod(0o600)
        chain = Chain(commands, home, load())
        database = commands.database()
        Runs(database).note("send what is due", datetime.now(UTC))
        database.close()
        parts = Parts(chain.settings)
        chain.served.append(parts)
        with lives_in(home, parts):
            yield chain
        chain.close()
    exchange.close()


def test_all_is_well_only_while_the_whole_chain_is(chain: Chain) -> None:
    result = chain.commands("doctor")
    assert result.stdout.splitlines() == [f"{what}: ok" for what in WELL]
    assert result.exit_code == 0
    told = json.loads(chain.commands.done("doctor", "--json"))
    assert told == [{"what": what, "ok": True, "to_do": ""} for what in WELL]
    chain.answers(PlainTextResponse("Nobody is at home.", 503))
    broken = chain.commands("doctor", "--json")
    assert broken.exit_code == 1
    (address,) = (one for one in json.loads(broken.stdout) if one["what"] == "public address")
    assert not address["ok"]
    assert address["to_do"].startswith("the web there is not ready: Nobody is at home.")
    assert not [one for one in (SECRET, TOKEN) if one in result.output + broken.output]


def test_no_web_running_is_not_well(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARMLINE_PUBLIC_URL", "http://127.0.0.1:9")
    found = chain.found()
    nobody = "nobody listens there; start: warmline serve, and the proxy before it"
    assert found["public address"] == f"http://127.0.0.1:9: {nobody}"
    assert found["signed request"] == nobody
    monkeypatch.setenv("WARMLINE_PUBLIC_URL", "https://no-such-name.invalid")
    assert "its name is not known; check DNS" in chain.found()["public address"]


def test_the_web_that_answers_must_be_this_one(chain: Chain, tmp_path: Path) -> None:
    chain.serve(secret_keys=(OLDER,))
    assert chain.found()["this instance"].startswith("another web answers there")
    chain.serve(public_url="https://elsewhere.example.org")
    found = chain.found()
    assert found["this instance"].startswith("another web answers there")
    assert "another TWILIO_AUTH_TOKEN or WARMLINE_PUBLIC_URL" in found["signed request"]
    copy = tmp_path / "copy.db"
    copy.write_bytes(Path(str(make_url(chain.commands.url).database)).read_bytes())
    chain.serve(database_url=f"sqlite:///{copy}")
    assert "another database; give both the same DATABASE_URL" in chain.found()["this instance"]
    chain.answers(PlainTextResponse("ok"))
    assert chain.found()["this instance"].startswith("another web answers there")
    chain.answers(RedirectResponse("https://www.example.org/readyz"))
    assert "leads elsewhere" in chain.found()["public address"]


def test_a_key_and_a_token_in_rotation_are_each_tried(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SECRET_KEY", f"{OLDER},{SECRET}")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", f"{TOKEN},{SECOND_TOKEN}")
    found = chain.found()
    assert "older WARMLINE_SECRET_KEY first; start it again" in found["this instance"]
    assert list(found) == ["this instance", "signed request (auth token 2 of 2)"]
    assert "start it again with these settings" in found["signed request (auth token 2 of 2)"]
    chain.serve(secret_keys=(OLDER, SECRET), auth_tokens=(TOKEN, SECOND_TOKEN))
    assert chain.found() == {}


def test_a_schema_with_the_right_number_that_lacks_something_is_not_well(chain: Chain) -> None:
    database = chain.commands.database()
    with database.writing() as db:
        db.execute(text("DROP TABLE boundary_rules"))
        db.execute(text("DROP INDEX ix_call_line_state"))
    assert (
        "lacks the index ix_call_line_state, lacks the table boundary_rules"
        in (chain.found()["schema"])
    )
    with database.writing() as db:
        db.execute(text("CREATE TABLE of_somebody_else (id INTEGER)"))
        db.execute(text("ALTER TABLE one_time_mark RENAME COLUMN until TO till"))
    found = chain.found()["schema"]
    assert "of_somebody_else" not in found
    assert "lacks the column one_time_mark.until" in found
    database.close()


def test_the_clock_and_what_waits_say_since_when(chain: Chain) -> None:
    now = datetime.now(UTC)
    since = now - timedelta(minutes=7)
    database = chain.commands.database()
    row = {"line_id": 1, "urgency": 1, "made_at": since, "due_at": since}
    with database.writing() as db:
        waits = {"kind": outbox.TEXT, "due_at": now + timedelta(hours=8)}
        db.execute(insert(Effect).values(row | waits | {"subject": "in the morning"}))
    assert chain.found() == {}
    with database.writing() as db:
        db.execute(insert(Effect).values(row | {"kind": outbox.RING, "subject": "a ring"}))
        db.execute(text("UPDATE job_run SET last_at = '2030-03-04 12:00:00'"))
    database.close()
    found = chain.found(datetime(2030, 3, 4, 13, tzinfo=UTC))
    assert found["clock"] == (
        "does not run since 2030-03-04 12:00 UTC; start: warmline serve, or warmline clock"
    )
    assert "waits for 7 minutes" in chain.found()["effects"]


def test_files_that_others_may_read_are_named_with_what_to_do(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(str(make_url(chain.commands.url).database))
    settings = chain.commands.folder / ".env"
    settings.write_text("PORT=8001\n")
    settings.chmod(0o600)
    file.chmod(0o644)
    found = chain.found()
    assert list(found) == ["file modes"]
    assert found["file modes"].startswith(f"others may read them; run: chmod 600 {file}")
    # Whoever opens the database takes it from them.
    assert not chain.found()
    settings.chmod(0o640)
    assert chain.found()["file modes"].endswith(" .env")


def test_clocks_that_are_apart_are_said(chain: Chain) -> None:
    found = chain.found(datetime.now(UTC) + timedelta(minutes=2))
    assert list(found) == ["clock beside the web's", "clock beside the provider's"]
    assert all(" seconds ahead; set the machine's clock by NTP" in one for one in found.values())
    behind = chain.found(datetime.now(UTC) - timedelta(minutes=2))
    assert "seconds behind" in behind["clock beside the provider's"]


def test_a_database_servers_clock_is_looked_at_too(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    sight = Sight(Settings(database_url=postgresql_url), database, datetime.now(UTC), _now())
    assert _looked("beside_the_database", sight) == [Finding("clock beside the database's")]
    sight.now += timedelta(minutes=5)
    (apart,) = _looked("beside_the_database", sight)
    assert "seconds ahead" in apart.to_do
    database.close()


def _looked(name: str, sight: Sight) -> list[Finding]:
    from warmline.doctor import clocks

    return findings.looked(name, getattr(clocks, name), sight)


def _now() -> float:
    from time import monotonic

    return monotonic()


def test_in_the_wrong_folder_nothing_is_made(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    before = list(commands.folder.iterdir())
    result = commands("doctor")
    assert result.exit_code == 1
    file = commands.folder / "warmline.db"
    there = f"There is no line at {file}; run warmline init, or set DATABASE_URL."
    assert f"database: {there}" in result.stdout.splitlines()
    assert list(commands.folder.iterdir()) == before


def test_a_look_that_hangs_or_breaks_is_one_finding_and_the_others_go_on() -> None:
    sight = Sight(Settings(), Database("sqlite:///never-opened.db"), datetime.now(UTC), 0.0)
    never = threading.Event()

    def hangs(_sight: Sight) -> Iterator[Finding]:
        yield Finding("before")
        never.wait()

    def breaks(_sight: Sight) -> Iterator[Finding]:
        yield Finding("before")
        raise ValueError(NUMBER)

    told = findings.looked("the thing", hangs, sight, 0.05)
    assert [one.line for one in told] == ["before: ok", "the thing: no answer within 0 seconds"]
    told = findings.looked("the thing", breaks, sight)
    assert [one.line for one in told] == [
        "before: ok",
        "the thing: could not be looked at (ValueError)",
    ]
    never.set()
    sight.database.close()


@pytest.mark.parametrize(("free", "well"), [(10_000_000_000, True), (150_000_000, False)])
def test_too_little_room_on_the_disk_is_said(free: int, well: bool) -> None:
    to_do = machine.not_enough(free, Path("data"))
    assert (to_do == "") is well
    assert well or to_do.startswith("only 150 MB are free in data")


@contextmanager
def https(folder: Path) -> Iterator[int]:
    """A server on this machine with a certificate that nobody has signed but itself; its port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    began = datetime.now(UTC) - timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    valid = made.not_valid_before(began).not_valid_after(began + timedelta(days=30))
    certified = valid.public_key(key.public_key()).add_extension(names, critical=False)
    signed = certified.sign(key, SHA256())
    file = folder / "certificate.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # it would print
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_certificate_that_others_do_not_believe_is_said(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with https(tmp_path) as port:
        monkeypatch.setenv("WARMLINE_PUBLIC_URL", f"https://localhost:{port}")
        found = chain.found()
    assert found["certificate"].startswith("does not hold: self-signed certificate")
    assert "the certificate does not hold" in found["public address"]


def test_without_the_settings_of_serve_the_rest_is_looked_at_all_the_same(
    commands: Commands,
) -> None:
    commands.done("init", *LINE, *NO_EXCEPTIONS)
    told = [one.what for one in examine(TO_SERVE, datetime.now(UTC))]
    assert told == WELL[:11]


def test_a_challenge_is_answered_only_where_it_is_one_and_tells_nothing_else(chain: Chain) -> None:
    import requests

    from warmline.health import instance

    url = f"{chain.settings.public_url}/readyz"
    ask: Callable[[str], str | None] = lambda challenge: requests.get(  # noqa: E731 - three uses
        url, headers={instance.CHALLENGE: challenge}, timeout=30
    ).headers.get(instance.ANSWER)
    assert ask("short") is None
    assert ask("Z" * 32) is None
    challenge = instance.new_challenge()
    answer = ask(challenge)
    assert answer is not None
    mine = (chain.settings.secret_keys, chain.settings.public_url)
    # It was never noted in the database: this web cannot know that it has the same one.
    assert instance.proven(*mine, challenge, answer) == "other database"
    assert instance.proven(*mine, instance.new_challenge(), answer) == "other"
