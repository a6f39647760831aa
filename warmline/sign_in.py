"""A sign-in code as the call that reads it needs it: the code, its person's language, the line."""

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from shifts.models import Line
from warmline.desk_models import SignInCode
from warmline.models import LineRules, Volunteer

_BY_TOKEN: Final = (
    select(
        SignInCode.__table__,
        Line.name.label("line_name"),
        LineRules.languages.label("line_languages"),
        LineRules.languages.label("language"),
        Volunteer.languages.label("volunteer_languages"),
    )
    .join(Line, Line.id == SignInCode.line_id)
    .join(LineRules, LineRules.line_id == SignInCode.line_id)
    .join(Volunteer, Volunteer.person_id == SignInCode.person_id)
    .where(SignInCode.token == bindparam("token"))
)


def by_token(db: Connection, token: str) -> Row[Any] | None:
    """The code with this token, if it is somebody's; None once it is used or over."""
    return db.execute(_BY_TOKEN, {"token": token}).first()
