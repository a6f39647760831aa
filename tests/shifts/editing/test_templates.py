"""Templates: a week by name, put into another as drafts, on the wall's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from shifts.editing import templates
from shifts.editing.drafting import drafts
from shifts.history import history
from shifts.leaving import leave
from shifts.models import AGREED, DRAFT
from tests.shifts.placed import NOON, ZONE, at, put, shown
from tests.shifts.rosters import ANA, BO, CHI, LINE, roster

MONDAY = date(2026, 3, 2)
NEXT = date(2026, 3, 9)
NEW_YORK = ZoneInfo("America/New_York")


def the_template(db: Connection) -> templates.Template:
    [found] = templates.templates_of(db, LINE)
    return found


def test_a_week_is_put_into_another_once(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        put(db, 0, 4)
        put(db, 24, 28, CHI, duty=True)
        put(db, 200, 204, CHI)
        assert templates.keep(db, LINE, " A  week ", MONDAY, ZONE, people=True) == 3
        number = the_template(db).id
        assert the_template(db).name == "A week"
        done = templates.put(db, LINE, number, NEXT, ZONE, ANA, NOON, instead=False)
        assert done.places == 3
        assert [one for one in shown(db) if one[3] == DRAFT] == [
            (168, 172, BO, DRAFT),
            (168, 172, None, DRAFT),
        ]
        assert shown(db, duty=True)[1] == (192, 196, CHI, DRAFT)
        again = templates.put(db, LINE, number, NEXT, ZONE, ANA, NOON, instead=False)
        assert again.change_id is None
        history.undo(db, LINE, done.change_id or 0, ANA, NOON)
        assert len(shown(db)) == 3


def test_instead_takes_the_drafts_of_that_week_and_nothing_else(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        templates.keep(db, LINE, "A week", MONDAY, ZONE, people=False)
        put(db, 170, 174, CHI, DRAFT)
        put(db, 180, 184, CHI)
        put(db, 400, 404, CHI, DRAFT)
        number = the_template(db).id
        plan = templates.plan(db, LINE, number, NEXT, ZONE, NOON, instead=True)
        assert (len(plan.comes), len(plan.goes)) == (1, 1)
        templates.put(db, LINE, number, NEXT, ZONE, ANA, NOON, instead=True)
        assert shown(db)[1:] == [
            (168, 172, None, DRAFT),
            (180, 184, CHI, AGREED),
            (400, 404, CHI, DRAFT),
        ]


def test_who_is_on_already_is_left_out_and_named(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        templates.keep(db, LINE, "A week", MONDAY, ZONE, people=True)
        put(db, 169, 171, BO)
        number = the_template(db).id
        done = templates.put(db, LINE, number, NEXT, ZONE, ANA, NOON, instead=False)
        assert [one.findings[0].name for one in done.left_out] == ["double"]
        assert (168, 172, None, DRAFT) in shown(db)


def test_times_stay_on_the_wall_when_the_clocks_change(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 11, 15)
        templates.keep(db, LINE, "A week", MONDAY, NEW_YORK, people=True)
        number = the_template(db).id
        templates.put(db, LINE, number, NEXT, NEW_YORK, ANA, NOON, instead=False)
        [new] = drafts(db, LINE, (at(24 * 6), at(24 * 9)))
        assert new.starts_at == datetime(2026, 3, 9, 22, tzinfo=UTC)
        assert new.ends_at - new.starts_at == timedelta(hours=4)


def test_what_cannot_be_kept_or_put_is_said(database_url: str) -> None:
    with roster(database_url) as db:
        with pytest.raises(templates.NothingToKeep):
            templates.keep(db, LINE, "A week", MONDAY, ZONE, people=True)
        put(db, 0, 4)
        for name in ("", " ", "x" * 81, "two\nlines\0"):
            with pytest.raises(templates.NothingToKeep):
                templates.keep(db, LINE, name, MONDAY, ZONE, people=True)
        with pytest.raises(templates.NoSuchTemplate):
            templates.put(db, LINE, 99, NEXT, ZONE, ANA, NOON, instead=False)


def test_no_template_names_who_has_left(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        put(db, 0, 4, CHI)
        templates.keep(db, LINE, "A week", MONDAY, ZONE, people=True)
        leave(db, LINE, BO, ZONE, NOON)
        assert {one.person_id for one in the_template(db).shifts} == {None, CHI}
