"""A coordinator's whole job in a real browser: from nothing to a gap covered at eleven at night."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import page_in
from tests.desk.hands import Hands, Keys, Mouse
from tests.desk.nothing import Nothing, nothing_on
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import NUMBERS

MONDAY, TUESDAY, WEDNESDAY = "2030-03-04", "2030-03-05", "2030-03-06"


@pytest.fixture
def nothing(sqlite_url: str) -> Iterator[Nothing]:
    with nothing_on(sqlite_url) as nothing:
        yield nothing


class Job:
    """What a coordinator does, with whichever hands, on whichever screen."""

    def __init__(self, nothing: Nothing, page: Page, hands: Hands) -> None:
        self.nothing, self.page, self.hands = nothing, page, hands

    def link(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("button", name=name, exact=True).first)

    def fill(self, **fields: str) -> None:
        for field, text in fields.items():
            self.hands.write(self.page.locator(f"[name='{field}']").first, text)

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def place(self, words: str) -> Locator:
        """A shift on the roster, by what is read of it."""
        return self.page.locator("a.place:visible", has_text=re.compile(words)).first


@pytest.mark.long
@pytest.mark.parametrize(("hands", "width"), [(Mouse, 360), (Keys, 1280)], ids=["phone", "keys"])
def test_a_line_is_started_a_week_planned_and_a_gap_at_night_covered(
    nothing: Nothing, browser: Browser, hands: type[Mouse | Keys], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-US", base_url=nothing.browser.url
    )
    page = page_in(context)
    job = Job(nothing, page, hands(page))
    for name in ("Ana", "Bo", "Chi"):
        nothing.phone(name)
    starts_the_line(job)
    two_people_join(job)
    plans_and_publishes(job)
    bo_says_yes_by_text(job)
    covers_the_gap_at_eleven(job)
    takes_back_a_mistake(job)
    context.close()


def starts_the_line(job: Job) -> None:
    job.page.goto("/desk")
    job.fill(code=job.nothing.parts.start.code, name="Riverside", time_zone="America/New_York")
    job.fill(number="413 555 0100", coordinator_phone="413 555 0111")
    job.button("Make the line")
    job.fill(phone="413 555 0111")
    job.button("Send me a code")
    job.page.get_by_role("button", name="Come in", exact=True).wait_for()
    job.fill(code=job.nothing.code_for("Ana"))
    job.button("Come in")
    job.sees("Nobody is on.")


def two_people_join(job: Job) -> None:
    """The first is welcomed by Ana alone, the second also by the first."""
    welcome(job, "Bo")
    bo = PlainBrowser(job.nothing.browser.url).open("/desk")
    bo.send("/desk/sign-in", phone=NUMBERS["Bo"], way="text")
    bo.send("/desk/sign-in/code", code=job.nothing.code_for("Bo"))
    job.nothing.writes("Chi", "JOIN")
    job.link("People")
    job.fill(name="Chi")
    job.button("Welcome them")
    job.sees("A second person must say yes")
    bo.open("/desk/mine").send("/desk/people/second", deed="yes")
    agrees(job, "Chi")
    bo.close()


def welcome(job: Job, name: str) -> None:
    job.nothing.writes(name, "JOIN")
    job.link("People")
    job.fill(name=name)
    job.button("Welcome them")
    job.sees("They are on the roster")
    agrees(job, name)


def agrees(job: Job, name: str) -> None:
    job.nothing.run_jobs()
    assert "Our promise at Riverside" in job.nothing.writes(name, "OK")


def plans_and_publishes(job: Job) -> None:
    job.link("Week")
    adds(job, "Bo", TUESDAY, "18:00", "20:00")
    adds(job, "Bo", MONDAY, "23:00", "01:00")
    job.link("Publish 2 drafts")
    job.sees("Bo: 2 shifts")
    job.button("Publish 2 drafts")
    job.sees("Published.")


def adds(job: Job, who: str, day: str, starts: str, ends: str) -> None:
    job.link("Add a shift")
    if who:
        job.hands.choose(job.page.get_by_label("Who", exact=True), who)
    job.fill(day=day, starts=starts, ends=ends)
    job.button("Save")
    job.sees("The shift is on the roster.")


def bo_says_yes_by_text(job: Job) -> None:
    job.nothing.run_jobs()
    asked = job.nothing.phone("Bo").texts[-1].body
    assert "1 Mon 4 Mar 11 PM-1 AM, 2 Tue 5 Mar 6 PM-8 PM" in asked
    job.nothing.writes("Bo", "OK 1 2")
    job.link("Week")
    for hours in ("11 PM.*1 AM", "6 PM.*8 PM"):
        expect(job.place(hours)).to_contain_text("agreed")


def covers_the_gap_at_eleven(job: Job) -> None:
    """Bo cannot come; Chi may be asked at night."""
    job.nothing.writes("Chi", "QUIET NONE")
    job.nothing.network.run_for(5 * 3600 - 600)
    job.nothing.writes("Bo", "DROP 1")
    job.link("Today")
    job.link("Week")
    job.hands.press(job.place("11 PM.*1 AM"))
    job.link("Ask for cover")
    job.sees("1 can be asked now.")
    job.button("Ask this person by text")
    job.sees("They are asked by text")
    job.nothing.run_jobs()
    assert "1 Mon 4 Mar 11 PM-1 AM? TAKE" in job.nothing.phone("Chi").texts[-1].body
    job.nothing.writes("Chi", "TAKE 1")
    job.link("Week")
    expect(job.place("11 PM.*1 AM")).to_contain_text("agreed")


def takes_back_a_mistake(job: Job) -> None:
    adds(job, "Chi", WEDNESDAY, "12:00", "14:00")
    expect(job.place("12 PM.*2 PM")).to_be_visible()
    job.button("Undo")
    job.sees("Undone.")
    expect(job.place("12 PM.*2 PM")).to_have_count(0)
