"""Fetches what <Play> names as a document is fetched, and keeps it as long as its headers allow."""

import io
import re
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from warmline.simulator.webhooks.courier import Answer, Webhook
from warmline.simulator.webhooks.strand import Ask, Program
from warmline.simulator.webhooks.twiml import NOT_FETCHED, NOT_REACHED, DocumentRefused

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

NOT_AUDIO = 13420
USUAL_SECONDS = 5.0
AUDIO_TYPES = frozenset(
    (
        *("audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aiff"),
        *("audio/x-aifc", "audio/x-gsm", "audio/gsm", "audio/ulaw"),
    )
)
_NAMED = re.compile(r'filename="([^"]*)"')


@dataclass(frozen=True)
class Sound:
    """A recording: what is heard of it, in words, and for how many seconds."""

    words: str
    seconds: float


def sound_at(leg: "Leg", url: str) -> Program[Sound]:
    """The recording at a URL; DocumentRefused when the provider could not play it.

    The provider reports 11200, 11205 or 13420 and does not promise to go on with the document:
    so it is ended, as one that cannot be performed (TELEPHONY.md 1.3).
    """
    board = leg.board
    if url in board.recordings:
        return Sound(f"[plays {url}]", board.recordings[url])
    if url not in board.sounds:
        answer = cast(Answer, (yield Ask(Webhook(url, (), "GET"))))
        sound = _read(answer, url)
        if "max-age" not in answer.cache_control or "no-store" in answer.cache_control:
            return sound
        board.sounds[url] = sound
    return board.sounds[url]


def _read(answer: Answer, url: str) -> Sound:
    if answer.trouble in ("ct", "rt"):
        raise DocumentRefused(NOT_REACHED, "no answer from the service", url)
    if not 200 <= answer.status < 300:
        raise DocumentRefused(NOT_FETCHED, f"the service answered {answer.status}", url)
    if answer.content_type.partition(";")[0].strip().lower() not in AUDIO_TYPES:
        raise DocumentRefused(NOT_AUDIO, f"content type {answer.content_type!r}", url)
    named = _NAMED.search(answer.disposition)
    name = named[1] if named else url.rpartition("/")[2]
    return Sound(f"[recording: {name.rpartition('.')[0] or name}]", _seconds(answer.body))


def _seconds(body: bytes) -> float:
    """How long a WAV lasts; of anything else it is not known."""
    try:
        with wave.open(io.BytesIO(body)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError):
        return USUAL_SECONDS
