"""how it went: said unnamed, read by two people, answered, erased after ninety days"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def sealed(length):
    return sa.String(length=length).with_variant(sa.Text(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "how_it_went",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_how_it_went_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_how_it_went")),
    )
    op.create_index(op.f("ix_how_it_went_day"), "how_it_went", ["day"])
    op.create_index("uq_how_it_went_receipt", "how_it_went", ["line_id", "receipt"], unique=True)
    op.create_table(
        "how_link",
        sa.Column("number", sealed(64), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("about", sealed(160), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_how_link_line_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_how_link")),
    )
    op.create_index(op.f("ix_how_link_until"), "how_link", ["until"])
    op.create_table(
        "how_asked",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number_digest", sealed(64), nullable=False),
        sa.Column("about", sealed(160), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_how_asked_line_id")),
        sa.PrimaryKeyConstraint("line_id", "number_digest", name=op.f("pk_how_asked")),
    )
    op.create_index(op.f("ix_how_asked_until"), "how_asked", ["until"])
    op.create_table(
        "how_reader",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_how_reader_person_id")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_how_reader_line_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_how_reader")),
    )
    # Whose talk has just ended, sealed: should the texter wish that it be known.
    op.add_column("count_asked", sa.Column("about", sealed(160), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("count_asked") as changed:
        changed.drop_column("about")
    for table in ("how_reader", "how_asked", "how_link", "how_it_went"):
        op.drop_table(table)
