"""talks by text of volunteers themselves, and what may be kept when a talk is over"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("talk") as talk:
        for column in _of_a_talk():
            talk.add_column(column)
        talk.create_foreign_key(op.f("fk_talk_volunteer_id"), "person", ["volunteer_id"], ["id"])
        talk.create_unique_constraint(op.f("uq_talk_volunteer_id"), ["volunteer_id"])
    for column in _of_a_note():
        op.add_column("note", column)
    op.create_index("uq_note_receipt", "note", ["line_id", "receipt"], unique=True)
    _asked()


def _of_a_talk() -> list[sa.Column[object]]:
    return [
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("own_held", sa.Text(), nullable=True),
        sa.Column("talking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("help_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shift_end_told", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


def _of_a_note() -> list[sa.Column[object]]:
    return [
        sa.Column("channel", sa.String(length=8), server_default="voice", nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=True),
    ]


def _asked() -> None:
    op.create_table(
        "count_asked",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number_digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("length", sa.String(length=16), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("promise_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_count_asked_line_id")),
        sa.PrimaryKeyConstraint("line_id", "number_digest", name=op.f("pk_count_asked")),
    )
    op.create_index(op.f("ix_count_asked_until"), "count_asked", ["until"])


def downgrade() -> None:
    op.drop_table("count_asked")
    op.drop_index("uq_note_receipt", "note")
    with op.batch_alter_table("note") as note:
        for column in _of_a_note():
            note.drop_column(column.name)
    with op.batch_alter_table("talk") as talk:
        talk.drop_constraint(op.f("uq_talk_volunteer_id"), type_="unique")
        talk.drop_constraint(op.f("fk_talk_volunteer_id"), type_="foreignkey")
        for column in _of_a_talk():
            talk.drop_column(column.name)
