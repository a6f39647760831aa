"""What is in a file that somebody sends as a recording: told by its bytes, never by its name."""

import struct
from contextlib import suppress
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.desk import wording
from warmline.prompts import LANGUAGES
from warmline.prompts.recordings import (
    A_LAW,
    EXTENSIBLE,
    MOST_BYTES,
    MP3,
    MU_LAW,
    PCM,
    WAV,
    BadRecording,
    Why,
    read,
)

FLOAT, ADPCM = 3, 2
LAYER_3_FRAME = bytes((0xFF, 0xFB, 0x90, 0x00)) + b"\x55" * 413
"""MPEG-1, 128 kbit/s, 44,100 Hz: 417 bytes and 1152 samples."""
SMALL_FRAME = bytes((0xFF, 0xF3, 0x14, 0xC4)) + b"\0" * 20
"""MPEG-2, 8 kbit/s, 24,000 Hz: 24 bytes and 576 samples."""


def wav(
    way: int = PCM,
    bits: int = 16,
    hertz: int = 8000,
    seconds: float = 2.0,
    channels: int = 1,
    *,
    before: bytes = b"",
) -> bytes:
    a_second = hertz * channels * bits // 8
    kind = way if way != EXTENSIBLE else PCM
    form = struct.pack("<HHIIHH", way, channels, hertz, a_second, channels * bits // 8, bits)
    if way == EXTENSIBLE:
        form += struct.pack("<HHIH", 22, bits, 4, kind) + b"\0" * 14
    samples = b"\0" * int(a_second * seconds)
    body = b"WAVE" + chunk(b"fmt ", form) + before + chunk(b"data", samples)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name: bytes, contents: bytes) -> bytes:
    return name + struct.pack("<I", len(contents)) + contents + b"\0" * (len(contents) % 2)


def id3(length: int) -> bytes:
    seven = [length >> shift & 0x7F for shift in (21, 14, 7, 0)]
    return b"ID3\x04\0\0" + bytes(seven) + b"\xff" * length


def why(data: bytes, longest: int = 60) -> tuple[str, str]:
    with pytest.raises(BadRecording) as bad:
        read(data, longest)
    return bad.value.why, bad.value.what


@pytest.mark.parametrize(
    ("way", "bits"), [(PCM, 8), (PCM, 16), (PCM, 24), (MU_LAW, 8), (A_LAW, 8), (EXTENSIBLE, 16)]
)
def test_a_wav_is_as_long_as_its_samples(way: int, bits: int) -> None:
    for hertz, channels in product((8000, 44100), (1, 2)):
        heard = read(wav(way, bits, hertz, 1.5, channels, before=chunk(b"LIST", b"odd")), 60)
        assert heard.kind == WAV
        assert heard.seconds == pytest.approx(1.5, abs=0.001)


def test_a_wav_whose_recorder_wrote_no_length_is_as_long_as_the_file() -> None:
    whole = wav(seconds=3)
    at = whole.index(b"data") + 4
    endless = whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :]
    assert read(endless, 60).seconds == pytest.approx(3)


@pytest.mark.parametrize("way", [FLOAT, ADPCM, 85])
def test_a_wav_that_phones_do_not_play_is_told_apart(way: int) -> None:
    assert why(wav(way, 32 if way == FLOAT else 4)) == ("squeezed", "")


def test_an_mp3_is_as_long_as_its_frames_whatever_stands_around_them() -> None:
    for frame, samples, hertz in ((LAYER_3_FRAME, 1152, 44100), (SMALL_FRAME, 576, 24000)):
        for before in (b"", id3(300), b"\0" * 50):
            heard = read(before + frame * 100 + b"TAG" + b"\0" * 125, 60)
            assert heard.kind == MP3
            assert heard.seconds == pytest.approx(100 * samples / hertz)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ("nothing", "")),
        (b"RIFF" + b"\0" * MOST_BYTES, ("large", "")),
        (b"\0\0\0\x1cftypisom" + b"\0" * 99, ("other", "M4A")),
        (b"OggS" + b"\0" * 99, ("other", "Ogg")),
        (b"\x1aE\xdf\xa3" + b"\0" * 99, ("other", "WebM")),
        (b"%PDF-1.7" + b"\0" * 99, ("unknown", "")),
        (wav()[:30], ("broken", "WAV")),
        (id3(40), ("broken", "MP3")),
        (LAYER_3_FRAME * 40 + b"\xee" * 9000, ("broken", "MP3")),
        (LAYER_3_FRAME * 5, ("short", "")),
        (wav(seconds=0), ("short", "")),
        (wav(seconds=61), ("long", "61")),
        (LAYER_3_FRAME * 2400, ("long", "63")),
    ],
)
def test_what_cannot_be_played_is_told_by_what_it_is(data: bytes, told: tuple[str, str]) -> None:
    assert why(data) == told


@given(
    st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"ID3\x04\0\0", b"\xff\xfb\x90", wav()[:60]]),
    st.binary(max_size=300),
)
def test_no_file_breaks_the_reader(start: bytes, rest: bytes) -> None:
    with suppress(BadRecording):
        assert 0 < read(start + rest, 60).seconds <= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_is_told_at_the_desk(language: str) -> None:
    assert {f"heard.bad_{one}" for one in get_args(Why)} <= wording.words(language).keys()
