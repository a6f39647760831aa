"""A volunteer texts: their whole shift life in plain words, each a row in a table."""

from collections.abc import Callable
from typing import Final

from shifts.faults import Fault
from warmline import languages
from warmline.conversations import persons
from warmline.conversations.membership import joining, sign_in_code, voting
from warmline.conversations.notices import new_promise, reminders
from warmline.conversations.persons import Me
from warmline.conversations.steps import text
from warmline.conversations.text_talks import own_talk, refused_by_provider
from warmline.conversations.volunteer_texts import (
    answers,
    claims,
    date_polls,
    own_page,
    presence,
    shared_words,
    swaps,
    when,
    wishes,
)
from warmline.plain_dates import Choice, Daily, NotUnderstood, read_daily
from warmline.sending import texts
from warmline.sending.texts import SentText
from warmline.telephony.conversation import Turn
from warmline.texting import volunteer_words, whole_words
from warmline.texting.spelling import plain

Answer = Callable[[Turn, Me, str], list[str]]
"""What a word does, given what follows it; it returns the messages that answer it."""


def answers_to(turn: Turn, me: Me, said: volunteer_words.Message) -> list[str]:
    """What a word's function answers; a refusal is said in its own words and changes nothing."""
    try:
        with turn.db.begin_nested():
            answers = ANSWERS[said.word or ""](turn, me, said.rest)
    except Fault as fault:
        return [persons.why_not(turn, me, fault)]
    if said.word in SAYS_YES:
        reminders.need_none(turn, me.person_id)
    if said.word in COMES_ON:
        answers += new_promise.agree_first(turn, me)
    return answers


def understands(turn: Turn, me: Me, said: volunteer_words.Message) -> bool:
    """Whether a word and all that stands with it are understood, so that it may act.

    What reads dates, hours or numbers is asked here whether it can.
    """
    if not whole_words.is_whole(said):
        return False
    rest, reads = said.rest, READS.get(said.word or "")
    return not rest or reads is None or reads(turn, me, rest)


def _reads_numbers(_turn: Turn, _me: Me, rest: str) -> bool:
    joins = {plain(one) for one in (*languages.all_words("answers", "and", "all"), "NO", "OFF")}
    return all(one in joins or not one.isalpha() for one in plain(rest).split())


def _reads_when(turn: Turn, me: Me, rest: str) -> bool:
    known = not isinstance(when.when(turn, me, rest), NotUnderstood)
    return known or _reads_numbers(turn, me, rest)


def _reads_hours(turn: Turn, me: Me, rest: str) -> bool:
    off = plain(rest) in presence.OFF | wishes.NEVER
    daily = read_daily(rest, turn.now, me.zone, me.language)
    return off or isinstance(daily, Daily | Choice)


def _reads_end(turn: Turn, me: Me, rest: str) -> bool:
    return plain(rest) in presence.OFF or presence.until(turn, me, rest) is not None


def _reads_swap(_turn: Turn, _me: Me, rest: str) -> bool:
    return rest.lstrip("# ")[:1].isdigit()


def words(turn: Turn, me: Me, rest: str) -> list[str]:
    """WORDS: the eight that a shift needs."""
    return [turn.prompts.text(me.language, "text.words_2" if rest == "2" else "text.words")]


@text.callback
def told_of(turn: Turn, sent: SentText) -> None:
    """How a text that we sent fares: once it has arrived, or never will, its row goes."""
    if turn.text_has_fared:
        refused_by_provider.text_failed(turn, sent)
        texts.strike(turn.db, sent.token, turn.now)


SAYS_YES: Final = frozenset({"IN", "DUTY", "TAKE", "OK", "UNDO"})
"""Whoever has just written one of these knows of the shift they have."""
COMES_ON: Final = frozenset({"IN", "BACK"})
"""Whoever writes one of these expects to be rung."""
ANSWERS: Final[dict[str, Answer]] = {
    "IN": presence.come_on_now,
    "OUT": presence.go_off_now,
    "DUTY": presence.duty,
    "PAUSE": presence.pause,
    "BACK": presence.back,
    "WHO": presence.who,
    "SHIFTS": when.my_shifts,
    "OPEN": when.open_places,
    "NEXT": date_polls.next_ones,
    "TAKE": date_polls.take,
    "DROP": claims.drop,
    "OFFER": claims.offer,
    "SICK": claims.sick,
    "SWAP": swaps.swap,
    "OK": answers.ok,
    "NO": answers.no,
    "UNDO": claims.undo,
    "HOURS": own_page.hours,
    "AWAY": presence.away,
    "BREAK": own_page.breather,
    "MOST": own_page.most,
    "QUIET": wishes.quiet_hours,
    "REMIND": wishes.remind,
    "LATE": wishes.late,
    "LAST": wishes.last,
    "STANDBY": wishes.standby,
    "SLOW": wishes.slow,
    "MORE": wishes.more,
    "LESS": wishes.less,
    "SHARE": shared_words.share,
    "UNSHARE": shared_words.unshare,
    "JOIN": joining.already,
    "AGREE": voting.agree,
    "OBJECT": voting.object_to,
    "TALK": own_talk.begin,
    "BLOCK": own_page.block,
    "WHY": own_page.why,
    "WORDS": words,
    "CODE": sign_in_code.send,
}
READS: Final[dict[str, Callable[[Turn, Me, str], bool]]] = {
    **dict.fromkeys(("TAKE", "SHIFTS", "OPEN", "AWAY"), _reads_when),
    **dict.fromkeys(("DROP", "OFFER", "OK", "NO", "AGREE", "OBJECT"), _reads_numbers),
    **dict.fromkeys(("IN", "DUTY"), _reads_end),
    "QUIET": _reads_hours,
    "SWAP": _reads_swap,
}
"""Each word by its English name; LEAVE, which needs the line, is apart."""
