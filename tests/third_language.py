"""A line whose callers and volunteers speak a third language, in the hand.

Run in a copy of the service to which that language's files were added:
`python -m tests.third_language`. The language is Esperanto, so far as it goes: what is not put
into it here is said in English words.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shifts.models import Away
from tests.stories.town import LINE, Town, town_on
from tests.stories.writing import texts_after
from warmline import languages
from warmline.schema.revisions import migrate

CODE = "eo"


def a_call_is_answered(town: Town) -> None:
    ana, cal = town.volunteer("Ana", languages=f"en,{CODE}"), town.phone("Cal")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal.when_hears("Por Esperanto, premu 2", press="2")
    cal.dial(LINE)
    town.until_hears(cal, "Saluton. Jen Riverside")
    town.until_hears(ana, "They chose Esperanto.")
    town.until_talking(ana, cal)
    cal.hang_up()


def a_text_and_a_date_in_it_are_understood(town: Town) -> None:
    bo = town.volunteer("Bo", languages=CODE, on=None)
    [answer] = texts_after(town, bo, "Fora, 24a decembro!")
    assert answer.startswith("Riverside: vi forestas ma 24 Dec"), answer
    with town.parts.database.reading() as db:
        [away] = db.execute(select(Away.starts_at)).scalars()
    assert away.astimezone(ZoneInfo("America/New_York")).date() == date(2030, 12, 24)


def main() -> None:
    assert languages.CODES == ("en", CODE, "es")
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'line.db'}"
        migrate(url)
        with town_on(url, languages=f"en,{CODE}") as town:
            a_call_is_answered(town)
            a_text_and_a_date_in_it_are_understood(town)


if __name__ == "__main__":
    main()
