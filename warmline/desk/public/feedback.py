"""Saying how it went on the public page, unnamed; and the answer, for whoever has its number."""

from typing import Final

from warmline.conversations.notices import feedback as notices_feedback
from warmline.desk.visit import Answer, HtmlPage, Visit
from warmline.privacy import feedback, notes

LONGEST: Final = feedback.LONGEST


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("say.html", _values(visit))


def say(visit: Visit) -> Answer:
    """It is kept for the two who read it; the number for the answer is shown once."""
    words, db, line_id = visit.form["words"].strip(), visit.db, visit.line.line_id
    if not words or len(words) > LONGEST:
        return _again(visit, {"words": visit.telling("how.bad_words", n=LONGEST)})
    if not feedback.may_say(db, line_id, "web", visit.now):
        return _again(visit, {"words": visit.telling("how.too_many")})
    about, number = _about(visit), feedback.fresh_number()
    day = visit.telling.local(visit.now).date()
    feedback.say(db, visit.seal, line_id, number, day, words=words, about=about)
    turn = visit.turn
    notices_feedback.tell(turn, line_id, about)
    told = {"number": _as_written(number), "known": about is not None}
    return HtmlPage(
        "say.html", _values(visit) | told | {"read": notices_feedback.is_read(turn, line_id)}
    )


def answer(visit: Visit) -> Answer:
    """The answer to what has this number."""
    digits = "".join(one for one in visit.form["number"] if one.isdigit())
    if not _may_look_up(visit):
        said = visit.telling("how.too_many")
    else:
        found = feedback.answer_to(visit.db, visit.seal, visit.line.line_id, digits)
        said = found or visit.telling("how.unknown" if found is None else "how.no_answer")
    return HtmlPage("say.html", _values(visit) | {"answered": said})


def _about(visit: Visit) -> int | None:
    digits = "".join(one for one in visit.form["link"] if one.isdigit())
    if len(digits) != feedback.DIGITS:
        return None
    if not _may_look_up(visit):
        return None
    return feedback.linked(visit.db, visit.seal, visit.line.line_id, digits, visit.now)


def _may_look_up(visit: Visit) -> bool:
    line_id = visit.line.line_id
    return notes.may_look_up(visit.db, visit.seal, line_id, "web", visit.network, visit.now)


def _again(visit: Visit, wrong: dict[str, str]) -> Answer:
    values = _values(visit) | {"wrong": wrong, "typed": visit.form}
    return HtmlPage("say.html", values, 422)


def _as_written(number: str) -> str:
    return f"{number[:4]} {number[4:]}"


def _values(visit: Visit) -> dict[str, object]:
    empty: dict[str, object] = {
        "wrong": {},
        "typed": None,
        "number": "",
        "known": False,
        "answered": "",
    }
    return {"most": LONGEST, "line_number": visit.line.number, **empty}
