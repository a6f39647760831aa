"""the next slot for calls, and for the texts of each number"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


PACE = sa.table(
    "pace",
    sa.column("line_id", sa.Integer()),
    sa.column("next_at", sa.DateTime(timezone=True)),
    sa.column("what", sa.String()),
)
SLOT = (PACE.c.line_id, PACE.c.next_at)


def upgrade() -> None:
    kept = sa.select(*SLOT, sa.literal("calls").label("what"))
    _made_anew(kept, ["line_id", "what"])


def downgrade() -> None:
    _made_anew(sa.select(*SLOT).where(PACE.c.what == "calls"), ["line_id"])


def _made_anew(kept: sa.Select[*tuple[object, ...]], key: list[str]) -> None:
    """The table with another key; its few rows are carried over."""
    rows = [dict(row) for row in op.get_bind().execute(kept).mappings()]
    op.drop_table("pace")
    what = [sa.Column("what", sa.String(length=12), nullable=False)] if "what" in key else []
    table = op.create_table(
        "pace",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        *what,
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_pace")),
    )
    op.bulk_insert(table, rows)
