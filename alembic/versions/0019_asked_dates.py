"""dates for which people are asked, and their answers"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dates_asking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_dates_asking_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dates_asking")),
    )
    op.create_index(op.f("ix_dates_asking_line_id"), "dates_asking", ["line_id"])
    op.create_index(op.f("ix_dates_asking_forget_at"), "dates_asking", ["forget_at"])
    op.create_table(
        "dates_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asking_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), server_default="", nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_dates_day_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["dates_asking.id"], name=op.f("fk_dates_day_asking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dates_day")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_dates_day_asking_id"), "dates_day", ["asking_id"])
    op.create_table(
        "dates_asked",
        sa.Column("asking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["dates_asking.id"], name=op.f("fk_dates_asked_asking_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dates_asked_person_id")
        ),
        sa.PrimaryKeyConstraint("asking_id", "person_id", name=op.f("pk_dates_asked")),
    )
    op.create_index("ix_dates_asked_person", "dates_asked", ["person_id"])
    op.create_table(
        "dates_can",
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["dates_day.id"], name=op.f("fk_dates_can_day_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dates_can_person_id")),
        sa.PrimaryKeyConstraint("day_id", "person_id", name=op.f("pk_dates_can")),
    )
    op.create_index("ix_dates_can_person", "dates_can", ["person_id"])


def downgrade() -> None:
    op.drop_table("dates_can")
    op.drop_table("dates_asked")
    op.drop_table("dates_day")
    op.drop_table("dates_asking")
