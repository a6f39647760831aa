"""which shift a volunteer is hearing of in their menu"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("menu_thing", sa.Integer(), nullable=True))
    op.add_column("call", sa.Column("menu_after", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("call") as call:
        call.drop_column("menu_after")
        call.drop_column("menu_thing")
