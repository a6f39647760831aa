"""Tries are counted by id, for a while, and no more ids than there is room for."""

from datetime import UTC, datetime, timedelta

from warmline.telephony.tries import Tries

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_each_id_is_counted_by_itself_and_forgotten_after_a_while() -> None:
    tries = Tries(60 * SECOND)
    assert [tries.one_more("CA1", NOON + n * SECOND) for n in range(3)] == [1, 2, 3]
    assert tries.one_more("CA2", NOON + 30 * SECOND) == 1
    assert tries.one_more("CA1", NOON + 60 * SECOND) == 4
    assert tries.one_more("CA1", NOON + 61 * SECOND) == 1, "a minute after its first"
    assert tries.one_more("CA2", NOON + 61 * SECOND) == 2


def test_the_oldest_make_room() -> None:
    tries = Tries(60 * SECOND, most=3)
    for name in ("CA1", "CA2", "CA3", "CA4"):
        tries.one_more(name, NOON)
    assert tries.one_more("CA4", NOON) == 2
    assert tries.one_more("CA1", NOON) == 1
