"""texts: which came in, which go out, and what numbers mean to whom"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_in",
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_text_in_line_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_text_in")),
    )
    op.create_index(op.f("ix_text_in_came_at"), "text_in", ["came_at"])
    op.create_table(
        "text_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("valid_seconds", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=128), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('reply')", name=op.f("ck_text_out_purpose")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_text_out_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_text_out_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_out")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_text_out_provider_id")),
        sa.UniqueConstraint("token", name=op.f("uq_text_out_token")),
    )
    op.create_index(op.f("ix_text_out_made_at"), "text_out", ["made_at"])
    op.create_index(op.f("ix_text_out_person_id"), "text_out", ["person_id"])
    op.create_table(
        "shown",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shown_person_id")),
        sa.PrimaryKeyConstraint("person_id", "number", name=op.f("pk_shown")),
    )
    op.create_index("ix_shown_thing", "shown", ["person_id", "kind", "thing_id"])


def downgrade() -> None:
    for table in ("shown", "text_out", "text_in"):
        op.drop_table(table)
