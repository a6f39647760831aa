"""Which sounds the line plays: WAV (PCM, mu-law, A-law) and MP3, told by what is in them; pure.

WAV: RIFF chunks as in RFC 2361 and https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/.
MP3: frames as in ISO 11172-3 and 13818-3, behind an ID3v2 tag (https://id3.org/id3v2.4.0-structure).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

MOST_BYTES: Final = 2_000_000
WAV, MP3 = "wav", "mp3"
MEDIA_TYPES: Final = {WAV: "audio/wav", MP3: "audio/mpeg"}
"""As https://www.twilio.com/docs/voice/twiml/play names them; each must fit what is sent."""
SHORTEST: Final = 0.3
OTHERS: Final = (
    (4, b"ftyp", "M4A"),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
    (0, b"FORM", "AIFF"),
    (0, b"#!AMR", "AMR"),
    (0, b"caff", "CAF"),
    (0, b"0&\xb2u", "WMA"),
)
"""What phones and computers record as well, by the bytes that stand at a place of the file."""
Why = Literal["nothing", "large", "other", "unknown", "squeezed", "broken", "short", "long"]

PCM, A_LAW, MU_LAW, EXTENSIBLE = 1, 6, 7, 0xFFFE
WAYS: Final = {PCM: (8, 16, 24, 32), A_LAW: (8,), MU_LAW: (8,)}
"""How a WAV may be written, with the bits of a sample."""

KILOBITS: Final = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Sampling rates by the two bits of the version: MPEG-1, MPEG-2, MPEG-2.5."""
LAYER_3: Final = 1
IN_A_ROW: Final = 3
"""So many frames in a row are no chance."""
LEAD: Final = 4096
"""How far into the file the first of them may stand."""
MOST_LEFT: Final = 0.1
"""Which part of the file may be something else behind them, such as a tag."""


class BadRecording(Exception):
    """A file that cannot be played; `what` is what it is about."""

    def __init__(self, why: Why, what: str = "") -> None:
        super().__init__(why)
        self.why: Final = why
        self.what: Final = what


@dataclass(frozen=True, slots=True)
class Heard:
    """What a file holds: "wav" or "mp3", and how many seconds of it."""

    kind: str
    seconds: float


def read(data: bytes, longest: int) -> Heard:
    """What is in a file; raises BadRecording when it is not to be played, or takes too long."""
    if not data:
        raise BadRecording("nothing")
    if len(data) > MOST_BYTES:
        raise BadRecording("large")
    found = _heard(data)
    if found.seconds < SHORTEST:
        raise BadRecording("short")
    if found.seconds > longest:
        raise BadRecording("long", f"{found.seconds:.0f}")
    return found


def _heard(data: bytes) -> Heard:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Heard(WAV, _wav_seconds(data))
    for at, mark, name in OTHERS:
        if data[at : at + len(mark)] == mark:
            raise BadRecording("other", name)
    return Heard(MP3, _mp3_seconds(data))


def _wav_seconds(data: bytes) -> float:
    """Samples come after their form; a recorder that was cut off may have written no length."""
    form = None
    for name, start, size in _chunks(data):
        if name == b"fmt " and size >= 16 and start + 16 <= len(data):
            form = data[start : start + size]
        elif name == b"data":
            if form is None:
                break
            there = min(size, len(data) - start)
            return there / _bytes_a_second(form)
    raise BadRecording("broken", "WAV")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, place of the contents, and length, of each chunk of a RIFF file."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _bytes_a_second(form: bytes) -> int:
    way, channels, hertz, a_second, _, bits = struct.unpack_from("<HHIIHH", form)
    if way == EXTENSIBLE and len(form) >= 26:
        (way,) = struct.unpack_from("<H", form, 24)
    if bits not in WAYS.get(way, ()):
        raise BadRecording("squeezed")
    if (
        channels not in (1, 2)
        or not 8000 <= hertz <= 96000
        or a_second != hertz * channels * (bits // 8)
    ):
        raise BadRecording("broken", "WAV")
    return int(a_second)


def _mp3_seconds(data: bytes) -> float:
    first = _first_frame(data, _after_tag(data))
    if first is None:
        raise BadRecording("broken", "MP3") if data[:3] == b"ID3" else BadRecording("unknown")
    seconds, end = 0.0, first
    for length, lasts in _frames(data, first):
        seconds, end = seconds + lasts, end + length
    if len(data) - end > max(LEAD, MOST_LEFT * len(data)):
        raise BadRecording("broken", "MP3")
    return seconds


def _after_tag(data: bytes) -> int:
    """Where an ID3v2 tag ends: its length has seven bits in each of four bytes."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    length = 0
    for byte in data[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length


def _first_frame(data: bytes, at: int) -> int | None:
    for start in range(at, min(at + LEAD, len(data))):
        if data[start] == 0xFF:
            frames = _frames(data, start)
            if sum(1 for _ in zip(range(IN_A_ROW), frames, strict=False)) == IN_A_ROW:
                return start
    return None


def _frames(data: bytes, at: int) -> Iterator[tuple[int, float]]:
    """Length in bytes and seconds of each frame, one behind the other, until something else."""
    while at + 4 <= len(data):
        frame = _frame(data[at], data[at + 1], data[at + 2])
        if frame is None or at + frame[0] > len(data):
            return
        yield frame
        at += frame[0]


def _frame(sync: int, kind: int, rates: int) -> tuple[int, float] | None:
    version, layer = kind >> 3 & 3, kind >> 1 & 3
    bitrate, rate, padding = rates >> 4, rates >> 2 & 3, rates >> 1 & 1
    if sync != 0xFF or kind < 0xE0 or version == 1 or layer != LAYER_3:
        return None
    if bitrate in (0, 15) or rate == 3:
        return None
    samples = 1152 if version == 3 else 576
    kilobits = KILOBITS[1 if version == 3 else 2][bitrate - 1]
    hertz = HERTZ[version][rate]
    return samples // 8 * kilobits * 1000 // hertz + padding, samples / hertz
