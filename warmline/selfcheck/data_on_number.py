"""What is held on a number, and what was searched to say so; what others hold whom we cannot ask.

For whoever asks about themselves, and for an answer to a court that is true and short.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from warmline.database import sealed_columns
from warmline.database.engine import Database
from warmline.database.sealing import DIGESTS, Seal, derived
from warmline.models.calls import CallBack
from warmline.models.line import LineRules
from warmline.models.people import Joining, Volunteer
from warmline.models.privacy import ExpectedFeedback
from warmline.models.talks import CountQuestion, Talk
from warmline.operations.latest_backup import last_made
from warmline.people import joining
from warmline.privacy import boundaries, notes
from warmline.privacy.byte_search import Search
from warmline.privacy.searched_files import search_all
from warmline.privacy.spellings import needles, of_number
from warmline.sign_in import codes

A_DAY: Final = 86_400.0
"""Seconds for which temporary files are searched back."""
OURS: Final = "our key"
"""Digests under a key of ours are told of as what they are for, where they are for anything."""
_OTHERS: Final = """
The phone network we rent (the provider): the record of a call or text until we have had it erased,
which we ask for two minutes after its end; its back-ups of it for up to 30 days after that (what a
text said) and up to 120 days (the numbers).

The provider's log of its requests to us, with both numbers: 30 days. We cannot erase it.

The provider's list of numbers that wrote STOP: as long as they have not written START.

The phone companies of both sides: who called or texted whom, when and for how long. How long they
keep it is theirs to say; it may stand on a bill.

The phone that was used: its list of calls, and the texts on it, until somebody deletes them.

A peer's phone: texts that were passed on, until they delete them, which we ask for; never the other
side's number.
"""
OTHERS: Final = tuple(" ".join(one.split()) for one in _OTHERS.split("\n\n"))
"""The provider's documentation, and TELEPHONY 4 of the house."""
BACKUPS: Final = (
    "Whoever keeps this line's backups (the latest is of {:%Y-%m-%d %H:%M} UTC): the roster as it"
    " was then, sealed, until they delete it after 30 days. A caller's number is in none. Nobody"
    " who has left comes back with one."
)
BY_DIGEST: Final[tuple[tuple[str, Any, Any], ...]] = (
    ("a wish to join: the number, sealed, for 30 days at most", Joining, Joining.number_digest),
    ("a talk by text that is open: the number, sealed, until it ends", Talk, Talk.number_digest),
    (
        "a question whether a talk may be counted: a digest of the number, for ten minutes",
        CountQuestion,
        CountQuestion.number_digest,
    ),
    (
        "a question how it went: a digest of the number, for half an hour",
        ExpectedFeedback,
        ExpectedFeedback.number_digest,
    ),
    (
        "a call back that was asked for: the number, sealed, until it is made or over",
        CallBack,
        CallBack.digest,
    ),
)

TRIED: Final = (
    "that a code for the desk was asked for or entered for it, or a receipt's number or JOIN texted"
    " from it: a keyed digest, for a day at most"
)


@dataclass(frozen=True)
class NumberReport:
    """The answer: what we hold, what was searched for it, and what others hold, in sentences."""

    ours: Sequence[str]
    searched: Sequence[str]
    others: Sequence[str] = OTHERS


def held_on(
    database: Database, seal: Seal, keys: Sequence[str], line_id: int, number: str, now: datetime
) -> NumberReport:
    """Everything that is held on a number (E.164), found by its digests and by every byte."""
    with database.reading() as db:
        known = list(_known(db, seal, line_id, number, now))
        backed_up = last_made(db)
    search = _search(number, keys)
    told = search_all(search, database, [], now.timestamp() - A_DAY)
    found = [one.line for one in search.done.found if not (known and OURS in one.how)]
    tables = f"{len(BY_DIGEST) + 3} tables, by the number and by its keyed digests"
    not_searched = [f"not searched: {one}" for one in told.unreached]
    ours = known + [f"as it was written: {one}" for one in found]
    nothing = ["nothing. Of a call that is under way the number is not written down at all."]
    tried = "what was tried of late, by its keyed digests"
    others = OTHERS if backed_up is None else (BACKUPS.format(backed_up), *OTHERS)
    return NumberReport(ours or nothing, [tables, tried, *told.searched, *not_searched], others)


def _known(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> Iterator[str]:
    theirs = Volunteer.phone_index.in_(sealed_columns.indexes(number))
    if db.scalar(select(Volunteer.person_id).where(Volunteer.line_id == line_id, theirs)):
        yield "a volunteer: name, number (sealed), shifts and wishes, until they text LEAVE"
    rules = select(LineRules.coordinator_phone).where(LineRules.line_id == line_id)
    if db.scalar(rules) == number:
        yield "the coordinator's phone, named when the line was set up (sealed)"
    for words, table, column in BY_DIGEST:
        mine = select(func.count()).select_from(table).where(column.in_(seal.digests(number)))
        if db.scalar(mine):
            yield words
    if any(subject.tried_of_late(db, seal, number, now) for subject in (codes, notes, joining)):
        yield TRIED
    until = boundaries.until(db, seal, line_id, number, now)
    if until is not None:
        yield f"a boundary: a salted digest of the number, until {until:%Y-%m-%d %H:%M} UTC"


def _search(number: str, keys: Sequence[str]) -> Search:
    """Every spelling of the number, and digests of it under every key that we have."""
    ours = {f"{OURS} {place}": derived(key, DIGESTS) for place, key in enumerate(keys, start=1)}
    return Search(needles(list(of_number("the number", number)), ours))
