"""who stands by a peer or takes over from one; a volunteer's own yes to standing by"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Sealed on PostgreSQL, where ciphertext is longer than what it hides.
    legible = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("third_person") as table:
        table.add_column(
            sa.Column("purpose", sa.String(length=12), server_default="join", nullable=False)
        )
        table.add_column(
            sa.Column("room", sa.String(length=32) if legible else sa.Text(), nullable=True)
        )
    with op.batch_alter_table("volunteer") as table:
        table.add_column(
            sa.Column("stands_by", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("volunteer") as table:
        table.drop_column("stands_by")
    with op.batch_alter_table("third_person") as table:
        table.drop_column("room")
        table.drop_column("purpose")
