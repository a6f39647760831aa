"""How the provider's library reaches the network: one address, one time-out, no traces.

It stands in for the library's own HTTP client, which would log numbers, keep the last request and
follow the environment's proxies. What fails is named here, before the library words an error of
its own with the number in it.
"""

from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException
from twilio.http.response import Response  # type: ignore[import-untyped]  # it ships no types
from urllib3.exceptions import MaxRetryError, NewConnectionError

from warmline.telephony.port import (
    ProviderError,
    Refused,
    TooEarly,
    TooManyAtOnce,
    TryLater,
    Unknown,
)

LIBRARY_HOST = "api.twilio.com"
TIMEOUT_SECONDS = 5.0
MOST_CONNECTIONS = 20

TOO_EARLY = 20009
TOO_MANY = 20429
AT_ONCE = frozenset({10004, 16021})
"""The account's limit of calls at once, two to five while it is new (TELEPHONY 2.5)."""
# The application itself answered that it could not; a gateway's 502 or 504 says only that an
# answer was lost on the way, so they are Unknown for what changes something.
NOT_DONE_STATUSES = frozenset({429, 500, 503})


Sent = Mapping[str, str | int | list[str]]
"""What the library sends, as a query or as a form."""


class Elsewhere(ProviderError):
    """A request was about to leave for a host that is not the provider's."""


class RestClient:
    """Sends what the library asks for to `base_url`, and to nowhere else. Thread-safe.

    The library calls `request`; it never sees an answer that is not a success.
    """

    is_async = False

    def __init__(
        self,
        base_url: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
        told: Callable[[str], object] = lambda _code: None,
    ) -> None:
        """Every request goes under `base_url`; connecting and answering each have the time-out.

        `told` hears how each came out: the HTTP status, or what the error is told as.
        """
        self._told = told
        self._timeout = timeout_seconds
        self._base_url = base_url.rstrip("/")
        self._base_path = urlsplit(self._base_url).path
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            # One attempt each: a create that is sent again is a second phone call.
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=MOST_CONNECTIONS, max_retries=0))

    def request(
        self,
        method: str,
        url: str,
        params: Sent | None = None,
        data: Sent | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One attempt; raises ProviderError unless it succeeded."""
        try:
            answer = self._request(method, url, params, data, headers, auth)
        except ProviderError as error:
            self._told(error.told_as)
            raise
        self._told(str(answer.status_code))
        return answer

    def _request(
        self,
        method: str,
        url: str,
        params: Sent | None,
        data: Sent | None,
        headers: Mapping[str, str] | None,
        auth: tuple[str, str] | None,
    ) -> Response:
        changes = method.upper() != "GET"
        answer = _answered(
            lambda: self._session.request(
                method,
                self._rebased(url),
                params=params,
                data=data,
                headers=headers,
                auth=auth,
                timeout=self._timeout,
                allow_redirects=False,
            ),
            changes,
        )
        if answer.status_code >= 300:
            raise _refusal(answer, changes)
        return Response(answer.status_code, answer.content.decode("utf-8", "replace"))

    def _rebased(self, url: str) -> str:
        """The library's URL under our base; a next page's may already carry the base's path."""
        parts = urlsplit(url)
        if parts.hostname != LIBRARY_HOST:
            raise Elsewhere("a request for another host than the provider's was held back")
        path = parts.path.removeprefix(self._base_path) if self._base_path else parts.path
        return f"{self._base_url}{path}" + (f"?{parts.query}" if parts.query else "")


def _answered(send: Callable[[], requests.Response], changes: bool) -> requests.Response:
    """The answer; or the failure, raised outside the library's error, which holds the URL."""
    failure: ProviderError
    try:
        return send()
    except (ConnectTimeout, NotConnected) as error:
        failure = _lost(changes and not _never_left(error))
    except (RequestException, OSError):
        failure = _lost(changes)
    raise failure


def _never_left(error: RequestException) -> bool:
    """Whether no connection came about, so that nothing can have been done."""
    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _lost(maybe_done: bool) -> ProviderError:
    if maybe_done:
        return Unknown("the provider's answer was lost")
    return TryLater("the provider was not reached")


def _refusal(answer: requests.Response, changes: bool) -> ProviderError:
    code = _code(answer)
    if code == TOO_EARLY:
        return TooEarly("the provider erases this only after its end")
    if code in AT_ONCE:
        return TooManyAtOnce("the account has as many calls under way as it may have")
    if code == TOO_MANY or answer.status_code in NOT_DONE_STATUSES:
        return TryLater(f"the provider could not (HTTP {answer.status_code})", code)
    if answer.status_code >= 500:
        return _lost(changes)
    return Refused(code)


def _code(answer: requests.Response) -> int:
    """The provider's own error code where its answer has one, else the HTTP status."""
    try:
        return int(answer.json()["code"])
    except (ValueError, TypeError, KeyError):
        return answer.status_code
