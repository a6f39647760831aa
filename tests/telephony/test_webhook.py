"""The door over real HTTP: who is let in, what hostile values do, how a failing step answers."""

import base64
import hashlib
import hmac
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, text

from tests.logs import logged
from tests.stories.served import TOKEN
from tests.stories.town import LINE, Town, town_on
from tests.waiting import LONG
from warmline.models.calls import Call, Ring

Fields = list[tuple[str, str]]
SORRY = "Something is wrong on our side, and we are sorry. Please call again in a few minutes."
SORRY_IN_SPANISH = "Algo falla de nuestro lado, y lo sentimos."


@dataclass(frozen=True)
class Answer:
    status: int
    body: str

    @property
    def tags(self) -> list[str]:
        return [element.tag for element in ET.fromstring(self.body)]  # noqa: S314 - our own answer

    @property
    def is_polite(self) -> bool:
        """TwiML that says something, or a client's error; never a fault of ours."""
        return 400 <= self.status < 500 or self.status == 204 or "Response" in self.body


def signed(url: str, fields: Fields, token: str = TOKEN) -> str:
    """The rule of the provider's page, written from the page."""
    data = url + "".join(key + value for key, value in sorted(set(fields)))
    mac = hmac.new(token.encode(), data.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


class Visitor:
    """Somebody who sends requests to the service by hand; signed well unless said otherwise."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.base = town.parts.settings.public_url

    def post(
        self,
        path: str,
        fields: Fields,
        *,
        signature: str | None = None,
        body: bytes | None = None,
        method: str = "POST",
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        headers = {"Content-Type": kind}
        signature = signed(self.base + path, fields) if signature is None else signature
        if signature:
            headers["X-Twilio-Signature"] = signature
        line = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=LONG)
        line.request(method, path, urlencode(fields).encode() if body is None else body, headers)
        answer = line.getresponse()
        result = Answer(answer.status, answer.read().decode())
        line.close()
        self.town.in_flight.wait_for_none()
        return result


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        yield town


@pytest.fixture
def visitor(town: Town) -> Visitor:
    return Visitor(town)


def waiting_call(town: Town) -> tuple[str, str]:
    """A caller who waits while Ana's phone rings; the token and the provider's id of the call."""
    town.volunteer("Ana").never_picks_up()
    town.phone("Cal").when_hears("Our promise", press="#").dial(LINE)
    town.until_rings(town.phone("Ana"))
    town.until_hears(town.phone("Cal"), "We're looking for someone now.")
    with town.parts.database.reading() as db:
        call = db.execute(select(Call.token, Call.provider_id)).one()
    return call.token, call.provider_id


def ring_token(town: Town) -> str:
    with town.parts.database.reading() as db:
        return db.execute(select(Ring.token)).scalar_one()


# Who is let in.

REFUSED: dict[str, Callable[[str, Fields], str]] = {
    "unsigned": lambda _url, _fields: "",
    "signed with another token": lambda url, fields: signed(url, fields, "another"),
    "not a signature": lambda _url, _fields: "a b c",
    "a field was altered": lambda url, fields: signed(url, [*fields[:-1], ("CallStatus", "busy")]),
    "a field was left out": lambda url, fields: signed(url, fields[:-1]),
    "a field was added": lambda url, fields: signed(url, [*fields, ("Digits", "1")]),
    "signed for another path": lambda url, fields: signed(url + "x", fields),
    "signed for another host": lambda url, fields: signed("https://x.example" + url, fields),
    "signed with a query": lambda url, fields: signed(url + "?a=1", fields),
}


def test_whoever_is_not_the_provider_is_refused_and_changes_nothing(
    town: Town, visitor: Visitor
) -> None:
    token, provider_id = waiting_call(town)
    ring = ring_token(town)
    fields = [("CallSid", provider_id), ("To", LINE), ("CallStatus", "completed")]
    other_call = [("CallSid", "CA" + "7" * 32), *fields[1:]]
    before = town.everything_written()
    for path, sent in [
        ("/voice", other_call),
        ("/voice/status", fields),
        ("/voice/fallback", fields),
        ("/text", fields),
        (f"/c/{token}/wait", fields),
        (f"/c/{token}/no_such_step", fields),
        (f"/r/{ring}/status", fields),
        (f"/r/{ring}/offer_key", fields),
    ]:
        for why, signature in REFUSED.items():
            answer = visitor.post(path, sent, signature=signature(visitor.base + path, sent))
            assert answer.status == 403, (path, why)
    assert town.everything_written() == before


def test_the_provider_is_let_in_however_it_writes_the_path_and_the_form(
    town: Town, visitor: Visitor
) -> None:
    token, provider_id = waiting_call(town)
    fields = [("CallSid", provider_id), ("CallerCity", ""), ("CallerName", ""), ("Zip", "")]
    repeated = [*fields, ("Extra", "b"), ("Extra", "a"), ("Extra", "a")]
    escaped = "".join(f"%{ord(digit):02x}" for digit in token)
    for path in (f"/c/{token}/wait", f"/c/{escaped}/wait", f"/c/{token}/wait?a=%20b+c"):
        for sent in (fields, repeated):
            assert "We're looking for someone now." in visitor.post(path, sent).body, path


def test_while_a_token_is_rotated_either_signs(town: Town, visitor: Visitor) -> None:
    token, _ = waiting_call(town)
    path = f"/c/{token}/wait"
    rotating = {"auth_tokens": ("the next one", TOKEN)}
    town.parts.door.settings = town.parts.settings.model_copy(update=rotating)
    for key in rotating["auth_tokens"]:
        assert visitor.post(path, [], signature=signed(visitor.base + path, [], key)).status == 200
    assert visitor.post(path, [], signature=signed(visitor.base + path, [], "old")).status == 403


def test_forwarding_headers_are_not_believed(town: Town, visitor: Visitor) -> None:
    line = http.client.HTTPConnection(urlsplit(visitor.base).netloc, timeout=LONG)
    lie = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for signed_for, status in (("https://evil.example", 403), (visitor.base, 200)):
        signature = signed(f"{signed_for}/voice/fallback", [])
        line.request("POST", "/voice/fallback", b"", {**lie, "X-Twilio-Signature": signature})
        answer = line.getresponse()
        answer.read()
        assert answer.status == status
    line.close()


@pytest.mark.parametrize("path", ["/voice", "/voice/status", "/voice/fallback", "/text"])
def test_a_webhook_is_never_asked_by_get_and_never_redirected(path: str, visitor: Visitor) -> None:
    assert visitor.post(path, [], method="GET").status == 405
    assert visitor.post(f"{path}/", []).status == 404


# Hostile values, signed.

HOSTILE = {
    "nothing at all": "",
    "long": "9" * 5000,
    "not ASCII": "ñ☎\u0661²",
    "markup": "<Say>\"'&]]>",
    "SQL": "'; DROP TABLE call; --",
    "negative": "-1",
    "control characters": "\x01\x0b\x1f\u2028",
}


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_get_a_polite_answer_and_change_nothing(
    value: str, town: Town, visitor: Visitor
) -> None:
    token, _ = waiting_call(town)
    ring = ring_token(town)
    before = town.everything_written()
    names = ("CallSid", "CallStatus", "Digits", "DialCallStatus", "QueueResult", "From", "To")
    fields = [(name, HOSTILE[value]) for name in names]
    unknown = [("CallSid", HOSTILE[value]), ("CallStatus", "completed")]
    for path, sent in [
        ("/voice/status", fields),
        ("/voice/status", unknown),
        ("/voice/fallback", fields),
        ("/text", fields),
        (f"/c/{token}/choice", fields),
        (f"/r/{ring}/offer_key", fields),
        (f"/r/{ring}/status", unknown),
        (f"/r/{ring}/status", fields),
    ]:
        assert visitor.post(path, sent).is_polite, path
    assert _without_times(town.everything_written()) == _without_times(before)


def _without_times(written: str) -> str:
    return "\n".join(row for row in written.splitlines() if "datetime" not in row)


UNKNOWN = ("0" * 32, "x", "g" * 32, "A" * 32, "0" * 33, "0" * 20_000, "%00", "%ff", "'--")


def test_an_unknown_token_is_a_kind_goodbye_and_touches_nothing(
    town: Town, visitor: Visitor
) -> None:
    waiting_call(town)
    before = town.everything_written()
    for token in UNKNOWN:
        for path in (f"/c/{token}/wait", f"/c/{token}/asked_key", f"/r/{token}/answer"):
            answer = visitor.post(path, [("CallSid", "CA1"), ("Digits", "1")])
            assert answer.tags == ["Say", "Hangup"]
            assert "This call has ended." in answer.body
        ended = [("CallSid", "CA1"), ("CallStatus", "completed")]
        status = visitor.post(f"/r/{token}/status", ended)
        assert (status.status, status.body) == (204, "")
    assert town.everything_written() == before


def test_an_unknown_step_is_not_found(town: Town, visitor: Visitor) -> None:
    token, _ = waiting_call(town)
    before = town.everything_written()
    for step in ("nothing", "__class__", "find", "%00", "wait.", "status"):
        assert visitor.post(f"/c/{token}/{step}", [("Digits", "1")]).status == 404, step
    assert town.everything_written() == before


NO_FORMS = {
    "bytes": b"\xff\xfe",
    "escaped bytes": b"a=%ff",
    "escaped NUL": b"CallSid=%00",
    "NUL": b"\0",
    "huge": b"a" * 70_000,
    "many fields": b"&".join([b"a=1"] * 500),
}


def test_a_body_that_is_no_form_is_refused(town: Town, visitor: Visitor) -> None:
    before = town.everything_written()
    for why, body in NO_FORMS.items():
        assert visitor.post("/voice", [], body=body).status == 400, why
        assert visitor.post("/voice", [], body=body, signature="").status == 403, why
    assert town.everything_written() == before


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_is_no_way_round_the_signature(
    kind: str, town: Town, visitor: Visitor
) -> None:
    before = town.everything_written()
    body = b'{"CallSid": "CA1", "To": "+14135550100"}'
    for fields in ([], [("CallSid", "CA1")]):
        assert visitor.post("/voice", list(fields), body=body, kind=kind).status == 403
    assert town.everything_written() == before


def test_a_call_without_an_id_or_with_an_endless_one_does_not_begin(
    town: Town, visitor: Visitor
) -> None:
    town.volunteer("Ana")
    before = town.everything_written()
    assert visitor.post("/voice", [("To", LINE), ("CallSid", "")]).tags[-1] == "Hangup"
    assert visitor.post("/voice", [("To", LINE), ("CallSid", "C" * 129)]).status == 400
    assert visitor.post("/voice", [("To", LINE)]).tags[-1] == "Hangup"
    assert town.everything_written() == before


# A failing step.


@contextmanager
def without(town: Town, table: str) -> Iterator[None]:
    """The database lacks a table for a while."""
    _alter(town, f"ALTER TABLE {table} RENAME TO mislaid")
    try:
        yield
    finally:
        _alter(town, f"ALTER TABLE mislaid RENAME TO {table}")


def _alter(town: Town, statement: str) -> None:
    with town.parts.database.writing() as db:
        db.execute(text(statement))


@pytest.fixture
def bilingual(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def test_a_failing_step_is_asked_for_again_and_nobody_is_hung_up_on(bilingual: Town) -> None:
    token, provider_id = waiting_call(bilingual)
    ring, visitor = ring_token(bilingual), Visitor(bilingual)
    asked = [("CallSid", provider_id), ("To", LINE), ("Digits", "1")]
    with without(bilingual, "call"):
        for path in ("/voice", f"/c/{token}/asked_key", f"/r/{ring}/offer_key"):
            assert visitor.post(path, asked).status == 503, path


def test_the_fallback_says_a_moment_twice_and_then_sorry_in_all_of_the_lines_languages(
    bilingual: Town,
) -> None:
    _, provider_id = waiting_call(bilingual)
    visitor, asked = Visitor(bilingual), [("CallSid", provider_id), ("To", LINE)]
    with without(bilingual, "call"):
        first, second, third = (visitor.post("/voice/fallback", asked) for _ in range(3))
    for answer in (first, second):
        assert (answer.status, answer.tags) == (200, ["Say", "Say", "Pause", "Redirect"])
        assert "A moment, please." in answer.body
        assert "Un momento, por favor." in answer.body
    assert (third.status, third.tags) == (200, ["Say", "Say", "Hangup"])
    assert SORRY in third.body
    assert SORRY_IN_SPANISH in third.body


def test_a_line_with_one_language_says_a_moment_and_sorry_in_that_one(
    town: Town, visitor: Visitor
) -> None:
    token, _ = waiting_call(town)
    with without(town, "call"):
        answer = visitor.post(f"/c/{token}/again?tries=1", [])
        assert answer.tags == ["Say", "Pause", "Redirect"]
        answer = visitor.post(f"/c/{token}/again?tries=2", [])
    assert answer.tags == ["Say", "Hangup"]
    assert SORRY in answer.body


def test_the_languages_are_known_from_the_start(bilingual: Town) -> None:
    bilingual.set_rules(languages="es")
    assert bilingual.parts.door.spoken == ""
    bilingual.parts.door.learn_languages()
    with without(bilingual, "call"):
        answer = Visitor(bilingual).post("/voice?tries=2", [("CallSid", "CA1"), ("To", LINE)])
    assert answer.tags == ["Say", "Hangup"]
    assert SORRY_IN_SPANISH in answer.body


def test_a_failing_step_of_a_known_caller_says_sorry_in_their_language(bilingual: Town) -> None:
    token, _ = waiting_call(bilingual)
    with bilingual.parts.database.writing() as db:
        db.execute(text("UPDATE call SET language = 'es'"))
    with without(bilingual, "other_place"):
        path = f"/c/{token}/choice?tries=2"
        answer = Visitor(bilingual).post(path, [("Digits", "2")])
    assert (answer.status, answer.tags) == (200, ["Say", "Hangup"])
    assert SORRY_IN_SPANISH in answer.body


def test_a_callback_that_fails_is_told_again(town: Town, visitor: Visitor) -> None:
    _, provider_id = waiting_call(town)
    ring = ring_token(town)
    ended = [("CallSid", provider_id), ("CallStatus", "completed")]
    with without(town, "call"):
        assert visitor.post("/voice/status", ended).status == 503
    with without(town, "ring"):
        assert visitor.post(f"/r/{ring}/status", ended).status == 503


def test_who_waits_hears_a_moment_of_silence_and_is_put_through_all_the_same(town: Town) -> None:
    waiting_call(town)
    with without(town, "tried_peer"), town.clock.resting():
        town.wait(20)
        assert town.phone("Cal").is_in_call
    town.volunteer("Bo").picks_up(after=3).when_hears("Press 1", press="1")
    town.until_talking(town.phone("Cal"), town.phone("Bo"))
    assert not town.phone("Cal").has_heard(SORRY)


def test_a_locked_database_is_waited_for_and_then_answered_kindly(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # For how long is said there; the test need not sit through all of it.
    monkeypatch.setattr("warmline.database.engine.BUSY_SECONDS", 0.3)
    with town_on(database_url) as town:
        token, _ = waiting_call(town)
        visitor = Visitor(town)
        with town.parts.database.writing():
            assert visitor.post(f"/c/{token}/wait", []).tags == ["Pause", "Redirect"]
        assert "We're looking for someone now." in visitor.post(f"/c/{token}/wait", []).body


def test_the_log_of_a_failing_step_says_which_and_holds_no_number(
    town: Town, visitor: Visitor
) -> None:
    token, _ = waiting_call(town)
    with logged("debug") as lines, without(town, "call"):
        visitor.post(f"/c/{token}/asked_key", [("From", "+14135550151"), ("Digits", "1")])
    assert "step=asked_key" in lines.getvalue()
    assert "no such table" in lines.getvalue() or "does not exist" in lines.getvalue()
    assert "5550151" not in lines.getvalue()
    assert token not in lines.getvalue()
