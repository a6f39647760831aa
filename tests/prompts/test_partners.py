"""The scripted partners: the same in both languages, each with an end, short enough to be heard."""

import re

import pytest

from tests.test_house import CLINICAL_WORDS
from warmline.practice import by_text, by_voice
from warmline.practice.line_in_memory import practice_line
from warmline.practice.seen import LONGEST_WORDS, PARTNER, Scene
from warmline.prompts import LANGUAGES, spoken_seconds
from warmline.prompts.partners import NAMES, WAYS, Partner, Way, partners
from warmline.texting.volunteer_words import STOPS

LONGEST_BEAT = 45
"""Seconds of one spoken document at most: a caller who waits is looked for at the provider after
thirty, which does no harm, but should be rare."""
MARKS = re.compile(
    r"\b(?:scores?|points|correct|incorrect|puntos|correct[oa]s?|puntuaci\w+)\b", re.IGNORECASE
)


def shape(partner: Partner, way: Way) -> list[tuple[int, bool, bool, str]]:
    return [
        (len(one.choices), bool(one.tip), any(not c.say for c in one.choices), one.does)
        for one in partner.beats[way]
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", WAYS)
def test_both_languages_tell_the_same(name: str, way: Way) -> None:
    english, spanish = partners("en")[name], partners("es")[name]
    assert shape(english, way) == shape(spanish, way)
    assert len(english.beats[way]) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_speak_no_clinical_words_and_give_no_marks(language: str) -> None:
    for partner in partners(language).values():
        for way in WAYS:
            told = [partner.title, partner.about, partner.helpful[way]]
            assert 2 <= len(re.findall(r"[.!?](?:\s|$)", partner.helpful[way])) <= 5
            for beat in partner.beats[way]:
                told += [beat.says, beat.tip, *(one.say for one in beat.choices)]
                told += [one.back for one in beat.choices]
            for words in told:
                assert not CLINICAL_WORDS.search(words), words
                assert not MARKS.search(words), words
                assert len(words) <= LONGEST_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_spoken_beat_is_not_too_long(language: str) -> None:
    for partner in partners(language).values():
        before = ""
        for beat in partner.beats["voice"]:
            offered = [f"{one.say} Press one to say that" for one in beat.choices if one.say]
            assert spoken_seconds(" ".join([before, beat.says, beat.tip, *offered])) < LONGEST_BEAT
            before = max((one.back for one in beat.choices), key=len)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_they_write_is_a_word_that_the_network_takes(language: str) -> None:
    for partner in partners(language).values():
        for beat in partner.beats["text"]:
            for words in (
                beat.says,
                *(c.say for c in beat.choices),
                *(c.back for c in beat.choices),
            ):
                assert words.strip(" .!").upper() not in STOPS


def played(language: str, name: str, way: Way, moves: list[str]) -> Scene:
    with practice_line(language) as line:
        if way == "voice":
            return by_voice.play(line, partners(language)[name], moves)
        return by_text.play(line, partners(language)[name], language, moves)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "way"), [("en", "text"), ("es", "voice")])
def test_a_practice_with_the_last_thing_to_say_comes_to_its_end_too(
    language: str, way: Way, name: str
) -> None:
    with practice_line(language) as line:
        partner = partners(language)[name]
        practice: by_text.ByText | by_voice.ByVoice
        if way == "text":
            practice = by_text.ByText(line, partner, language)
        else:
            practice = by_voice.ByVoice(line, partner)
        for move in ["write OK"] if way == "text" else ["pick-up", "key 1", "wait"]:
            practice.move(move)
        while not (scene := practice.scene()).is_over:
            practice.move(f"say {len(scene.choices) - 1}" if scene.choices else "wait")
    beats = partners(language)[name].beats[way]
    theirs = " ".join(one.words for one in scene.seen if one.kind == PARTNER)
    assert all(beat.says in theirs for beat in beats)
    assert all(beat.choices[-1].back in theirs for beat in beats)


def test_every_key_of_the_menu_is_answered_in_words_of_the_lines() -> None:
    for key in "123456789*0#":
        begun = ["pick-up", "key 1", "wait", "key *"]
        scene = played("en", "silence", "voice", [*begun, f"key {key}"])
        assert len(scene.seen) > scene.fresh_from + 1
        assert scene.phone in ("asks", "room", "talk", "down")


def test_what_cannot_be_done_as_it_stands_does_nothing() -> None:
    scene = played("en", "star", "voice", ["key 1", "say 0", "hang-up", "say x", "nonsense", ""])
    assert scene.phone == "rings"
    assert [one.words for one in scene.seen] == ["rings"]
    assert played("en", "star", "text", ["say 7", "pick-up"]).phone == "asked"
