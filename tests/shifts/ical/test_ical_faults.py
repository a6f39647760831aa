"""What is wrong with a calendar file is named by its line; no file asks for more than it may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.ical import ical_places
from tests.examples import examples
from tests.shifts.calendar_files import EVENING, calendar, event, faults, read, staged

ALL_DAY = "an all-day event names no hours; give it a start and an end time"
OF = "of 'evening@example.org'"
STANDARD = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0900\n"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["DTSTART;VALUE=DATE:20260302"], f"line 5: DTSTART {OF}: {ALL_DAY}"),
        (["DTSTART:20260302"], f"line 5: DTSTART {OF}: {ALL_DAY}"),
        (
            ["DTSTART:tomorrow", "DURATION:PT1H"],
            (f"line 5: DTSTART {OF}: 'tomorrow' is no date and time; write it as 20260301T180000"),
        ),
        (
            ["DTSTART:20260230T120000Z", "DURATION:PT1H"],
            f"line 5: DTSTART {OF}: '20260230T120000Z' is no date of the calendar",
        ),
        (
            ["DTSTART;TZID=Mars/Olympus:20260302T120000", "DURATION:PT1H"],
            (
                f"line 5: DTSTART {OF}: the time zone 'Mars/Olympus' is not known,"
                " nor does the file say"
            ),
        ),
        (["DTSTART:20260302T120000Z"], "line 3: 'evening@example.org' has no DURATION"),
        (["DURATION:PT1H"], "line 3: 'evening@example.org' has no DTSTART"),
        (
            ["DTSTART:20260302T120000Z", "DTEND:20260302T120000Z"],
            f"line 6: DTEND {OF}: is not after DTSTART",
        ),
        (
            ["DTSTART:20260302T120000Z", "DURATION:-PT1H"],
            f"line 6: DURATION {OF}: '-PT1H' is no length of a shift; write it as PT4H",
        ),
        (
            ["DTSTART:20260302T120000Z", "DURATION:P367D"],
            f"line 6: DURATION {OF}: is more than a year after DTSTART",
        ),
        (
            ["DTSTART:19660302T120000Z", "DURATION:PT1H"],
            "line 3: 'evening@example.org': the year 1966 is not one of this roster's",
        ),
        (
            [*EVENING, "DTSTART:20260302T120000Z"],
            f"line 7: DTSTART {OF} is there more than once",
        ),
        (
            [*EVENING, "RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T230000Z"],
            (
                f"line 7: RECURRENCE-ID {OF}: RANGE (this and all that follow)"
                " is not understood; end the event"
            ),
        ),
        (
            [*EVENING, "EXRULE:FREQ=DAILY"],
            "line 7: EXRULE is no longer part of calendars; use EXDATE",
        ),
        (
            [*EVENING, "ATTENDEE:tel:+14135550199"],
            f"line 7: ATTENDEE {OF}: no volunteer has '+14135550199'",
        ),
        ([*EVENING, "ATTENDEE;=:x"], "line 7: cannot be read as a line of a calendar"),
        ([*EVENING, "RDATE;VALUE=DATE:20260303"], f"line 7: RDATE {OF}: {ALL_DAY}"),
    ],
)
def test_a_bad_property_is_named_with_its_line_and_event(lines: list[str], fault: str) -> None:
    assert faults(calendar(event(*lines))) == [fault]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (
            "FREQ=HOURLY",
            "FREQ may be DAILY, WEEKLY, MONTHLY, YEARLY; shifts do not come more often",
        ),
        ("COUNT=3", "FREQ may be DAILY, WEEKLY, MONTHLY, YEARLY; shifts do not come more often"),
        ("FREQ=DAILY;COUNT=0", "COUNT cannot be '0'"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL cannot be '0'"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL cannot be '-1'"),
        ("FREQ=DAILY;BYEASTER=1", "'BYEASTER' is no part of a rule that is known here"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH cannot be '13'"),
        ("FREQ=DAILY;UNTIL=20261399", "'20261399' is no date of the calendar"),
        ("FREQ=DAILY;BYSETPOS=0", "is a rule that makes no sense"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,9,18,27,36", "comes more than 24 times a day"),
        ("FREQ=DAILY;" + "BYMONTHDAY=1;" * 50, "is longer than any rule of shifts"),
    ],
)
def test_a_rule_that_cannot_be_says_why(rule: str, why: str) -> None:
    (fault,) = faults(calendar(event(*EVENING, f"RRULE:{rule}")))
    assert fault.endswith(f": {why}")
    assert fault.startswith(("line 7: RRULE of ", "line 3: 'evening"))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "line 1: ends in the middle; save it once more"),
        (b"starts,ends\n", "line 1: is no iCalendar file: it does not begin with a calendar"),
        (b"\x00\xff", "line 1: is no iCalendar file: it does not begin with a calendar"),
        (b"BEGIN:VEVENT\nEND:VEVENT\n", "line 1: BEGIN:VEVENT is out of place here"),
        (calendar(event(*EVENING))[:-20], "line 7: END:V without its BEGIN"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "line 2: ends in the middle; save it once more"),
        (
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VTODO\n",
            "line 3: END:VTODO without its BEGIN",
        ),
        (
            b"BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n",
            "line 2: BEGIN:VCALENDAR is out of place here",
        ),
        (
            calendar("BEGIN:X\n" * 20),
            "line 12: BEGIN:X is out of place here",
        ),
        (
            calendar("BEGIN:VEVENT", *EVENING, "END:VEVENT"),
            "line 3: an event has no UID; every calendar gives one",
        ),
        (
            calendar(event(*EVENING, "EXDATE:" + "20260303T180000," * 70_000)),
            "line 7: is more than an event of shifts needs",
        ),
        (calendar(event(*EVENING)).replace(b"evening", b"\xff"), "line 4: is not UTF-8"),
    ],
)
def test_what_is_no_calendar_is_said_with_the_line_where_it_shows(data: bytes, fault: str) -> None:
    assert fault in faults(data)


def test_every_fault_of_a_file_is_named_the_first_two_hundred_in_words() -> None:
    found = faults(calendar(*[event("DTSTART:x", "DURATION:PT1H")] * 250))
    assert len(found) == 201
    assert found[0].startswith("line 5: DTSTART")
    assert found[-1] == "and 50 more faults like these"


def test_an_event_comes_at_most_so_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ical_places.MOST_OF_EVENT == 20_000
    monkeypatch.setattr(ical_places, "MOST_OF_EVENT", 20)
    daily = event("DTSTART:19700101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=20")
    assert len(read(calendar(daily))) == 20
    (fault,) = faults(calendar(daily.replace("COUNT=20", "COUNT=21")))
    assert fault == (
        "line 3: 'evening@example.org': comes more than 20 times; give it an end (UNTIL)"
    )


def test_the_pieces_of_a_long_event_count_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ical_places, "MOST_OF_EVENT", 20)
    (fault,) = faults(calendar(event("DTSTART:20260302T000000Z", "DURATION:P30D")))
    assert "comes more than 20 times" in fault


def test_a_file_makes_at_most_two_hundred_thousand_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ical_places, "MOST_OF_FILE", 200)
    daily = event(*EVENING, "RRULE:FREQ=DAILY;COUNT=101")
    (fault,) = faults(calendar(daily, daily))
    assert fault == "line 9: the file makes more than 200 places; bring it in parts"


@pytest.mark.parametrize("often", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
def test_a_rule_that_finds_nothing_ends(often: str) -> None:
    never = event(*EVENING, f"RRULE:FREQ={often};BYMONTH=2;BYMONTHDAY=31")
    assert len(read(calendar(never))) == 1


def test_a_file_full_of_rules_that_find_nothing_is_refused() -> None:
    never = event(*EVENING, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31")
    (fault,) = faults(calendar(*[never] * 50))
    assert fault.endswith("come again over more days than any roster has")


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("", "is described without a single offset"),
        ("BEGIN:STANDARD\nEND:STANDARD\n", "STANDARD of line 5 has no DTSTART"),
        (f"{STANDARD}TZOFFSETFROM:+9\nEND:STANDARD\n", "'+9' is no offset from UTC"),
        (
            f"{STANDARD}TZOFFSETFROM:+0900\nRRULE:FREQ=DAILY\nEND:STANDARD\n",
            "changes its clocks too often",
        ),
    ],
)
def test_a_zone_described_badly_is_named_where_it_is_used(part: str, why: str) -> None:
    zone = f"BEGIN:VTIMEZONE\nTZID:Ours\n{part}END:VTIMEZONE"
    (fault,) = faults(calendar(zone, event("DTSTART;TZID=Ours:20260302T120000", "DURATION:PT1H")))
    assert fault.endswith(f": the time zone 'Ours' of line 3: {why}")


properties = st.sampled_from(
    [
        *("DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"),
        *("ATTENDEE", "STATUS", "SEQUENCE", "UID"),
    ]
)
values = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *("20260302T180000", "20260302T180000Z", "20260302", "PT4H", "-P1D", "tel:+1413"),
            *("FREQ=YEARLY;BYWEEKNO=53", "FREQ=WEEKLY;BYDAY=-9MO", "FREQ=MONTHLY;BYSETPOS=-366"),
            *("99991231T235959Z", "00010101T000000", "20260302T180000/PT1H", "CANCELLED"),
        ]
    ),
)


@given(lines=st.lists(st.builds("{}:{}".format, properties, values), max_size=8), rest=st.binary())
@examples(150)
def test_any_file_is_read_or_refused_in_printable_lines(lines: list[str], rest: bytes) -> None:
    for data in (rest, calendar(event(*EVENING, *lines)), calendar(event(*lines)) + rest):
        assert all(line.isprintable() for line in faults(data))


def test_a_cancelled_event_needs_no_times() -> None:
    assert len(staged(calendar(event("STATUS:CANCELLED", "DTSTART;VALUE=DATE:20260302")))) == 1
