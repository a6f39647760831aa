"""for how long things are kept, and who reads how it went: proposed like the promise"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_keeps",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("notes_months", sa.Integer(), nullable=False),
        sa.Column("how_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "notes_months BETWEEN 1 AND 13", name=op.f("ck_line_keeps_notes_months")
        ),
        sa.CheckConstraint("how_days BETWEEN 1 AND 90", name=op.f("ck_line_keeps_how_days")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_line_keeps_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_keeps")),
    )
    op.create_table(
        "proposed_keeping",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposed_keeping_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposed_keeping")),
    )
    kinds("'promise', 'keeping'")


def downgrade() -> None:
    op.drop_table("proposed_keeping")
    others = "SELECT id FROM proposal WHERE kind <> 'promise'"
    op.execute(f"DELETE FROM vote WHERE proposal_id IN ({others})")  # noqa: S608 - of our own
    op.execute("DELETE FROM proposal WHERE kind <> 'promise'")
    kinds("'promise'")
    op.drop_table("line_keeps")


def kinds(allowed):
    name = op.f("ck_proposal_kind")
    with op.batch_alter_table("proposal", table_kwargs={"sqlite_autoincrement": True}) as changed:
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, f"kind IN ({allowed})")
