"""The line's public page: its name, its number and what it promises, for anybody."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from warmline import calls
from warmline.db import Database
from warmline.promise import offered_languages, spoken_promise

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{name}</h1><p><a href="tel:{number}">{number}</a></p>{promises}</main></body></html>
"""


def line_number(database: Database) -> str:
    """The number (E.164) from which the line rings and texts; "" while there is no line."""
    with database.reading() as db:
        line = db.execute(calls.lines()).first()
    return line.line_number if line else ""


def page(database: Database) -> Callable[[Request], Response]:
    """The endpoint of `GET /`."""

    def show(_request: Request) -> Response:
        with database.reading() as db:
            line = db.execute(calls.lines()).first()
            if line is None:
                return PlainTextResponse("There is no line here yet: run warmline init", 404)
            offered = offered_languages(db, line.line_id)
            promises = "".join(
                f'<p lang="{code}">'
                f"{escape(spoken_promise(db, line.line_id, line.line_name, code))}</p>"
                for code in offered
            )
        return HTMLResponse(
            PAGE.format(
                language=offered[0] if offered else "en",
                name=escape(line.line_name),
                number=escape(line.line_number),
                promises=promises,
            )
        )

    return show
