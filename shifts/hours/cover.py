"""How many are on, who comes and goes, and where somebody is lacking; pure, over places as rows."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from shifts.local_time import Span
from shifts.places import PlaceRow

Move = tuple[datetime, int, int]
"""At an instant, somebody (or something) by number comes (1) or goes (-1)."""


class Piece(NamedTuple):
    """A number that holds during [start, end), UTC."""

    start: datetime
    end: datetime
    number: int


class HandOver(NamedTuple):
    """An instant (UTC) at which persons come on, go off, or both."""

    at: datetime
    comes: frozenset[int]
    goes: frozenset[int]


class Gap(NamedTuple):
    """During [start, end), UTC, fewer are on than are wanted."""

    start: datetime
    end: datetime
    wanted: int
    on: int


def cover(
    rows: Iterable[PlaceRow], begin: datetime, end: datetime, among: Collection[int] | None = None
) -> list[Piece]:
    """How many persons are on, over the whole of [begin, end), equal numbers as one piece.

    Only agreed places and those whose cover is wanted count, a person once; `among` are the
    persons who count at all (None: everybody).
    """
    moves = (
        move
        for row, person in _places_held(rows, among)
        if row.starts_at < end and row.ends_at > begin
        for move in (
            (max(begin, row.starts_at), person, 1),
            (min(end, row.ends_at), person, -1),
        )
    )
    return sweep(moves, begin, end, len)


def changes(
    rows: Iterable[PlaceRow], begin: datetime, end: datetime, among: Collection[int] | None = None
) -> list[HandOver]:
    """Who comes and goes at which instant of [begin, end); one's own adjoining places are none.

    A place that ends exactly at `begin` belongs among the rows: who goes then, goes within it.
    """
    moves: list[Move] = []
    for row, person in _places_held(rows, among):
        moves += [(row.starts_at, person, 1), (row.ends_at, person, -1)]
    on: Counter[int] = Counter()
    found = []
    for at, together in _by_instant(moves):
        touched = {person for person, _ in together}
        before = {person for person in touched if on[person]}
        for person, step in together:
            on[person] += step
        after = {person for person in touched if on[person]}
        if begin <= at < end and before != after:
            found.append(HandOver(at, frozenset(after - before), frozenset(before - after)))
    return found


def gaps(within: Iterable[Span], wanted: Sequence[Piece], on: Sequence[Piece]) -> list[Gap]:
    """Where, within spans that are in order and apart, fewer are on than are wanted.

    What adjoins and lacks the same is one gap.
    """
    asked = [Piece(start, end, number) for start, end, _, number in overlay(_ones(within), wanted)]
    found: list[Gap] = []
    for start, end, number, there in overlay(asked, on):
        if there >= number:
            continue
        if found and found[-1][1:] == (start, number, there):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Gap(start, end, number, there))
    return found


def sweep(
    moves: Iterable[Move], begin: datetime, end: datetime, tell: Callable[[Counter[int]], int]
) -> list[Piece]:
    """What `tell` says of those who are there, over the whole of [begin, end).

    Moves lie within it; equal numbers that adjoin are one piece.
    """
    there: Counter[int] = Counter()
    pieces, since = [], begin
    for at, together in _by_instant(moves):
        if at > since:
            pieces.append(Piece(since, at, tell(there)))
            since = at
        for one, step in together:
            there[one] += step
        for one, _ in together:
            if not there[one]:
                del there[one]
    if since < end:
        pieces.append(Piece(since, end, tell(there)))
    return joined(pieces)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces in order, those that adjoin and are equal as one."""
    done: list[Piece] = []
    for piece in pieces:
        if done and (done[-1].end, done[-1].number) == (piece.start, piece.number):
            done[-1] = done[-1]._replace(end=piece.end)
        else:
            done.append(piece)
    return done


def overlay(
    first: Sequence[Piece], second: Sequence[Piece]
) -> Iterator[tuple[datetime, datetime, int, int]]:
    """Where pieces of two sequences, each in order, share instants: span and both numbers."""
    one = two = 0
    while one < len(first) and two < len(second):
        left, right = first[one], second[two]
        start, end = max(left.start, right.start), min(left.end, right.end)
        if start < end:
            yield start, end, left.number, right.number
        if left.end <= right.end:
            one += 1
        else:
            two += 1


def outside(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of spans when others are taken away; both in order and apart."""
    left: list[Span] = []
    away = iter([*taken])
    hole = next(away, None)
    for start, end in spans:
        begin = start
        while hole is not None and hole[0] < end:
            if hole[0] > begin:
                left.append((begin, hole[0]))
            begin = max(begin, hole[1])
            if hole[1] > end:
                break
            hole = next(away, None)
        if begin < end:
            left.append((begin, end))
    return left


def _places_held(
    rows: Iterable[PlaceRow], among: Collection[int] | None
) -> Iterator[tuple[PlaceRow, int]]:
    for row in rows:
        if row.on and row.person_id is not None and (among is None or row.person_id in among):
            yield row, row.person_id


def _by_instant(moves: Iterable[Move]) -> Iterator[tuple[datetime, list[tuple[int, int]]]]:
    for at, together in groupby(sorted(moves, key=itemgetter(0)), key=itemgetter(0)):
        yield at, [(one, step) for _, one, step in together]


def _ones(spans: Iterable[Span]) -> list[Piece]:
    return [Piece(start, end, 1) for start, end in spans]
