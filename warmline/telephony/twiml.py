"""Words to TwiML: one match statement, and a string renderer because a step has little time."""

import re
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from warmline import languages
from warmline.telephony.words import (
    Ask,
    GoTo,
    HangUp,
    Hush,
    LeaveQueue,
    Meet,
    Next,
    Say,
    Wait,
    Word,
    Words,
)

NO_XML: Final = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, however it is written; it would cost a caller the whole document."""

Link = Callable[[Next], str]


def render(words: Words, link: Link) -> str:
    """The TwiML document for `words`; `link` gives the absolute URL of a step."""
    inside = "".join(_element(word, link) for word in words)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def text_back(words: str) -> str:
    """The document with which a text that came in is answered at once; the provider sends it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Response><Message>{_text(words)}</Message></Response>"
    )


def front_of_queue(
    moment: Say, queue: str, met: str, after: str, seconds: int, longest: int
) -> str:
    """The document that takes whoever is at the front of a queue; the network says who is first.

    They hear what is at the URL `met`, then the two talk, for `longest` seconds at most. Whoever
    has taken nobody within `seconds`, and whose talk is over, goes on at `after`.
    """
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        f"{_say_element(moment)}"
        f'<Dial timeout="{seconds}" timeLimit="{longest}" action={quoteattr(after)}>'
        f"<Queue url={quoteattr(met)}>{_text(queue)}</Queue></Dial></Response>"
    )


def _element(word: Word, link: Link) -> str:
    match word:
        case Say():
            return _say_element(word)
        case Hush(seconds):
            return f'<Pause length="{seconds}"/>'
        case Ask():
            return _gather(word, link)
        case Wait(meanwhile, after, queue):
            urls = f"waitUrl={_url(meanwhile, link)} action={_url(after, link)}"
            return f"<Enqueue {urls}>{_text(queue)}</Enqueue>"
        case Meet():
            return _conference(word, link)
        case GoTo(step):
            return f"<Redirect>{_text(link(step))}</Redirect>"
        case LeaveQueue():
            return "<Leave/>"
        case HangUp():
            return "<Hangup/>"


def _say_element(say: Say) -> str:
    if say.sound is not None:
        return f"<Play>{_text(say.sound.url)}</Play>"
    said = _text(say.text)
    return f"<Say language={_voice(say.language)}>{said}</Say>" if said.strip() else ""


def _text(text: str) -> str:
    return escape(NO_XML.sub("", text))


def _voice(language: str) -> str:
    return quoteattr(languages.of(language).voice if language in languages.CODES else language)


def _url(step: Next, link: Link) -> str:
    return quoteattr(link(step))


def _gather(ask: Ask, link: Link) -> str:
    spoken = "".join(_element(word, link) for word in ask.words)
    return (
        f'<Gather numDigits="{ask.digits}" finishOnKey="" timeout="{ask.seconds}"'
        f" action={_url(ask.key_to, link)}>{spoken}</Gather>"
    )


def _conference(meet: Meet, link: Link) -> str:
    """A Dial with a time limit, a way out by `*`, and a room that is never recorded."""
    heard = _url(meet.alone, link) if meet.alone else '""'
    ends = "true" if meet.ends_room else "false"
    beep = "onEnter" if meet.tone else "false"
    starts = "true" if meet.starts_it or not meet.ends_room else "false"
    return (
        f'<Dial hangupOnStar="true" timeLimit="{meet.seconds}" action={_url(meet.after, link)}>'
        f'<Conference beep="{beep}" record="do-not-record" waitUrl={heard}'
        f' startConferenceOnEnter="{starts}" endConferenceOnExit="{ends}">'
        f"{_text(meet.room)}</Conference></Dial>"
    )
