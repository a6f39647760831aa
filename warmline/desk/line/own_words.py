"""What callers hear: the line's prompts by the moment of a call, in its own words or recorded."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from shifts.history.history import Change
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.desk.wording import Telling
from warmline.promise import promise
from warmline.prompts import load, own_words_store, recordings, spoken_seconds
from warmline.prompts.own_words import BY_KEY, LINE, MOMENTS, Own, names_in, tidy, wrong_with
from warmline.prompts.own_words_store import SAID, OwnPrompt, Recorded, Which
from warmline.prompts.recordings import BadRecording

HERE: Final = "/desk/line/words"


@dataclass(frozen=True)
class Line:
    """A prompt as the pages show it: `words` as callers hear them, `text` as it is written.

    `sound` is the address of its recording, which takes `seconds`; `stale`: its words were others
    when it was recorded.
    """

    own: Own
    text: str
    ours: str
    words: str
    sound: str
    seconds: int
    stale: bool

    @property
    def is_own(self) -> bool:
        """Whether the line says it in other words than we do."""
        return self.text != self.ours


def show(visit: Visit) -> Answer:
    """The list, in one language."""
    language = _language(visit, visit.query["in"])
    rows = own_words_store.own(visit.db, visit.line.line_id)
    moments = {
        moment: [_line(visit, language, one, rows.get((language, one.key))) for one in prompts]
        for moment, prompts in MOMENTS.items()
    }
    offered = promise.offered_languages(visit.db, visit.line.line_id)
    values = {"moments": moments, "language": language, "offered": language in offered}
    return HtmlPage("words.html", values)


def prompt(visit: Visit) -> Answer:
    """One prompt: its words, its recording, how it sounds."""
    return _page(visit, _which(visit, visit.query["in"]))


def save(visit: Visit) -> Answer:
    """Other words, if they can be said; a recording that said the old ones is gone then."""
    which = _which(visit, visit.form["language"])
    now, text = _now(visit, which), tidy(visit.form["text"])
    if not now.own.worded:
        raise NotFound
    wrong = wrong_with(which.key, which.language, text)
    if wrong is not None:
        told = visit.telling(f"heard.wrong_{wrong.why}", what=wrong.what)
        return _page(visit, which, {"text": told}, 422)
    if tidy(visit.form["was"]) != now.text:
        told = visit.telling("heard.meanwhile", words=now.text)
        return _page(visit, which, {"text": told}, 409)
    own_words_store.set_text(visit.db, _change(visit), which, None if text == now.ours else text)
    return _kept(which, "heard_text")


def ours(visit: Visit) -> Answer:
    """Said as we say it again."""
    which = _which(visit, visit.form["language"])
    own_words_store.set_text(visit.db, _change(visit), which, None)
    return _kept(which, "heard_ours")


def record(visit: Visit) -> Answer:
    """A recording, if it can be played, instead of the voice."""
    which = _which(visit, visit.form["language"])
    now, sound = _now(visit, which), visit.form.files.get("sound", b"")
    if not now.own.recorded:
        raise NotFound
    try:
        heard = recordings.read(sound, now.own.longest)
    except BadRecording as bad:
        limit = f"{now.own.longest}"
        told = visit.telling(f"heard.bad_{bad.why}", what=bad.what, most=limit)
        return _page(visit, which, {"sound": told}, 422)
    own_words_store.record(visit.db, _change(visit), which, Recorded(heard, sound, now.words))
    return _kept(which, "heard_sound")


def unrecord(visit: Visit) -> Answer:
    """Read by the voice again."""
    which = _which(visit, visit.form["language"])
    own_words_store.drop_recording(visit.db, _change(visit), which)
    return _kept(which, "heard_no_sound")


def _page(
    visit: Visit, which: Which, wrong: dict[str, str] | None = None, status: int = 200
) -> Answer:
    now = _now(visit, which)
    values = {
        "prompt": now,
        "language": which.language,
        "wrong": wrong or {},
        "typed": visit.form["text"] if wrong and "text" in wrong else now.text,
        "names": [name for name in names_in(now.ours) if name],
        "voice_seconds": round(spoken_seconds(now.words)) or 1,
        "most_megabytes": recordings.MOST_BYTES // 1_000_000,
    }
    return HtmlPage("prompt.html", values, status)


def _now(visit: Visit, which: Which) -> Line:
    rows = own_words_store.own(visit.db, which.line_id)
    row = rows.get((which.language, which.key))
    return _line(visit, which.language, BY_KEY[which.key], row)


def _line(visit: Visit, language: str, own: Own, row: OwnPrompt | None) -> Line:
    ours = load().text(language, own.key)
    text = (row.text if row else None) or ours
    words = _as_heard(visit, language, text)
    recorded = row if row is not None and row.digest else None
    return Line(
        own,
        text,
        ours,
        words,
        own_words_store.address(recorded) if recorded else "",
        round(recorded.seconds or 0) or 1 if recorded else 0,
        recorded is not None and recorded.said != words,
    )


def _as_heard(visit: Visit, language: str, text: str) -> str:
    """The words with examples of what is filled in."""
    telling = Telling(language, visit.line.zone)
    names = names_in(text)
    values = {name: telling(f"heard.example_{name}") for name in names if name != LINE}
    return text.format(**values, line=visit.line.name) if names else text


def _language(visit: Visit, wished: str) -> str:
    languages = visit.line.languages
    mine = visit.telling.language
    return next((one for one in (wished, mine) if one in languages), languages[0])


def _which(visit: Visit, language: str) -> Which:
    key = str(visit.path["prompt"])
    if key not in BY_KEY:
        raise NotFound
    return Which(visit.line.line_id, _language(visit, language), key)


def _change(visit: Visit) -> Change:
    return Change(visit.line.line_id, SAID, visit.visitor.person_id, visit.now)


def _kept(which: Which, done: str) -> Answer:
    return Away(f"{HERE}/{which.key}?{urlencode({'in': which.language, 'done': done})}")
