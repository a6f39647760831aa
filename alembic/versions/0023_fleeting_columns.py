"""what must not outlive a call is sealed on PostgreSQL, under a key that can be forgotten"""

import base64
import secrets

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = {
    "call": {"token": 32, "provider_id": 128, "room": 32},
    "ring": {"token": 32, "provider_id": 128},
    "outbox": {"subject": 160, "url_path": 120},
    "sign_in_code": {"token": 32},
    "text_in": {"message_id": 128},
    "text_out": {"token": 32, "provider_id": 128, "body": None},
    "talk": {"token": 32, "number_digest": 64, "number": None, "held": None, "own_held": None},
    "count_asked": {"number_digest": 64},
    "boundary": {"salt": 32, "digest": 64},
    "talk_text": {
        "token": 32,
        "talk": 32,
        "provider_id": 128,
        "number": None,
        "body": None,
    },
}
"""The columns, and how many characters each had room for."""
MARK = "~"


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "fleeting_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("deletes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fleeting_key")),
        prefixes=["UNLOGGED"] if on_postgresql else [],
    )
    if not on_postgresql:
        return
    for table, column, length in columns():
        if length is not None:
            op.alter_column(table, column, type_=sa.Text())
    key = secrets.token_hex(64)
    there = sa.table("fleeting_key", sa.column("id"), sa.column("key"), sa.column("deletes"))
    op.execute(there.insert().values(id=1, key=key, deletes=0))
    cipher = AESSIV(bytes.fromhex(key))
    rewrite(lambda value: closed(cipher, value))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        key = op.get_bind().execute(sa.text("SELECT key FROM fleeting_key")).scalar()
        if key is None:
            # The database has crashed since: nobody can read them.
            for table in COLUMNS:
                op.execute(sa.table(table).delete())
        else:
            cipher = AESSIV(bytes.fromhex(key))
            rewrite(lambda value: opened(cipher, value))
        for table, column, length in columns():
            if length is not None:
                op.alter_column(table, column, type_=sa.String(length=length))
    op.drop_table("fleeting_key")


def columns():
    return [(table, name, length) for table in COLUMNS for name, length in COLUMNS[table].items()]


def closed(cipher, value):
    return MARK + base64.urlsafe_b64encode(cipher.encrypt((MARK + value).encode(), None)).decode()


def opened(cipher, value):
    return cipher.decrypt(base64.urlsafe_b64decode(value[1:]), None).decode()[1:]


def rewrite(change) -> None:
    db = op.get_bind()
    for name, column, _ in columns():
        table = sa.table(name, sa.column(column))
        there = sa.select(table.c[column]).distinct().where(table.c[column].is_not(None))
        for value in db.scalars(there).all():
            one = table.update().where(table.c[column] == value)
            db.execute(one.values({column: change(value)}))
