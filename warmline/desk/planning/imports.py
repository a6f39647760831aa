"""A roster from a file at the desk: looked at line by line first, then brought in as one change."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select

from shifts.faults import Fault
from shifts.files.comparing import ADDED
from shifts.files.importing import IMPORT, KEPT_WHOLE, Imported
from shifts.files.staging import clear, file_change
from shifts.ical.ical_writing import calendar_key
from shifts.models import AGREED, ASKED
from shifts.planning_models import RosterChange
from warmline.desk.planning.import_faults import in_words
from warmline.desk.roster import undo_redo
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.people import shifts_by_others
from warmline.people.roster_file import Persons, RosterFile

CALENDAR: Final = "BEGIN:VCALENDAR"
LARGEST: Final = 1_000_000
"""Bytes of a file: ten thousand rows of a roster."""
MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""What some programs put before the first line of a file."""


@dataclass(frozen=True)
class Read:
    """What a file does or would do; or its faults, by line.

    `asks` are shifts that are asked for by text, `tells` people who are told of theirs.
    """

    done: Imported | None = None
    faults: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    unknown: list[str] = field(default_factory=list)
    asks: int = 0
    tells: int = 0


def show(visit: Visit) -> Answer:
    """Where a file is chosen."""
    return _page("", visit)


def preview(visit: Visit) -> Answer:
    """What the file would do; nothing is changed."""
    text = _text(visit)
    wrong = _wrong(text)
    if wrong:
        shown = text if wrong == "nothing" else ""
        return _page(shown, visit, visit.telling(f"import.{wrong}"))
    found = _read(visit, text, dry_run=True)
    if found.done is None:
        return _page(text, visit, "", found.faults)
    if _number(found.done) > KEPT_WHOLE:
        return _page(text, visit, visit.telling("import.too_large", n=KEPT_WHOLE))
    values = {"found": found, "done": found.done, "text": text, "agreed": _agreed(visit)}
    return HtmlPage("import_preview.html", values)


def do(visit: Visit) -> Answer:
    """The file is in the roster; what it did is one step to undo."""
    text = _text(visit)
    if _wrong(text):
        return preview(visit)
    would = _read(visit, text, dry_run=True)
    if would.done is None or would.unknown or _number(would.done) > KEPT_WHOLE:
        return preview(visit)
    if not _number(would.done):
        return Away("/desk/week?done=import_nothing")
    _read(visit, text, dry_run=False)
    who, line = visit.visitor.person_id, visit.line
    mine = (RosterChange.line_id == line.line_id, RosterChange.by_id == who)
    newest = select(func.max(RosterChange.id)).where(*mine, RosterChange.kind == IMPORT)
    undo_redo.done(visit.db, who, visit.db.scalar(newest))
    return Away("/desk/week?done=imported&undo=1")


def _read(visit: Visit, text: str, *, dry_run: bool) -> Read:
    db, line = visit.db, visit.line
    persons = Persons(db, line, offers=dry_run)
    is_calendar = text.lstrip().upper().startswith(CALENDAR)
    key = calendar_key(db, line.line_id)
    who = visit.visitor.person_id
    file = RosterFile(is_calendar, line, key, persons, visit.now, _agreed(visit), who)
    try:
        with db.begin_nested():
            file.stage(db, io.BytesIO(text.encode()))
            before = shifts_by_others.newest(db)
            done = file.take_in(db, dry_run=dry_run)
            if not dry_run:
                shifts_by_others.note(db, line.line_id, before, visit.now)
            unknown = list(persons.newcomers.values())
            return Read(
                done, (), _fault_lines(visit, done.stands), unknown, _asks(visit), _tells(visit)
            )
    except Fault as fault:
        return Read(None, _fault_lines(visit, fault.lines))
    finally:
        clear(db)


def _fault_lines(visit: Visit, lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(in_words(one, visit.telling.language) for one in lines)


def _asks(visit: Visit) -> int:
    asked = (file_change.c.state == ASKED, file_change.c.starts_at > visit.now)
    new = select(func.count()).where(file_change.c.kind == ADDED, *asked)
    return visit.db.scalar(new) or 0


def _tells(visit: Visit) -> int:
    agreed = (file_change.c.state == AGREED, file_change.c.starts_at > visit.now)
    people = select(func.count(file_change.c.person_id.distinct())).where(*agreed)
    return visit.db.scalar(people) or 0


def _number(done: Imported) -> int:
    return done.added + done.agreed + done.changed + done.removed


def _text(visit: Visit) -> str:
    """The file as text, or what was pasted; bytes that are no UTF-8 are lone surrogates in it."""
    file = visit.form.files.get("file", b"").decode("utf-8", "surrogateescape")
    return (file or visit.form["file"] or visit.form["paste"]).removeprefix(MARK)


def _wrong(text: str) -> str:
    if not text.strip():
        return "nothing"
    if len(text) > LARGEST:
        # The door has cut it off there.
        return "too_long"
    plain = "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
    return "" if plain else "not_text"


def _agreed(visit: Visit) -> bool:
    return visit.form["agreed"] == "yes"


def _page(text: str, visit: Visit, wrong: str = "", faults: tuple[str, ...] = ()) -> Answer:
    values: dict[str, object] = {"text": text, "wrong": wrong, "faults": faults}
    return HtmlPage(
        "import.html", values | {"agreed": _agreed(visit)}, 422 if wrong or faults else 200
    )
