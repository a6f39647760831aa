"""SHARE, UNSHARE: words about themselves that volunteers give and take back; theirs alone."""

import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from warmline.conversations import persons
from warmline.conversations.persons import Me
from warmline.models.people import ImportedTag, SharedWord, Volunteer
from warmline.operations import one_time
from warmline.sending import texts
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers
from warmline.texting.lengths import PERSON_NAME, shortened

MOST: Final = 10
LONGEST: Final = 40
WORD: Final = "word"
ASKED_FOR: Final = timedelta(days=7)
"""How long the question is of use: as long as its numbers mean something."""


def share(turn: Turn, me: Me, rest: str) -> list[str]:
    """SHARE parent: one more word; SHARE: those I share."""
    mine = _mine(turn, me)
    word = " ".join(rest.lower().split())
    if len(word) > LONGEST:
        return [me.text(turn, "share_long")]
    if word and word not in mine:
        if len(mine) >= MOST:
            return [me.text(turn, "share_many")]
        _add(turn, me, [word])
        mine.append(word)
    return [me.fitted(turn, "shared", sorted(mine)) if mine else me.text(turn, "shared_none")]


def unshare(turn: Turn, me: Me, rest: str) -> list[str]:
    """UNSHARE parent: not any more."""
    word = " ".join(rest.lower().split())
    theirs = (SharedWord.person_id == me.person_id, SharedWord.word == word)
    gone = turn.db.execute(delete(SharedWord).where(*theirs)).rowcount
    if not gone:
        return [me.text(turn, "unshared_none")]
    return [me.text(turn, "unshared", words=shortened(word, LONGEST))]


def ask_about_imported(turn: Turn) -> int:
    """Ask each volunteer once about the words that somebody else has entered; how many texts."""
    found = select(ImportedTag.person_id).join(
        Volunteer, Volunteer.person_id == ImportedTag.person_id
    )
    people = turn.db.scalars(found.where(Volunteer.agreed == "yes").distinct()).all()
    return sum(_ask(turn, person) for person in people)


def unasked(turn: Turn, me: Me) -> list[str]:
    """The words that somebody else has entered about them and they have not answered."""
    found = select(ImportedTag.word).where(ImportedTag.person_id == me.person_id)
    return list(turn.db.scalars(found.order_by(ImportedTag.word)))


def waiting(turn: Turn, me: Me) -> list[int]:
    """The same, by the ids that numbers mean; only once they were asked."""
    known = list_numbers.known(turn.db, me.person_id, WORD, turn.now)
    return [id_of(word) for word in unasked(turn, me) if id_of(word) in known]


def say_yes(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """OK 2: that is so, and may be offered."""
    words = [word for word in unasked(turn, me) if id_of(word) in ids]
    _forget(turn, me, words)
    _add(turn, me, [word for word in words if word not in _mine(turn, me)])
    return share(turn, me, "")


def say_no(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """NO 2: it is not so, or not theirs to say; it is erased."""
    words = [word for word in unasked(turn, me) if id_of(word) in ids]
    _forget(turn, me, words)
    gone = shortened(", ".join(words), LONGEST)
    return [me.text(turn, "unshared" if words else "unshared_none", words=gone)]


def id_of(word: str) -> int:
    """A number that stands for a word of one person, the same whenever it is asked."""
    return zlib.crc32(word.encode()) & 0x7FFFFFFF


def _ask(turn: Turn, person_id: int) -> bool:
    me = persons.by_person(turn, person_id)
    words = unasked(turn, me) if me else []
    until = turn.now + timedelta(days=366)
    fresh = [
        word
        for word in words
        if one_time.first(turn.db, f"word:{person_id}:{id_of(word)}", turn.now, until)
    ]
    if me is None or not fresh:
        return False
    ids = [id_of(word) for word in fresh]
    numbers = list_numbers.numbers(turn.db, person_id, WORD, ids, turn.now)
    said = [
        f"{number} {shortened(word, PERSON_NAME)}"
        for number, word in zip(numbers, fresh, strict=True)
    ]
    persons.tell(turn, me, [me.fitted(turn, "words_asked", said)], texts.ASK, ASKED_FOR)
    return True


def _mine(turn: Turn, me: Me) -> list[str]:
    found = select(SharedWord.word).where(SharedWord.person_id == me.person_id)
    return list(turn.db.scalars(found.order_by(SharedWord.word)))


def _add(turn: Turn, me: Me, words: Sequence[str]) -> None:
    if words:
        rows = [{"person_id": me.person_id, "word": word} for word in words]
        turn.db.execute(insert(SharedWord), rows)


def _forget(turn: Turn, me: Me, words: Sequence[str]) -> None:
    theirs = (ImportedTag.person_id == me.person_id, ImportedTag.word.in_(words))
    turn.db.execute(delete(ImportedTag).where(*theirs))
