"""What a call leaves where: the caller's number is nowhere, at no moment of it."""

from collections.abc import Iterator

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.logs import logged
from tests.stories.town import LINE, NUMBERS, Town, town_on

pytestmark = pytest.mark.both_databases

CALLERS_NUMBER = NUMBERS["Cal"].removeprefix("+1")
PEERS_NUMBER = NUMBERS["Ana"].removeprefix("+1")


class Overheard:
    """Everything that goes over the wire between the network and the service, headers apart."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.urls = ""
        self.documents = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.urls += f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}\n"

        async def overhear(message: Message) -> None:
            self.documents += message.get("body", b"").decode()
            await send(message)

        await self._app(scope, receive, overhear)


@pytest.fixture
def bilingual(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def whole_call(town: Town) -> None:
    """A mailbox, a talk counted by consent, cut off, back, `*` and goodbye."""
    ana = town.volunteer("Ana").picks_up(after=6)
    ana.when_hears("Press 1 to take it", press="1").when_hears("go back to it", press="1")
    town.volunteer("Bo").has_voicemail(after=2)
    cal = town.phone("Cal").when_hears("5 counts this call", press="5", once=True)
    cal.dial(LINE)
    town.until_talking(cal, ana)
    ana.hang_up()
    town.until_talking(cal, ana)
    cal.press("*")
    town.until_hears(cal, "9: goodbye.")
    cal.press("9")
    town.until_over(cal)
    town.wait(60)


def test_the_callers_number_is_in_no_table_at_any_moment_of_the_call(bilingual: Town) -> None:
    found: list[bool] = []

    def look(_now: object) -> None:
        found.append(CALLERS_NUMBER in bilingual.everything_written())

    bilingual.network.every(1, look)
    whole_call(bilingual)
    assert len(found) > 60
    assert not any(found)
    assert PEERS_NUMBER in bilingual.everything_written()


def test_nothing_personal_is_in_urls_documents_room_names_or_logs(bilingual: Town) -> None:
    town = bilingual
    overheard = Overheard(town.in_flight._app)
    town.in_flight._app = overheard
    with logged("debug") as lines:
        whole_call(town)
    rooms = "\n".join(town.network.room_names)
    everywhere = (overheard.urls, overheard.documents, rooms, lines.getvalue())
    assert all(everywhere[:3])
    for text in (*everywhere, town.network.story()):
        assert CALLERS_NUMBER not in text
        assert PEERS_NUMBER not in text
    for text in everywhere:
        assert "Ana" not in text
        assert "Cal " not in text
    assert all(url.endswith("?") for url in overheard.urls.splitlines())


def test_the_provider_is_asked_for_no_more_than_it_must_know(town: Town) -> None:
    whole_call(town)
    for record in town.network.records():
        if record["direction"] == "inbound":
            continue
        assert CALLERS_NUMBER not in str(record)
        assert record["from"] == LINE
