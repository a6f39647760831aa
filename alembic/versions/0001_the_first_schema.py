"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("line_id", "day", "what", name=op.f("pk_day_count")),
    )
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("url_path", sa.String(length=120), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unknown_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["due_at", "urgency"], unique=False)
        batch_op.create_index("uq_outbox_kind_subject", ["kind", "subject"], unique=True)

    op.create_table(
        "pace",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_pace")),
    )
    op.create_table(
        "tried",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("passed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "person_id", name=op.f("pk_tried")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=128), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("patience_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_in_line", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("in_queue", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked", sa.String(length=16), nullable=True),
        sa.Column("saying", sa.String(length=32), nullable=True),
        sa.Column("saying_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_round", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("consent", sa.String(length=8), nullable=True),
        sa.Column("ring_id", sa.Integer(), nullable=True),
        sa.Column("peer_id", sa.Integer(), nullable=True),
        sa.Column("bound_to", sa.Integer(), nullable=True),
        sa.Column("room", sa.String(length=32), nullable=True),
        sa.Column("peer_in_room", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("talking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("together", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_call_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_call_provider_id")),
        sa.UniqueConstraint("token", name=op.f("uq_call_token")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index("ix_call_line_state", ["line_id", "state"], unique=False)

    op.create_table(
        "line_rules",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("volunteer_number", sa.String(length=20), nullable=True),
        sa.Column("languages", sa.String(length=40), server_default="en", nullable=False),
        sa.Column("countries", sa.String(length=80), server_default="US", nullable=False),
        sa.Column("patience_seconds", sa.Integer(), server_default="180", nullable=False),
        sa.Column("breather_minutes", sa.Integer(), server_default="10", nullable=False),
        sa.Column("ring_seconds", sa.Integer(), server_default="15", nullable=False),
        sa.Column("phones_at_once", sa.Integer(), server_default="4", nullable=False),
        sa.Column("coordinator_phone", sa.String(length=20), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_line_rules_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_rules")),
        sa.UniqueConstraint("number", name=op.f("uq_line_rules_number")),
        sa.UniqueConstraint("volunteer_number", name=op.f("uq_line_rules_volunteer_number")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("length", sa.String(length=16), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("promise_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_note_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_line_id"), ["line_id"], unique=False)

    op.create_table(
        "other_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("on_police", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_other_place_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_place")),
    )
    with op.batch_alter_table("other_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_other_place_line_id"), ["line_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_person_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_line_id"), ["line_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_promise_line_id")),
        sa.PrimaryKeyConstraint("line_id", "version", "language", name=op.f("pk_promise")),
    )
    op.create_table(
        "imported_tag",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_imported_tag_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_imported_tag")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(person_id IS NOT NULL) OR state IN ('draft', 'open')",
            name=op.f("ck_place_held_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'asked', 'agreed', 'cover wanted')",
            name=op.f("ck_place_state"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_place_ends_after_start")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_place_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_place_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(
            "ix_place_on", ["line_id", "starts_at", "ends_at", "state", "person_id"], unique=False
        )
        batch_op.create_index("ix_place_person", ["person_id", "starts_at"], unique=False)

    op.create_table(
        "ring",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.String(length=128), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("early", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_ring_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ring_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring")),
        sa.UniqueConstraint("person_id", name=op.f("uq_ring_person_id")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_ring_provider_id")),
        sa.UniqueConstraint("token", name=op.f("uq_ring_token")),
    )
    with op.batch_alter_table("ring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ring_call_id"), ["call_id"], unique=False)

    op.create_table(
        "volunteer",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.Column("voice", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("text", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("agreed", sa.String(length=3), server_default="", nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_promise", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("breather_minutes", sa.Integer(), nullable=True),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breather_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("agreed IN ('yes', 'ask', '')", name=op.f("ck_volunteer_agreed")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_volunteer_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_volunteer_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteer")),
    )
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.create_index("uq_volunteer_phone", ["line_id", "phone"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_index("uq_volunteer_phone")

    op.drop_table("volunteer")
    with op.batch_alter_table("ring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ring_call_id"))

    op.drop_table("ring")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index("ix_place_person")
        batch_op.drop_index("ix_place_on")

    op.drop_table("place")
    op.drop_table("imported_tag")
    op.drop_table("promise")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_line_id"))

    op.drop_table("person")
    with op.batch_alter_table("other_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_other_place_line_id"))

    op.drop_table("other_place")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_line_id"))

    op.drop_table("note")
    op.drop_table("line_rules")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index("ix_call_line_state")

    op.drop_table("call")
    op.drop_table("tried")
    op.drop_table("pace")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("uq_outbox_kind_subject")
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    op.drop_table("line")
    op.drop_table("day_count")
