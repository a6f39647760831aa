"""weeks as they usually are, by name"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("shifts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_roster_template_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_template")),
    )
    op.create_index(op.f("ix_roster_template_line_id"), "roster_template", ["line_id"])


def downgrade() -> None:
    op.drop_table("roster_template")
