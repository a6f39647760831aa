"""third persons: one for each yes of the caller's, and whether a line takes spoken ones"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "third",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("aloud", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ring_id", sa.Integer(), nullable=True),
        sa.Column("tried", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_third_line_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_third")),
        sa.UniqueConstraint("ring_id", name=op.f("uq_third_ring_id")),
    )
    op.create_table(
        "third_rules",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("spoken", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_third_rules_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_third_rules")),
    )
    third = sa.Column("third", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("ring", third)


def downgrade() -> None:
    with op.batch_alter_table("ring") as changed:
        changed.drop_column("third")
    op.drop_table("third_rules")
    op.drop_table("third")
