"""Signing in at the desk: one's number, then the code; the printed codes; going out again."""

from datetime import datetime
from typing import Final
from urllib.parse import quote

from warmline import phone_numbers
from warmline.desk import slips
from warmline.desk.door import SESSION, SIGN_IN
from warmline.desk.public import asked_codes, printed_codes
from warmline.desk.public.asked_codes import CodeTried, Desk
from warmline.desk.slips import Asker, Slip, Way
from warmline.desk.visit import KNOWN, SLIP, Answer, Away, HtmlPage, Visit, inside
from warmline.sign_in import sessions
from warmline.sign_in.codes import GOOD_FOR

HOME: Final = "/desk"


def ask_for_code(visit: Visit) -> Answer:
    """The code is on its way, if the number is somebody's; the answer is the same if not."""
    to, way = inside(visit.form["to"]), _way(visit)
    try:
        phone = phone_numbers.parse(visit.form["phone"], visit.line.countries[0])
    except ValueError:
        values: dict[str, object] = {
            "to": to,
            "phone": visit.form["phone"],
            "way": way,
            "wrong": "phone",
        }
        values |= {"passkeys": False, "number": to_text(visit)}
        return HtmlPage("sign_in.html", values, 422)
    slip = asked_codes.ask(_at(visit), phone, way, visit.telling, _asker(visit), _slip(visit))
    sealed = slips.sealed(visit.seal, slip)
    return Away(f"{SIGN_IN}/code?to={quote(to)}", {SLIP: sealed})


def code(visit: Visit) -> Answer:
    """Where the code is entered."""
    return _code_page(visit, inside(visit.query["to"]))


def enter_code(visit: Visit) -> Answer:
    """In with the right code."""
    slip, to = _slip(visit), inside(visit.form["to"])
    if slip is None:
        return _code_page(visit, to, CodeTried(None))
    entered = asked_codes.enter(_at(visit), slip, visit.form["code"], _asker(visit))
    if entered.person_id is None:
        return _code_page(visit, to, entered)
    return welcome(visit, entered.person_id, to)


def recovery(visit: Visit) -> Answer:
    """Where one of the ten printed codes is entered."""
    return HtmlPage("recovery.html", {"phone": "", "wrong": "", "again": ""})


def enter_recovery(visit: Visit) -> Answer:
    """In with a printed code, which is good no longer."""
    values = {"phone": visit.form["phone"], "again": ""}
    try:
        phone = phone_numbers.parse(visit.form["phone"], visit.line.countries[0])
    except ValueError:
        return HtmlPage("recovery.html", values | {"wrong": "phone"}, 422)
    entered = printed_codes.use_recovery_code(_at(visit), phone, visit.form["code"], _asker(visit))
    if entered.person_id is None:
        values |= {"wrong": "code", "again": _when(visit, entered.again_at)}
        return HtmlPage("recovery.html", values, 422)
    return welcome(visit, entered.person_id, HOME)


def sign_out(visit: Visit) -> Answer:
    """This browser's session ends."""
    if visit.who is not None:
        sessions.end(visit.db, visit.who.person_id, visit.who.session_id)
    return Away(f"{SIGN_IN}?done=signed_out", {SESSION: None})


def welcome(visit: Visit, person_id: int, to: str) -> Away:
    """Sign somebody in who has shown who they are; their browser is known from now on."""
    begun = sessions.begin(
        visit.db, visit.seal, visit.line.line_id, person_id, visit.browser, visit.now
    )
    known = slips.remember(visit.seal, person_id, visit.now)
    return Away(to, {SESSION: begun, SLIP: None, KNOWN: known})


def to_text(visit: Visit) -> str:
    """The number to which CODE is texted."""
    return phone_numbers.as_written(visit.line.volunteer_number or visit.line.number)


def _at(visit: Visit) -> Desk:
    return Desk(visit.db, visit.seal, visit.line, visit.now)


def _asker(visit: Visit) -> Asker:
    known = slips.remembered(visit.seal, visit.cookies.get(KNOWN, ""), visit.now)
    return Asker(visit.network, known)


def _slip(visit: Visit) -> Slip | None:
    return slips.unsealed(visit.seal, visit.cookies.get(SLIP, ""), visit.now)


def _way(visit: Visit) -> Way:
    if "own" in visit.form:
        return slips.OWN
    return slips.CALL if visit.form["way"] == slips.CALL else slips.TEXT


def _code_page(visit: Visit, to: str, entered: CodeTried | None = None) -> HtmlPage:
    """What was sent and when, whether it is good, when the next can be; and the other ways in."""
    values: dict[str, object] = {"to": to, "number": to_text(visit), "wrong": "", "told": ""}
    slip = _slip(visit)
    if slip is not None and not (entered and entered.why):
        values["told"] = _sent_words(visit, slip)
    if entered is None:
        return HtmlPage("code.html", values)
    again = _when(visit, entered.again_at)
    values["wrong"] = visit.telling(f"coming.bad_code_{entered.why or 'now'}", when=again)
    return HtmlPage("code.html", values, 422)


def _sent_words(visit: Visit, slip: Slip) -> str:
    """In words, what was done about a wish for a code."""
    telling = visit.telling
    if slip.why:
        return telling(f"coming.none_{slip.why}", when=_when(visit, slip.again_at))
    if slip.way == slips.OWN:
        return telling("coming.text_it", number=to_text(visit))
    at = slip.left[slip.way]
    if not slip.alive(slip.way, visit.now):
        return telling("coming.code_over", when=_when(visit, at + GOOD_FOR))
    key = f"sent_{slip.way}" if slip.anew else f"still_{slip.way}"
    return telling(f"coming.{key}", at=_when(visit, at), until=_when(visit, at + GOOD_FOR))


def _when(visit: Visit, instant: datetime | None) -> str:
    """A time of today; with its day where it is another's."""
    if instant is None:
        return ""
    time = visit.telling.time(instant)
    here, then = (visit.telling.local(one).date() for one in (visit.now, instant))
    return time if here == then else f"{visit.telling.day(instant)}, {time}"
