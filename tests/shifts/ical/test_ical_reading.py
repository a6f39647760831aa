"""What a calendar's events mean: wall times over the year, rules, exceptions, who is asked."""

from datetime import datetime
from io import BytesIO

import pytest

from shifts.files.staging import FilePlace
from shifts.ical.ical_lines import components
from shifts.ical.ical_zones import Zones, described_in
from shifts.models import AGREED
from tests.shifts.calendar_files import EVENING, HERE, ZONE, calendar, event, read, staged, told


def test_google_calendar_with_a_rule_left_out_days_and_changed_occurrences() -> None:
    assert told((HERE / "google.ics").read_bytes()) == [
        "2026-03-02 23:00-03:00 Ana agreed",
        "2026-03-02 23:00-03:00 Bo asked",
        "2026-03-04 23:00-03:00 Ana agreed",
        "2026-03-04 23:00-03:00 Bo asked",
        "2026-03-09 22:00-02:00 Ana agreed",
        "2026-03-09 22:00-02:00 Bo asked",
        "2026-03-16 22:00-02:00 Ana agreed",
        "2026-03-16 22:00-02:00 Bo asked",
        "2026-03-18 22:00-02:00 Ana agreed",
        "2026-03-18 22:00-02:00 Bo asked",
        "2026-03-23 22:00-02:00 Ana agreed",
        "2026-03-23 22:00-02:00 Bo asked",
        "2026-03-16 23:00-01:00 Chi agreed",
        "2026-03-05 23:00-03:00 open open",
    ]


def test_outlook_with_windows_zones_and_nights_on_which_clocks_change() -> None:
    assert told((HERE / "outlook.ics").read_bytes()) == [
        "2026-03-08 03:00-10:00 Ana agreed",
        "2026-04-05 02:00-10:00 Ana agreed",
        "2026-05-03 02:00-10:00 Ana agreed",
        "2026-04-05 03:00-10:00 Bo asked",
    ]


def test_apple_calendar_with_a_zone_of_its_own_periods_and_floating_times() -> None:
    assert told((HERE / "apple.ics").read_bytes()) == [
        "2026-10-25 05:00-08:00 open open",
        "2026-11-01 05:00-08:00 open open",
        "2026-10-27 13:00-15:00 open open",
        "2026-10-28 13:00-13:30 open open",
        "2026-10-31 00:00-03:00 Chi agreed",
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", "03-02 03-03 03-04"),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", "03-02 03-04 03-06"),
        ("FREQ=DAILY;UNTIL=20260304", "03-02 03-03 03-04"),
        ("FREQ=DAILY;UNTIL=20260304T180000", "03-02 03-03 03-04"),
        ("FREQ=DAILY;UNTIL=20260304T175959", "03-02 03-03"),
        ("FREQ=DAILY;UNTIL=20260304T230000Z", "03-02 03-03 03-04"),
        ("FREQ=DAILY;UNTIL=20260304T225959Z", "03-02 03-03"),
        ("FREQ=WEEKLY;COUNT=3", "03-02 03-09 03-16"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=4", "03-02 03-04 03-06 03-09"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,SU;COUNT=4", "03-02 03-08 03-16 03-22"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU;COUNT=4", "03-02 03-15 03-16 03-29"),
        ("FREQ=MONTHLY;COUNT=3", "03-02 04-02 05-02"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,-1;COUNT=3", "03-02 03-31 04-02"),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", "03-02 04-06 05-04"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;COUNT=3", "03-02 04-01 05-01"),
        ("FREQ=YEARLY;BYMONTH=3,7;BYMONTHDAY=2;UNTIL=20261231", "03-02 07-02"),
        ("FREQ=DAILY;BYMONTH=3;BYDAY=MO;UNTIL=20260401", "03-02 03-09 03-16 03-23 03-30"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "03-02 03-03 03-10"),
    ],
)
def test_a_rule_comes_on_its_days(rule: str, days: str) -> None:
    found = read(calendar(event(*EVENING, f"RRULE:{rule}")))
    assert " ".join(f"{one.starts_at:%m-%d}" for one in found) == days


def test_wall_times_stay_through_both_changes_of_the_clocks() -> None:
    nights = event(
        "DTSTART;TZID=America/New_York:20260307T220000",
        "DTEND;TZID=America/New_York:20260308T060000",
        "RRULE:FREQ=YEARLY;BYMONTH=3,10;BYMONTHDAY=7,31;COUNT=4",
    )
    # 7 hours on the spring night, 8 at other times, 9 on the autumn night.
    assert told(calendar(nights)) == [
        "2026-03-08 03:00-10:00 open open",
        "2026-04-01 02:00-10:00 open open",
        "2026-10-08 02:00-10:00 open open",
        "2026-11-01 02:00-11:00 open open",
    ]


@pytest.mark.parametrize(
    ("starts", "length", "expected"),
    [
        # The spring night: 02:30 does not exist and is 03:00 EDT, the first instant after.
        ("20260308T013000", "DTEND;TZID=America/New_York:20260308T023000", "06:30-07:00"),
        ("20260308T023000", "DTEND;TZID=America/New_York:20260308T040000", "07:00-08:00"),
        ("20260307T180000", "DURATION:P1D", "23:00-22:00"),
        ("20260307T180000", "DURATION:PT24H", "23:00-23:00"),
        ("20260307T180000", "DURATION:P1DT2H", "23:00-00:00"),
        # The autumn night: 01:30 comes twice; a start is the first, an end the last of them.
        ("20261101T013000", "DTEND;TZID=America/New_York:20261101T030000", "05:30-08:00"),
        ("20261031T220000", "DTEND;TZID=America/New_York:20261101T013000", "02:00-06:30"),
        ("20261101T013000", "DTEND;TZID=America/New_York:20261101T011500", "05:30-06:15"),
        # An end on another clock is an instant.
        ("20260302T180000", "DTEND:20260303T030000Z", "23:00-03:00"),
        ("20260302T180000", "DTEND;TZID=Europe/Madrid:20260303T040000", "23:00-03:00"),
        ("20260302T180000", "DURATION:PT1H30M20S", "23:00-00:30:20"),
    ],
)
def test_an_end_is_where_the_wall_or_the_length_puts_it(
    starts: str, length: str, expected: str
) -> None:
    (one,) = told(calendar(event(f"DTSTART;TZID=America/New_York:{starts}", length)))
    assert one.split()[1] == expected


def test_an_occurrence_of_which_the_clocks_leave_nothing_is_none() -> None:
    rule = event(
        "DTSTART;TZID=America/New_York:20260307T020000",
        "DTEND;TZID=America/New_York:20260307T030000",
        "RRULE:FREQ=DAILY;COUNT=3",
    )
    assert told(calendar(rule)) == [
        "2026-03-07 07:00-08:00 open open",
        "2026-03-09 06:00-07:00 open open",
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        "EXDATE;TZID=America/New_York:20260303T180000",
        "EXDATE:20260303T230000Z",
        "EXDATE:20260303T180000",
        "EXDATE;VALUE=DATE:20260303",
        "EXDATE;TZID=Eastern Standard Time:20260401T180000,20260303T180000",
    ],
)
def test_a_day_is_left_out_however_it_is_written(left_out: str) -> None:
    found = read(calendar(event(*EVENING, "RRULE:FREQ=DAILY;COUNT=3", left_out)))
    assert [one.starts_at.day for one in found] == [2, 4]


def test_further_dates_come_beside_the_rule_and_no_occurrence_twice() -> None:
    found = told(
        calendar(
            event(
                *EVENING,
                "RRULE:FREQ=DAILY;COUNT=2",
                "RDATE;TZID=America/New_York:20260303T180000,20260310T090000",
                "RDATE;VALUE=PERIOD:20260311T130000Z/20260311T150000Z",
            )
        )
    )
    assert found == [
        "2026-03-02 23:00-03:00 open open",
        "2026-03-03 23:00-03:00 open open",
        "2026-03-10 13:00-17:00 open open",
        "2026-03-11 13:00-15:00 open open",
    ]


@pytest.mark.parametrize(
    ("attendees", "expected"),
    [
        ([], ["open open"]),
        (["ATTENDEE;PARTSTAT=ACCEPTED:tel:+14135550111"], ["Ana agreed"]),
        (["ATTENDEE;partstat=accepted:TEL:+14135550111;ext=1"], ["Ana agreed"]),
        (["ATTENDEE:tel:+14135550111"], ["Ana asked"]),
        (["ATTENDEE;PARTSTAT=TENTATIVE:tel:+14135550111"], ["Ana asked"]),
        (["ATTENDEE;PARTSTAT=DECLINED:tel:+14135550111"], ["open open"]),
        (["ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org"], ["open open"]),
        (
            [
                "ATTENDEE;PARTSTAT=DECLINED:tel:+14135550111",
                "ATTENDEE;PARTSTAT=ACCEPTED:tel:+14135550112",
                "ATTENDEE:tel:+14135550113",
            ],
            ["Bo agreed", "Chi asked"],
        ),
        (
            ["ATTENDEE:tel:+14135550111", "ATTENDEE;PARTSTAT=ACCEPTED:tel:+1%20413%20555%200111"],
            ["Ana agreed"],
        ),
    ],
)
def test_whoever_has_a_phone_is_asked_or_has_agreed(
    attendees: list[str], expected: list[str]
) -> None:
    found = told(calendar(event(*EVENING, *attendees)))
    assert [one.split(" ", 2)[2] for one in found] == expected


def test_a_whole_file_can_be_declared_agreed() -> None:
    data = calendar(event(*EVENING, "ATTENDEE:tel:+14135550111"))
    (place,) = [one for one in staged(data, all_agreed=True) if isinstance(one, FilePlace)]
    assert place.state == AGREED


def test_an_event_without_an_end_comes_for_eight_weeks_and_one_with_an_end_also_long_ago() -> None:
    found = read(calendar(event(*EVENING, "RRULE:FREQ=WEEKLY")))
    assert [f"{one.starts_at:%m-%d}" for one in found][-2:] == ["04-13", "04-20"]
    ago = event("DTSTART:20190101T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=400")
    assert len(read(calendar(ago))) == 400


def test_duty_is_a_category() -> None:
    (place,) = read(calendar(event(*EVENING, "CATEGORIES:Line,duty")))
    assert place.duty


@pytest.mark.parametrize(
    "name",
    [
        *("America/New_York", "US/Eastern", "Eastern Standard Time"),
        *("/freeassociation.sourceforge.net/America/New_York", '"Eastern Standard Time"'),
    ],
)
def test_a_zone_is_known_by_the_names_that_programs_give_it(name: str) -> None:
    found = told(calendar(event(f"DTSTART;TZID={name}:20260701T120000", "DURATION:PT1H")))
    assert found == ["2026-07-01 16:00-17:00 open open"]


def test_a_described_zone_has_the_clock_of_the_one_it_describes() -> None:
    described = described_in(components(BytesIO((HERE / "apple.ics").read_bytes())))
    ours = Zones(lambda: described).find("Warmhaven", 1)
    hours = (
        datetime(year, month, day, hour, 30, fold=fold)  # noqa: DTZ001 # a wall's clock, no instant
        for year in range(2008, 2198, 7)
        for month, day in ((1, 1), (3, 8), (3, 14), (7, 1), (11, 1), (11, 7))
        for hour in range(4)
        for fold in (0, 1)
    )
    for local in hours:
        assert local.replace(tzinfo=ours).utcoffset() == local.replace(tzinfo=ZONE).utcoffset()


def test_a_file_may_hold_several_calendars_with_zones_of_one_name() -> None:
    def described(offset: str) -> str:
        zone = ("BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:19700101T000000")
        offsets = (f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}")
        return "\n".join([*zone, *offsets, "END:STANDARD", "END:VTIMEZONE"])

    noon = event("DTSTART;TZID=Ours:20260302T120000", "DURATION:PT1H")
    data = calendar(noon, described("-0500")) + calendar(described("+0530"), noon)
    assert [one[:16] for one in told(data)] == ["2026-03-02 17:00", "2026-03-02 06:30"]


def test_lines_may_be_folded_within_a_letter_end_in_any_way_and_follow_a_byte_order_mark() -> None:
    uid = "UID:caf\u00e9@example.org".encode()
    folded = uid.replace(b"\xc3\xa9", b"\xc3\n \xa9").replace(b"example", b"exa\n\tmple")
    data = calendar(event(*EVENING)).replace(b"UID:evening@example.org", folded)
    plain = data.replace(folded, uid)
    for one in (data, data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data):
        assert [place.origin for place in read(one)] == [place.origin for place in read(plain)]


def test_tasks_journals_alarms_and_what_is_inside_them_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\nDTSTART:nonsense\nATTENDEE:tel:1\nEND:VALARM"
    task = "BEGIN:VTODO\nUID:x\nDTSTART:nonsense\nEND:VTODO"
    journal = "BEGIN:VJOURNAL\nDTSTART;VALUE=DATE:20260302\nEND:VJOURNAL"
    assert len(read(calendar(task, event(*EVENING, alarm), journal))) == 1
