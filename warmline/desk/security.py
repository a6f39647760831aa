"""What keeps the desk's pages safe: headers of every answer, and forms from our own pages alone."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data:; media-src 'self'; connect-src 'self'; manifest-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # With no-referrer a browser writes "Origin: null" into our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
FRESH: Final = {"cache-control": "no-store"}


def guarded(response: Response) -> Response:
    """The answer with its headers; what says nothing of caching is not kept."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("cache-control", FRESH["cache-control"])
    return response


def comes_from_us(request: Request, public_url: str) -> bool:
    """Whether a form was sent from one of our own pages, as the browser says.

    By Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/), and where a browser is too old for
    it by Origin, which must be our own host. What says neither is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    own = {urlsplit(public_url).netloc, request.headers.get("host", "")}
    return bool(origin) and origin in own


def browser_in_words(header: str) -> str:
    """Which browser on which machine, in two words; of the rest nothing is kept."""
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    machines = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "Mac",
        "Linux": "Linux",
    }
    browser = next((name for mark, name in browsers.items() if mark in header), "")
    machine = next((name for mark, name in machines.items() if mark in header), "")
    return " · ".join(filter(None, (browser, machine)))
