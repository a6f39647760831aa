"""a volunteer's last talk by phone, for ten minutes: a line may be said to have been crossed"""

import sqlalchemy as sa
from alembic import op

from shifts.instants import Instant

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Sealed on PostgreSQL, where ciphertext is longer than what it hides.
    legible = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "recent_talk",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=32) if legible else sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64) if legible else sa.Text(), nullable=True),
        sa.Column("crossed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recent_talk_person_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_recent_talk_line_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_recent_talk")),
    )
    op.create_index(op.f("ix_recent_talk_call_id"), "recent_talk", ["call_id"])
    op.create_index(op.f("ix_recent_talk_until"), "recent_talk", ["until"])


def downgrade() -> None:
    op.drop_table("recent_talk")
