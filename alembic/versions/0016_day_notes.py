"""a short note of the line's for a day of the roster"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_note",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_day_note_line_id")),
        sa.PrimaryKeyConstraint("line_id", "day", name=op.f("pk_day_note")),
    )


def downgrade() -> None:
    op.drop_table("day_note")
