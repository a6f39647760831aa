"""Prompts tell the keys that stories know, in every language, and no other."""

import ast
from collections.abc import Iterable

import pytest

from tests.test_house import expect_none, own_code, place, tree
from warmline.conversations import keys
from warmline.prompts import LANGUAGES, load
from warmline.prompts.own_words import KEY

STAR, TOLD = keys.CallerAfterStar, keys.OtherChoices
PROMPTS: dict[str, Iterable[str]] = {
    "wait.counted": [keys.Waiting.COUNT],
    "wait.receipt_key": [keys.Waiting.RECEIPT],
    "wait.slowed": [keys.Waiting.SEEN_OTHERWISE],
    "back.key": [keys.Waiting.CALL_BACK],
    "ask.keep_looking": [keys.NobodyFound.KEEP_LOOKING],
    "ask.places_key": [keys.NobodyFound.PLACES],
    "ask.more_key": [keys.NobodyFound.OTHER_CHOICES],
    "ask.rules_key": [TOLD.RULES],
    "ask.language_key": [TOLD.LANGUAGE],
    "ask.practice_key": [keys.MoreChoices.PRACTICE],
    "ask.how_key": [TOLD.FEEDBACK],
    "ask.join_key": [keys.MoreChoices.JOIN],
    "ask.forget_key": [keys.MoreChoices.ERASE],
    "talk.choices": STAR,
    "talk.peer_choices": keys.PeerAfterStar,
    "stand.caller": keys.PeerAside,
    "talk.peer_said_goodbye": keys.Farewell,
    "offer.someone": keys.Offer,
    "offer.third": keys.Offer,
    "offer.stand_by": keys.Offer,
    "offer.take_over": keys.Offer,
    "hand.may": keys.Answer,
    "offer.again": keys.RungBack,
    "offer.they_chose": [keys.Offer.DECLINE],
    "third.may": keys.Answer,
    "third.comes": [keys.Answer.NO],
    "third.ask_key": [keys.ThirdPerson.ASK_CALLER],
    "third.aloud_key": [keys.ThirdPerson.SAID_ALOUD],
    "third.choices": keys.ThirdAfterStar,
    "menu.hello": [keys.CallsIn.MY_SHIFTS],
    "menu.crossed_key": [keys.CallsIn.LINE_CROSSED],
    "menu.choices": [*list(keys.MyShifts)[:4], keys.MyShifts.MORE],
    "menu.more": list(keys.MyShifts)[4:-1],
    "menu.back_or_sick": keys.BackOrSick,
    "menu.away_choices": keys.Away,
    "menu.asked_one": keys.Answer,
    "how.may_be_known": [keys.Answer.YES],
    "practice.another": [keys.Answer.YES],
    "back.known": [keys.Answer.YES],
    "join.key": [keys.Answer.YES],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_prompt_tells_the_keys_of_its_situation(prompt: str, language: str) -> None:
    assert KEY.findall(load().text(language, prompt)) == list(PROMPTS[prompt])


def figures(node: ast.AST) -> list[int]:
    """Where a key is compared with a figure: `turn.key == "1"`, or `case "1"`."""
    if isinstance(node, ast.Compare):
        against = [node.left, *node.comparators]
        of_key = any(isinstance(one, ast.Attribute) and one.attr == "key" for one in against)
        return [one.lineno for one in against if of_key and isinstance(one, ast.Constant)]
    if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant):
        said = str(node.value.value)
        return [node.value.lineno] if len(said) == 1 and said in "0123456789*#" else []
    return []


def test_no_story_knows_a_key_by_its_figure() -> None:
    expect_none(
        f"{place(path)}:{line}"
        for path in own_code()
        if place(path).startswith("warmline/conversations/")
        for node in ast.walk(tree(path))
        for line in figures(node)
    )
