"""What callers hear, edited at the desk: words, recordings, and both taken back."""

import io
import struct
import wave
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.desk.conftest import AtDesk
from tests.stories.town import Town, town_on
from warmline.models.line import OwnWords, Recording

GREETING = "/desk/line/words/hello.greeting"


def a_wav(seconds: float = 2.0, of: bytes = b"\x80") -> bytes:
    """So many seconds of it, as a telephone records: 8000 samples of 8 bits."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(of * int(8000 * seconds))
    return made.getvalue()


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Town]:
    """A town for what is the same on every database."""
    with town_on(sqlite_url) as town:
        yield town


def own_rows(town: Town) -> list[tuple[str, str, str | None, bool]]:
    with town.parts.database.reading() as db:
        rows = db.execute(select(OwnWords.__table__).order_by(OwnWords.id)).all()
    return [(row.language, row.prompt, row.text, row.digest is not None) for row in rows]


def test_a_prompt_is_said_in_own_words_and_in_ours_again(
    two_languages: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(two_languages).open("/desk/line").follow("What callers hear")
    browser.follow("Spanish").follow("Estamos buscando a alguien.")
    browser.send("/desk/line/words/wait.looking", text="  Un momento,\nbuscamos a alguien. ")
    assert "Callers hear it from now on" in browser.text
    assert own_rows(two_languages) == [
        ("es", "wait.looking", "Un momento, buscamos a alguien.", False)
    ]
    browser.follow("Back to all that callers hear")
    assert "Un momento, buscamos a alguien. your words" in browser.text
    browser.follow("Un momento, buscamos a alguien.").send(".*/ours")
    assert "in our words again" in browser.text
    assert own_rows(two_languages) == []


def test_words_that_cannot_be_said_are_refused_and_stay_in_the_field(
    here: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(here).open(GREETING)
    for text, told in (
        ("", "There have to be words"),
        ("Hello, here we are.", "{line} has to stay in it"),
        ("Hello, {line}, {name}", "{name} is not filled in here"),
        ("Hello {line}, {{", "Curly brackets"),
        ("Hello {line}, " + "well " * 60, "more than 20 seconds"),
        ("Hello {line}, press 7.", "A single figure is heard as a key, and 7"),
    ):
        browser.send(GREETING, text=text)
        assert browser.answer.status_code == 422
        assert told in browser.text
        assert dict(browser.page.forms[1]["fields"])["text"].strip() == text.strip()
    browser.open("/desk/line/words/ask.keep_looking")
    browser.send("/desk/line/words/ask.keep_looking", text="Stay with us.")
    assert "please keep the figure 1" in browser.text
    assert own_rows(here) == []


def test_a_recording_is_played_until_the_words_change_and_both_stand_in_the_history(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town).open(GREETING)
    browser.send_file(".*/recording", sound=a_wav(4))
    assert "your recording, 4 seconds long" in browser.text
    assert "the recording is taken away" in browser.text
    sound = address_in(browser.answer.text)
    heard = browser.http.get(sound)
    assert heard.headers["content-type"] == "audio/wav"
    assert "immutable" in heard.headers["cache-control"]
    assert heard.content == a_wav(4)
    part = browser.http.get(sound, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, a_wav(4)[4:8])
    browser.send(GREETING, text="Hello, here is {line}.")
    assert "reads it, in about" in browser.text
    assert own_rows(town) == [("en", "hello.greeting", "Hello, here is {line}.", False)]
    browser.open("/desk/history")
    assert "changed what callers hear English: Hello, here is {line}." in browser.text
    assert "who have been there. (recorded)" in browser.text
    browser.send("/desk/history/undo")
    assert own_rows(town) == [("en", "hello.greeting", None, True)]
    assert "your recording, 4 seconds long" in browser.open(GREETING).text
    browser.send(".*/remove")
    assert "a voice reads the words again" in browser.text
    assert own_rows(town) == []


def address_in(html: str) -> str:
    return html.partition('src="/line/said/')[2].partition('"')[0].join(("/line/said/", ""))


def test_a_file_that_cannot_be_played_is_refused_with_what_would_be_right(
    here: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(here).open(GREETING)
    for sound, told in (
        (b"", "Please choose a file first"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "of the kind M4A. Please save it as MP3 or WAV"),
        (b"Dear all, here is what I said", "not a recording that we can read"),
        (a_wav(21), "takes 21 seconds, and at most 20 would be right"),
        (b"RIFF" + b"\0" * 2_300_000, "too large"),
    ):
        browser.send_file(".*/recording", sound=sound)
        assert browser.answer.status_code == 422
        assert told in browser.text
    with here.parts.database.reading() as db:
        assert db.execute(select(Recording.digest)).all() == []


def test_consent_is_asked_in_our_words_but_by_a_voice_of_theirs(
    here: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(here).open("/desk/line/words/wait.counted")
    assert "they stay as they are" in browser.text
    sent = browser.post("/desk/line/words/wait.counted", [("text", "Press 5, all right?")])
    assert sent.status_code == 404
    browser.send_file(".*/recording", sound=a_wav())
    assert "your recording" in browser.text


def test_two_who_change_the_same_words_do_not_overwrite_each_other_unseen(
    here: Town, at_desk: AtDesk
) -> None:
    ana, bo = at_desk(here).open(GREETING), at_desk(here, "Bo").open(GREETING)
    ana.send(GREETING, text="Hello, this is {line}.")
    bo.send(GREETING, text="Welcome to {line}.")
    assert bo.answer.status_code == 409
    assert "meanwhile, to: Hello, this is {line}." in bo.text
    bo.send(GREETING)
    assert own_rows(here) == [("en", "hello.greeting", "Welcome to {line}.", False)]


def test_a_recording_that_says_the_lines_old_name_is_pointed_out(
    here: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(here).open(GREETING)
    browser.send_file(".*/recording", sound=a_wav())
    assert "words were others" not in browser.text
    browser.open("/desk/line").send("/desk/line", name="Hillside")
    assert "The words were others when this was recorded." in browser.open(GREETING).text
    assert "Do the words still fit?" in browser.open("/desk/line/words").text


def test_the_pages_say_of_each_language_whether_callers_are_offered_it(
    here: Town, at_desk: AtDesk
) -> None:
    here.add_language_without_promise("es")
    browser = at_desk(here).open("/desk/line")
    assert "Spanish (not offered until the promise is in it)" in browser.text
    browser.open("/desk/line/words?in=es")
    assert "Callers are not offered Spanish until the promise is in it." in browser.text


def test_what_is_not_the_lines_own_has_no_page(here: Town, at_desk: AtDesk) -> None:
    browser = at_desk(here)
    for nothing in ("goodbye.fault", "text.words", "x"):
        assert browser.open(f"/desk/line/words/{nothing}").answer.status_code == 404
    assert browser.http.get("/line/said/nothing.mp3").status_code == 404
    viewer = at_desk(here, "Bo", "viewer").open("/desk/line/words")
    assert viewer.answer.status_code == 403
    cut = struct.pack("<4s", b"RIFF")
    sent = viewer.upload(f"{GREETING}/recording", {"language": "en"}, {"sound": cut})
    assert sent.status_code == 403
