"""why a volunteer's phone rang or did not, for that volunteer alone and for two days"""

import sqlalchemy as sa
from alembic import op

from shifts.instants import Instant

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ring_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("code", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_ring_reason_line_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ring_reason_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring_reason")),
    )
    op.create_index("ix_ring_reason_person", "ring_reason", ["person_id", "id"])
    op.create_index("ix_ring_reason_at", "ring_reason", ["at"])


def downgrade() -> None:
    op.drop_table("ring_reason")
