"""What people have already around dates they may be asked for: whether more fits in; rules pure."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from shifts import places
from shifts.claims.findings import Limits, findings
from shifts.claims.free import AROUND
from shifts.claims.presence import THEIRS
from shifts.local_time import Span
from shifts.models import AGREED, Away, Person, Place
from shifts.places import PlaceRow


@dataclass
class Commitments:
    """Somebody's places around some dates, drafts too, their times away, their own limits."""

    limits: Limits = field(default_factory=Limits)
    places: list[PlaceRow] = field(default_factory=list)
    aways: list[Span] = field(default_factory=list)

    def is_free(self, span: Span) -> bool:
        """Whether they are neither away then nor have, or are asked for, another shift."""
        taken = [one for one in self.places if one.state in THEIRS]
        spans = [(one.starts_at, one.ends_at) for one in taken]
        return not any(_meet(span, other) for other in (*spans, *self.aways))

    def fits(self, spans: Collection[Span], zone: ZoneInfo, now: datetime) -> bool:
        """Whether nothing of theirs speaks against having all of these; a draft of theirs does."""
        drafts = [one for one in self.places if one.state not in THEIRS]
        if any(_meet(one, (row.starts_at, row.ends_at)) for one in spans for row in drafts):
            return False
        own = [one for one in self.places if one.state in THEIRS]
        return not any(
            findings(span, [*own, *_others(spans, span)], self.aways, self.limits, zone, now)
            for span in spans
        )


def commitments(
    db: Connection, people: Collection[int], spans: Sequence[Span]
) -> dict[int, Commitments]:
    """What each of these people has around these spans (UTC); a few statements for all of them."""
    limits = (Person.most_hours_a_week, Person.rest_hours, Person.most_talks_a_shift)
    known = db.execute(select(Person.id, *limits).where(Person.id.in_(people)))
    found = defaultdict(Commitments, {row.id: Commitments(Limits(*row[1:])) for row in known})
    begin = min(span[0] for span in spans) - AROUND
    end = max(span[1] for span in spans) + AROUND
    own = places.rows().where(
        Place.person_id.in_(people),
        Place.duty.is_(False),
        Place.starts_at > begin,
        Place.starts_at < end,
    )
    for row in db.execute(own):
        found[row.person_id].places.append(PlaceRow(*row))
    away = select(Away.person_id, Away.starts_at, Away.ends_at).where(
        Away.person_id.in_(people), Away.ends_at > begin, Away.starts_at < end
    )
    for person_id, starts_at, ends_at in db.execute(away):
        found[person_id].aways.append((starts_at, ends_at))
    return found


def _others(spans: Collection[Span], but: Span) -> list[PlaceRow]:
    """The other dates as if they were agreed to."""
    return [PlaceRow(None, 0, *one, 0, AGREED) for one in spans if one != but]


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
