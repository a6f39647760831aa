"""What pages tell of the promise: its versions, and what is proposed in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from shifts.models import Person
from warmline.desk.visit import Visit
from warmline.promise import promise, promise_versions, proposal_rules, proposals, retention
from warmline.promise.promise import Promise
from warmline.promise.proposal_rules import Roster
from warmline.promise.proposals import Standing

Said = list[tuple[str, str]]
"""Words by language, as they are said."""


@dataclass(frozen=True)
class VersionView:
    """A version as it is told; `passed` is how many had agreed and objected, where it was voted."""

    number: int
    words: Said
    since: datetime
    until: datetime | None
    passed: tuple[int, int] | None


@dataclass(frozen=True)
class Proposed:
    """What is proposed as it is told: never who says what, only how many."""

    standing: Standing
    before: Said
    after: Said
    state: str
    starts_at: datetime
    yeses: int
    objections: int
    agreed: int
    answering: int
    wanted: Mapping[str, object] = field(default_factory=dict)
    was: Mapping[str, object] = field(default_factory=dict)

    @property
    def may_start(self) -> str:
        """Which words say from when on it may take effect."""
        return "at_once" if self.standing.rules.protects else "from"


def history(visit: Visit) -> list[VersionView]:
    """Every version that is or was in force, the newest first."""
    line_id = visit.line.line_id
    passed = proposals.passed(visit.db, line_id)
    return [
        VersionView(
            one.number,
            spoken_version(visit, one.words),
            one.since,
            one.until,
            passed.get(one.number),
        )
        for one in promise_versions.versions(visit.db, line_id)
    ]


def proposed(visit: Visit, roster: Roster) -> list[Proposed]:
    """What stands, the oldest first."""
    answering = proposals.who_answer(visit.db, visit.line.line_id)
    return [
        _proposed(visit, one, roster, answering)
        for one in proposals.standing(visit.db, visit.line.line_id)
    ]


def _proposed(visit: Visit, one: Standing, roster: Roster, answering: frozenset[int]) -> Proposed:
    return Proposed(
        one,
        spoken_version(visit, one.before),
        spoken_version(visit, one.after),
        proposal_rules.state(one.rules, roster, visit.now).value,
        proposal_rules.starts_at(one.rules, roster),
        len(roster.people & one.rules.yeses),
        len(roster.people & one.rules.objections),
        len(answering & one.rules.yeses),
        len(answering),
        _with_names(visit, one.wanted),
        _with_names(visit, one.was),
    )


def _with_names(visit: Visit, kept: Mapping[str, object]) -> dict[str, object]:
    """What is kept for how long; of who reads how it went the names, for those signed in."""
    readers = kept.get(retention.READERS)
    if not isinstance(readers, list):
        return dict(kept)
    if visit.who is None:
        return dict(kept) | {retention.READERS: ["…"]}
    found = select(Person.name).where(Person.id.in_(readers)).order_by(Person.name)
    return dict(kept) | {retention.READERS: list(visit.db.scalars(found))}


def spoken_version(visit: Visit, words: Mapping[str, Promise]) -> Said:
    """A promise as it is said, the line's first language first."""
    order = [code for code in visit.line.languages if code in words]
    order += [code for code in words if code not in order]
    return [(code, promise.spoken(words[code], visit.line.name)) for code in order]
