"""history is seen for ninety days and then counted; other places say when they were looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
NEVER_TWICE = {"sqlite_autoincrement": True}
"""No id of a change is ever used twice, where the table is made anew."""


def upgrade() -> None:
    with op.batch_alter_table("roster_change", table_kwargs=NEVER_TWICE) as roster_change:
        roster_change.add_column(sa.Column("undo_until", sa.DateTime(timezone=True)))
        roster_change.add_column(
            sa.Column("counted", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    # Until now a change was forgotten when it could not be undone any more.
    op.execute("UPDATE roster_change SET undo_until = forget_at, counted = false")
    with op.batch_alter_table("roster_change", table_kwargs=NEVER_TWICE) as roster_change:
        roster_change.alter_column(
            "undo_until", existing_type=sa.DateTime(timezone=True), nullable=False
        )
    op.create_table(
        "change_count",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_change_count_line_id")),
        sa.PrimaryKeyConstraint("line_id", "month", "kind", name=op.f("pk_change_count")),
    )
    with op.batch_alter_table("other_place") as other_place:
        other_place.add_column(sa.Column("checked_on", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("other_place") as other_place:
        other_place.drop_column("checked_on")
    op.drop_table("change_count")
    # The older code would undo whatever it finds.
    op.execute("UPDATE roster_change SET forget_at = undo_until")
    with op.batch_alter_table("roster_change", table_kwargs=NEVER_TWICE) as roster_change:
        roster_change.drop_column("counted")
        roster_change.drop_column("undo_until")
