"""a pause that others ask for; the name a caller hears"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AGREED = ("agreed IN ('yes', 'ask', '')", "agreed IN ('yes', 'ask', 'held', '')")
KINDS = (
    "kind IN ('welcome', 'role', 'remove')",
    "kind IN ('welcome', 'role', 'remove', 'pause', 'resume')",
)


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_hold_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hold_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_until"), "hold", ["until"])
    with op.batch_alter_table("volunteer") as table:
        table.add_column(sa.Column("caller_name", sa.String(length=40), nullable=True))
        table.alter_column("agreed", type_=sa.String(length=4), existing_nullable=False)
    _check("volunteer", "ck_volunteer_agreed", AGREED[1])
    _check("desk_wish", "ck_desk_wish_kind", KINDS[1])


def downgrade() -> None:
    op.execute("UPDATE volunteer SET agreed = 'yes' WHERE agreed = 'held'")
    op.execute("DELETE FROM desk_wish WHERE kind IN ('pause', 'resume')")
    _check("desk_wish", "ck_desk_wish_kind", KINDS[0])
    _check("volunteer", "ck_volunteer_agreed", AGREED[0])
    with op.batch_alter_table("volunteer") as table:
        table.alter_column("agreed", type_=sa.String(length=3), existing_nullable=False)
        table.drop_column("caller_name")
    op.drop_table("hold")


def _check(table: str, name: str, rule: str) -> None:
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(name), type_="check")
        changed.create_check_constraint(op.f(name), rule)
