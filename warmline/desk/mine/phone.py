"""My phone and my names: a test ring, a PIN, the line as a contact, and what others hear."""

from typing import Final

from sqlalchemy import select, update

from shifts.models import Person
from warmline.desk.public import printed_codes
from warmline.desk.visit import Answer, Away, HtmlPage, Plain, Visit
from warmline.line.line_settings import line_name
from warmline.models.people import Volunteer
from warmline.phone_numbers import as_written
from warmline.prompts.own_words import tidy
from warmline.sign_in import pins

HERE: Final = "/desk/mine/phone"
MOST_LETTERS: Final = 40
"""Of the name a caller hears: a word or two."""
CARD: Final = "/line/number.vcf"


def show(visit: Visit) -> Answer:
    """The page."""
    return _phone_page(visit)


def ring(visit: Visit) -> Answer:
    """Their own phone is rung now, as a caller's call would ring it; a few times at most."""
    person = visit.visitor.person_id
    rings = printed_codes.ring_to_test(visit.db, visit.seal, visit.line.line_id, person, visit.now)
    return Away(f"{HERE}?done={'test_ring' if rings else 'test_ring_later'}")


def names(visit: Visit) -> Answer:
    """Two names, both one's own: what fellows see, and what a caller hears, or nothing."""
    heard, seen, wrong = tidy(visit.form["caller_name"]), "", dict[str, str]()
    try:
        seen = line_name(visit.form["name"])
    except ValueError:
        wrong["name"] = visit.telling("people.bad_name")
    if len(heard) > MOST_LETTERS or any(one.isdigit() for one in heard):
        wrong["caller_name"] = visit.telling("phone.bad_caller_name", n=MOST_LETTERS)
    if wrong:
        return _phone_page(visit, wrong)
    person = visit.visitor.person_id
    visit.db.execute(update(Person).where(Person.id == person).values(name=seen))
    theirs = update(Volunteer).where(Volunteer.person_id == person)
    visit.db.execute(theirs.values(caller_name=heard or None))
    return Away(f"{HERE}?done=names")


def pin(visit: Visit) -> Answer:
    """The PIN of one's own choice is chosen, changed or taken away; nobody is told what it is."""
    person = visit.visitor.person_id
    if visit.form["deed"] == "remove":
        pins.remove(visit.db, person)
        return Away(f"{HERE}?done=pin_removed")
    own = select(Volunteer.phone).where(Volunteer.person_id == person)
    if not pins.is_a_pin(visit.form["pin"], visit.db.scalar(own) or ""):
        return _phone_page(visit, {"pin": visit.telling("phone.bad_pin")})
    pins.choose(visit.db, visit.seal, person, visit.form["pin"])
    return Away(f"{HERE}?done=pin")


def card(visit: Visit) -> Answer:
    """The line's numbers as a contact to save (vCard 3.0, RFC 2426: every phone reads it)."""
    line = visit.line
    name = _escaped(line.name)
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;", f"ORG:{name}")
    tel = (f"TEL;TYPE=VOICE:{one}" for one in _numbers(visit))
    body = "".join(f"{one}\r\n" for one in (*lines, *tel, "END:VCARD"))
    return Plain(body, "text/vcard; charset=utf-8", "line.vcf")


def _numbers(visit: Visit) -> list[str]:
    return [one for one in (visit.line.number, visit.line.volunteer_number) if one]


def _escaped(text: str) -> str:
    """As RFC 2426 (4) wants a text: commas, semicolons and backslashes are marked."""
    marked = text.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return tidy(marked)


def _phone_page(visit: Visit, wrong: dict[str, str] | None = None) -> Answer:
    person = visit.visitor.person_id
    query = select(Person.name, Volunteer.caller_name, Volunteer.voice).join(
        Volunteer, Volunteer.person_id == Person.id
    )
    values = {
        "has_pin": pins.has_one(visit.db, person),
        "own": visit.db.execute(query.where(Person.id == person)).one(),
        "numbers": [as_written(one) for one in _numbers(visit)],
        "card": CARD,
        "most": MOST_LETTERS,
        "wrong": wrong or {},
        "typed": visit.form if wrong and "pin" not in wrong else None,
    }
    return HtmlPage("phone.html", values, 422 if wrong else 200)
