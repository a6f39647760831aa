"""Who counts for what: whose own yes is held, who speaks a language, takes calls or texts."""

from sqlalchemy import Select, literal

from shifts.wanted import LINE, VOICE, Subject
from warmline.models import Volunteer
from warmline.people import who_may_be_rung


def who_counts(line_id: int, subject: Subject = LINE) -> Select[int]:
    """The persons who count as on for a subject; nobody does whose own yes is not held."""
    query = who_may_be_rung(line_id)
    if subject.language is not None:
        spoken = literal(",") + Volunteer.languages + literal(",")
        query = query.where(spoken.contains(f",{subject.language},", autoescape=True))
    if subject.channel is not None:
        query = query.where(Volunteer.voice if subject.channel == VOICE.channel else Volunteer.text)
    return query
