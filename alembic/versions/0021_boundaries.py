"""boundaries: a phone from which a call was ended waits longer, for some hours"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_boundary_line_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_boundary_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary")),
    )
    op.create_index(op.f("ix_boundary_until"), "boundary", ["until"])
    op.create_table(
        "boundary_rules",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), server_default="2", nullable=False),
        sa.Column("shared_numbers", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("hours BETWEEN 1 AND 24", name=op.f("ck_boundary_rules_hours")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_boundary_rules_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_boundary_rules")),
    )
    for table in ("call", "talk"):
        slow = sa.Column("slow_until", sa.DateTime(timezone=True), nullable=True)
        op.add_column(table, slow)


def downgrade() -> None:
    for table in ("talk", "call"):
        with op.batch_alter_table(table) as changed:
            changed.drop_column("slow_until")
    op.drop_table("boundary_rules")
    op.drop_table("boundary")
