"""a live call knows that a call back was asked for in it: nobody is rung who is still there"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("call_back_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.drop_column("call_back_id")
