"""of everybody three bare sums of a day; what a yes adds has the wait, and folds by what it was"""

from collections import Counter
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

SUMS = ("offered", "answered", "not reached")
KEPT = (*SUMS, "boundary", "spoken yes")
TEXT = "text "
OUTCOMES = {True: "answered", False: "not reached"}

day_count = sa.table(
    "day_count", *(sa.column(name) for name in ("line_id", "day", "what", "number"))
)
tally = sa.table(
    "note_tally", *(sa.column(name) for name in ("line_id", "month", "what", "number"))
)
OLD_KEYS = ("line_id", "month", "channel", "language", "answered")
old_tally = sa.table("note_tally", *(sa.column(name) for name in (*OLD_KEYS, "number")))
OLD_TALLIES = sa.text("SELECT line_id, month, channel, language, answered, number FROM note_tally")


def upgrade() -> None:
    _fold_to_bare_sums()
    op.drop_table("week_count")
    with op.batch_alter_table("note") as note:
        note.add_column(sa.Column("wait", sa.String(16), server_default="", nullable=False))
    old = op.get_bind().execute(OLD_TALLIES).mappings().all()
    op.drop_table("note_tally")
    op.create_table(
        "note_tally",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "month", "what", name=op.f("pk_note_tally")),
    )
    _put(tally, ("line_id", "month", "what"), _by_what(old))
    # Asked within the last ten minutes: what is asked after this upgrade is held otherwise.
    op.execute("DELETE FROM count_question")
    with op.batch_alter_table("count_question") as question:
        for name in ("day", "hour", "language", "length", "answered", "promise_version"):
            question.drop_column(name)
        question.add_column(sa.Column("facts", sa.Text(), nullable=False))


def _fold_to_bare_sums() -> None:
    """Hours, languages and waits were counted of everybody, without a yes: they go."""
    sums: Counter[tuple[object, ...]] = Counter()
    for row in op.get_bind().execute(sa.select(day_count)):
        what = row.what.removeprefix(TEXT)
        if what in KEPT:
            sums[row.line_id, row.day, what] += row.number
    op.execute("DELETE FROM day_count")
    _put(day_count, ("line_id", "day", "what"), sums)


def _by_what(old: Iterable[Mapping[str, object]]) -> Counter[tuple[object, ...]]:
    numbers: Counter[tuple[object, ...]] = Counter()
    for row in old:
        outcome = OUTCOMES[bool(row["answered"])]
        whats = ["offered", outcome, f"{outcome} {row['language']}"]
        whats += ["by text"] if row["channel"] == "text" else []
        for what in whats:
            numbers[row["line_id"], row["month"], what] += int(str(row["number"]))
    return numbers


def _put(
    table: sa.TableClause, keys: tuple[str, ...], numbers: Counter[tuple[object, ...]]
) -> None:
    rows = [dict(zip(keys, key, strict=True), number=number) for key, number in numbers.items()]
    if rows:
        op.get_bind().execute(sa.insert(table), rows)


def downgrade() -> None:
    op.execute("DELETE FROM count_question")
    with op.batch_alter_table("count_question") as question:
        question.drop_column("facts")
        question.add_column(sa.Column("day", sa.Date(), nullable=False))
        question.add_column(sa.Column("hour", sa.Integer(), nullable=False))
        question.add_column(sa.Column("language", sa.String(8), nullable=False))
        question.add_column(sa.Column("length", sa.String(16), nullable=False))
        question.add_column(sa.Column("answered", sa.Boolean(), nullable=False))
        question.add_column(sa.Column("promise_version", sa.Integer(), nullable=False))
    kept = op.get_bind().execute(sa.select(tally)).all()
    op.drop_table("note_tally")
    keys = ("line_id", "month", "channel", "language", "answered")
    op.create_table(
        "note_tally",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_note_tally")),
    )
    # Which were by text cannot be told apart any more.
    numbers: Counter[tuple[object, ...]] = Counter()
    for row in kept:
        for answered, outcome in OUTCOMES.items():
            language = row.what.removeprefix(f"{outcome} ")
            if language != row.what:
                numbers[row.line_id, row.month, "voice", language, answered] += row.number
    _put(old_tally, keys, numbers)
    with op.batch_alter_table("note") as note:
        note.drop_column("wait")
    op.create_table(
        "week_count",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hour_of_week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "hour_of_week BETWEEN 0 AND 167", name=op.f("ck_week_count_hour_of_week")
        ),
        sa.PrimaryKeyConstraint(
            "line_id", "month", "hour_of_week", "what", name=op.f("pk_week_count")
        ),
    )
