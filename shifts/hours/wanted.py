"""How many are wanted on while the line is open: kept as rows, told as numbers over time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from shifts.faults import Fault
from shifts.hours import weekly
from shifts.hours.cover import Move, Piece, joined, overlay, sweep
from shifts.hours.weekly import Window
from shifts.planning_models import Channel, NumberWanted

MOST_WANTED: Final = 50
MOST_WISHES: Final = 50
USUAL: Final = "usual"
_NONE_HOLDS: Final = -1


class BadWish(Fault):
    """What somebody wrote is no number of people wanted."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about: speakers of a language, those who take a channel, or duty.

    `channel` is "voice" or "text". Nothing of it: anybody of the line.
    """

    language: str | None = None
    channel: Channel | None = None
    duty: bool = False

    def __str__(self) -> str:
        return "duty" if self.duty else self.language or self.channel or "line"


LINE: Final = Subject()
VOICE: Final = Subject(channel="voice")
TEXT: Final = Subject(channel="text")
DUTY: Final = Subject(duty=True)


@dataclass(frozen=True)
class Wish:
    """A number that is wanted of a subject, in a weekly window or always (None)."""

    subject: Subject
    number: int
    window: Window | None = None

    def __str__(self) -> str:
        said = str(self.number) if self.subject == LINE else f"{self.subject}={self.number}"
        return said if self.window is None else f"{said} {self.window}"


class _Kept(NamedTuple):
    """A wish as it is kept; weekdays are digits, 0 Monday, times "HH:MM" of the line's clock."""

    language: str | None
    channel: Channel | None
    duty: bool
    number: int
    weekdays: str | None
    starts: str | None
    ends: str | None


def pieces(wishes: Iterable[Wish], usual: Sequence[Piece], zone: ZoneInfo) -> list[Piece]:
    """The largest number among the wishes of one subject that hold; where none holds, the usual.

    `usual` adjoins and covers the whole stretch that is asked about.
    """
    begin, end = usual[0].start, usual[-1].end
    moves: list[Move] = []
    for wish in wishes:
        always = [(begin, end)]
        holds = weekly.spans(wish.window, begin, end, zone) if wish.window else always
        for starts, ends in holds:
            moves += [(max(begin, starts), wish.number, 1), (min(end, ends), wish.number, -1)]
    largest = sweep(moves, begin, end, lambda numbers: max(numbers, default=_NONE_HOLDS))
    return joined(
        Piece(start, end, otherwise if number == _NONE_HOLDS else number)
        for start, end, number, otherwise in overlay(largest, usual)
    )


def usual_numbers(languages: Sequence[str], others: Iterable[str] = ()) -> dict[Subject, int]:
    """How many are wanted of each subject where no wish says so, the line itself first.

    Of each of its languages one when there are several; of one alone and of `others`, none, nor
    of coordinators on duty.
    """
    several = languages if len(languages) > 1 else ()
    spoken = {Subject(code): int(code in several) for code in (*languages, *others)}
    return {LINE: 1, VOICE: 1, TEXT: 1, **spoken, DUTY: 0}


def wish(text: str, languages: Collection[str]) -> tuple[Subject, Wish | None]:
    """A wish from "2", "es=1", "text=0" or "duty=1 fri,sat 18:00-23:00"; None for "es=usual".

    `languages` are the codes that may be named. Raises BadWish or weekly.NoWindow.
    """
    said, _, rest = text.strip().partition(" ")
    name, equals, number = said.rpartition("=")
    subject = _subject(name.casefold() if equals else str(LINE), languages)
    if number.casefold() == USUAL and not rest.strip():
        return subject, None
    window = weekly.window(rest) if rest.strip() else None
    return subject, Wish(subject, _number(number), window)


def read(connection: Connection, line_id: int) -> list[Wish]:
    """Every wish of a line as it is kept, in the order in which they were made."""
    about = (NumberWanted.language, NumberWanted.channel, NumberWanted.duty, NumberWanted.number)
    when = (NumberWanted.weekdays, NumberWanted.starts, NumberWanted.ends)
    query = select(*about, *when).where(NumberWanted.line_id == line_id).order_by(NumberWanted.id)
    return [_kept(_Kept(*row)) for row in connection.execute(query)]


def set_wishes(
    connection: Connection, line_id: int, subject: Subject, wishes: Sequence[Wish]
) -> None:
    """These are the wishes for a subject from now on; none: as usual. Raises BadWish."""
    if len(wishes) > MOST_WISHES:
        raise BadWish(f"{subject}: {len(wishes)} numbers are too many; give {MOST_WISHES} at most")
    of_subject = (
        NumberWanted.language.is_not_distinct_from(subject.language),
        NumberWanted.channel.is_not_distinct_from(subject.channel),
        NumberWanted.duty.is_(subject.duty),
    )
    connection.execute(delete(NumberWanted).where(NumberWanted.line_id == line_id, *of_subject))
    rows = [{"line_id": line_id} | _columns(one) for one in dict.fromkeys(wishes)]
    if rows:
        connection.execute(insert(NumberWanted), rows)


def _kept(row: _Kept) -> Wish:
    always = row.weekdays is None and row.starts is None
    window = None if always else weekly.kept(row.weekdays, row.starts, row.ends)
    return Wish(Subject(row.language, row.channel, row.duty), row.number, window)


def _columns(one: Wish) -> dict[str, object]:
    window = one.window
    return {
        **asdict(one.subject),
        "number": one.number,
        "weekdays": window.digits if window else None,
        "starts": weekly.clock(window.starts) if window else None,
        "ends": weekly.clock(window.ends) if window else None,
    }


def _subject(name: str, languages: Collection[str]) -> Subject:
    known = {str(one): one for one in (LINE, VOICE, TEXT, DUTY)}
    known |= {code: Subject(language=code) for code in languages}
    if name not in known:
        raise BadWish(f"{name[:40]!r} is none of {', '.join(known)}; write it as es=1")
    return known[name]


def _number(text: str) -> int:
    # No more digits are read than the most has: a long row of them is no number of people.
    few = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_WANTED))
    if not few or int(text) > MOST_WANTED:
        raise BadWish(f"{text[:40]!r} is no number from 0 to {MOST_WANTED}; write it as 2 or es=1")
    return int(text)
