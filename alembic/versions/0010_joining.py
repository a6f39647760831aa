"""who would like to join, and hours that were given by somebody who has left"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joining",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number_digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_joining_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
    )
    op.create_index("uq_joining_number", "joining", ["line_id", "number_digest"], unique=True)
    op.create_index(op.f("ix_joining_until"), "joining", ["until"])
    op.create_table(
        "hours_given",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_hours_given_line_id")),
        sa.PrimaryKeyConstraint("line_id", "month", name=op.f("pk_hours_given")),
    )
    op.add_column("volunteer", sa.Column("agreed_wording", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("volunteer") as volunteer:
        volunteer.drop_column("agreed_wording")
    op.drop_table("hours_given")
    op.drop_table("joining")
