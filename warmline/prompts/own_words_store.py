"""The line's own words as they are kept: read when they have changed, each change undoable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from shifts.history import history, related_rows
from shifts.history.history import Change
from warmline.database.engine import upsert
from warmline.database.records import every, made_of
from warmline.models.line import LineRules, OwnWords, Recording
from warmline.prompts import Prompts, Sound
from warmline.prompts.own_words import BY_KEY, names_in
from warmline.prompts.recordings import Heard

SAID: Final = "said"
"""What a change of these words is called in the history."""
STILL_PLAYED: Final = timedelta(days=1)
"""How long a recording that was replaced can still be heard: no call lasts longer."""
PATH: Final = "/line/said"


class Worded(Protocol):
    """Anything that says which line it is of, and the version of that line's own words."""

    @property
    def line_id(self) -> int:
        """The line."""

    @property
    def line_words(self) -> int:
        """The version of its own words; it grows with each change of them."""


@dataclass(frozen=True, slots=True)
class Which:
    """One prompt of one line in one language."""

    line_id: int
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording to be kept; `said` are the words that it says."""

    heard: Heard
    sound: bytes
    said: str


_ALL: Final = (
    select(OwnWords.__table__, Recording.kind, Recording.seconds, Recording.name)
    .join(Recording, Recording.digest == OwnWords.digest, isouter=True)
    .where(OwnWords.line_id == bindparam("line_id"))
)
_KEEP: Final = upsert(
    lambda insert: insert(Recording).on_conflict_do_nothing(index_elements=["digest"])
)
_IN_USE: Final = exists().where(OwnWords.digest == Recording.digest)


class OwnPrompt(NamedTuple):
    """What the line says otherwise than we do: OwnWords, and what is known of its recording.

    `seconds` is how long that takes; of a prompt without one it is None, as are kind and name.
    """

    id: int
    line_id: int
    language: str
    prompt: str
    text: str | None
    digest: str | None
    said: str | None
    kind: str | None
    seconds: float | None
    name: str | None


_own_prompt: Final = made_of(OwnPrompt, _ALL.selected_columns)


class LineWords:
    """How lines say their prompts; read anew only when a row says that its words have changed."""

    def __init__(self, ours: Prompts, public_url: str) -> None:
        self._ours: Final = ours
        self._public_url: Final = public_url
        self._known: dict[int, tuple[int, Prompts]] = {}

    def of(self, db: Connection, line: Worded) -> Prompts:
        """The prompts of a line."""
        if not line.line_words:
            return self._ours
        version, known = self._known.get(line.line_id, (0, self._ours))
        if version != line.line_words:
            known = self._read(db, line.line_id)
            self._known[line.line_id] = (line.line_words, known)
        return known

    def _read(self, db: Connection, line_id: int) -> Prompts:
        rows = own(db, line_id)
        texts = {
            which: row.text
            for which, row in rows.items()
            if row.text is not None and _may_be_said(row)
        }
        sounds = {
            which: Sound(self._public_url + address(row), row.seconds)
            for which, row in rows.items()
            if row.digest and row.seconds is not None and which[1] in BY_KEY
        }
        return self._ours.with_own(texts, sounds)


def own(db: Connection, line_id: int) -> Mapping[tuple[str, str], OwnPrompt]:
    """What the line says otherwise than we do, by language and key, with kind and seconds."""
    rows = every(db.execute(_ALL, {"line_id": line_id}), _own_prompt)
    return {(row.language, row.prompt): row for row in rows}


def address(row: OwnPrompt) -> str:
    """The path of a recording: by its contents, so that whoever keeps it keeps the right one."""
    return f"{PATH}/{row.digest}.{row.kind}"


def set_text(db: Connection, change: Change, which: Which, text: str | None) -> None:
    """Say a prompt with these words, or (None) as we do; a recording says them no longer."""
    now = _row(db, which)
    if (now.text if now else None) != text:
        _put(db, change, which, text, None, None)


def record(db: Connection, change: Change, which: Which, new: Recorded) -> None:
    """Play this instead of saying the prompt."""
    about = f"{which.line_id} {which.language} {which.key}\n".encode()
    digest = sha256(about + new.sound).hexdigest()
    row = {
        "digest": digest,
        "line_id": which.line_id,
        "name": f"{which.key}-{which.language}",
        "kind": new.heard.kind,
        "seconds": new.heard.seconds,
        "sound": new.sound,
        "replaced_at": None,
    }
    db.execute(_KEEP[db.dialect.name], row)
    now = _row(db, which)
    _put(db, change, which, now.text if now else None, digest, new.said)


def drop_recording(db: Connection, change: Change, which: Which) -> None:
    """Say the prompt with its words again."""
    now = _row(db, which)
    if now and now.digest:
        _put(db, change, which, now.text, None, None)


def settle(db: Connection, line_id: int, now: datetime) -> None:
    """After any change, undone ones too: every process reads anew, and what is unused may go."""
    mine = update(Recording).where(Recording.line_id == line_id)
    unused = mine.where(~_IN_USE, Recording.replaced_at.is_(None))
    db.execute(unused.values(replaced_at=now))
    db.execute(mine.where(_IN_USE, Recording.replaced_at.is_not(None)).values(replaced_at=None))
    rules = update(LineRules).where(LineRules.line_id == line_id)
    db.execute(rules.values(words_version=LineRules.words_version + 1))


def forget(db: Connection, now: datetime) -> int:
    """Erase recordings that nobody can be about to hear any more; how many."""
    over = Recording.replaced_at <= now - STILL_PLAYED
    return db.execute(delete(Recording).where(over, ~_IN_USE)).rowcount


def _row(db: Connection, which: Which) -> OwnPrompt | None:
    return own(db, which.line_id).get((which.language, which.key))


def _put(
    db: Connection,
    change: Change,
    which: Which,
    text: str | None,
    digest: str | None,
    said: str | None,
) -> None:
    mine = (
        OwnWords.line_id == which.line_id,
        OwnWords.language == which.language,
        OwnWords.prompt == which.key,
    )
    gone = related_rows.take(db, OwnWords, *mine)
    row = {"line_id": which.line_id, "language": which.language, "prompt": which.key}
    row |= {"text": text, "digest": digest, "said": said}
    made = related_rows.make(db, OwnWords, [row] if text or digest else [])
    history.write(db, change, [], [*gone, *made])
    settle(db, which.line_id, change.made_at)


def _may_be_said(row: OwnPrompt) -> bool:
    """Whether it is still one of the prompts, with the names that are filled in today."""
    known = BY_KEY.get(row.prompt)
    if known is None or row.text is None:
        return False
    return known.names == frozenset(names_in(row.text))
