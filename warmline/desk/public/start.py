"""Starting from nothing: behind a code that `serve` prints, a page makes the line."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shifts.faults import Fault
from warmline.desk import security
from warmline.desk.door import DeskDoor, language_of
from warmline.desk.forms import body_of
from warmline.desk.line import hours_form
from warmline.desk.people import promise_form
from warmline.desk.slips import network_of
from warmline.desk.visit import Form
from warmline.desk.wording import Telling
from warmline.line import line_hours, opening
from warmline.line.line_settings import option
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.promise.promise import QUESTIONS
from warmline.prompts import LANGUAGES
from warmline.telephony.signature import BadForm, read_form

FIELDS: Final = ("name", "time_zone", "number", "volunteer_number", "coordinator_phone")
NEEDED: Final = ("name", "time_zone", "number", "coordinator_phone")
TRIES: Final = Limit("start codes", 20, timedelta(hours=1))
"""Wrong codes from one network: there are 2^64, so that nobody need be kept out to keep them from
being guessed."""


@dataclass
class Start:
    """The page, while there is no line; `code` is what `serve` prints."""

    door: DeskDoor
    code: str = field(default_factory=lambda: "-".join(secrets.token_hex(2) for _ in range(4)))

    def endpoint(self) -> Callable[[Request], Awaitable[Response]]:
        """GET shows the form, POST makes the line; once there is one it leads to the desk."""

        async def start(request: Request) -> Response:
            form = Form(())
            if request.method == "POST":
                if not security.comes_from_us(request, self.door.settings.public_url):
                    return security.guarded(Response("Only the desk's own pages may do this.", 403))
                try:
                    form = Form(read_form(await body_of(request)))
                except (BadForm, ClientDisconnect):
                    return security.guarded(Response("The form cannot be read.", 400))
            return await run_in_threadpool(self._answer, request, form)

        return start

    def _answer(self, request: Request, form: Form) -> Response:
        telling = Telling(language_of(request, None), ZoneInfo("UTC"))
        with self.door.database.reading() as db:
            if opening.find_line(db) is not None:
                return security.guarded(RedirectResponse("/desk", 303))
        if request.method != "POST":
            return self._page(telling, Form(()), {})
        if form["deed"] == "look":
            return self._page(telling, form, {})
        wrong = self._wrong_code(telling, request, form) or self._made(telling, form)
        if wrong:
            return self._page(telling, form, wrong, 422)
        return security.guarded(RedirectResponse("/desk/sign-in?done=started", 303))

    def _page(
        self, telling: Telling, form: Form, wrong: Mapping[str, str], status: int = 200
    ) -> Response:
        values: dict[str, object] = {
            "typed": form,
            "wrong": wrong,
            "fresh": not form.pairs(),
            "hours": hours_form.read_hours(form).rows,
            "known": LANGUAGES,
            "questions": QUESTIONS,
            "spoken": promise_form.sounds(promise_form.promises(form), form["name"] or "…"),
        }
        html = self.door.look.bare("start.html", telling, values)
        return security.guarded(HTMLResponse(html, status))

    def _wrong_code(self, telling: Telling, request: Request, form: Form) -> dict[str, str]:
        """Counted before it is looked at; where a network cannot be told all are one."""
        network, now = network_of(request.client.host if request.client else ""), self.door.now()
        with self.door.database.writing() as db:
            if attempts.refused(db, self.door.seal, TRIES, network, now) is not None:
                return {"code": telling("start.bad_code")}
            given = "".join(one for one in form["code"].casefold() if one.isalnum())
            if hmac.compare_digest(given.encode(), self.code.replace("-", "").encode()):
                attempts.take_back(db, self.door.seal, TRIES, network)
                return {}
        return {"code": telling("start.bad_code")}

    def _made(self, telling: Telling, form: Form) -> dict[str, str]:
        """Make the line; what is wrong, by field, in which event there is still none."""
        missing = {name: telling("start.needed") for name in NEEDED if not form[name]}
        if not form.every("languages"):
            missing["languages"] = telling("start.needed")
        opened = hours_form.read_hours(form)
        if opened.wrong:
            missing["hours"] = telling("line.bad_times")
        if promise_form.say_not_when(promise_form.promises(form)):
            missing["promise"] = telling("start.say_when")
        if missing:
            return missing
        try:
            settings = opening.complete(_wanted(form))
            promises = promise_form.promises(form)
            hours = line_hours.weekly_hours(opened.texts or [line_hours.ALWAYS])
            with self.door.database.writing() as db:
                done = opening.set_up(db, settings, promises, self.door.now())
                line_hours.write(db, done.line.line_id, {"hours": hours})
        except Fault as fault:
            return dict(_by_field(line, telling) for line in fault.lines)
        return {}


def _wanted(form: Form) -> dict[str, object]:
    given: dict[str, object] = {name: form[name] for name in FIELDS if form[name]}
    given["languages"] = tuple(form.every("languages"))
    return given


def _by_field(words: str, telling: Telling) -> tuple[str, str]:
    """A fault's own words begin with the option that they are about; the promise's with none."""
    named = (one for one in (*FIELDS, "languages") if words.startswith(f"{option(one)}:"))
    name = next(named, "promise")
    return name, telling(f"line.bad_{name}")
