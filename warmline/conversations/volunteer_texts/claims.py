"""TAKE, DROP, OFFER, SICK, OK, NO, UNDO: places change hands by the numbers that are shown."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shifts.claims import claims, undoing
from shifts.claims.claiming import Claimed
from shifts.faults import Fault
from shifts.history.whole_shift import whole_shift
from shifts.local_time import Span
from shifts.models import AGREED, ASKED, COVER_WANTED
from shifts.places import by_ids, of_person
from shifts.refusals import Begun, SomebodyElseHasIt
from warmline.conversations.notices import cover, duty, unproven
from warmline.conversations.notices.unproven import UNDO_WITHIN
from warmline.conversations.persons import Me, why_not
from warmline.conversations.shift_lists import PLACE, Entry, mine, open_to, shown_mine, shown_open
from warmline.conversations.volunteer_texts.when import among, unclear, when
from warmline.plain_dates import Choice, NotUnderstood
from warmline.privacy import boundaries
from warmline.telephony.conversation import Turn
from warmline.texting import list_numbers

FAR_AHEAD: Final = timedelta(days=366)


class TooLateToUndo(Fault):
    """A change by text can be undone by text for ten minutes."""


@dataclass(frozen=True)
class Done:
    """Which shifts were changed as they asked, and why others were not, if some were not."""

    spans: tuple[Span, ...]
    refused: Fault | None


def take(turn: Turn, me: Me, rest: str) -> list[str]:
    """TAKE 3, TAKE 3 4: open places are mine; one that I have offered is mine again.

    TAKE SAT EVENING: the only one there is then; of several, which one is asked.
    """
    ids = _numbered(turn, me, rest) or _then(turn, me, rest)
    if isinstance(ids, str):
        return [ids]
    return take_these(turn, me, ids)


def take_these(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """These places are theirs, as far as nobody was faster."""
    try:
        return _change_words(turn, me, "taken", _each(turn, me, ids, _take_or_keep))
    except SomebodyElseHasIt as fault:
        return [why_not(turn, me, fault), *shown_open(turn, me, open_to(turn, me))]


def drop(turn: Turn, me: Me, rest: str) -> list[str]:
    """DROP 3: I am free of every place of it at once; nobody asks why."""
    ids = _numbered(turn, me, rest)
    if not ids:
        return [me.text(turn, "which", word=me.word("DROP"))]
    done = _each(turn, me, _of_stretches(turn, me, ids), _drop)
    duty.places_opened(turn, me, list(done.spans))
    return _change_words(turn, me, "dropped", done)


def offer(turn: Turn, me: Me, rest: str) -> list[str]:
    """OFFER 3: mine until somebody takes it."""
    ids = _numbered(turn, me, rest)
    if not ids:
        return [me.text(turn, "which", word=me.word("OFFER"))]
    return _change_words(turn, me, "offered", _each(turn, me, _of_stretches(turn, me, ids), _offer))


def sick(turn: Turn, me: Me, _rest: str) -> list[str]:
    """SICK: all of mine until tomorrow noon is open; the rest of what has begun, too."""
    done = claims.sick(turn.db, me.line_id, me.person_id, turn.now, zone=me.zone)
    if done.given_up:
        unproven.count(turn, me)
    duty.places_opened(turn, me, [(one.starts_at, one.ends_at) for one in done.given_up])
    for one in done.given_up:
        _gave_up(turn, me, one)
    # UNDO brings back what has not begun.
    undone = any(one.starts_at > turn.now for one in done.given_up)
    return [me.text(turn, "sick_undo" if undone else "sick", day=me.in_words(done.until, "EEE"))]


def say_yes(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """Yes to the shifts that were asked of me, each by its first place."""
    return _change_words(turn, me, "taken", _each(turn, me, _of_stretches(turn, me, ids), _say_yes))


def say_no(turn: Turn, me: Me, ids: Sequence[int]) -> list[str]:
    """No to what was asked of me; also to what was entered as my yes and is none."""
    return _change_words(
        turn, me, "declined", _each(turn, me, _of_stretches(turn, me, ids), _say_no)
    )


def show_asked(turn: Turn, me: Me) -> list[str]:
    """The shifts that are asked of me, with their numbers."""
    return shown_mine(turn, me, [entry for entry in mine(turn, me) if entry.state == ASKED])


def undo(turn: Turn, me: Me, _rest: str) -> list[str]:
    """UNDO: what my last text changed, ten minutes ago at most, is as if it had not been.

    With nothing changed so lately, a boundary of mine that stands is taken back.
    """
    made_at = undoing.last_claim_at(turn.db, me.line_id, me.person_id)
    lately = made_at is not None and turn.now - made_at <= UNDO_WITHIN
    if not lately and boundaries.take_back(turn.db, me.person_id, turn.now):
        return [me.text(turn, "boundary_undone")]
    if made_at is not None and turn.now - made_at > UNDO_WITHIN:
        raise TooLateToUndo("What was changed by text can be undone for ten minutes.")
    undone = undoing.undo(turn.db, me.line_id, me.person_id, turn.now)
    places = list(undone.places)
    while undoing.last_claim_at(turn.db, me.line_id, me.person_id) == made_at:
        try:
            places += undoing.undo(turn.db, me.line_id, me.person_id, turn.now).places
        except Begun:
            # Of what one text changed, the part that has begun stays as it is.
            break
    spans = [(place.starts_at, place.ends_at) for place in places]
    return [me.text_of(turn, "undone", spans)]


def give_up_all(turn: Turn, me: Me) -> None:
    """Every place of theirs from now on is open, on duty too: the rest of the present one too."""
    until = turn.now + FAR_AHEAD
    for on_call in (False, True):
        own = of_person(turn.db, me.line_id, me.person_id, turn.now, until, duty=on_call)
        ids = [place.id or 0 for place in own if place.on or place.state == ASKED]
        # Whatever cannot be given up, STOP is obeyed.
        with suppress(Fault):
            done = _each(turn, me, ids, _drop)
            duty.places_opened(turn, me, list(done.spans))


def _numbered(turn: Turn, me: Me, rest: str) -> list[int]:
    """The places that the numbers they wrote mean; nothing when one means something else."""
    things = list_numbers.meant(turn.db, me.person_id, rest, turn.now)
    ids = [thing_id for kind, thing_id in things if kind == PLACE]
    return ids if len(ids) == len(things) else []


def _then(turn: Turn, me: Me, rest: str) -> list[int] | str:
    """The one open place at a time that they named; when there is a doubt, what to answer."""
    if not any(letter.isalpha() for letter in rest):
        return me.text(turn, "which", word=me.word("TAKE"))
    answer = when(turn, me, rest)
    if isinstance(answer, NotUnderstood):
        return unclear(turn, me, "TAKE", answer)
    found = among(me, open_to(turn, me), answer)
    if len(found) == 1 and not isinstance(answer, Choice):
        return [found[0].id]
    return next(iter(shown_open(turn, me, found)), me.text(turn, "open_none_then"))


def _of_stretches(turn: Turn, me: Me, ids: Sequence[int]) -> list[int]:
    """Every place of the shifts that these places begin, as they are shown."""
    known = {entry.id: entry for entry in mine(turn, me)}
    return [place_id for one in ids for place_id in _ids(known.get(one)) or [one]]


def _ids(entry: Entry | None) -> list[int]:
    return [place.id or 0 for place in entry.places] if entry else []


def _each(
    turn: Turn, me: Me, ids: Sequence[int], claim: Callable[[Turn, Me, int], Claimed]
) -> Done:
    """Claim what can be claimed, each shift once; raises the first refusal when nothing could be.

    A shift of more than 25 hours is several places and one claim.
    """
    spans, refused, done = [], None, set[int | None]()
    for place_id in dict.fromkeys(ids):
        if place_id in done:
            continue
        try:
            with turn.db.begin_nested():
                shift = whole_shift(turn.db, me.line_id, place_id)
                claimed = claim(turn, me, place_id)
        except Fault as fault:
            refused = refused or fault
            continue
        done |= shift.ids
        spans.append((claimed.starts_at, claimed.ends_at))
    if refused and not spans:
        raise refused
    return Done(tuple(spans), refused)


def _change_words(turn: Turn, me: Me, key: str, done: Done) -> list[str]:
    """What was changed, and why something was not."""
    said = me.text_of(turn, key, done.spans)
    return [said, why_not(turn, me, done.refused)] if done.refused else [said]


def _take_or_keep(turn: Turn, me: Me, place_id: int) -> Claimed:
    place = by_ids(turn.db, me.line_id, [place_id]).get(place_id)
    who = (turn.db, me.line_id, me.person_id, place_id, turn.now)
    if place and (place.person_id, place.state) == (me.person_id, COVER_WANTED):
        return claims.keep(*who)
    return claims.take(*who, zone=me.zone)


def _drop(turn: Turn, me: Me, place_id: int) -> Claimed:
    dropped = claims.drop(turn.db, me.line_id, me.person_id, place_id, turn.now)
    unproven.count(turn, me)
    _gave_up(turn, me, dropped)
    return dropped


def _offer(turn: Turn, me: Me, place_id: int) -> Claimed:
    return claims.offer(turn.db, me.line_id, me.person_id, place_id, turn.now)


def _say_yes(turn: Turn, me: Me, place_id: int) -> Claimed:
    return claims.say_yes(turn.db, me.line_id, me.person_id, place_id, turn.now, zone=me.zone)


def _say_no(turn: Turn, me: Me, place_id: int) -> Claimed:
    """A place that stands as theirs, agreed: they are free of it as well."""
    place = by_ids(turn.db, me.line_id, [place_id]).get(place_id)
    if place and (place.person_id, place.state) == (me.person_id, AGREED):
        return _drop(turn, me, place_id)
    refused = claims.say_no(turn.db, me.line_id, me.person_id, place_id, turn.now)
    _gave_up(turn, me, refused)
    return refused


def _gave_up(turn: Turn, me: Me, place: Claimed) -> None:
    who = (place.place_id, me.person_id)
    cover.gave_up(turn.db, *who, turn.now, place.starts_at)
