"""An error in every route: whatever was sent, no number, text or name gets into the log."""

import http.client
import re
from contextlib import closing
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import text
from starlette.routing import Mount, Route

from tests.logs import logged
from tests.stories.town import Town, town_on
from tests.telephony.test_webhook import Visitor
from tests.waiting import LONG
from warmline.app import create_app
from warmline.conversations.steps import back, caller, code, volunteer
from warmline.conversations.steps import text as text_talks
from warmline.telephony.conversation import AnyConversation

NUMBER, WORDS, NAME = "+14135550151", "Is anybody there tonight?", "Quillon Ferrabee"
SENT = [
    *(("CallSid", "CA" + "7" * 32), ("MessageSid", "SM" + "7" * 32), ("From", NUMBER)),
    *(("To", "+14135550100"), ("Body", WORDS), ("Digits", "1"), ("CallStatus", "completed")),
    *(("MessageStatus", "delivered"), ("phone", NUMBER), ("words", WORDS), ("name", NAME)),
    *(("number", NUMBER), ("yes", "yes"), ("code", "123456")),
]
LEGS: dict[str, AnyConversation] = {
    "c": caller,
    "r": volunteer,
    "k": code,
    "t": text_talks,
    "b": back,
}
"""The provider's own paths, by the letter that opens them."""


def addresses(town: Town) -> list[tuple[str, str]]:
    """Every method and path of the service, its parameters filled in; but streams."""
    found = []
    for route in create_app(town.parts, sends_by_itself=False).routes:
        if isinstance(route, Mount) or not isinstance(route, Route):
            continue
        for path in filled(route.path):
            found += [(method, path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return [one for one in found if "live" not in one[1]]


def filled(path: str) -> list[str]:
    letter = re.fullmatch(r"/(\w)/\{token\}/\{step\}", path)
    if letter:
        told = LEGS[letter[1]]
        names = [*told.steps, *told.callbacks]
        return [f"/{letter[1]}/{'7' * 32}/{name}" for name in names]
    return [re.sub(r"\{\w+(:\w+)?\}", lambda m: "1" if m[1] == ":int" else "x", path)]


def test_no_error_of_any_route_shows_what_was_sent(sqlite_url: str) -> None:
    with town_on(sqlite_url) as town, logged("debug") as lines:
        visitor = Visitor(town)
        paths = addresses(town)
        assert len(paths) > 150
        with town.parts.database.engine.begin() as db:
            # Everything that is asked for a line, a call or a person breaks from here on.
            for table in ("line_rules", "call", "ring", "talk", "person", "one_time_mark"):
                db.execute(text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
        errors = sum(status_of(town, visitor, *one) >= 500 for one in paths)
        said = lines.getvalue()
        with town.parts.database.engine.begin() as db:
            for table in ("line_rules", "call", "ring", "talk", "person", "one_time_mark"):
                db.execute(text(f"ALTER TABLE gone_{table} RENAME TO {table}"))
    assert errors > 100, "so many pages have failed"
    assert said.count("failed") > 250, "and so many steps"
    for secret in (NUMBER, NUMBER[1:], "4135550151", WORDS, "tonight", NAME, "Ferrabee"):
        for written in (secret, quote(secret), urlencode({"a": secret})[2:]):
            assert written not in said, written


def status_of(town: Town, visitor: Visitor, method: str, path: str) -> int:
    """The answer of the service to all that was sent; the provider's paths are signed."""
    if path.startswith(("/voice", "/text")) or path[2:3] == "/":
        return visitor.post(path, SENT).status
    base = urlsplit(town.parts.settings.public_url)
    with closing(http.client.HTTPConnection(base.netloc, timeout=LONG)) as line:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"Origin": town.parts.settings.public_url, "Sec-Fetch-Site": "same-origin"}
        body = urlencode(SENT) if method == "POST" else None
        line.request(method, f"{path}?{urlencode(SENT)}", body, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status
