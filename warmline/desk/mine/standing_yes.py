"""My one yes to a whole pattern: which there are, and being asked for each shift again."""

from shifts.patterns.pattern_rows import NoSuchPattern, patterns_of, take_yes_back, yes_to
from shifts.patterns.seats import PatternRow
from warmline.desk.visit import Answer, Away, NotFound, Visit


def mine(visit: Visit) -> list[PatternRow]:
    """The patterns whose shifts come as mine because I said yes to all of them, by name."""
    line_id, me = visit.line.line_id, visit.visitor.person_id
    found = [one for one in patterns_of(visit.db, line_id) if not one.ended]
    said = yes_to(visit.db, [one.id for one in found])
    return sorted((one for one in found if (one.id, me) in said), key=lambda one: one.name)


def end(visit: Visit) -> Answer:
    """For what the pattern makes from now on I am asked; what I have stays mine."""
    line_id, number = visit.line.line_id, visit.form.number("pattern") or 0
    try:
        take_yes_back(visit.db, line_id, number, visit.visitor.person_id)
    except NoSuchPattern:
        raise NotFound from None
    return Away("/desk/mine?done=yes_ended")
