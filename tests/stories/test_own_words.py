"""What a caller hears where the line has words or recordings of its own."""

import io
import wave
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import event

from shifts.history.history import Change
from tests.stories.town import LINE, Town, town_on
from warmline.prompts import own_words_store, recordings
from warmline.prompts.own_words_store import SAID, Recorded, Which
from warmline.simulator import Phone


def a_wav(seconds: float) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * int(8000 * seconds))
    return made.getvalue()


def change(town: Town) -> Change:
    return Change(1, SAID, None, town.network.now())


def says(town: Town, key: str, text: str | None, language: str = "en") -> None:
    with town.parts.database.writing() as db:
        own_words_store.set_text(db, change(town), Which(1, language, key), text)


def records(town: Town, key: str, seconds: float, language: str = "en") -> str:
    """Keep a recording of a prompt; its address."""
    sound = a_wav(seconds)
    new = Recorded(recordings.read(sound, 60), sound, "")
    which = Which(1, language, key)
    with town.parts.database.writing() as db:
        own_words_store.record(db, change(town), which, new)
        return own_words_store.address(own_words_store.own(db, 1)[language, key])


def calls(town: Town, name: str = "Cal") -> Phone:
    phone = town.phone(name).when_hears("Our promise", press="#")
    phone.dial(LINE)
    return phone


def test_a_caller_hears_the_lines_own_words_and_voices(town: Town) -> None:
    town.volunteer("Ana")
    records(town, "hello.greeting", 4)
    says(town, "wait.looking", "We ask around for you.")
    cal = calls(town)
    town.until_hears(cal, "[recording: hello.greeting-en]")
    began = town.network.now()
    town.until_hears(cal, "Our promise")
    assert (town.network.now() - began).total_seconds() == pytest.approx(5, abs=0.1)
    town.until_hears(cal, "We ask around for you.")
    town.wait(5)
    cal.press("5")
    town.until_hears(cal, "this call is counted.")
    assert not cal.has_heard("We're looking")
    says(town, "wait.round_is_over", "We rang everyone once, and go on.")
    town.until_hears(cal, "We rang everyone once, and go on.")


def test_closed_words_are_the_lines_own_in_each_language(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        says(town, "ask.nobody_on", "Aquí {line}. Ahora no hay nadie.", "es")
        records(town, "ask.next_on_unknown", 2, "es")
        says(town, "hello.language", "English: {digit}.")
        cal = town.phone("Cal").when_hears("Para español", press="2")
        cal.dial(LINE)
        town.until_hears(cal, "English: 1.")
        town.until_hears(cal, "Aquí Riverside. Ahora no hay nadie.")
        town.until_hears(cal, "[recording: ask.next_on_unknown-es]")
        dot = town.phone("Dot")
        dot.dial(LINE)
        town.until_hears(dot, "Hello. This is Riverside. Nobody is here")


def test_a_replaced_recording_is_there_for_a_day_and_then_gone(town: Town) -> None:
    old = records(town, "goodbye.caller", 2)
    new = records(town, "goodbye.caller", 3)
    assert old != new
    said(town, old, a_wav(2))
    says(town, "goodbye.caller", "Take care. Goodbye.")
    sweep(town, hours=23)
    said(town, old, a_wav(2))
    said(town, new, a_wav(3))
    assert records(town, "goodbye.caller", 3) == new
    sweep(town, hours=25)
    said(town, new, a_wav(3))
    silence = said(town, old)
    assert silence.headers["cache-control"] == "no-store"
    assert recordings.read(silence.content, 1).seconds == 0.5


def sweep(town: Town, hours: float) -> None:
    with town.parts.database.writing() as db:
        own_words_store.forget(db, town.network.now() + timedelta(hours=hours))


def said(town: Town, path: str, sound: bytes | None = None) -> Any:
    answer = httpx2.get(town.parts.settings.public_url + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    assert sound is None or answer.content == sound
    return answer


def test_a_recording_that_cannot_be_read_costs_a_moment_and_no_call(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town_on(sqlite_url) as town:
        town.volunteer("Ana")
        asked_for, other = records(town, "hello.greeting", 4), records(town, "wait.looking", 4)
        said(town, asked_for, a_wav(4))
        with town.parts.database.writing() as db:
            db.exec_driver_sql("ALTER TABLE recording RENAME COLUMN sound TO lost")
        said(town, asked_for, a_wav(4))
        assert said(town, other).headers["cache-control"] == "no-store"
        cal = calls(town)
        town.until_hears(cal, "[recording: hello.greeting-en]")
        town.until_hears(cal, "[recording: silence]")
        town.until_hears(cal, "No one has picked up yet.")


def test_own_words_cost_a_call_one_question_after_a_change_and_none_after_that(
    sqlite_url: str,
) -> None:
    with town_on(sqlite_url) as town:
        asked: list[str] = []
        engine = town.parts.database.engine
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        town.volunteer("Ana")
        told = [asked_in_a_call(town, asked)]
        records(town, "hello.greeting", 3)
        told += [asked_in_a_call(town, asked), asked_in_a_call(town, asked)]
        assert told == [0, 1, 0]


def asked_in_a_call(town: Town, asked: list[str]) -> int:
    asked.clear()
    cal = calls(town)
    town.wait(20)
    cal.hang_up()
    town.wait(2)
    return sum("own_words.text" in one for one in asked)
