"""what was tried of late, by keyed digest; since when a number is the line's"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sealed_on_postgresql(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_what", "attempt", ["what", "until"])
    op.create_index(op.f("ix_attempt_until"), "attempt", ["until"])
    op.create_table(
        "number_since",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_number_since_line_id_line")
        ),
        sa.PrimaryKeyConstraint("line_id", "number", name=op.f("pk_number_since")),
    )


def sealed_on_postgresql() -> sa.types.TypeEngine[str]:
    """A digest; ciphertext on PostgreSQL, which is longer."""
    return sa.String(length=64).with_variant(sa.Text(), "postgresql")


def downgrade() -> None:
    op.drop_table("number_since")
    op.drop_index(op.f("ix_attempt_until"), table_name="attempt")
    op.drop_index("ix_attempt_what", table_name="attempt")
    op.drop_table("attempt")
