"""Practice on the page: anybody, no sign-up, without scripts; and nothing of it anywhere."""

from collections.abc import Callable

from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import Town

Browser = Callable[..., PlainBrowser]


def test_a_call(town: Town, a_browser: Browser) -> None:
    who = a_browser(town)
    who.open("/learn").follow("By voice: Silence")
    who.send("/learn/voice/.*", m=[*_moves(who), "pick-up"])
    assert "press 1" in who.text.casefold()
    print(who.answer.text)


def _moves(who: PlainBrowser) -> list[str]:
    return [value for name, value in who.page.forms[0]["fields"] if name == "m"]
