"""Drafts who gets which places of those who could, spread evenly over them; pure.

Nobody gets a place they did not offer, nor one that does not fit with what they have. As many
places are filled as can be; then places move from whoever has more to whoever has at least two
fewer, also by way of others, until no such move is left.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

Fits = Callable[[int, Collection[int]], bool]
"""Whether a person could have all of these days."""
Lots = Callable[[int, int], object]
"""What settles a tie for a day between people; the lowest has it."""
FREE: Final = None


@dataclass(frozen=True)
class _Step:
    """Somebody takes a day that is to be given, and gives one of theirs (None: nothing)."""

    day: int
    person: int
    gives: int | None
    before: "_Step | None" = None

    def steps(self) -> Iterator["_Step"]:
        """This step and all before it, the last first."""
        one: _Step | None = self
        while one is not None:
            yield one
            one = one.before


@dataclass
class _Draft:
    """Who has which days so far."""

    offers: Mapping[int, Collection[int]]
    fits: Fits
    lots: Lots
    of: dict[int, set[int]] = field(default_factory=dict)

    def load(self, person: int) -> int:
        return len(self.of.get(person, ()))

    def takers(self, day: int) -> list[int]:
        """Who could be asked to take a day, whoever has least first."""
        could = (one for one in self.offers[day] if day not in self.of.get(one, ()))
        return sorted(could, key=lambda one: (self.load(one), self.lots(day, one)))

    def way(self, day: int, most: int | None, without: int | None = None) -> _Step | None:
        """The shortest way to give a day to somebody who has at most so many, by way of others.

        `without` is who would give it: they are not on the way.
        """
        ways: list[_Step | None] = [None]
        seen = {day}
        for before in ways:
            wanted = day if before is None else before.gives or 0
            there = {one.person for one in before.steps()} if before else set()
            for person in self.takers(wanted):
                if person in there or person == without:
                    continue
                has = self.of.get(person, set())
                ends = most is FREE or self.load(person) <= most
                if ends and self.fits(person, has | {wanted}):
                    return _Step(wanted, person, None, before)
                for given in sorted(has - seen):
                    if self.fits(person, has - {given} | {wanted}):
                        seen.add(given)
                        ways.append(_Step(wanted, person, given, before))
        return None

    def go(self, way: _Step) -> None:
        """Everybody on the way gives and takes."""
        for one in way.steps():
            has = self.of.setdefault(one.person, set())
            has.discard(one.gives or 0)
            has.add(one.day)


def fair(
    wanted: Mapping[int, int], offers: Mapping[int, Collection[int]], fits: Fits, lots: Lots
) -> dict[int, set[int]]:
    """By day, who is drafted: at most as many as are `wanted`, only of those in `offers`.

    Days and persons are ids, positive numbers. The same in gives the same out.
    """
    draft = _Draft({day: offers.get(day, ()) for day in wanted}, fits, lots)
    _fill(draft, wanted)
    while _evened(draft):
        pass
    return {day: {person for person, days in draft.of.items() if day in days} for day in wanted}


def _fill(draft: _Draft, wanted: Mapping[int, int]) -> None:
    """As many places as can be: one on each day, then second ones; the scarcest days first."""
    days = sorted(wanted, key=lambda one: (len(draft.offers[one]) - wanted[one], one))
    for place in range(max(wanted.values(), default=0)):
        for day in days:
            way = draft.way(day, FREE) if place < wanted[day] else None
            if way is not None:
                draft.go(way)


def _evened(draft: _Draft) -> bool:
    """Whether somebody could give a day so that the spread is more even; it is given."""
    for person in sorted(draft.of, key=lambda one: (-draft.load(one), one)):
        for day in sorted(draft.of[person]):
            still = draft.fits(person, draft.of[person] - {day})
            way = draft.way(day, draft.load(person) - 2, person) if still else None
            if way is not None:
                draft.of[person].discard(day)
                draft.go(way)
                return True
    return False
