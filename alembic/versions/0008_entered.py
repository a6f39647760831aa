"""shifts that somebody else entered as agreed, until the person has been told"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entered",
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entered_person_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_entered")),
    )
    op.create_index(op.f("ix_entered_person_id"), "entered", ["person_id"])


def downgrade() -> None:
    op.drop_table("entered")
