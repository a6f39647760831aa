"""The chain from the provider to here: address, certificate, proxy, this very web, signatures."""

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from warmline.doctor.findings import Finding, Sight
from warmline.doctor.web import SECONDS, Answered, NoAnswer, asked
from warmline.health import instance
from warmline.telephony.signature import signed

HTTPS: Final = 443
RENEWED_BY: Final = timedelta(days=10)
"""Whoever renews certificates does so a month before their end."""
NO_CALL: Final = (("CallSid", "doctor"), ("CallStatus", "in-progress"))
"""The form of the signed request: of a call that there is not, so nothing can be done to it."""
TWIML: Final = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<Response[\s/>]")
PROVEN: Final = {
    "this": "",
    "older key": "the web there has an older WARMLINE_SECRET_KEY first; start it again",
    "other database": (
        "the web there has these keys and another database; give both the same DATABASE_URL"
    ),
    "other": (
        "another web answers there, or one with another WARMLINE_SECRET_KEY or"
        " WARMLINE_PUBLIC_URL; check the proxy, and start it again with these settings"
    ),
}


def certificate(sight: Sight) -> Iterator[Finding]:
    """Whether the public address has a certificate that others believe, and for how long yet."""
    parts = urlsplit(sight.settings.public_url)
    if parts.scheme != "https" or not parts.hostname:
        return
    try:
        until = _certified_until(parts.hostname, parts.port or HTTPS)
    except ssl.SSLCertVerificationError as fault:
        yield Finding("certificate", f"does not hold: {fault.verify_message}")
        return
    except OSError:
        # That nobody answers at all is said where the address is asked.
        return
    left = until - sight.clock()
    ends = f"ends on {until:%Y-%m-%d}; see why the proxy has not renewed it"
    yield Finding("certificate", ends if left < RENEWED_BY else "")


def public_address(sight: Sight) -> Iterator[Finding]:
    """Whether the web of this very line answers at the public address, and is ready."""
    settings, what = sight.settings, "public address"
    challenge = instance.new_challenge()
    with sight.database.writing() as db:
        instance.note(db, challenge, sight.now)
    try:
        answer = asked("GET", f"{settings.public_url}/readyz", {instance.CHALLENGE: challenge})
    except NoAnswer as no:
        yield Finding(what, f"{settings.public_url}: {no}")
        return
    yield Finding(what, _not_ready(answer, settings.public_url))
    if answer.status == 200:
        given = answer.headers.get(instance.ANSWER, "")
        shown = instance.proven(settings.secret_keys, settings.public_url, challenge, given)
        yield Finding("this instance", PROVEN[shown])


def signed_requests(sight: Sight) -> Iterator[Finding]:
    """Whether what the provider would sign is let in, by each auth token, and answered."""
    tokens = sight.settings.auth_tokens
    for place, token in enumerate(tokens, start=1):
        which = f" (auth token {place} of {len(tokens)})" if len(tokens) > 1 else ""
        yield Finding(f"signed request{which}", _not_let_in(sight.settings.public_url, token))


def _certified_until(host: str, port: int) -> datetime:
    """The end of the certificate (UTC); raises SSLCertVerificationError, OSError."""
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls,
    ):
        shown = tls.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _not_ready(answer: Answered, public_url: str) -> str:
    if answer.status == 200:
        return ""
    if 300 <= answer.status < 400:
        return f"{public_url}/readyz leads elsewhere; set WARMLINE_PUBLIC_URL to where it leads"
    if answer.status == 503 and len(answer.text) < 100 and "<" not in answer.text:
        return f"the web there is not ready: {' '.join(answer.text.split())}"
    return f"{public_url}/readyz answers {answer.status}; check the proxy, and that serve runs"


def _not_let_in(public_url: str, token: str) -> str:
    url = f"{public_url}/voice/fallback"
    try:
        answer = asked("POST", url, {"X-Twilio-Signature": signed(token, url, NO_CALL)}, NO_CALL)
    except NoAnswer as no:
        return str(no)
    if answer.status == 403:
        return (
            "is refused; the web there has another TWILIO_AUTH_TOKEN or WARMLINE_PUBLIC_URL, or the"
            " proxy changes paths: start it again with these settings"
        )
    if answer.status != 200 or not TWIML.match(answer.text):
        return f"is answered {answer.status} and no TwiML; check that the proxy passes POST on"
    return ""
