"""the roster ahead: patterns, dated changes, claims with history, opening hours, away times"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_TABLES = (
    *("hidden_place", "swap", "roster_change", "removed_place", "pattern_yes", "dated_change"),
    *("away", "wanted", "pattern", "opening_hours", "opening_exception"),
)
"""Those that refer to others first.

In some an id is never used twice (sqlite_autoincrement): the history and swaps' answers name them.
"""


def upgrade() -> None:
    op.create_table(
        "opening_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=True),
        sa.Column("ends", sa.String(length=5), nullable=True),
        sa.Column("note", sa.String(length=80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_opening_exception_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exception")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("opening_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_exception_line_id"), ["line_id"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_opening_hours_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_hours_line_id"), ["line_id"], unique=False)

    op.create_table(
        "pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("made_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_pattern_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern")),
    )
    with op.batch_alter_table("pattern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pattern_line_id"), ["line_id"], unique=False)

    op.create_table(
        "wanted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.String(length=5), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=True),
        sa.Column("starts", sa.String(length=5), nullable=True),
        sa.Column("ends", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_wanted_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted")),
    )
    with op.batch_alter_table("wanted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wanted_line_id"), ["line_id"], unique=False)

    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_away_ends_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_away_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_away_person_id"), ["person_id"], unique=False)

    op.create_table(
        "dated_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_id", sa.Integer(), nullable=True),
        sa.Column("comes_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('replace', 'remove', 'hide')", name=op.f("ck_dated_change_kind")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_dated_change_ends_after_start")),
        sa.ForeignKeyConstraint(["comes_id"], ["person.id"], name=op.f("fk_dated_change_comes_id")),
        sa.ForeignKeyConstraint(
            ["leaves_id"], ["person.id"], name=op.f("fk_dated_change_leaves_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_dated_change_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dated_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dated_change_line_id"), ["line_id"], unique=False)

    op.create_table(
        "pattern_yes",
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["pattern.id"], name=op.f("fk_pattern_yes_pattern_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pattern_yes_person_id")
        ),
        sa.PrimaryKeyConstraint("pattern_id", "person_id", name=op.f("pk_pattern_yes")),
    )
    op.create_table(
        "removed_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_removed_place_line_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_removed_place_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_place")),
    )
    with op.batch_alter_table("removed_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_removed_place_removed_at"), ["removed_at"], unique=False
        )
        batch_op.create_index("uq_removed_place_uid", ["line_id", "uid"], unique=True)

    op.create_table(
        "roster_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_change_by_id")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_roster_change_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("roster_change", schema=None) as batch_op:
        batch_op.create_index("ix_roster_change_by", ["line_id", "by_id", "made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_change_forget_at"), ["forget_at"], unique=False)

    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("asking_place_id", sa.Integer(), nullable=False),
        sa.Column("asking_version", sa.Integer(), nullable=False),
        sa.Column("asking_id", sa.Integer(), nullable=False),
        sa.Column("asked_place_id", sa.Integer(), nullable=False),
        sa.Column("asked_version", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name=op.f("fk_swap_asked_id")),
        sa.ForeignKeyConstraint(["asking_id"], ["person.id"], name=op.f("fk_swap_asking_id")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_swap_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("swap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_lapses_at"), ["lapses_at"], unique=False)
        batch_op.create_index("uq_swap_places", ["asking_place_id", "asked_place_id"], unique=True)

    op.create_table(
        "hidden_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dated_change_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["dated_change_id"], ["dated_change.id"], name=op.f("fk_hidden_place_dated_change_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_hidden_place_line_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hidden_place_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_place")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hidden_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hidden_place_dated_change_id"), ["dated_change_id"], unique=False
        )

    # Added with a default: SQLite would else make the table anew, and the rows that refer to it
    # do not let the old one go.
    key = sa.Column("calendar_key", sa.String(length=16), server_default="", nullable=False)
    op.add_column("line", key)
    give_every_line_its_calendar_key()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_hours_a_week", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rest_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most_talks_a_shift", sa.Integer(), nullable=True))

    # An id of a place is never used twice: calendars, swaps and the history name places by it.
    with op.batch_alter_table(
        "place", recreate=recreate(), table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.add_column(
            sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("origin", sa.String(length=80), nullable=True))
        batch_op.drop_index(batch_op.f("ix_place_on"))
        batch_op.create_index(
            "ix_place_on",
            ["line_id", "duty", "starts_at", "ends_at", "state", "person_id"],
            unique=False,
        )
        batch_op.create_index("ix_place_origin", ["origin"], unique=False)


def recreate() -> str:
    """SQLite sets how ids are given out only when a table is made."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def give_every_line_its_calendar_key() -> None:
    line = sa.table("line", sa.column("id"), sa.column("calendar_key"))
    connection = op.get_bind()
    for line_id in connection.scalars(sa.select(line.c.id)).all():
        key = {"calendar_key": secrets.token_hex(8)}
        connection.execute(sa.update(line).where(line.c.id == line_id).values(key))


def downgrade() -> None:
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index("ix_place_origin")
        batch_op.drop_index("ix_place_on")
        batch_op.create_index(
            batch_op.f("ix_place_on"),
            ["line_id", "starts_at", "ends_at", "state", "person_id"],
            unique=False,
        )
        batch_op.drop_column("origin")
        batch_op.drop_column("duty")

    op.drop_column("person", "most_talks_a_shift")
    op.drop_column("person", "rest_hours")
    op.drop_column("person", "most_hours_a_week")

    op.drop_column("line", "calendar_key")
    for table in NEW_TABLES:
        op.drop_table(table)
