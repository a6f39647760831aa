"""changes that are put to everyone, and their votes"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("yeses", sa.Integer(), nullable=True),
        sa.Column("objections", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('promise')", name=op.f("ck_proposal_kind")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_proposal_line_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_proposal_version", "proposal", ["line_id", "kind", "version"], unique=True)
    op.create_table(
        "vote",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_vote_proposal_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id")),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_person_id"), "vote", ["person_id"])


def downgrade() -> None:
    op.drop_table("vote")
    op.drop_table("proposal")
