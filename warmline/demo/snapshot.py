"""One look at the whole demo: every phone, what the line does, what is kept; as plain data."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from warmline.demo.calls_in_words import CALLER_IS, now_sentences
from warmline.demo.cast import CAST, LINE_NAME, LINE_NUMBER, Part
from warmline.demo.kept_in_words import kept_rows, kept_words
from warmline.demo.phones import Message, Roll
from warmline.demo.rows import Phoned, Rows
from warmline.demo.stage import ZONE, Stage
from warmline.demo.texts_in_words import PEER_TEXTS, TEXTER_IS, talk_sentences
from warmline.simulator import Phone
from warmline.simulator.legs.speech import Hearing

MOST_LINES: Final = 60
RING_IS: Final = {
    "picked up": "Press 1 to take it, 2 to pass",
    "in talk": "In the room; the caller is coming",
    "leaving": "Hearing thank you",
}
Words = dict[str, object]


def snapshot(stage: Stage) -> Words:
    """Everything the page shows."""
    now = stage.exchange.now()
    with stage.parts.database.reading() as db:
        rows = Rows(db, now)
    records = len(stage.exchange.records())
    return {
        "line": LINE_NAME,
        "time": _clock(now, seconds=True),
        "speed": stage.speed,
        "now": _now(stage, rows),
        "kept": kept_words(rows),
        "tables": kept_rows(rows, records),
        "phones": [_phone(stage, part, rows) for part in CAST],
    }


def _now(stage: Stage, rows: Rows) -> list[str]:
    told = talk_sentences(rows.talks)
    if told and not rows.calls:
        return told
    return [*now_sentences(rows.calls, len(stage.cast.ringing), rows.free), *told]


def _phone(stage: Stage, part: Part, rows: Rows) -> Words:
    phone = stage.cast.phones[part.name]
    roll = stage.tape.rolls.get(part.name)
    return {
        "name": part.name,
        "state": "ringing" if phone.is_ringing else "call" if phone.is_in_call else "idle",
        "talking": bool(phone.talking_with),
        "words": how_it_stands(part, phone, rows),
        "shows": LINE_NAME if phone.shown_number == LINE_NUMBER else "",
        "byItself": part.name in stage.cast.by_itself,
        "roll": 0 if roll is None else roll.number,
        "lines": [] if roll is None else _lines(phone, roll),
        "texts": [_text(one) for one in stage.threads.of(part.name)],
    }


def _text(message: Message) -> Words:
    at = _clock(message.at, seconds=False)
    return {"id": message.number, "mine": message.mine, "words": message.words, "at": at}


def how_it_stands(part: Part, phone: Phone, rows: Rows) -> str:
    """How it stands with a phone, in a few words."""
    if phone.is_ringing:
        return "RINGING"
    if phone.talking_with:
        names = " and ".join(sorted(phone.talking_with))
        # A peer does not know who calls, even when it is another volunteer.
        answered = part.is_volunteer and rows.call_of(part) is None
        return "Talking with a caller" if answered else f"Talking with {names}"
    if phone.is_in_call:
        return _in_call(part, rows)
    return _texting(part, rows) or _on_the_hook(part, rows)


def _texting(part: Part, rows: Rows) -> str:
    """How it stands with somebody who is in a talk by text; empty when they are in none."""
    talk = rows.talk_of(part)
    if talk is not None:
        return TEXTER_IS[talk.state]
    return PEER_TEXTS if rows.is_peer_of_a_talk(part) else ""


def _in_call(part: Part, rows: Rows) -> str:
    call = rows.call_of(part)
    if call is not None:
        return CALLER_IS[call.state]
    ring = rows.volunteers[part.name].ring_state if part.is_volunteer else None
    return RING_IS.get(ring or "", "Connecting")


def _on_the_hook(part: Part, rows: Rows) -> str:
    return _on_a_shift(rows.volunteers[part.name], rows) if part.is_volunteer else "Not in a call"


def _on_a_shift(volunteer: Phoned, rows: Rows) -> str:
    for until, words in (
        (volunteer.paused_until, "Pause until {}"),
        (volunteer.breather_until, "Breather until {}"),
        (volunteer.resting_until, "Missed a call; rested until {}"),
    ):
        if until is not None and until > rows.now:
            return words.format(_clock(_up_to_the_minute(until), seconds=False))
    return "On shift" if volunteer.name in rows.on else "Off shift"


def _up_to_the_minute(instant: datetime) -> datetime:
    return instant + timedelta(seconds=-instant.second % 60)


def _clock(instant: datetime, *, seconds: bool) -> str:
    """The line's own time, as "Monday 6:00:12 pm" or "6:01 pm"."""
    local = instant.astimezone(ZoneInfo(ZONE))
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{local:%A} {hour}:{local:%M:%S} {half}" if seconds else f"{hour}:{local:%M} {half}"


def _lines(phone: Phone, roll: Roll) -> list[Words]:
    """What was said and what happened in this call, in order, the latest last."""
    said = [
        (one.since, {"id": f"{roll.number}-said-{at}", "said": True, **_heard_words(one)})
        for at, one in enumerate(phone.hearings)
        if one.since >= roll.began and one.text
    ]
    noted = [
        (note.at, {"id": f"{roll.number}-note-{at}", "said": False, "text": note.words})
        for at, note in enumerate(list(roll.notes))
    ]
    # What was done comes before what was said to it at the same instant: the sort is stable.
    return [line for _, line in sorted([*noted, *said], key=_when)][-MOST_LINES:]


def _heard_words(hearing: Hearing) -> Words:
    return {"text": hearing.text, "lang": hearing.language, "cut": hearing.broken_off}


def _when(line: tuple[datetime, Words]) -> datetime:
    return line[0]
