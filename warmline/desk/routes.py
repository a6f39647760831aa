"""The desk's table of contents: which address is which page, and who may come."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from warmline import opening
from warmline.desk import (
    books_page,
    boundaries_page,
    check_page,
    coming_in,
    cover_page,
    dates_page,
    feeds,
    history_page,
    how_page,
    import_page,
    keeping_page,
    keys_page,
    line_calendar,
    line_page,
    live,
    look,
    mine,
    move_page,
    my_phone,
    numbers_page,
    passkeys_page,
    patterns_page,
    pause_page,
    people_page,
    picked_page,
    place_page,
    planner_page,
    planning_page,
    proposals_page,
    public,
    publish_page,
    safe,
    say_page,
    sessions,
    templates_page,
    today,
    week,
    words_page,
)
from warmline.desk.door import ANYBODY, SESSION, DeskDoor, Page, language_of
from warmline.desk.learn import Learn
from warmline.desk.said import Said
from warmline.desk.starting import Start
from warmline.desk.telling import Telling
from warmline.desk.visit import COORDINATOR, DUTY, VIEWER, Answer, Away, NotFound, Visit
from warmline.recordings import MOST_BYTES

READS: Final = "GET"
DOES: Final = "POST"
SIGNED_IN: Final = None
PAGES: Final[tuple[tuple[str, str, Page, str | None], ...]] = (
    (READS, "/desk/sign-in", passkeys_page.sign_in, ANYBODY),
    (DOES, "/desk/sign-in", coming_in.ask_for_code, ANYBODY),
    (READS, "/desk/sign-in/code", coming_in.code, ANYBODY),
    (DOES, "/desk/sign-in/code", coming_in.enter_code, ANYBODY),
    (READS, "/desk/sign-in/recovery", coming_in.recovery, ANYBODY),
    (DOES, "/desk/sign-in/recovery", coming_in.enter_recovery, ANYBODY),
    (DOES, "/desk/sign-in/passkey", passkeys_page.enter, ANYBODY),
    (DOES, "/desk/sign-in/passkey/begin", passkeys_page.begin_sign_in, ANYBODY),
    (DOES, "/desk/sign-out", coming_in.sign_out, ANYBODY),
    (READS, "/desk", today.show, VIEWER),
    (DOES, "/desk/open", today.open_line, COORDINATOR),
    (DOES, "/desk/duty/take", today.take_duty, DUTY),
    (DOES, "/desk/duty/leave", today.leave_duty, DUTY),
    (READS, "/desk/week", week.show, VIEWER),
    (DOES, "/desk/week/note", week.note, COORDINATOR),
    (DOES, "/desk/picked", picked_page.do, COORDINATOR),
    (READS, "/desk/keys", keys_page.show, SIGNED_IN),
    (DOES, "/desk/keys", keys_page.switch, SIGNED_IN),
    (READS, "/desk/place/new", place_page.new, COORDINATOR),
    (DOES, "/desk/place/new", place_page.add, COORDINATOR),
    (READS, "/desk/place/{place:int}", place_page.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}", place_page.save, COORDINATOR),
    (DOES, "/desk/place/{place:int}/remove", place_page.remove, COORDINATOR),
    (DOES, "/desk/place/{place:int}/split", place_page.split, COORDINATOR),
    (READS, "/desk/place/{place:int}/move", move_page.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}/move", move_page.move, COORDINATOR),
    (READS, "/desk/place/{place:int}/history", history_page.of_shift, VIEWER),
    (READS, "/desk/place/{place:int}/cover", cover_page.show, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover", cover_page.ask, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/take", cover_page.take, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/stay", cover_page.stay, COORDINATOR),
    (DOES, "/desk/place/{place:int}/cover/close", cover_page.close, COORDINATOR),
    (READS, "/desk/copy", planning_page.copy, COORDINATOR),
    (DOES, "/desk/copy", planning_page.copy_now, COORDINATOR),
    (READS, "/desk/templates", templates_page.show, COORDINATOR),
    (DOES, "/desk/templates", templates_page.keep, COORDINATOR),
    (DOES, "/desk/templates/preview", templates_page.look, COORDINATOR),
    (DOES, "/desk/templates/put", templates_page.put, COORDINATOR),
    (DOES, "/desk/templates/forget", templates_page.forget, COORDINATOR),
    (READS, "/desk/publish", publish_page.show, COORDINATOR),
    (DOES, "/desk/publish", publish_page.publish, COORDINATOR),
    (READS, "/desk/import", import_page.show, COORDINATOR),
    (DOES, "/desk/import", import_page.look, COORDINATOR),
    (DOES, "/desk/import/do", import_page.do, COORDINATOR),
    (DOES, "/desk/undo", planning_page.undo, COORDINATOR),
    (DOES, "/desk/redo", planning_page.redo, COORDINATOR),
    (READS, "/desk/people", people_page.show, VIEWER),
    (READS, "/desk/people/invite", people_page.invite, VIEWER),
    (DOES, "/desk/people/welcome", people_page.welcome, COORDINATOR),
    (DOES, "/desk/people/role", people_page.role, COORDINATOR),
    (DOES, "/desk/people/remove", people_page.remove, COORDINATOR),
    (DOES, "/desk/people/second", people_page.second, SIGNED_IN),
    (READS, "/desk/boundaries", boundaries_page.show, DUTY),
    (DOES, "/desk/boundaries", boundaries_page.save, COORDINATOR),
    (DOES, "/desk/boundaries/end", boundaries_page.end, DUTY),
    (READS, books_page.HERE, books_page.show, SIGNED_IN),
    (DOES, books_page.HERE, books_page.enter, SIGNED_IN),
    (DOES, f"{books_page.HERE}/second", books_page.second, SIGNED_IN),
    (DOES, f"{books_page.HERE}/about", books_page.about, COORDINATOR),
    (READS, how_page.HERE, how_page.show, SIGNED_IN),
    (DOES, f"{how_page.HERE}/willing", how_page.offer, SIGNED_IN),
    (DOES, f"{how_page.HERE}/name", how_page.name, COORDINATOR),
    (DOES, f"{how_page.HERE}/answer", how_page.answer, SIGNED_IN),
    (READS, "/desk/pause", pause_page.show, SIGNED_IN),
    (DOES, "/desk/pause", pause_page.begin, SIGNED_IN),
    (DOES, "/desk/pause/end", pause_page.end, SIGNED_IN),
    (READS, "/desk/line", line_page.show, COORDINATOR),
    (DOES, "/desk/line", line_page.save, COORDINATOR),
    (DOES, "/desk/line/day", line_page.save_day, COORDINATOR),
    (DOES, "/desk/line/spoken", line_page.save_spoken, COORDINATOR),
    (DOES, "/desk/line/places", line_page.save_places, COORDINATOR),
    (READS, "/desk/line/calendar", line_calendar.show, COORDINATOR),
    (DOES, "/desk/line/calendar", line_calendar.begin, COORDINATOR),
    (DOES, "/desk/line/calendar/end", line_calendar.end, COORDINATOR),
    (READS, "/desk/line/words", words_page.show, COORDINATOR),
    (READS, "/desk/line/words/{prompt}", words_page.prompt, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}", words_page.save, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/ours", words_page.ours, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/recording", words_page.record, COORDINATOR),
    (DOES, "/desk/line/words/{prompt}/recording/remove", words_page.unrecord, COORDINATOR),
    (READS, "/desk/patterns", patterns_page.show, COORDINATOR),
    (DOES, "/desk/patterns", patterns_page.save, COORDINATOR),
    (READS, "/desk/patterns/new", patterns_page.new, COORDINATOR),
    (DOES, "/desk/patterns/preview", patterns_page.look, COORDINATOR),
    (DOES, "/desk/patterns/holiday", patterns_page.holiday, COORDINATOR),
    (READS, "/desk/patterns/{pattern:int}", patterns_page.edit, COORDINATOR),
    (DOES, "/desk/patterns/{pattern:int}/end", patterns_page.end, COORDINATOR),
    (READS, "/desk/dates", dates_page.show, COORDINATOR),
    (DOES, "/desk/dates", dates_page.ask, COORDINATOR),
    (READS, "/desk/dates/new", dates_page.new, COORDINATOR),
    (DOES, "/desk/dates/preview", dates_page.look, COORDINATOR),
    (READS, "/desk/dates/{asking:int}", dates_page.one, COORDINATOR),
    (DOES, "/desk/dates/{asking:int}/draft", dates_page.draft, COORDINATOR),
    (DOES, "/desk/dates/{asking:int}/close", dates_page.close, COORDINATOR),
    (READS, "/desk/numbers", numbers_page.show, VIEWER),
    (READS, "/desk/numbers/funders", numbers_page.funders, VIEWER),
    (READS, "/desk/numbers/funders.csv", numbers_page.funders_csv, VIEWER),
    (READS, "/desk/planner", planner_page.show, VIEWER),
    (READS, "/desk/history", history_page.show, VIEWER),
    (DOES, "/desk/history/undo", history_page.undo, COORDINATOR),
    (READS, "/desk/mine/history", history_page.of_mine, SIGNED_IN),
    (READS, "/desk/mine", mine.show, SIGNED_IN),
    (DOES, "/desk/mine/claim", mine.claim, SIGNED_IN),
    (DOES, "/desk/mine/limits", mine.limits, SIGNED_IN),
    (DOES, "/desk/mine/away", mine.add_away, SIGNED_IN),
    (DOES, "/desk/mine/away/end", mine.end_away, SIGNED_IN),
    (DOES, "/desk/mine/feed", mine.new_feed, SIGNED_IN),
    (DOES, "/desk/mine/feed/end", mine.end_feed, SIGNED_IN),
    (DOES, "/desk/mine/session/end", mine.end_session, SIGNED_IN),
    (DOES, "/desk/mine/codes", mine.new_codes, SIGNED_IN),
    (READS, "/desk/mine/passkeys", passkeys_page.show, SIGNED_IN),
    (DOES, "/desk/mine/passkeys", passkeys_page.make, SIGNED_IN),
    (DOES, "/desk/mine/passkeys/begin", passkeys_page.begin, SIGNED_IN),
    (DOES, "/desk/mine/passkeys/remove", passkeys_page.remove, SIGNED_IN),
    (READS, "/desk/mine/phone", my_phone.show, SIGNED_IN),
    (DOES, "/desk/mine/names", my_phone.names, SIGNED_IN),
    (DOES, "/desk/mine/ring", my_phone.ring, SIGNED_IN),
    (READS, "/desk/mine/letter", mine.letter, SIGNED_IN),
    (READS, "/desk/mine/leave", mine.leave, SIGNED_IN),
    (DOES, "/desk/mine/leave", mine.leave_now, SIGNED_IN),
    (READS, "/desk/proposals", proposals_page.show, SIGNED_IN),
    (DOES, "/desk/proposals/vote", proposals_page.vote, SIGNED_IN),
    (DOES, "/desk/proposals/agree", proposals_page.agree, SIGNED_IN),
    (READS, keeping_page.HERE, keeping_page.show, SIGNED_IN),
    (DOES, keeping_page.HERE, keeping_page.save, SIGNED_IN),
    (READS, "/desk/proposals/new", proposals_page.new, SIGNED_IN),
    (DOES, "/desk/proposals/new", proposals_page.add, SIGNED_IN),
    (READS, my_phone.CARD, my_phone.card, ANYBODY),
    (READS, "/line/check", check_page.show, ANYBODY),
    (DOES, "/line/join", public.join, ANYBODY),
    (READS, "/line/say", say_page.show, ANYBODY),
    (DOES, "/line/say", say_page.say, ANYBODY),
    (DOES, "/line/say/answer", say_page.answer, ANYBODY),
    (READS, "/line/calendar/{key}.ics", feeds.show, ANYBODY),
)
WITH_FILES: Final[dict[Page, int]] = {
    words_page.record: MOST_BYTES,
    import_page.look: import_page.LARGEST,
    import_page.do: import_page.LARGEST,
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
        Mount("/desk/static", OurFiles(directory=look.STATIC), name="desk-static"),
        Route("/desk/today/live", live_board(door)),
        Route("/line/said/{name}", Said(door.database).answer),
        Route("/desk/start", start.endpoint(), methods=[READS, DOES]),
        *Learn(door).routes(),
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
        return safe.guarded(response)


def live_board(door: DeskDoor) -> Callable[[Request], Response]:
    """The endpoint of the board's stream of events."""

    def endpoint(request: Request) -> Response:
        if door.changes.readers >= live.MOST_READERS:
            # A browser does not ask again after this.
            return safe.guarded(Response(status_code=204))
        events = live.boards(door.changes, lambda: board_for(door, request), door.is_ending)
        return safe.guarded(StreamingResponse(events, media_type="text/event-stream"))

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
