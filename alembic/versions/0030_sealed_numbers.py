"""numbers of the people on the roster: sealed, and found by a keyed digest

What is there lies open until the clock of the service seals it (warmline/privacy/resealing.py).
"""

import sqlalchemy as sa
from alembic import op

from warmline.database import sealed_columns

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = (("volunteer", "person_id", "phone"), ("line_rules", "line_id", "coordinator_phone"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, _, column in COLUMNS:
            op.alter_column(table, column, type_=sa.Text())
    index = sa.Column("phone_index", sa.String(length=64), server_default="", nullable=False)
    op.add_column("volunteer", index)
    op.execute("UPDATE volunteer SET phone_index = phone")
    op.drop_index("uq_volunteer_phone", table_name="volunteer")
    op.create_index("uq_volunteer_phone", "volunteer", ["line_id", "phone_index"], unique=True)


def downgrade() -> None:
    for table, key, column in COLUMNS:
        rows = sa.table(table, sa.column(key), sa.column(column))
        of_row, value = rows.c[key], rows.c[column]
        for row in op.get_bind().execute(sa.select(of_row, value)).all():
            if row[1] is not None:
                plain = sealed_columns.opened(row[1], f"{table}.{column}")
                op.execute(rows.update().where(of_row == row[0]).values({column: plain}))
    op.drop_index("uq_volunteer_phone", table_name="volunteer")
    with op.batch_alter_table("volunteer") as changed:
        changed.drop_column("phone_index")
    op.create_index("uq_volunteer_phone", "volunteer", ["line_id", "phone"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        for table, _, column in COLUMNS:
            op.alter_column(table, column, type_=sa.String(length=20))
