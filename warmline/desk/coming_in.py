"""Coming in: one's number, then the code; the printed codes; going out again."""

from typing import Final
from urllib.parse import quote

from warmline import numbers
from warmline.desk import codes, sessions
from warmline.desk.door import SESSION, SIGN_IN
from warmline.desk.visit import Answer, Away, Shown, Visit, inside

SLIP: Final = "warmline_slip"
HOME: Final = "/desk"


def ask_for_code(visit: Visit) -> Answer:
    """The code is on its way, if the number is somebody's; the answer is the same if not."""
    to, way = inside(visit.form["to"]), visit.form["way"]
    try:
        phone = numbers.parse(visit.form["phone"], visit.line.countries[0])
    except ValueError:
        values = {"to": to, "phone": visit.form["phone"], "way": way, "wrong": "phone"}
        return Shown("sign_in.html", values | {"passkeys": False}, 422)
    slip = codes.ask(visit.db, visit.seal, visit.line, phone, way, visit.telling, visit.now)
    return Away(f"{SIGN_IN}/code?way={_way(way)}&to={quote(to)}", {SLIP: slip})


def code(visit: Visit) -> Answer:
    """Where the code is entered."""
    to = inside(visit.query["to"])
    return Shown("code.html", {"to": to, "way": _way(visit.query["way"]), "wrong": ""})


def enter_code(visit: Visit) -> Answer:
    """In with the right code."""
    slip = visit.cookies.get(SLIP, "")
    person = codes.enter(visit.db, visit.seal, slip, visit.form["code"], visit.now)
    to = inside(visit.form["to"])
    if person is None:
        values = {"to": to, "way": _way(visit.form["way"]), "wrong": "code"}
        return Shown("code.html", values, 422)
    return welcome(visit, person, to)


def recovery(visit: Visit) -> Answer:
    """Where one of the ten printed codes is entered."""
    return Shown("recovery.html", {"phone": "", "wrong": ""})


def enter_recovery(visit: Visit) -> Answer:
    """In with a printed code, which is good no longer."""
    try:
        phone = numbers.parse(visit.form["phone"], visit.line.countries[0])
    except ValueError:
        return Shown("recovery.html", {"phone": visit.form["phone"], "wrong": "phone"}, 422)
    given = visit.form["code"]
    person = codes.use_recovery_code(visit.db, visit.seal, visit.line, phone, given, visit.now)
    if person is None:
        return Shown("recovery.html", {"phone": visit.form["phone"], "wrong": "code"}, 422)
    return welcome(visit, person, HOME)


def sign_out(visit: Visit) -> Answer:
    """This browser's session ends."""
    if visit.who is not None:
        sessions.end(visit.db, visit.who.person_id, visit.who.session_id)
    return Away(f"{SIGN_IN}?done=signed_out", {SESSION: None})


def welcome(visit: Visit, person_id: int, to: str) -> Away:
    """Sign somebody in who has shown who they are."""
    begun = sessions.begin(
        visit.db, visit.seal, visit.line.line_id, person_id, visit.browser, visit.now
    )
    return Away(to, {SESSION: begun, SLIP: None})


def _way(way: str) -> str:
    return codes.CALL if way == codes.CALL else codes.TEXT
