"""A service with an empty database, and the network around it: where a new line starts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.desk.plain_browser import PlainBrowser
from tests.stories.served import ACCOUNT, TOKEN, served
from tests.stories.town import EVENING, LINE, NUMBERS
from warmline.operations.timed_jobs import run_once
from warmline.parts import Parts
from warmline.simulator import Exchange, Phone


@dataclass
class Nothing:
    """A service with an empty database, its network, and a browser."""

    network: Exchange
    parts: Parts
    browser: PlainBrowser

    def run_jobs(self) -> None:
        """A minute of the clock at once: what is due is texted."""
        for job in self.parts.jobs():
            run_once(job)
        self.network.run_for(3)

    def phone(self, name: str) -> Phone:
        return self.network.phone(NUMBERS[name], name)

    def writes(self, name: str, body: str) -> str:
        """Somebody texts the line; what they read then."""
        self.phone(name).write(LINE, body)
        self.network.run_for(3)
        return self.phone(name).texts[-1].body

    def code_for(self, name: str) -> str:
        """The sign-in code that was just texted to somebody."""
        self.network.run_for(3)
        return self.phone(name).texts[-1].body.split("code is ")[1][:6]


@contextmanager
def nothing_on(database_url: str) -> Iterator[Nothing]:
    with ExitStack() as stack:
        network = Exchange(ACCOUNT, TOKEN, start=EVENING)
        stack.callback(network.close)
        parts, in_flight = stack.enter_context(served(database_url, network.open(), network.now))
        url = parts.settings.public_url
        network.add_number(LINE, voice_url=f"{url}/voice", text_url=f"{url}/text")
        network.settled = in_flight.wait_for_none
        network.every(1, lambda _now: parts.sender.send_due())
        browser = PlainBrowser(url)
        stack.callback(browser.close)
        yield Nothing(network, parts, browser)
