"""what the line texts of its own accord: own wishes of volunteers, and what was said already"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PURPOSE = "ck_text_out_purpose"
PURPOSES = "purpose IN ('reply', 'shift', 'duty', 'ask', 'cover', 'invite')"


def upgrade() -> None:
    with op.batch_alter_table("text_out") as text_out:
        text_out.drop_constraint(op.f(PURPOSE), type_="check")
        text_out.create_check_constraint(op.f(PURPOSE), PURPOSES)
    for column in _wishes():
        op.add_column("volunteer", column)
    op.create_table(
        "told",
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_until"), "told", ["until"])
    op.create_table(
        "shared_word",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_shared_word_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_shared_word")),
    )


def _wishes() -> list[sa.Column[object]]:
    return [
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("remind", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("asked_at_night", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rung_last", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=True),
        sa.Column("often", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cover_asked_at", sa.DateTime(timezone=True), nullable=True),
    ]


def downgrade() -> None:
    op.drop_table("shared_word")
    op.drop_table("told")
    with op.batch_alter_table("volunteer") as volunteer:
        for column in _wishes():
            volunteer.drop_column(column.name)
    op.execute("DELETE FROM text_out WHERE purpose <> 'reply'")
    with op.batch_alter_table("text_out") as text_out:
        text_out.drop_constraint(op.f(PURPOSE), type_="check")
        text_out.create_check_constraint(op.f(PURPOSE), "purpose IN ('reply')")
