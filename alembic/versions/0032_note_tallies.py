"""tallies: what stays of notes after thirteen months"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KEYS = ("line_id", "month", "channel", "language", "answered")


def upgrade() -> None:
    op.create_table(
        "note_tally",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f("pk_note_tally")),
    )


def downgrade() -> None:
    op.drop_table("note_tally")
