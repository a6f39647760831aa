"""the desk: roles, the ways to come in, calendar addresses, undo and redo"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    *("desk_wish", "desk_step", "feed", "passkey", "recovery_code"),
    *("desk_session", "sign_in_code", "desk_role"),
)


def upgrade() -> None:
    _who_may_do_what()
    _coming_in()
    _calendars_and_undo()
    named = sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("volunteer", named)


def downgrade() -> None:
    with op.batch_alter_table("volunteer") as volunteer:
        volunteer.drop_column("named")
    for table in TABLES:
        op.drop_table(table)


def _who_may_do_what() -> None:
    op.create_table(
        "desk_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "role IN ('coordinator', 'duty', 'viewer')", name=op.f("ck_desk_role_role")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_desk_role_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_role")),
    )


def _coming_in() -> None:
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("slip", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoken", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_sign_in_code_line_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_code_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
        sa.UniqueConstraint("slip", name=op.f("uq_sign_in_code_slip")),
        sa.UniqueConstraint("token", name=op.f("uq_sign_in_code_token")),
    )
    op.create_index(op.f("ix_sign_in_code_person_id"), "sign_in_code", ["person_id"])
    op.create_index(op.f("ix_sign_in_code_until"), "sign_in_code", ["until"])
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=60), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_desk_session_line_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_desk_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_session_key")),
    )
    op.create_index(op.f("ix_desk_session_person_id"), "desk_session", ["person_id"])
    op.create_index(op.f("ix_desk_session_until"), "desk_session", ["until"])
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_passkey_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])


def _calendars_and_undo() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_feed_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("key", name=op.f("uq_feed_key")),
    )
    op.create_index("uq_feed_whose", "feed", ["line_id", "person_id"], unique=True)
    op.create_table(
        "desk_step",
        sa.Column("change_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('do', 'undo', 'redo')", name=op.f("ck_desk_step_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_step_person_id")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_desk_step")),
    )
    op.create_index(op.f("ix_desk_step_person_id"), "desk_step", ["person_id"])
    op.create_table(
        "desk_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('welcome', 'role', 'remove')", name=op.f("ck_desk_wish_kind")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_desk_wish_line_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_desk_wish_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_wish")),
    )
    op.create_index("uq_desk_wish_about", "desk_wish", ["line_id", "kind", "about_id"], unique=True)
    op.create_index(op.f("ix_desk_wish_until"), "desk_wish", ["until"])
