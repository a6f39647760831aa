"""prompts in the line's own words, and recordings of them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_recording_line_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_replaced_at"), "recording", ["replaced_at"])
    op.create_table(
        "own_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["recording.digest"], name=op.f("fk_own_words_digest")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_own_words_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_words")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_own_words_digest"), "own_words", ["digest"])
    op.create_index(
        "uq_own_words_prompt", "own_words", ["line_id", "language", "prompt"], unique=True
    )
    with op.batch_alter_table("line_rules") as table:
        table.add_column(
            sa.Column("words_version", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("line_rules") as table:
        table.drop_column("words_version")
    op.drop_table("own_words")
    op.drop_table("recording")
