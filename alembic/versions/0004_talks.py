"""talks by text: who is being looked for or talks, whom we asked, what is being passed on"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _talk()
    _asked()
    _text()


def _talk() -> None:
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("number_digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("still_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_talk_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("token", name=op.f("uq_talk_token")),
        sa.UniqueConstraint("person_id", name=op.f("uq_talk_person_id")),
    )
    op.create_index("uq_talk_number", "talk", ["line_id", "number_digest"], unique=True)
    op.create_index("uq_talk_name", "talk", ["line_id", "name"], unique=True)
    op.create_index(op.f("ix_talk_due_at"), "talk", ["due_at"])


def _asked() -> None:
    op.create_table(
        "talk_asked",
        sa.Column("talk_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("passed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_asked_person_id")),
        sa.PrimaryKeyConstraint("talk_id", "person_id", name=op.f("pk_talk_asked")),
    )


def _text() -> None:
    op.create_table(
        "talk_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("talk", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.String(length=128), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_again", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("side IN ('caller', 'peer', 'asked')", name=op.f("ck_talk_text_side")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_talk_text_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_text_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_text")),
        sa.UniqueConstraint("token", name=op.f("uq_talk_text_token")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_talk_text_provider_id")),
    )
    op.create_index(op.f("ix_talk_text_made_at"), "talk_text", ["made_at"])
    op.create_index("ix_talk_text_talk", "talk_text", ["talk", "side", "id"])


def downgrade() -> None:
    for table in ("talk_text", "talk_asked", "talk"):
        op.drop_table(table)
