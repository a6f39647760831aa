"""The port to the provider: what is sent, what each answer means, and what is never told."""

import json
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.waiting import LONG
from warmline.settings import Settings
from warmline.simulator import Exchange
from warmline.telephony.http import Elsewhere, RestClient
from warmline.telephony.port import (
    GONE,
    FoundRing,
    Provider,
    ProviderError,
    Refused,
    TooEarly,
    TryLater,
    Unknown,
)
from warmline.telephony.twilio import POINTS, TwilioProvider

LINE = "+14135550100"
ANA = "+14135550111"
CALL = "CA" + "0" * 31 + "1"
TEXT = "SM" + "0" * 31 + "2"
ACCOUNT = "/2010-04-01/Accounts/AC1"
SECRET_WORDS = "the words nobody else may read"

Answer = tuple[int, object] | None
Verb = Callable[[TwilioProvider], object]


class ScriptedProvider(ThreadingHTTPServer):
    """A provider that remembers what was asked and answers as told; None = it hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.headers: list[dict[str, str]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Desk(BaseHTTPRequestHandler):
    server: ScriptedProvider

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.command, parts.path, parse_qsl(body or parts.query)))
        self.server.headers.append(dict(self.headers))
        self.server.may_answer.wait(LONG)
        answer = self.server.answers.pop(0)
        if answer is not None:
            status, content = answer
            told = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told) if status != 204 else 0))
            self.end_headers()
            self.wfile.write(told if status != 204 else b"")

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names the base looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def network() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as server:
        yield server
        server.shutdown()


@pytest.fixture
def provider(network: ScriptedProvider) -> TwilioProvider:
    settings = Settings(account_sid="AC1", auth_tokens=("hush",), provider_url=network.url)
    return TwilioProvider(settings, LINE)


def ring(provider: TwilioProvider) -> object:
    return provider.ring(ANA, "https://x.example/r/t/offer#rc=2", "https://x.example/r/t/news", 15)


def text(provider: TwilioProvider) -> object:
    return provider.text(LINE, ANA, SECRET_WORDS, "https://x.example/t/news", 600)


def move(provider: TwilioProvider) -> object:
    return provider.move(CALL, "https://x.example/c/t/join")


def hang_up(provider: TwilioProvider) -> object:
    provider.hang_up(CALL)
    return None


def erase(provider: TwilioProvider) -> object:
    provider.erase(CALL)
    return None


def state_of(provider: TwilioProvider) -> object:
    return provider.state_of(CALL)


def find_ring(provider: TwilioProvider) -> object:
    return provider.find_ring(ANA, datetime(2026, 1, 5, tzinfo=UTC))


CREATES = [ring, text]
CHANGES = [ring, text, move, hang_up, erase]
LOOK_UPS = [state_of, find_ring]


def failure_of(verb: Verb, provider: TwilioProvider) -> ProviderError:
    with pytest.raises(ProviderError) as failed:
        verb(provider)
    return failed.value


def refusal(status: int, code: int | None = None) -> Answer:
    message = f"'{ANA}' cannot be reached with '{SECRET_WORDS}'"
    return status, {"code": code, "message": message, "status": status, "more_info": ""}


def test_the_library_stands_behind_the_port(provider: TwilioProvider) -> None:
    port: Provider = provider  # what mypy holds to the port
    assert port is provider


def test_a_ring_asks_for_all_its_news_and_answers_with_its_id(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [(201, {"sid": CALL, "status": "queued"})]
    assert ring(provider) == CALL
    [(method, path, fields)] = network.asked
    assert (method, path) == ("POST", f"{ACCOUNT}/Calls.json")
    assert sorted(fields) == [
        ("From", LINE),
        ("Method", "POST"),
        ("StatusCallback", "https://x.example/r/t/news"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackMethod", "POST"),
        ("Timeout", "15"),
        ("To", ANA),
        ("Url", "https://x.example/r/t/offer#rc=2"),
    ]


def test_a_ring_turns_to_our_fallback_when_a_step_of_it_fails(network: ScriptedProvider) -> None:
    network.answers = [(201, {"sid": CALL, "status": "queued"})]
    settings = Settings(
        account_sid="AC1",
        auth_tokens=("hush",),
        provider_url=network.url,
        public_url="https://x.example",
    )
    ring(TwilioProvider(settings, LINE))
    [(_, _, fields)] = network.asked
    again = "#rc=2&rp=ct,rt,5xx&rt=7000"
    assert ("FallbackUrl", f"https://x.example/voice/fallback{again}") in fields
    assert ("FallbackMethod", "POST") in fields


def test_a_text_says_how_long_it_is_worth_sending(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [(201, {"sid": TEXT, "status": "queued"})]
    assert text(provider) == TEXT
    [(method, path, fields)] = network.asked
    assert (method, path) == ("POST", f"{ACCOUNT}/Messages.json")
    assert ("ValidityPeriod", "600") in fields
    assert ("Body", SECRET_WORDS) in fields


def test_a_live_call_is_moved_and_ended(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [(200, {"sid": CALL}), (200, {"sid": CALL})]
    assert provider.move(CALL, "https://x.example/c/t/join") is True
    provider.hang_up(CALL)
    assert network.asked == [
        (
            "POST",
            f"{ACCOUNT}/Calls/{CALL}.json",
            [("Url", "https://x.example/c/t/join"), ("Method", "POST")],
        ),
        ("POST", f"{ACCOUNT}/Calls/{CALL}.json", [("Status", "completed")]),
    ]


@pytest.mark.parametrize("answer", [refusal(400, 21220), refusal(404, 20404)])
def test_a_call_that_has_ended_is_no_error(
    network: ScriptedProvider, provider: TwilioProvider, answer: Answer
) -> None:
    network.answers = [answer] * 3
    assert provider.move(CALL, "https://x.example/c/t/join") is False
    provider.hang_up(CALL)
    provider.erase(CALL)


@pytest.mark.parametrize(
    ("provider_id", "paths"),
    [
        (CALL, [f"{ACCOUNT}/Calls/{CALL}.json"]),
        (TEXT, [f"{ACCOUNT}/Messages/{TEXT}.json"]),
        ("v3:a/..", [f"{ACCOUNT}/Calls/v3%3Aa%2F...json", f"{ACCOUNT}/Messages/v3%3Aa%2F...json"]),
    ],
)
def test_a_record_is_erased_where_it_is_kept(
    network: ScriptedProvider, provider: TwilioProvider, provider_id: str, paths: list[str]
) -> None:
    network.answers = [(204, b""), (204, b"")]
    provider.erase(provider_id)
    assert [(method, path) for method, path, _ in network.asked] == [("DELETE", p) for p in paths]


def test_a_record_of_a_call_under_way_is_too_early_to_erase(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [refusal(400, 20009)]
    assert isinstance(failure_of(erase, provider), TooEarly)


def test_a_look_up_tells_the_state_or_that_the_call_is_gone(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [(200, {"sid": CALL, "status": "ringing"}), refusal(404, 20404)]
    assert provider.state_of(CALL) == "ringing"
    assert provider.state_of(CALL) == GONE


def test_a_ring_is_found_by_phone_and_time_of_creation(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    created = "Mon, 05 Jan 2026 17:00:{:02} +0000"
    listed = [
        {"sid": "CA3", "status": "queued", "date_created": created.format(9), "start_time": None},
        {"sid": "CA2", "status": "ringing", "date_created": created.format(5)},
        {"sid": "CA1", "status": "completed", "date_created": created.format(4)},
        {"sid": "CA0", "status": "queued", "date_created": None},
    ]
    network.answers = [(200, {"calls": listed, "next_page_uri": None})]
    since = datetime(2026, 1, 5, 17, 0, 5, tzinfo=UTC)
    assert provider.find_ring(ANA, since) == [
        FoundRing("CA3", "queued", since.replace(second=9)),
        FoundRing("CA2", "ringing", since),
    ]
    assert network.asked == [
        ("GET", f"{ACCOUNT}/Calls.json", [("To", ANA), ("From", LINE), ("PageSize", "20")])
    ]


@pytest.mark.parametrize("verb", CHANGES + LOOK_UPS)
def test_a_refusal_is_final_and_has_only_its_code(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb
) -> None:
    network.answers = [refusal(400, 21211)]
    refused = failure_of(verb, provider)
    assert isinstance(refused, Refused)
    assert refused.code == 21211
    assert str(refused) == "the provider refused (code 21211)"


@pytest.mark.parametrize(
    "answer",
    [refusal(401), (403, b"<html>no</html>"), (400, b"[1]"), (302, b""), (418, {"code": "x"})],
)
def test_a_refusal_without_a_code_has_the_http_status(
    network: ScriptedProvider, provider: TwilioProvider, answer: tuple[int, object]
) -> None:
    network.answers = [answer]
    refused = failure_of(ring, provider)
    assert isinstance(refused, Refused)
    assert refused.code == answer[0]
    assert len(network.asked) == 1


@pytest.mark.parametrize("verb", CHANGES + LOOK_UPS)
@pytest.mark.parametrize("answer", [refusal(429, 20429), refusal(503), (500, b"oh")])
def test_a_provider_that_cannot_now_is_asked_later(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb, answer: Answer
) -> None:
    network.answers = [answer]
    assert isinstance(failure_of(verb, provider), TryLater)
    assert len(network.asked) == 1


@pytest.mark.parametrize("verb", CHANGES)
@pytest.mark.parametrize("answer", [None, (502, b""), (504, b"")])
def test_a_lost_answer_to_a_change_is_unknown_and_never_asked_again(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb, answer: Answer
) -> None:
    network.answers = [answer]
    assert isinstance(failure_of(verb, provider), Unknown)
    assert len(network.asked) == 1


@pytest.mark.parametrize("verb", LOOK_UPS)
@pytest.mark.parametrize("answer", [None, (502, b""), (200, b"not json"), (200, b"[]")])
def test_a_lost_answer_to_a_look_up_is_asked_later(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb, answer: Answer
) -> None:
    network.answers = [answer]
    assert isinstance(failure_of(verb, provider), TryLater)


@pytest.mark.parametrize("verb", CREATES)
@pytest.mark.parametrize("content", [b"not json", b"[]", b"{}", b"\xff"])
def test_a_create_whose_answer_cannot_be_read_is_unknown(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb, content: bytes
) -> None:
    network.answers = [(201, content)]
    assert isinstance(failure_of(verb, provider), Unknown)


@pytest.mark.parametrize("verb", CHANGES + LOOK_UPS)
def test_a_provider_that_is_not_there_has_certainly_done_nothing(verb: Verb) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings = Settings(account_sid="AC1", auth_tokens=("hush",), provider_url=url)
        assert isinstance(failure_of(verb, TwilioProvider(settings, LINE)), TryLater)


@pytest.mark.parametrize(("method", "failure"), [("POST", Unknown), ("GET", TryLater)])
def test_a_slow_provider_is_given_up(
    network: ScriptedProvider, method: str, failure: type[ProviderError]
) -> None:
    network.answers = [None]
    network.may_answer.clear()
    wire = RestClient(network.url, timeout_seconds=0.05)
    with pytest.raises(failure):
        wire.request(method, "https://api.twilio.com/2010-04-01/Accounts.json")
    network.may_answer.set()


@pytest.mark.parametrize(
    "url",
    [
        "https://studio.twilio.com/v2/Flows",
        "https://api.dublin.ie1.twilio.com/2010-04-01/Accounts.json",
        "https://api.twilio.com.example.org/2010-04-01/Accounts.json",
    ],
)
def test_a_request_for_any_other_host_never_leaves(network: ScriptedProvider, url: str) -> None:
    with pytest.raises(Elsewhere):
        RestClient(network.url).request("GET", url)
    assert network.asked == []


def test_the_base_may_have_a_path_that_further_pages_repeat(network: ScriptedProvider) -> None:
    network.answers = [(200, {}), (200, {})]
    wire = RestClient(f"{network.url}/api/laml/")
    wire.request("GET", "https://api.twilio.com/2010-04-01/Accounts.json")
    wire.request("GET", "https://api.twilio.com/api/laml/2010-04-01/Accounts.json?Page=1")
    assert network.asked == [
        ("GET", "/api/laml/2010-04-01/Accounts.json", []),
        ("GET", "/api/laml/2010-04-01/Accounts.json", [("Page", "1")]),
    ]


def test_nothing_in_the_environment_can_turn_the_requests_aside(
    network: ScriptedProvider, provider: TwilioProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TWILIO_EDGE": "dublin",
        "TWILIO_REGION": "ie1",
        "TWILIO_AUTH_TOKEN": "another",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    network.answers = [(201, {"sid": CALL})]
    assert ring(provider) == CALL
    assert network.headers[0]["Authorization"] == "Basic QUMxOmh1c2g="  # AC1:hush


@pytest.mark.parametrize("verb", CHANGES + LOOK_UPS)
@pytest.mark.parametrize("answer", [refusal(400, 21211), refusal(500), refusal(502), None])
def test_no_failure_tells_a_number_or_a_text(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb, answer: Answer
) -> None:
    network.answers = [answer]
    tells_nothing(failure_of(verb, provider))


@pytest.mark.parametrize("verb", [*CREATES, *LOOK_UPS])
def test_an_answer_that_cannot_be_read_is_not_repeated(
    network: ScriptedProvider, provider: TwilioProvider, verb: Verb
) -> None:
    network.answers = [(200, f'["{ANA}", "{SECRET_WORDS}"'.encode())]
    tells_nothing(failure_of(verb, provider))


def tells_nothing(failure: BaseException) -> None:
    seen: BaseException | None = failure
    while seen is not None:
        told = "".join(traceback.format_exception(seen)) + repr(seen.args)
        assert ANA not in told
        assert ANA[1:] not in told
        assert SECRET_WORDS not in told
        seen = seen.__cause__ or seen.__context__


def test_nothing_that_was_sent_is_logged(
    network: ScriptedProvider, provider: TwilioProvider, caplog: pytest.LogCaptureFixture
) -> None:
    network.answers = [(201, {"sid": TEXT}), (200, {"calls": []})]
    with caplog.at_level(logging.INFO):
        text(provider)
        find_ring(provider)
    assert ANA[1:] not in caplog.text
    assert SECRET_WORDS not in caplog.text


def test_many_threads_share_one_provider(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    network.answers = [(201, {"sid": f"CA{n}"}) for n in range(40)]
    ids: list[object] = []
    threads = [
        threading.Thread(target=lambda: ids.extend(ring(provider) for _ in range(5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ids)) == sorted(f"CA{n}" for n in range(40))


def test_numbers_are_listed_over_all_pages_and_can_be_pointed(
    network: ScriptedProvider, provider: TwilioProvider
) -> None:
    def page(sid: str, number: str, further: str | None) -> tuple[int, dict[str, Any]]:
        held = {"sid": sid, "phone_number": number, "voice_url": "https://old.example/"}
        return 200, {"incoming_phone_numbers": [held], "next_page_uri": further}

    further = f"{ACCOUNT}/IncomingPhoneNumbers.json?Page=1"
    network.answers = [page("PN1", LINE, further), page("PN2", ANA, None), (200, {"sid": "PN1"})]
    first, second = provider.incoming_numbers()
    assert (first.provider_id, first.number) == ("PN1", LINE)
    assert (second.provider_id, second.number) == ("PN2", ANA)
    assert set(first.points) == set(POINTS)
    assert (first.points["voice_url"], first.points["sms_url"]) == ("https://old.example/", "")
    provider.point_number("PN1", {"voice_url": "https://x.example/voice"})
    assert network.asked[-1] == (
        "POST",
        f"{ACCOUNT}/IncomingPhoneNumbers/PN1.json",
        [("VoiceUrl", "https://x.example/voice")],
    )


def test_a_ring_over_the_simulated_network_is_seen_found_ended_and_erased() -> None:
    now = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
    exchange = Exchange("AC1", "hush", start=now)
    exchange.add_number(LINE)
    exchange.phone(ANA, name="Ana")
    settings = Settings(account_sid="AC1", auth_tokens=("hush",), provider_url=exchange.open())
    provider = TwilioProvider(settings, LINE)
    try:
        placed = ring(provider)
        assert isinstance(placed, str)
        assert provider.find_ring(ANA, now) == [FoundRing(placed, "queued", now)]
        assert isinstance(failure_of(lambda p: p.erase(placed), provider), TooEarly)
        assert provider.move(placed, "https://x.example/r/t/thanks") in {True, False}
        provider.hang_up(placed)
        assert provider.state_of(placed) in {"completed", "canceled"}
        assert provider.move(placed, "https://x.example/r/t/thanks") is False
        provider.erase(placed)
        assert provider.state_of(placed) == GONE
        assert provider.find_ring(ANA, now) == []
    finally:
        exchange.close()
