"""AGREE and OBJECT: what is proposed is texted to everyone, and everyone may say yes or object."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from warmline import languages
from warmline.conversations import persons
from warmline.conversations.persons import Me
from warmline.models.people import Volunteer
from warmline.models.promise import Proposal
from warmline.models.sign_in import COORDINATOR, DeskRole
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.promise import proposal_rules, proposals
from warmline.promise.promise import Promise, in_force, texted
from warmline.promise.proposal_rules import GATHERS, State
from warmline.promise.proposals import Standing
from warmline.sending import texts
from warmline.telephony.conversation import Turn

VOTE: Final = "vote"
APART: Final = 100
_NUMBER: Final = re.compile(r"\d{1,4}")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
OF_USE: Final = timedelta(days=3)


def are_untold(db: Connection, now: datetime) -> bool:
    """Whether something is proposed that somebody has not been texted."""
    return bool(_untold(db))


def tell(turn: Turn) -> int:
    """Text everyone on the roster what is proposed, each once; how many were."""
    told = 0
    for proposal_id, line_id, person_id in _untold(turn.db):
        until = turn.now + GATHERS
        me = persons.by_person(turn, person_id)
        if me is None or not one_time.first(turn.db, _key(person_id, proposal_id), turn.now, until):
            continue
        number = _numbers(turn.db, line_id).get(proposal_id, 0)
        for one in proposals.standing(turn.db, line_id, proposal_id):
            persons.tell(turn, me, _in_words(turn, me, one, number), texts.ASK, OF_USE)
            told += 1
    return told


def _untold(db: Connection) -> list[tuple[int, int, int]]:
    """Each proposal (its id and line) with each person who takes texts and has not heard of it."""
    pairs = (
        select(Proposal.id, Proposal.line_id, Volunteer.person_id)
        .join(Volunteer, Volunteer.line_id == Proposal.line_id)
        .where(Proposal.in_force_at.is_(None), Volunteer.agreed == "yes")
        .order_by(Proposal.id, Volunteer.person_id)
    )
    rows = [(row[0], row[1], row[2]) for row in db.execute(pairs)]
    names = [_key(person, proposal) for proposal, _, person in rows]
    known = (
        set(db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(names))))
        if names
        else set()
    )
    return [row for row, name in zip(rows, names, strict=True) if name not in known]


def _key(person_id: int, proposal_id: int) -> str:
    return f"{VOTE}:{person_id}:{proposal_id}"


def _in_words(turn: Turn, me: Me, proposal: Standing, number: int) -> list[str]:
    """What is proposed and how to answer; then its words in full, for a yes is to those."""
    if proposal.kind == proposals.KEEPING:
        return _keeping_in_words(turn, me, proposal, number)
    roster = proposals.roster(turn.db, me.line_id)
    day = me.day(proposal_rules.starts_at(proposal.rules, roster))
    at_once = "_at_once" if proposal.rules.protects else ""
    asked = me.text(turn, f"proposed{at_once}", number=number, day=day)
    words = f"{me.prompt(turn, 'proposed_words')} {texted(_theirs(me, proposal), me.line_name)[0]}"
    for code in proposal.left_out:
        named = languages.name_in(code, me.language)
        words += f" {me.prompt(turn, 'without_language', language=named)}"
    return [asked, words]


def _keeping_in_words(turn: Turn, me: Me, proposal: Standing, number: int) -> list[str]:
    """How to answer; then what would change."""
    roster = proposals.roster(turn.db, me.line_id)
    day = me.day(proposal_rules.starts_at(proposal.rules, roster))
    wanted = "; ".join(
        turn.prompts.text(me.language, f"text.keeps_{name}", number=value)
        for name, value in sorted(proposal.wanted.items())
    )
    asked = me.text(turn, "proposed_keeping", number=number, day=day)
    return [asked, f"{me.prompt(turn, 'proposed_words')} {wanted}."]


def _theirs(me: Me, proposal: Standing) -> Promise:
    return proposal.after.get(me.language) or next(iter(proposal.after.values()))


def _numbers(db: Connection, line_id: int) -> dict[int, int]:
    """By which number everybody answers each proposal: its version, as the desk tells it.

    Versions of the promise and of what is kept are counted apart: of two with one number, the
    later has a hundred more.
    """
    found: dict[int, int] = {}
    for one in sorted(proposals.standing(db, line_id), key=lambda one: one.id):
        is_taken = one.version in found.values()
        found[one.id] = one.version + (APART if is_taken else 0)
    return found


def agree(turn: Turn, me: Me, rest: str) -> list[str]:
    """AGREE 2: yes to what is proposed by that number; AGREE: to the one thing that is asked.

    That is the promise as it stands, for whoever has not agreed to it yet.
    """
    if rest:
        return _vote_words(turn, me, rest, agrees=True)
    promised = in_force(turn.db, me.line_id)
    mine = promised.get(me.language) or next(iter(promised.values()), None)
    asked = waiting(turn, me)
    agreed_to = select(Volunteer.agreed_promise).where(Volunteer.person_id == me.person_id)
    has_agreed = mine is not None and turn.db.scalar(agreed_to) == mine.version
    if len(asked) == 1 and (mine is None or has_agreed):
        return say_yes(turn, me, asked)
    if mine is None:
        return show(turn, me) or [me.text(turn, "no_vote")]
    if has_agreed and asked:
        return show(turn, me)
    agree_to(turn.db, me.person_id, mine.version)
    return [me.text(turn, "agreed_to", number=mine.version), *show(turn, me)]


def agree_to(db: Connection, person_id: int, version: int) -> None:
    """Somebody has read a version of the promise, in force, and answers under it."""
    own = update(Volunteer).where(Volunteer.person_id == person_id)
    db.execute(own.values(agreed_promise=version))


def object_to(turn: Turn, me: Me, rest: str) -> list[str]:
    """OBJECT 2: no to what is proposed by that number; alone, to the one thing that is."""
    if rest:
        return _vote_words(turn, me, rest, agrees=False)
    asked = waiting(turn, me)
    if len(asked) == 1:
        return say_no(turn, me, asked)
    return show(turn, me) or [me.text(turn, "no_vote")]


def say_yes(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """OK, where what is proposed is the one thing asked."""
    return _vote(turn, me, ids, agrees=True)


def say_no(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """NO, where what is proposed is the one thing asked: an objection, and nobody is told whose."""
    return _vote(turn, me, ids, agrees=False)


def waiting(turn: Turn, me: Me) -> list[int]:
    """What is proposed and they have said nothing to, by its ids."""
    return [one.id for one in _open(turn, me)]


def numbered(turn: Turn, me: Me, rest: str) -> list[int]:
    """What is proposed by these numbers; nothing where one of them is no proposal's."""
    said = {int(one) for one in _NUMBER.findall(rest)}
    numbers = _numbers(turn.db, me.line_id)
    found = [one for one, number in numbers.items() if number in said]
    return found if len(found) == len(said) and not _WORD.search(rest) else []


def _vote_words(turn: Turn, me: Me, rest: str, *, agrees: bool) -> list[str]:
    found = numbered(turn, me, rest)
    if not found:
        return show(turn, me) or [me.text(turn, "no_vote")]
    return _vote(turn, me, found, agrees=agrees)


def _vote(turn: Turn, me: Me, ids: Sequence[int], *, agrees: bool) -> list[str]:
    numbers = _numbers(turn.db, me.line_id)
    voted = [one for id_ in ids for one in proposals.standing(turn.db, me.line_id, id_)]
    for one in voted:
        say(turn, one, me.person_id, agrees=agrees)
    said = " ".join(str(numbers[one.id]) for one in voted)
    return [me.text(turn, "vote_yes" if agrees else "vote_no", number=said)]


def say(turn: Turn, proposal: Standing, person_id: int, *, agrees: bool) -> None:
    """Somebody's yes or objection; when it is held by that, the coordinators hear of it, once."""
    proposals.vote(turn.db, proposal.id, person_id, agrees=agrees)
    roster = proposals.roster(turn.db, proposal.line_id)
    for one in proposals.standing(turn.db, proposal.line_id, proposal.id):
        if proposal_rules.state(one.rules, roster, turn.now) == State.HELD:
            _tell_held(turn, one)


def _tell_held(turn: Turn, proposal: Standing) -> None:
    if one_time.first(turn.db, f"held:{proposal.id}", turn.now, turn.now + GATHERS):
        tell_coordinators(turn, proposal.line_id, "vote_held")


def tell_coordinators(turn: Turn, line_id: int, key: str, **values: object) -> None:
    """Text those who lead the desk and have agreed to texts."""
    lead = select(DeskRole.person_id).where(
        DeskRole.line_id == line_id, DeskRole.role == COORDINATOR
    )
    for person_id in turn.db.scalars(lead.order_by(DeskRole.person_id)).all():
        me = persons.by_person(turn, person_id)
        if me is not None and me.agreed:
            persons.tell(turn, me, [me.text(turn, key, **values)], texts.ASK, OF_USE)


def _open(turn: Turn, me: Me) -> list[Standing]:
    """What is proposed, as long as they have said nothing to it."""
    return [
        one
        for one in proposals.standing(turn.db, me.line_id)
        if me.person_id not in one.rules.yeses | one.rules.objections
    ]


def show(turn: Turn, me: Me) -> list[str]:
    """What is proposed, with its numbers, as long as they have said nothing to it; else nothing."""
    found = _open(turn, me)
    numbers = _numbers(turn.db, me.line_id)
    said = [f"{numbers[one.id]} ({me.day(one.rules.made_at)})" for one in found]
    return [me.fitted(turn, "votes_open", said)] if found else []
