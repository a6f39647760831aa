"""What each worked example of the developers' paper has brought about, looked at where it stands.

Run in a copy of the service to which the example was applied: `python -m tests.worked word`.
"""

import inspect
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect as inspected
from sqlalchemy import select

from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.routing.odds import Odds
from warmline.schema.differences import differences
from warmline.schema.revisions import migrate, schema_at

EVENING = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)


def turn() -> Any:
    """A turn that reaches no database."""
    from warmline import prompts
    from warmline.telephony.conversation import Turn

    nothing: Any = None
    made = prompts.load()
    seal = Seal(("not a secret and long enough for one",))
    return Turn(form={}, now=EVENING, db=nothing, prompts=made, odds=Odds(), seal=seal, token="abc")


def word() -> None:
    from warmline.conversations.persons import Me
    from warmline.conversations.volunteer_texts.words_table import ANSWERS
    from warmline.texting.volunteer_words import read

    heard = {"en": "Cheer!", "es": "ánimo"}
    for language, body in heard.items():
        said = read(body)
        assert said.word == "CHEER", body
        me = Me(1, "Riverside", 1, "Ana", language, ZoneInfo("America/New_York"), agreed=True)
        (answer,) = ANSWERS[said.word](turn(), me, said.rest)
        assert answer.startswith("Riverside: Ana, ")
    assert read("SHIFTS").word == "SHIFTS"


def step() -> None:
    import warmline.app  # noqa: F401 - loads every story
    from warmline.conversations import steps
    from warmline.telephony import twiml
    from warmline.telephony.conversation import path_to, step_of

    assert not steps.caller.misnamed()
    breathe = step_of(steps.CallerStep["BREATHE"])
    assert path_to(breathe, "abc") == "/c/abc/breathe"
    xml = twiml.render(breathe(turn(), None), lambda one: path_to(one, "abc"))
    assert "Let us breathe" in xml
    assert "/c/abc/wait</Redirect>" in xml


def page() -> None:
    from tests.desk.conftest import signs_in
    from tests.desk.plain_browser import PlainBrowser
    from tests.stories.town import town_on

    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/line.db"
        migrate(url)
        with town_on(url) as town:
            town.volunteer("Ana", on=None)
            browser = PlainBrowser(town.parts.settings.public_url, "en")
            assert "Good that you are here" not in browser.open("/desk/greeting").text
            signs_in(town, browser, "Ana")
            assert "Good that you are here, Ana." in browser.open("/desk/greeting").text
            browser.close()


def language() -> None:
    from warmline import languages, prompts
    from warmline.desk.public import guide, papers
    from warmline.desk.rendering import Templates
    from warmline.desk.wording import Telling
    from warmline.plain_dates import Days, read_when
    from warmline.prompts.partners import partners
    from warmline.telephony.twiml import render
    from warmline.texting.volunteer_words import read, word_in

    assert languages.CODES == prompts.LANGUAGES == ("en", "es", "fr")
    assert prompts.load().keys("fr") <= prompts.load().keys("en")
    assert languages.name_in("fr", "en") == "French"
    assert languages.of("fr").name == "Français"
    zone = ZoneInfo("America/New_York")
    assert isinstance(read_when("tomorrow", EVENING, zone, "fr"), Days)
    assert read("Gardes").word == "SHIFTS"
    assert word_in("fr", "SHIFTS") == "GARDES"
    telling = Telling("fr", zone)
    assert telling.time(EVENING) == "18:00"
    html = Templates().bare("paper.html", telling, {"paper": papers.read("", "fr"), "doors": []})
    assert '<html lang="fr"' in html
    assert "Español" in html
    assert guide.parts("fr")
    assert partners("fr")
    assert 'language="fr-FR"' in render([turn().say_in("fr", "hello.not_open")], str)


def column() -> None:
    from alembic import command

    from tests.schema.test_revisions import MEANINGS, revision
    from warmline.models.people import Volunteer

    (file,) = Path("alembic/versions").glob("*_pronouns.py")
    done = revision(file.read_text(encoding="utf-8"), file.name)
    assert file.name.startswith(f"{done.number}_")
    assert done.number not in MEANINGS
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/line.db"
        migrate(url)
        database = Database(url, Seal(("not a secret and long enough for one",)))
        with database.reading() as db:
            assert not differences(db)
            assert not db.execute(select(Volunteer.pronouns)).all()  # type: ignore[attr-defined]  # the example's
        command.downgrade(schema_at(url), "-1")
        with database.reading() as db:
            names = {one["name"] for one in inspected(db).get_columns("volunteer")}
            assert "pronouns" not in names
            assert "caller_name" in names
        database.close()


def provider() -> None:
    from tests.stories.served import ACCOUNT, SECRET, TOKEN
    from warmline.parts import Parts
    from warmline.settings import Settings
    from warmline.telephony.abilities import OF_PROVIDER
    from warmline.telephony.port import Provider, TryLater

    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/line.db"
        settings = Settings.model_validate(
            {
                "WARMLINE_PROVIDER": "other",
                "DATABASE_URL": url,
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "WARMLINE_PUBLIC_URL": "https://line.example.org",
                "WARMLINE_SECRET_KEY": SECRET,
            }
        )
        parts = Parts(settings, lambda: EVENING)
        made = parts.provider
        assert type(made).__name__ == "OtherProvider"
        verbs = {name for name in vars(Provider) if not name.startswith("_")}
        assert len(verbs) == 10
        for verb in verbs:
            ours, theirs = (inspect.signature(getattr(one, verb)) for one in (Provider, type(made)))
            assert ours == theirs, verb
        try:
            made.hang_up("somebody")
        except TryLater:
            pass
        else:
            raise AssertionError("it is to be tried again")
        assert not OF_PROVIDER["other"].erases
        parts.close()


EXAMPLES: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (word, step, page, language, column, provider)
}

if __name__ == "__main__":
    import warmline

    assert Path(warmline.__file__).is_relative_to(Path.cwd()), "not the copy's own code"
    EXAMPLES[sys.argv[1]]()
