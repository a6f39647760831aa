"""The line's public page: its name, its number and what it promises, for anybody."""

from collections.abc import Callable
from html import escape
from typing import Final

from sqlalchemy import Connection, Row
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from warmline import calls
from warmline.db import Database
from warmline.promise import offered_languages, spoken_promise

PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
body {{ max-width: 36rem; margin: 2rem auto; padding: 0 1rem;
  font: 1.125rem/1.6 system-ui, sans-serif; color: #222; background: #fff }}
a {{ color: #0b4f8a; font-size: 1.5rem }}
</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p><a href="tel:{number}">{number}</a></p>
{promises}
</main>
</body>
</html>
"""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def line_number(database: Database) -> str:
    """The number (E.164) from which the line rings and texts; "" while there is no line."""
    with database.reading() as db:
        line = db.execute(calls.lines()).first()
    return line.line_number if line else ""


def page(database: Database) -> Callable[[Request], Response]:
    """The endpoint of `GET /`."""

    def show(_request: Request) -> Response:
        try:
            with database.reading() as db:
                line = db.execute(calls.lines()).first()
                html = None if line is None else _page(db, line)
        except SQLAlchemyError:
            return PlainTextResponse("This page is not here just now. Please come again.", 503)
        if html is None:
            return PlainTextResponse("There is no line here yet: run warmline init", 404)
        return HTMLResponse(html, headers=HEADERS)

    return show


def _page(db: Connection, line: Row[tuple[object, ...]]) -> str:
    offered = offered_languages(db, line.line_id)
    promises = "\n".join(
        f'<p lang="{escape(code)}">'
        f"{escape(spoken_promise(db, line.line_id, line.line_name, code))}</p>"
        for code in offered
    )
    return PAGE.format(
        language=escape(offered[0]) if offered else "en",
        name=escape(line.line_name),
        number=escape(line.line_number),
        promises=promises,
    )
