"""Every address of the desk: which page it is, and who may come."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from warmline.desk import live, rendering, security
from warmline.desk.door import ANYBODY, SESSION, DeskDoor, Page, language_of
from warmline.desk.line import line, numbers, own_words, planner, today
from warmline.desk.line.recordings import RecordingEndpoint
from warmline.desk.mine import (
    calendar_feeds,
    keys,
    line_calendar,
    mine,
    passkeys,
    phone,
    standing_yes,
)
from warmline.desk.people import (
    boundaries,
    feedback,
    open_books,
    pauses,
    people,
    proposals,
    retention,
)
from warmline.desk.planning import (
    copying,
    date_polls,
    for_a_time,
    imports,
    patterns,
    publish,
    stand_in,
    templates,
    temporary,
)
from warmline.desk.public import check, front, papers, sign_in
from warmline.desk.public import feedback as public_feedback
from warmline.desk.public.learn import Learn
from warmline.desk.public.start import Start
from warmline.desk.roster import cover, history, moving, shift_page, week
from warmline.desk.visit import Answer, Away, NotFound, Visit
from warmline.desk.wording import Telling
from warmline.line import opening
from warmline.prompts.recordings import MOST_BYTES
from warmline.sign_in import sessions
from warmline.sign_in.visitors import COORDINATOR, DUTY, VIEWER

READS: Final = "GET"
DOES: Final = "POST"
SIGNED_IN: Final = None
PAGES: Final[tuple[tuple[str, str, Page, str | None], ...]] = (
    (READS, "/desk/sign-in", passkeys.sign_in, ANYBODY),
    (DOES, "/desk/sign-in", sign_in.ask_for_code, ANYBODY),
    (READS, "/desk/sign-in/code", sign_in.code, ANYBODY),
    (DOES, "/desk/sign-in/code", sign_in.enter_code, ANYBODY),
    (READS, "/desk/sign-in/recovery", sign_in.recovery, ANYBODY),
    (DOES, "/desk/sign-in/recovery", sign_in.enter_recovery, ANYBODY),
    (DOES, "/desk/sign-in/passkey", passkeys.enter, ANYBODY),
    (DOES, "/desk/sign-in/passkey/begin", passkeys.begin_sign_in, ANYBODY),
    (DOES, "/desk/sign-out", sign_in.sign_out, ANYBODY),
    (READS, "/desk", today.show, VIEWER),
    (DOES, "/desk/open", today.open_line, COORDINATOR),
    (DOES, "/desk/duty/take", today.take_duty, DUTY),
    (DOES, "/desk/duty/leave", today.leave_duty, DUTY),
    (READS, "/desk/week", week.show, VIEWER),
    (DOES, "/desk/week/note", week.note, COORDINATOR),
    (DOES, "/desk/picked", moving.do, COORDINATOR),
    (READS, "/desk/keys", keys.show, SIGNED_IN),
    (DOES, "/desk/keys", keys.switch, SIGNED_IN),
    (READS, "/desk/place/new", shift_page.new, COORDINATOR),
    (DOES, "/desk/place/new", shift_page.add, COORDINATOR),
    (READS, "/desk/place/{place:int}", shift_page.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}", shift_page.save, COORDINATOR),
    (DOES, "/desk/place/{place:int}/remove", shift_page.remove, COORDINATOR),
    (DOES, "/desk/place/{place:int}/split", shift_page.split, COORDINATOR),
    (READS, "/desk/place/{place:int}/move", moving.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}/move", moving.move, COORDINATOR),
    (READS, "/desk/place/{place:int}/history", history.of_shift, VIEWER),
    (READS, "/desk/place/{place:int}/cover", cover.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover", cover.ask, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/take", cover.take, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/stay", cover.stay, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/close", cover.close, COORDINATOR),
    (READS, "/desk/copy", copying.copy, COORDINATOR),
    (DOES, "/desk/copy", copying.copy_now, COORDINATOR),
    (READS, "/desk/templates", templates.show, COORDINATOR),
    (DOES, "/desk/templates", templates.keep, COORDINATOR),
    (DOES, "/desk/templates/preview", templates.preview, COORDINATOR),
    (DOES, "/desk/templates/put", templates.put, COORDINATOR),
    (DOES, "/desk/templates/forget", templates.forget, COORDINATOR),
    (READS, "/desk/publish", publish.show, COORDINATOR),
    (DOES, "/desk/publish", publish.publish, COORDINATOR),
    (READS, "/desk/import", imports.show, COORDINATOR),
    (DOES, "/desk/import", imports.preview, COORDINATOR),
    (DOES, "/desk/import/do", imports.do, COORDINATOR),
    (DOES, "/desk/undo", copying.undo, COORDINATOR),
    (DOES, "/desk/redo", copying.redo, COORDINATOR),
    (READS, "/desk/people", people.show, VIEWER),
    (READS, "/desk/people/invite", people.invite, VIEWER),
    (DOES, "/desk/people/welcome", people.welcome, COORDINATOR),
    (DOES, "/desk/people/role", people.role, COORDINATOR),
    (DOES, "/desk/people/remove", people.remove, COORDINATOR),
    (DOES, "/desk/people/second", people.second, SIGNED_IN),
    (READS, "/desk/boundaries", boundaries.show, DUTY),
    (DOES, "/desk/boundaries", boundaries.save, COORDINATOR),
    (DOES, "/desk/boundaries/end", boundaries.end, DUTY),
    (READS, open_books.HERE, open_books.show, SIGNED_IN),
    (DOES, open_books.HERE, open_books.enter, SIGNED_IN),
    (DOES, f"{open_books.HERE}/second", open_books.second, SIGNED_IN),
    (DOES, f"{open_books.HERE}/about", open_books.about, COORDINATOR),
    (READS, feedback.HERE, feedback.show, SIGNED_IN),
    (DOES, f"{feedback.HERE}/willing", feedback.offer, SIGNED_IN),
    (DOES, f"{feedback.HERE}/name", feedback.name, COORDINATOR),
    (DOES, f"{feedback.HERE}/answer", feedback.answer, SIGNED_IN),
    (READS, "/desk/pause", pauses.show, SIGNED_IN),
    (DOES, "/desk/pause", pauses.begin, SIGNED_IN),
    (DOES, "/desk/pause/end", pauses.end, SIGNED_IN),
    (READS, "/desk/line", line.show, COORDINATOR),
    (DOES, "/desk/line", line.save, COORDINATOR),
    (DOES, "/desk/line/day", line.save_day, COORDINATOR),
    (DOES, "/desk/line/spoken", line.save_spoken, COORDINATOR),
    (DOES, "/desk/line/places", line.save_places, COORDINATOR),
    (READS, "/desk/line/calendar", line_calendar.show, COORDINATOR),
    (DOES, "/desk/line/calendar", line_calendar.begin, COORDINATOR),
    (DOES, "/desk/line/calendar/end", line_calendar.end, COORDINATOR),
    (READS, "/desk/line/words", own_words.show, COORDINATOR),
    (READS, "/desk/line/words/{prompt}", own_words.prompt, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}", own_words.save, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/ours", own_words.ours, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/recording", own_words.record, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/recording/remove", own_words.unrecord, COORDINATOR),
    (READS, "/desk/patterns", patterns.show, COORDINATOR),
    (DOES, "/desk/patterns", patterns.save, COORDINATOR),
    (READS, "/desk/patterns/new", patterns.new, COORDINATOR),
    (DOES, "/desk/patterns/preview", patterns.eight_weeks, COORDINATOR),
    (DOES, "/desk/patterns/holiday", patterns.holiday, COORDINATOR),
    (READS, "/desk/patterns/{pattern:int}", patterns.edit, COORDINATOR),
    (DOES, "/desk/patterns/{pattern:int}/end", patterns.end, COORDINATOR),
    (READS, for_a_time.HERE, for_a_time.show, COORDINATOR),
    (DOES, f"{for_a_time.HERE}/end", for_a_time.end, COORDINATOR),
    (READS, stand_in.HERE, stand_in.show, COORDINATOR),
    (DOES, stand_in.HERE, stand_in.do, COORDINATOR),
    (DOES, f"{stand_in.HERE}/preview", stand_in.preview, COORDINATOR),
    (READS, temporary.HERE, temporary.show, COORDINATOR),
    (DOES, temporary.HERE, temporary.do, COORDINATOR),
    (DOES, f"{temporary.HERE}/preview", temporary.preview, COORDINATOR),
    (READS, "/desk/dates", date_polls.show, COORDINATOR),
    (DOES, "/desk/dates", date_polls.ask, COORDINATOR),
    (READS, "/desk/dates/new", date_polls.new, COORDINATOR),
    (DOES, "/desk/dates/preview", date_polls.preview, COORDINATOR),
    (READS, "/desk/dates/{asking:int}", date_polls.one, COORDINATOR),
    (DOES, "/desk/dates/{asking:int}/draft", date_polls.draft, COORDINATOR),
    (DOES, "/desk/dates/{asking:int}/close", date_polls.close, COORDINATOR),
    (READS, "/desk/numbers", numbers.show, VIEWER),
    (READS, "/desk/numbers/funders", numbers.funders, VIEWER),
    (READS, "/desk/numbers/funders.csv", numbers.funders_csv, VIEWER),
    (READS, "/desk/planner", planner.show, VIEWER),
    (READS, "/desk/history", history.show, VIEWER),
    (DOES, "/desk/history/undo", history.undo, COORDINATOR),
    (READS, "/desk/mine/history", history.of_mine, SIGNED_IN),
    (READS, "/desk/mine", mine.show, SIGNED_IN),
    (DOES, "/desk/mine/claim", mine.claim, SIGNED_IN),
    (DOES, "/desk/mine/pattern/end", standing_yes.end, SIGNED_IN),
    (DOES, "/desk/mine/limits", mine.limits, SIGNED_IN),
    (DOES, "/desk/mine/away", mine.add_away, SIGNED_IN),
    (DOES, "/desk/mine/away/end", mine.end_away, SIGNED_IN),
    (DOES, "/desk/mine/feed", mine.new_feed, SIGNED_IN),
    (DOES, "/desk/mine/feed/end", mine.end_feed, SIGNED_IN),
    (DOES, "/desk/mine/session/end", mine.end_session, SIGNED_IN),
    (DOES, "/desk/mine/codes", mine.new_codes, SIGNED_IN),
    (READS, "/desk/mine/passkeys", passkeys.show, SIGNED_IN),
    (DOES, "/desk/mine/passkeys", passkeys.make, SIGNED_IN),
    (DOES, "/desk/mine/passkeys/begin", passkeys.begin, SIGNED_IN),
    (DOES, "/desk/mine/passkeys/remove", passkeys.remove, SIGNED_IN),
    (READS, "/desk/mine/phone", phone.show, SIGNED_IN),
    (DOES, "/desk/mine/names", phone.names, SIGNED_IN),
    (DOES, "/desk/mine/pin", phone.pin, SIGNED_IN),
    (DOES, "/desk/mine/ring", phone.ring, SIGNED_IN),
    (READS, "/desk/mine/letter", mine.letter, SIGNED_IN),
    (READS, "/desk/mine/leave", mine.leave, SIGNED_IN),
    (DOES, "/desk/mine/leave", mine.leave_now, SIGNED_IN),
    (READS, "/desk/proposals", proposals.show, SIGNED_IN),
    (DOES, "/desk/proposals/vote", proposals.vote, SIGNED_IN),
    (DOES, "/desk/proposals/agree", proposals.agree, SIGNED_IN),
    (READS, retention.HERE, retention.show, SIGNED_IN),
    (DOES, retention.HERE, retention.save, SIGNED_IN),
    (READS, "/desk/proposals/new", proposals.new, SIGNED_IN),
    (DOES, "/desk/proposals/new", proposals.add, SIGNED_IN),
    (READS, phone.CARD, phone.card, ANYBODY),
    (READS, "/line/check", check.show, ANYBODY),
    (DOES, "/line/join", front.join, ANYBODY),
    (READS, "/line/say", public_feedback.show, ANYBODY),
    (DOES, "/line/say", public_feedback.say, ANYBODY),
    (DOES, "/line/say/answer", public_feedback.answer, ANYBODY),
    (READS, "/line/calendar/{key}.ics", calendar_feeds.show, ANYBODY),
)
WITH_FILES: Final[dict[Page, int]] = {
    own_words.record: MOST_BYTES,
    imports.preview: imports.LARGEST,
    imports.do: imports.LARGEST,
}
"""Pages whose form brings a file, and how many bytes of it are read."""
KEPT: Final = "public, max-age=31536000, immutable"


def nowhere(_visit: Visit) -> Answer:
    """Whatever else begins with /desk."""
    raise NotFound


def back_from(path: str) -> Page | None:
    """The page that the form of an address stands on, for whoever opens that address by itself.

    None where no page is above it.
    """
    shown = {address for method, address, _, _ in PAGES if method == READS}
    parts = path.split("/")
    above = next((n for n in range(len(parts) - 1, 1, -1) if "/".join(parts[:n]) in shown), None)
    if above is None:
        return None

    def back(visit: Visit) -> Answer:
        return Away("/".join(visit.address.partition("?")[0].split("/")[:above]))

    return back


def routes(door: DeskDoor, start: Start) -> list[BaseRoute]:
    """Every route of the desk; `start` is the page while there is no line."""
    found: list[BaseRoute] = [
        Mount("/desk/static", OurFiles(directory=rendering.STATIC), name="desk-static"),
        Route("/desk/today/live", live_board(door)),
        Route("/line/said/{name}", RecordingEndpoint(door.database).answer),
        Route("/desk/start", start.endpoint(), methods=[READS, DOES]),
        *Learn(door).routes(),
        Mount(papers.PICTURES, OurFiles(directory=papers.DOCS / "pictures"), name="pictures"),
        *papers.Papers(door).routes(),
    ]
    by_path: dict[str, dict[str, Callable[..., object]]] = {}
    for method, path, page, role in PAGES:
        by_path.setdefault(path, {})[method] = door.page(
            page, role, largest=WITH_FILES.get(page, 0)
        )
    for path, endpoints in by_path.items():
        if READS not in endpoints and (back := back_from(path)) is not None:
            endpoints[READS] = door.page(back, ANYBODY)
    by_path["/desk/{anything:path}"] = {READS: door.page(nowhere, ANYBODY)}
    return found + [
        Route(path, endpoint, methods=[method])
        for path, endpoints in by_path.items()
        for method, endpoint in endpoints.items()
    ]


class OurFiles(StaticFiles):
    """Style, script and pictures; their addresses change with them, so they are kept for long."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the headers of every answer."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = KEPT
        return security.guarded(response)


def live_board(door: DeskDoor) -> Callable[[Request], Response]:
    """The endpoint of the board's stream of events."""

    def endpoint(request: Request) -> Response:
        if door.changes.readers >= live.MOST_READERS:
            # A browser does not ask again after this.
            return security.guarded(Response(status_code=204))
        events = live.boards(door.changes, lambda: board_for(door, request), door.is_ending)
        return security.guarded(StreamingResponse(events, media_type="text/event-stream"))

    return endpoint


def board_for(door: DeskDoor, request: Request) -> str | None:
    """The board as its reader may see it; None when they are not signed in any more."""
    with door.database.reading() as db:
        now = door.now()
        who = sessions.visitor(db, door.seal, request.cookies.get(SESSION, ""), now)
        line = opening.find_line(db)
        if who is None or line is None or not who.may(VIEWER):
            return None
        visit = Visit(now, db, line, Telling(language_of(request, who), line.zone), door.seal, who)
        return door.look.page("board.html", visit, {"board": today.board(visit)})
