"""Which TwiML the exchange accepts: elements, what may stand in them, and their attributes."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

Check = Callable[[str], bool]


def _any_text(_: str) -> bool:
    return True


def _flag(value: str) -> bool:
    return value in ("true", "false")


def _url(value: str) -> bool:
    host = urlsplit(value).hostname or ""
    return " " not in value and "_" not in host


def _absolute_url(value: str) -> bool:
    return _url(value) and urlsplit(value).scheme in ("http", "https")


def _one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def _all_of(*allowed: str) -> Check:
    return lambda value: set(value.split()) <= set(allowed)


def _whole(lowest: int, highest: int) -> Check:
    return lambda value: value.isdecimal() and lowest <= int(value) <= highest


def _keys(value: str) -> bool:
    return set(value) <= set("0123456789*#")


def _tones(value: str) -> bool:
    return set(value) <= set("0123456789*#wW")


_METHOD = _one_of("GET", "POST")
_LIMIT = _whole(1, 86_400)
_LOOPS = _whole(0, 1000)

ATTRIBUTES: Mapping[str, Mapping[str, Check]] = {
    "Response": {},
    "Say": {"voice": _any_text, "loop": _LOOPS, "language": _any_text},
    "Play": {"loop": _LOOPS, "digits": _tones},
    "Pause": {"length": _whole(0, 3600)},
    "Gather": {
        "input": _all_of("dtmf", "speech"),
        "action": _url,
        "method": _METHOD,
        "timeout": _whole(0, 3600),
        "speechTimeout": _any_text,
        "maxSpeechTime": _whole(1, 600),
        "profanityFilter": _flag,
        "finishOnKey": _keys,
        "numDigits": _whole(1, 1000),
        "partialResultCallback": _url,
        "partialResultCallbackMethod": _METHOD,
        "language": _any_text,
        "hints": _any_text,
        "bargeIn": _flag,
        "actionOnEmptyResult": _flag,
        "speechModel": _any_text,
        "enhanced": _flag,
    },
    "Redirect": {"method": _METHOD},
    "Hangup": {},
    "Reject": {"reason": _one_of("busy", "rejected")},
    "Leave": {},
    "Enqueue": {
        "action": _url,
        "method": _METHOD,
        "waitUrl": _url,
        "waitUrlMethod": _METHOD,
        "maxQueueSize": _whole(1, 5000),
    },
    "Dial": {
        "action": _url,
        "method": _METHOD,
        "timeout": _whole(5, 600),
        "hangupOnStar": _flag,
        "timeLimit": _LIMIT,
        "callerId": _any_text,
        "record": _one_of("do-not-record"),
        "answerOnBridge": _flag,
        "ringTone": _any_text,
        "sequential": _flag,
    },
    "Conference": {
        "muted": _flag,
        "beep": _one_of("true", "false", "onEnter", "onExit"),
        "startConferenceOnEnter": _flag,
        "endConferenceOnExit": _flag,
        "waitUrl": _url,
        "waitMethod": _METHOD,
        "maxParticipants": _whole(2, 250),
        "record": _one_of("do-not-record"),
        "region": _any_text,
        "jitterBufferSize": _one_of("large", "medium", "small", "off"),
        "participantLabel": _any_text,
        "statusCallback": _absolute_url,
        "statusCallbackMethod": _METHOD,
        "statusCallbackEvent": _all_of(
            "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
        ),
    },
    "Queue": {"url": _url, "method": _METHOD},
    "break": {"strength": _any_text, "time": _any_text},
    "emphasis": {"level": _any_text},
    "lang": {"xml:lang": _any_text},
    "p": {},
    "phoneme": {"alphabet": _any_text, "ph": _any_text},
    "prosody": {"volume": _any_text, "rate": _any_text, "pitch": _any_text},
    "s": {},
    "say-as": {"interpret-as": _any_text, "format": _any_text},
    "sub": {"alias": _any_text},
    "w": {"role": _any_text},
}

_SSML = frozenset(
    ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
)

CHILDREN: Mapping[str, frozenset[str]] = {
    "Say": _SSML,
    "Gather": frozenset(("Say", "Play", "Pause")),
    "Dial": frozenset(("Conference", "Queue")),
    **dict.fromkeys(_SSML, _SSML),
}

HOLDS_TEXT = frozenset(("Say", "Play", "Redirect", "Enqueue", "Conference", "Queue")) | _SSML
NEEDS_NAME = frozenset(("Enqueue", "Conference", "Queue"))
