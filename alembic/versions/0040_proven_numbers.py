"""a volunteer's call knows whether the network vouched for its number"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    proven = sa.Column("proven", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("call", proven)


def downgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.drop_column("proven")
