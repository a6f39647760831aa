"""counts have longer names, and those of a typical week have no date"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("day_count") as day_count:
        day_count.alter_column(
            "what",
            existing_type=sa.String(length=16),
            type_=sa.String(length=24),
            existing_nullable=False,
        )
    op.create_table(
        "week_count",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hour_of_week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "hour_of_week BETWEEN 0 AND 167", name=op.f("ck_week_count_hour_of_week")
        ),
        sa.PrimaryKeyConstraint(
            "line_id", "month", "hour_of_week", "what", name=op.f("pk_week_count")
        ),
    )


def downgrade() -> None:
    op.drop_table("week_count")
    # The names that the older schema has no room for are counts that its code does not know.
    op.execute("DELETE FROM day_count WHERE length(what) > 16")
    with op.batch_alter_table("day_count") as day_count:
        day_count.alter_column(
            "what",
            existing_type=sa.String(length=24),
            type_=sa.String(length=16),
            existing_nullable=False,
        )
