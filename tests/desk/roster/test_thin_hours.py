"""Thin hours as bands of days."""

from datetime import date

from warmline.counts.planner import ThinHour
from warmline.desk.roster.short_hours import Band, bands

MONDAY = date(2030, 3, 4)


def test_hours_in_a_row_with_as_many_on_are_one_band_and_end_with_the_day() -> None:
    found = bands(
        MONDAY,
        [
            ThinHour(21, 4.0, 1, 0.3, 2),
            ThinHour(22, 9.0, 1, 0.55, 3),
            ThinHour(23, 4.0, 0, 1.0, None),
            ThinHour(24, 4.0, 0, 1.0, 2),
        ],
    )
    assert found == [
        Band(MONDAY, 21, 23, 1, 55, 3),
        Band(MONDAY, 23, 24, 0, 100, None),
        Band(date(2030, 3, 5), 0, 1, 0, 100, 2),
    ]
