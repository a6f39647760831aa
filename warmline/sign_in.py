"""A sign-in code as the call that reads it needs it: the code, its person's language, the line."""

from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, literal, select

from shifts.models import Line
from warmline.desk_models import SignInCode
from warmline.models import LineRules, Volunteer

_BY_TOKEN: Final[Any] = (
    select(
        SignInCode.token,
        SignInCode.code,
        LineRules.line_id,
        Line.name.label("line_name"),
        LineRules.languages.label("line_languages"),
        literal("en").label("language"),
        Volunteer.languages.label("volunteer_languages"),
    )
    .select_from(LineRules)
    .join(Line, Line.id == LineRules.line_id)
    .join(
        SignInCode,
        and_(SignInCode.line_id == LineRules.line_id, SignInCode.token == bindparam("token")),
        isouter=True,
    )
    .join(Volunteer, Volunteer.person_id == SignInCode.person_id, isouter=True)
    .order_by(SignInCode.token.is_(None))
)


def by_token(db: Connection, token: str) -> Row[Any] | None:
    """The code with this token, and of whom it is.

    Once it is used or over, the line alone, without code or person: a call outlives its code, and
    the provider's record of it is still to be erased.
    """
    row: Row[Any] | None = db.execute(_BY_TOKEN, {"token": token}).first()
    return row
