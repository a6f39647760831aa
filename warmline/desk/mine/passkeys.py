"""Passkeys at the desk: made, listed and removed by their owner; and coming in with one."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from warmline.desk import slips
from warmline.desk.public.sign_in import to_text, welcome
from warmline.desk.visit import CHALLENGE, Answer, Away, HtmlPage, NotFound, Plain, Visit, inside
from warmline.sign_in import challenges, passkeys
from warmline.sign_in.challenges import SIGN_IN, Site, Unproven, making

HERE: Final = "/desk/mine/passkeys"
JSON: Final = "application/json"
LOCALHOST: Final = "localhost"
HERE_ITSELF: Final = (LOCALHOST, "127.0.0.1", "::1")


def show(visit: Visit) -> Answer:
    """My passkeys, and how a new one is made."""
    return _mine(visit)


def begin(visit: Visit) -> Answer:
    """What the browser needs to make a passkey, asked for at the click; its challenge is new."""
    site, me = site_of(visit), visit.visitor.person_id
    if site is None:
        raise NotFound
    try:
        begun = passkeys.begin_registration(visit.db, visit.seal, visit.line, me, site)
    except passkeys.TooMany:
        raise NotFound from None
    return _begun(visit, begun, making(me))


def begin_sign_in(visit: Visit) -> Answer:
    """What the browser needs to prove one; it names nobody."""
    site = site_of(visit)
    if site is None:
        raise NotFound
    return _begun(visit, passkeys.begin_sign_in(site), SIGN_IN)


def _begun(visit: Visit, begun: tuple[str, bytes], what_for: str) -> Plain:
    options, challenge = begun
    sealed = challenges.sealed(visit.seal, challenge, what_for, visit.now)
    return Plain(options, JSON, cookies={CHALLENGE: sealed})


def make(visit: Visit) -> Answer:
    """Keep the passkey that the browser has just made."""
    site, me = site_of(visit), visit.visitor.person_id
    if site is None:
        return Away(HERE)
    try:
        challenge = _challenge(visit, making(me))
        with visit.db.begin_nested():
            passkeys.finish_registration(
                *(visit.db, visit.line.line_id, me, site, challenge),
                *(visit.form["answer"], visit.form["name"] or visit.browser, visit.now),
            )
    except Unproven:
        return _mine(visit, "mine.passkey_failed", 422)
    return Away(f"{HERE}?done=passkey_made", {CHALLENGE: None})


def remove(visit: Visit) -> Answer:
    """One of mine opens nothing any more."""
    passkeys.remove(visit.db, visit.visitor.person_id, visit.form.number("passkey") or 0)
    return Away(f"{HERE}?done=passkey_removed")


def sign_in(visit: Visit) -> Answer:
    """Which number, and how the code comes; or a passkey, where browsers make them."""
    to = inside(visit.query["to"])
    if visit.who is not None:
        return Away(to)
    values = {"to": to, "phone": "", "way": slips.TEXT, "wrong": ""}
    return _with_passkey(visit, values)


def enter(visit: Visit) -> Answer:
    """In with a passkey."""
    site, to = site_of(visit), inside(visit.form["to"])
    try:
        if site is None:
            raise Unproven("no passkeys at this address")
        challenge = _challenge(visit, SIGN_IN)
        with visit.db.begin_nested():
            line_id, answer = visit.line.line_id, visit.form["answer"]
            person = passkeys.finish_sign_in(visit.db, line_id, site, challenge, answer, visit.now)
    except Unproven:
        values = {"to": to, "phone": "", "way": slips.TEXT, "wrong": "passkey"}
        return _with_passkey(visit, values, 422)
    return welcome(visit, person, to)


def site_of(visit: Visit) -> Site | None:
    """For whom a passkey made here is good; None where browsers make none.

    The line's public address; where that is this machine itself, `localhost` too (the demo).
    """
    here = urlsplit(visit.public_url).hostname in HERE_ITSELF
    if here and _name(visit.host) == LOCALHOST:
        return challenges.site_of(f"http://{visit.host}")
    return challenges.site_of(visit.public_url)


def _name(host: str) -> str:
    """The name in what a browser calls this machine; nothing, where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _challenge(visit: Visit, what_for: str) -> bytes:
    cookie = visit.cookies.get(CHALLENGE, "")
    return challenges.unsealed(visit.seal, cookie, what_for, visit.now)


def _mine(visit: Visit, problem: str = "", status: int = 200) -> HtmlPage:
    site, me = site_of(visit), visit.visitor.person_id
    listed = passkeys.listed(visit.db, me)
    values: dict[str, object] = {"passkeys": listed, "problem": problem}
    values |= {"site": site, "instead": _instead(visit), "full": len(listed) >= passkeys.MOST}
    return HtmlPage("passkeys.html", values, status)


def _with_passkey(visit: Visit, values: Mapping[str, object], status: int = 200) -> HtmlPage:
    more = {"passkeys": site_of(visit) is not None, "number": to_text(visit)}
    return HtmlPage("sign_in.html", {**values, **more}, status)


def _instead(visit: Visit) -> str:
    """The same page by the machine's name, where it was opened by an address in digits."""
    port = visit.host.rpartition(":")[2]
    if _name(visit.host) not in HERE_ITSELF or not port.isdigit():
        return ""
    return f"http://{LOCALHOST}:{port}{HERE}"
