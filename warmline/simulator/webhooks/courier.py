"""Carries webhooks to the service over HTTP, signed, with the provider's retries.

The signature is written from the provider's documentation and not with its library.
"""

import base64
import hashlib
import hmac
import http.client
import secrets
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

Params = tuple[tuple[str, str], ...]
Trouble = Literal["", "ct", "rt", "4xx", "5xx"]
Loss = Literal["", "answer", "first"]

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
IDLE_SECONDS = 2.0  # below uvicorn's own five, so that no request meets a closing connection
MOST_REDIRECTS = 5


@dataclass(frozen=True)
class Webhook:
    """One request to the service. `url` may carry overrides in its fragment."""

    url: str
    params: Params = ()
    method: str = "POST"
    idempotency_token: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Answer:
    """What came back; `url` is where it came from in the end, `trouble` why it failed."""

    url: str
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    location: str = ""
    trouble: Trouble = ""
    cache_control: str = ""
    disposition: str = ""


@dataclass(frozen=True)
class Patience:
    """The connection overrides of a URL's fragment; times in seconds (TELEPHONY.md 1.3)."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retried: tuple[str, ...] = ("ct",)

    def retries_after(self, answer: Answer) -> bool:
        """Whether this trouble is one to try again after."""
        return bool(answer.trouble) and ("all" in self.retried or answer.trouble in self.retried)


def patience_of(fragment: str) -> Patience:
    """Reads `ct=2000&rt=4000&rc=3&rp=all`; what is absent keeps the provider's default."""
    wishes = dict(parse_qsl(fragment))
    return Patience(
        connect=int(wishes.get("ct", 5000)) / 1000,
        read=int(wishes.get("rt", 15000)) / 1000,
        total=min(15000, int(wishes.get("tt", 15000))) / 1000,
        retries=min(5, int(wishes.get("rc", 1))),
        retried=tuple(wishes.get("rp", "ct").split(",")),
    )


def with_query(url: str, params: Iterable[tuple[str, str]]) -> str:
    """The URL as a GET request asks for it."""
    query = urlencode(list(params))
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


class Courier:
    """Sends webhooks from any thread and keeps connections open between them.

    The service has at least `at_least` seconds of the wall for each answer.
    """

    def __init__(self, auth_token: str, at_least: float = 0.0) -> None:
        self._auth_token = auth_token
        self._at_least = at_least
        self._lock = threading.Lock()
        self._ways: dict[str, str] = {}
        self._idle: dict[tuple[str, str], list[tuple[float, http.client.HTTPConnection]]] = {}

    def reach(self, public_url: str, at: str) -> None:
        """Send what is meant for `public_url` to the base URL `at`, signed for the first."""
        self._ways[public_url.rstrip("/")] = at.rstrip("/")

    def send(self, webhook: Webhook, losing: Loss = "") -> Answer:
        """Sends it, tries again as its overrides say, follows redirects as GET without fields.

        `losing` an answer: the service has done its work, the provider never hears of it. It
        then tries again if the overrides cover read time-outs; losing "first" always does. All
        tries together take no longer than the provider's ceiling, by the clock on the wall.
        """
        url, fragment = urldefrag(webhook.url)
        patience = self._patience(fragment)
        until = time.monotonic() + patience.total
        plain = replace(webhook, url=url)
        answer = self._once(plain, patience)
        if losing:
            answer = Answer(url, trouble="rt")
        if losing == "first":
            answer = self._once(plain, patience)
        for _ in range(patience.retries):
            left = until - time.monotonic()
            if not patience.retries_after(answer) or left <= 0:
                break
            answer = self._once(plain, replace(patience, read=min(patience.read, left)))
        return self._follow(answer, plain, patience)

    def _patience(self, fragment: str) -> Patience:
        """As the overrides say; but where time is not the wall's, its seconds say nothing."""
        wished, least = patience_of(fragment), self._at_least
        return replace(
            wished,
            connect=max(least, wished.connect),
            read=max(least, wished.read),
            total=max(least, wished.total),
        )

    def close(self) -> None:
        """Closes the idle connections."""
        with self._lock:
            for lines in self._idle.values():
                for _, line in lines:
                    line.close()
            self._idle.clear()

    def _follow(self, answer: Answer, webhook: Webhook, patience: Patience) -> Answer:
        for _ in range(MOST_REDIRECTS):
            if answer.status not in (301, 302):
                break
            url = urljoin(answer.url, answer.location)
            answer = self._once(Webhook(url, (), "GET", webhook.idempotency_token), patience)
        return answer

    def _once(self, webhook: Webhook, patience: Patience) -> Answer:
        get = webhook.method == "GET"
        url = with_query(webhook.url, webhook.params) if get else webhook.url
        signature = sign(self._auth_token, url, () if get else webhook.params)
        headers = {
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": webhook.idempotency_token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if get:
            return self._request("GET", url, None, headers, patience)
        body = urlencode(webhook.params).encode()
        return self._request("POST", url, body, {**headers, "Content-Type": FORM}, patience)

    def _request(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: dict[str, str],
        patience: Patience,
    ) -> Answer:
        parts = urlsplit(self._way(url))
        try:
            line = self._line(parts.scheme, parts.netloc, patience)
        except OSError:
            return Answer(url, trouble="ct")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            line.close()
            return Answer(url, trouble="rt")
        self._put_back(parts.scheme, parts.netloc, line)
        return _answer(url, response, content)

    def _way(self, url: str) -> str:
        for public_url, at in self._ways.items():
            if url.startswith(public_url + "/"):
                return at + url.removeprefix(public_url)
        return url

    def _line(self, scheme: str, netloc: str, patience: Patience) -> http.client.HTTPConnection:
        fresh_after = time.monotonic() - IDLE_SECONDS
        with self._lock:
            lines = self._idle.get((scheme, netloc), [])
            while lines:
                since, line = lines.pop()
                if since > fresh_after and line.sock is not None:
                    line.sock.settimeout(patience.read)
                    return line
                line.close()
        return _connect(scheme, netloc, patience)

    def _put_back(self, scheme: str, netloc: str, line: http.client.HTTPConnection) -> None:
        with self._lock:
            self._idle.setdefault((scheme, netloc), []).append((time.monotonic(), line))


def _connect(scheme: str, netloc: str, patience: Patience) -> http.client.HTTPConnection:
    line: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context()
        line = http.client.HTTPSConnection(netloc, timeout=patience.connect, context=context)
    else:
        line = http.client.HTTPConnection(netloc, timeout=patience.connect)
    line.connect()
    line.sock.settimeout(patience.read)
    return line


def _answer(url: str, response: http.client.HTTPResponse, content: bytes) -> Answer:
    kind: Trouble = "4xx" if 400 <= response.status < 500 else ""
    return Answer(
        url=url,
        status=response.status,
        content_type=response.headers.get("Content-Type", ""),
        body=content,
        location=response.headers.get("Location", ""),
        trouble="5xx" if response.status >= 500 else kind,
        cache_control=response.headers.get("Cache-Control", ""),
        disposition=response.headers.get("Content-Disposition", ""),
    )


def sign(auth_token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Base64 of HMAC-SHA1 over the URL and each different field, sorted (TELEPHONY.md 1.4).

    Blank fields count; a field repeated with the same value counts once.
    """
    spoken = url + "".join(key + value for key, value in sorted(set(params)))
    digest = hmac.new(auth_token.encode(), spoken.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
