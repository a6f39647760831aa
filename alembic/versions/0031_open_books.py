"""open books: exceptions used, promises broken, what was changed, and who runs the machine"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=300), server_default="", nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('exception', 'broken', 'changed')", name=op.f("ck_book_entry_kind")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_book_entry_line_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_book_entry_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_entry")),
    )
    op.create_table(
        "line_about",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("runs_it", sa.String(length=200), server_default="", nullable=False),
        sa.Column("source", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_line_about_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_about")),
    )


def downgrade() -> None:
    op.drop_table("line_about")
    op.drop_table("book_entry")
