"""a text of a talk that did not arrive is told to its writer, a picture to the peer who comes"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OF_TALKS = ("pictured", "lost_to_caller", "lost_to_peer")


def upgrade() -> None:
    for name in OF_TALKS:
        op.add_column("talk", _flag(name))
    op.add_column("talk_text", _flag("written"))


def downgrade() -> None:
    with op.batch_alter_table("talk_text") as table:
        table.drop_column("written")
    with op.batch_alter_table("talk") as table:
        for name in OF_TALKS:
            table.drop_column(name)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
