"""What could go to and fro between two machines all night is answered a few times an hour only.

Kept are keyed digests that nobody else can make, for an hour at most.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete

from warmline.database.sealing import Seal
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.texting.spelling import letters_of

WITHIN: Final = timedelta(hours=1)
IN_A_ROW: Final = timedelta(minutes=10)
THE_SAME: Final = 2
"""So many times an hour one and the same text of one writer is answered."""
ANY: Final = 12
"""So many times an hour one writer is told that they are not understood."""
_DIGITS: Final = 20


def is_early(db: Connection, seal: Seal, writer: str, body: str, now: datetime) -> bool:
    """Whether this text of this writer has come at most twice within the hour."""
    what = seal.digests(f"{writer}:{letters_of(body)}")[0][:_DIGITS]
    return one_time.one_of(db, f"first:{what}", THE_SAME, now, now + WITHIN)


def may_answer(db: Connection, seal: Seal, writer: str, body: str, now: datetime) -> bool:
    """Whether a text that asks for nothing we know is answered this time.

    `writer` is a person's id or a number. Equal texts in a row are one.
    """
    whose = seal.digests(f"repeated:{writer}")[0][:_DIGITS]
    what = seal.digests(f"{writer}:{letters_of(body)}")[0][:_DIGITS]
    last = f"last:{whose}:{what}"
    others = OneTimeMark.what.startswith(f"last:{whose}:") & (OneTimeMark.what != last)
    db.execute(delete(OneTimeMark).where(others))
    is_new = one_time.first(db, last, now, now + IN_A_ROW)
    until = now + WITHIN
    return (
        is_new
        and one_time.one_of(db, f"same:{whose}:{what}", THE_SAME, now, until)
        and one_time.one_of(db, f"any:{whose}", ANY, now, until)
    )
