"""Practice on the page: for anybody, without scripts or sign-up, and nothing of it anywhere."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.desk.plain_browser import PlainBrowser
from tests.stories.served import served
from tests.stories.town import EVENING, Town, town_on
from warmline.desk.public.learn import MOST_INSIDE, Learn
from warmline.prompts.partners import NAMES, partners

Browser = Callable[..., PlainBrowser]


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """The line's own database is only looked at here, so one kind will do."""
    with town_on(sqlite_url) as town:
        yield town


def does(who: PlainBrowser, move: str, **filled: str) -> PlainBrowser:
    """Press the button with this value, on the page that is open."""
    values = [unescape(one) for one in re.findall(r'<button name="m" value="(.*?)"', page(who))]
    assert move in values, f"no {move!r} among {values}"
    so_far = [value for name, value in who.page.forms[0]["fields"] if name == "m"]
    return who.send("/learn/.*", m=[*so_far, move], **filled)


def page(who: PlainBrowser) -> str:
    return str(who.answer.text)


def walks_through(who: PlainBrowser, way: str, title: str) -> None:
    """Pick up and take it, say the first thing there is to say, to the end."""
    for move in ("pick-up", "key 1", "wait") if way == "voice" else ("write OK",):
        does(who, move)
    while 'id="after"' not in page(who):
        does(who, "say 0" if '<button name="m" value="say 0"' in page(who) else "wait")
    assert who.answer.status_code == 200
    assert title in who.text


@pytest.mark.parametrize(("way", "language"), [("voice", "en"), ("text", "es")])
def test_each_partner_is_walked_through_and_the_line_knows_nothing_of_it(
    town: Town, a_browser: Browser, way: str, language: str, full: bool
) -> None:
    """By text each third: every page plays it from its beginning. All in test_partners.py."""
    ana = town.volunteer("Ana")
    before = town.everything_written(), town.parts.metrics.render()
    who = a_browser(town, language)
    for name in NAMES if full or way == "voice" else tuple(NAMES)[::3]:
        partner = partners(language)[name]
        who.open("/learn")
        who.follow(f"{'By voice' if way == 'voice' else 'Por mensaje'}: {partner.title}")
        walks_through(who, way, partner.title)
        assert partner.helpful["voice" if way == "voice" else "text"] in who.text
    assert (town.everything_written(), town.parts.metrics.render()) == before
    assert ana.rings == []
    assert ana.texts == []
    assert not who.http.cookies


def test_star_and_its_keys_say_what_the_line_says(town: Town, a_browser: Browser) -> None:
    who = a_browser(town)
    who.open("/learn/voice/crossed-line")
    for move in ("pick-up", "key 1", "wait", "key *"):
        does(who, move)
    said = town.parts.prompts.text("en", "talk.peer_choices")
    assert f"The line: {said}" in who.text
    assert "Meanwhile they hear: Your peer is still here." in who.text
    does(who, "wait")
    assert "You are together again." in who.text
    does(does(who, "key *"), "key 7")
    assert f"The line: {town.parts.prompts.text('en', 'talk.line_was_crossed')}" in who.text
    assert 'id="after"' in page(who)


def test_whoever_hangs_up_is_rung_once_more_as_on_the_line(town: Town, a_browser: Browser) -> None:
    who = a_browser(town)
    who.open("/learn/voice/silence")
    for move in ("pick-up", "key 1", "wait", "hang-up", "wait", "pick-up"):
        does(who, move)
    assert "1 to go back to it. 2: someone else takes it. 7: I ended it" in who.text
    does(who, "end")
    assert "This practice is over." in who.text


def test_a_word_of_ours_in_a_text_talk_is_held_and_own_words_are_answered(
    town: Town, a_browser: Browser
) -> None:
    who = a_browser(town)
    who.open("/learn/text/star")
    does(does(who, "write OK"), "write", words="OUT")
    assert "You wrote OUT. For us or for Fern?" in who.text
    does(who, "write", words="1")
    assert "you are off. Rest well." in who.text
    does(who, "write", words="tell me about the bus")
    assert "Fern: Bye" in who.text
    does(who, "write #BLOCK")
    assert 'id="after"' in page(who)


def test_writing_nothing_is_said_beside_the_field_and_nothing_is_lost(
    town: Town, a_browser: Browser
) -> None:
    who = a_browser(town)
    who.open("/learn/text/silence")
    does(does(who, "write OK"), "write", words="  ")
    assert "Write something first." in who.text
    assert "you are with Fern" in who.text


def test_it_is_there_before_there_is_a_line_and_refuses_other_sites(
    sqlite_url: str, a_browser: Browser
) -> None:
    with served(sqlite_url, "http://127.0.0.1:9", lambda: EVENING) as (parts, _):
        who = PlainBrowser(parts.settings.public_url)
        assert who.open("/learn/voice/relay").answer.status_code == 200
        assert who.open("/learn/guide").answer.status_code == 200
        assert who.open("/learn/voice/nobody").answer.status_code == 404
        foreign = {"sec-fetch-site": "cross-site"}
        assert who.post("/learn/voice/relay", [("m", "pick-up")], **foreign).status_code == 403
        long = who.post("/learn/text/relay", [("m", "write hello")] * 200)
        assert "has become a long one" in long.text
        who.close()


def test_when_many_practise_the_next_is_asked_kindly_to_come_again(town: Town) -> None:
    learn = Learn(town.parts.desk)
    learn._inside = MOST_INSIDE
    with TestClient(Starlette(routes=learn.routes())) as somebody:
        full = somebody.get("/learn/voice/silence")
        assert full.status_code == 503
        assert "keeps its strength for whoever calls" in full.text
        learn._inside = 0
        assert somebody.get("/learn/voice/silence").status_code == 200


def test_the_public_page_and_ones_own_lead_there(town: Town, a_browser: Browser) -> None:
    who = a_browser(town)
    who.open("/").follow("Practise listening, with no sign-up")
    assert who.path == "/learn"
    who.follow("The guide for peers")
    assert who.page.words.count("Silence") == 1
