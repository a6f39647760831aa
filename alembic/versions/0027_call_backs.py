"""calls back: a number left for one purpose, sealed, until it is rung or its time is over"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0023"
branch_labels = None
depends_on = None


def sealed(length):
    return sa.String(length=length).with_variant(sa.Text(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sealed(32), nullable=False),
        sa.Column("asked", sealed(160), nullable=False),
        sa.Column("digest", sealed(64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sealed(128), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_call_back_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("token", name=op.f("uq_call_back_token")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_call_back_provider_id")),
    )
    op.create_index(op.f("ix_call_back_until"), "call_back", ["until"])
    op.create_index("uq_call_back_digest", "call_back", ["line_id", "digest"], unique=True)


def downgrade() -> None:
    op.drop_table("call_back")
