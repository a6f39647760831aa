"""The line's own calendar address: made, shown once and ended by coordinators."""

from typing import Final

from warmline.desk.mine import calendar_feeds
from warmline.desk.visit import Answer, Away, HtmlPage, Visit

HERE: Final = "/desk/line/calendar"


def show(visit: Visit) -> Answer:
    """Whether there is an address; never the address itself, of which no copy is kept."""
    return _page(visit, "")


def begin(visit: Visit) -> Answer:
    """A new address, shown this once; the old one is good no longer."""
    return _page(visit, calendar_feeds.address(visit, calendar_feeds.begin(visit, None)))


def end(visit: Visit) -> Answer:
    """The address is good no longer."""
    calendar_feeds.end(visit, None)
    return Away(f"{HERE}?done=feed_over")


def _page(visit: Visit, address: str) -> HtmlPage:
    return HtmlPage(
        "calendar.html", {"feed": address, "has_feed": calendar_feeds.known(visit, None)}
    )
